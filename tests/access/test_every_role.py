"""Every address with everybody: what each gets is in tests/access/roles.py, cell by cell, and nothing else (A-01)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from studio import sharing
from studio.models import Clip, MediaFile, User
from studio.models.person import Role
from studio.people import portraits
from studio.storage import store
from tests.access import roles, table
from tests.access.conftest import Secret
from tests.access.roles import ANSWERS, WHO
from tests.access.table import RULES
from tests.factories import make_account, make_user

pytestmark = pytest.mark.django_db
SAYS_NOT_READY = 503
NOBODYS_WORD = "nobody-was-sent-this"
NOT_IN_THE_PROJECT = {"outsider", "stranger", "guest"}
DOOR = "/account/sign-in/"


@pytest.fixture
def word(secret: Secret) -> str:
    """Of a link to the secret clip."""
    terms = sharing.default_terms("A clip", secret.share.created_at)
    return sharing.make(by=secret.ada, project=secret.project, terms=terms, tasks=[secret.clip]).token


@pytest.fixture
def bytes_on_disk(secret: Secret) -> None:
    """So that a door that opens gives something, and one that should not have is seen."""
    clip, stored = secret.clip.clip, secret.file.media
    previews = {"thumb": "thumb.webp", "poster": "thumb.webp"}
    Clip.objects.filter(pk=clip.pk).update(previews=previews)
    MediaFile.objects.filter(pk=stored.pk).update(previews=previews)
    User.objects.filter(pk=secret.priya.pk).update(picture="f" * 64)
    folders = [clip.path.removesuffix(".mp4"), store.previews_path(stored.sha256)]
    for folder in folders:
        write(f"{folder}/thumb.webp", b"a picture of Zebrawood")
    write(portraits.path_of("f" * 64), b"a face")


def write(relative: str, content: bytes) -> None:
    store.media_path(relative).parent.mkdir(parents=True, exist_ok=True)
    store.media_path(relative).write_bytes(content)


@pytest.fixture
def clients(secret: Secret, word: str) -> dict[str, Client]:
    """One browser for each column. Members belong to the secret project; the outsider does not."""
    people = {role.value: make_user(f"{role.label} Inside", role) for role in Role}
    secret.project.members.add(*people.values())
    people["outsider"] = make_user("Maker Outside", Role.MAKER)
    make_account("apiframe")
    found = {who: Client(raise_request_exception=False) for who in WHO}
    for who, person in people.items():
        found[who].force_login(person)
    found["guest"].get(f"/s/{word}/")
    found["guest"].post(f"/s/{word}/name/", {"name": "Gus"})
    return found


def test_every_address_has_its_row():
    assert sorted(ANSWERS) == sorted(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_everybody_gets_what_the_table_says(
    name: str,
    address: Callable[..., str],
    secret: Secret,
    word: str,
    clients: dict[str, Client],
    bytes_on_disk: None,
    content: Callable[[], object],
):
    rule = RULES[name]
    # There is an owner, so no word opens the owner's first link.
    path = address(name, is_missing=name == "studio:owner-welcome").replace(NOBODYS_WORD, word)
    path = path.replace("/thumb", "/poster") if name == "studio:guest-media" else path
    before, found = content(), {}
    for who, client in clients.items():
        letters = set()
        for method in sorted(rule.takes - {"OPTIONS", "HEAD"}) or ["HEAD"]:
            with undone():
                send = getattr(client, method.lower())
                sent = (secret.fill(rule.sends),) if method in {"GET", "POST"} else ()
                answer = send(path, *sent, headers=rule.headers)
                letters.add(letter(answer))
                if letter(answer) != roles.LET_IN or (who in NOT_IN_THE_PROJECT and not has_a_word(name)):
                    assert b"Zebrawood" not in b"".join(answer), (who, method)
                if letter(answer) != roles.LET_IN and name not in roles.HEARD_BEHIND_A_CLOSED_DOOR:
                    assert content() == before, (who, method)
        found[who] = "".join(sorted(letters))

    assert found == dict(zip(WHO, ANSWERS[name].split(), strict=True))


def has_a_word(name: str) -> bool:
    """Whether the address itself is the right to look: a link that somebody was sent."""
    return "token" in table.parameters(name)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is forgotten, so that the next person finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def letter(answer: HttpResponseBase) -> str:
    if answer.status_code == 404:
        return roles.NOT_THERE
    if answer.status_code == 403:
        return roles.REFUSED
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith(f"{DOOR}?"):
        return roles.DOOR
    is_answer = answer.status_code < 500 or answer.status_code == SAYS_NOT_READY
    return roles.LET_IN if is_answer else "fault"
