"""The whole table of addresses: who gets in, which methods, what a stranger learns, what a look changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.access import table
from tests.access.conftest import Secret
from tests.access.table import METHODS, RULES

pytestmark = pytest.mark.django_db

type Address = Callable[..., str]
type Content = Callable[[], dict[str, list[tuple[object, ...]]]]

PRIVATE = sorted(name for name, rule in RULES.items() if not rule.is_public)
OWN_THINGS = sorted(
    name
    for name in PRIVATE
    if table.parameters(name)
    & {"task_id", "brief_id", "file_id", "project_id", "upload_id", "job_id", "note_id", "share_id"}
)
READABLE = sorted(name for name, rule in RULES.items() if "GET" in rule.takes)


def ask(client: Client, method: str, path: str, secret: Secret, rule: table.Rule, **more: Any):
    data = secret.fill(rule.sends)
    send = getattr(client, method.lower())
    if method in {"PUT", "PATCH", "DELETE", "OPTIONS"}:
        return send(path, headers=rule.headers, **more)
    return send(path, data, headers=rule.headers, **more)


def test_every_address_has_its_rule():
    assert sorted(table.names()) == sorted(RULES)


@pytest.mark.parametrize("name", PRIVATE)
def test_without_signing_in_nothing_private_answers(
    name: str, address: Address, secret: Secret, client: Client
):
    for method in RULES[name].takes - {"OPTIONS"}:
        answer = ask(client, method, address(name), secret, RULES[name])

        is_sent_to_the_door = answer.status_code == 302 and answer["Location"].startswith("/account/sign-in/")
        assert is_sent_to_the_door or answer.status_code == 401, (method, answer.status_code)
        assert b"Zebrawood" not in getattr(answer, "content", b"")


@pytest.mark.parametrize("name", sorted(RULES))
def test_other_methods_are_refused(name: str, address: Address, secret: Secret, ada: Client, client: Client):
    person = client if RULES[name].is_public else ada
    for method in set(METHODS) - RULES[name].takes:
        answer = ask(person, method, address(name), secret, RULES[name])

        assert answer.status_code == 405, method


@pytest.mark.parametrize("name", OWN_THINGS)
def test_a_stranger_gets_the_answer_of_a_thing_that_is_not_there(
    name: str, address: Address, secret: Secret, carol: Client, content: Content
):
    before = content()
    for method in RULES[name].takes:
        hidden = ask(carol, method, address(name), secret, RULES[name])
        missing = ask(carol, method, address(name, is_missing=True), secret, RULES[name])

        assert hidden.status_code == 404, method
        assert without_ids(hidden.content) == without_ids(missing.content)
    assert content() == before


@pytest.mark.parametrize("name", [name for name in PRIVATE if RULES[name].sends and name not in OWN_THINGS])
def test_a_strangers_ids_in_a_form_reach_nothing(
    name: str, address: Address, secret: Secret, carol: Client, content: Content
):
    secret_tables = ["studio_generationtask", "studio_libraryfile", "studio_shot", "studio_fixjob"]
    before = content()
    for method in RULES[name].takes:
        answer = ask(carol, method, address(name), secret, RULES[name])

        assert answer.status_code < 500
        assert b"Zebrawood" not in b"".join(answer)
    after = content()
    assert {each: after[each] for each in secret_tables} == {each: before[each] for each in secret_tables}


# An invitation says to which projects, to whoever has its word.
NAMES_PROJECTS = {"studio:join"}


@pytest.mark.parametrize("name", [name for name in READABLE if name not in {*OWN_THINGS, *NAMES_PROJECTS}])
def test_no_list_search_or_count_shows_a_stranger_the_secret(
    name: str, address: Address, secret: Secret, carol: Client
):
    for query in [{}, {"q": "Zebrawood"}, {"project": str(secret.project.pk)}]:
        answer = carol.get(address(name), query)

        shown = b"".join(answer).replace(b'value="Zebrawood"', b"").replace(b"q=Zebrawood", b"")
        shown = shown.replace("“Zebrawood”".encode(), b"")
        assert b"Zebrawood" not in shown, query


@pytest.mark.parametrize("name", sorted(RULES))
def test_looking_changes_nothing(name: str, address: Address, secret: Secret, ada: Client, content: Content):
    path = address(name)
    before = content()

    for method in ("GET", "HEAD", "OPTIONS"):
        answer = ask(ada, method, path, secret, RULES[name])

        assert answer.status_code < 500 or name == "studio:readyz"
        b"".join(answer)
    assert content() == before


CHANGING = [
    (name, method)
    for name, rule in sorted(RULES.items())
    for method in sorted(rule.takes & {"POST", "PATCH", "DELETE", "PUT"})
]
KINDS = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json",
    "application/offset+octet-stream",
]


@pytest.mark.parametrize(("name", "method"), CHANGING)
@pytest.mark.parametrize("origin", ["", "null", "http://testserver:8080", "https://evil.example"])
def test_nothing_is_taken_from_another_site(
    name: str, method: str, origin: str, address: Address, secret: Secret, ada: Client, content: Content
):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ada.cookies
    path = address(name)
    before = content()
    headers = RULES[name].headers | ({"Origin": origin} if origin else {})

    for kind in KINDS:
        answer = strict.generic(method, path, b"pick=1&clip=x", content_type=kind, headers=headers)

        assert answer.status_code == (404 if RULES[name].is_signed else 403), kind
    assert content() == before


@pytest.mark.parametrize("origin", ["null", "http://testserver:8080", "https://evil.example"])
def test_a_word_of_ours_does_not_help_another_site(origin: str, ada: Client, content: Content):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ada.cookies
    word = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get("/you/").content.decode())
    before = content()

    for headers in ({}, {"X-CSRFToken": word[1]}):
        sent = {"name": "Mallory", "csrfmiddlewaretoken": word[1]}
        answer = strict.post("/you/name/", sent, headers=headers | {"Origin": origin})

        assert answer.status_code == 403
    assert content() == before


@pytest.mark.parametrize("name", PRIVATE)
def test_nothing_private_is_stored_by_browsers(name: str, address: Address, secret: Secret, ada: Client):
    method = "GET" if "GET" in RULES[name].takes else sorted(RULES[name].takes)[0]

    answer = ask(ada, method, address(name), secret, RULES[name])

    control = answer.headers["Cache-Control"]
    assert "no-store" in control or (
        name in {"studio:file-picture", "studio:clip-media"} and "private" in control
    )


def without_ids(body: bytes) -> bytes:
    """A body without the id that was asked for and the form's own token, which differ by nature."""
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9A-Za-z]{64}\b", b"", body)
