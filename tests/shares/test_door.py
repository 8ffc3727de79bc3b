"""One door: after a link is ended, replaced, over or locked, no address that it ever gave opens anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from studio import changes, notes, sharing
from studio.guests.visit import Visit
from studio.models import AuditEntry, Decision, Guest, Note, Notice, Share
from studio.models.person import Role
from studio.sharing import door as share_door
from studio.storage import answers as stored_files
from tests.factories import make_user
from tests.shares.conftest import BROWSER, Shared, World

pytestmark = pytest.mark.django_db
PASSWORD = "dandelion clock"


def terms_of(share: Share, **changed: object) -> sharing.Terms:
    names = ("title", "message", "ends_at", "may_comment", "may_decide", "may_download", "shows_making")
    return sharing.Terms(**({name: getattr(share, name) for name in names} | changed))


def revoke(world: World, shared: Shared) -> None:
    sharing.revoke(shared.share, by=world.mara)


def renew(world: World, shared: Shared) -> None:
    sharing.renew(shared.share, by=world.mara)


def run_out(world: World, shared: Shared) -> None:
    Share.objects.filter(pk=shared.share.pk).update(ends_at=timezone.now() - timedelta(seconds=1))


def lock(world: World, shared: Shared) -> None:
    sharing.change(shared.share, terms_of(shared.share, password=PASSWORD), by=world.mara)


def every_address(world: World, shared: Shared, client: Client) -> list[str]:
    """What the page, its fragments and its poll name, and what can be made of it."""
    page = client.get(shared.page).content.decode()
    found = set(re.findall(r'(?:href|src|poster|action|data-url|data-sprite|data-hx-post)="([^"]+)"', page))
    ours = {each.replace("&amp;", "&") for each in found if shared.token in each}
    variants = ("video", "poster", "sprite", "filmstrip", "download", "thumb")
    made = {shared.media(task, variant) for task in (world.dandelion, world.seeds) for variant in variants}
    return sorted(ours | made | {shared.page, f"{shared.page}?clip={world.seeds.task_id}"})


@pytest.mark.parametrize("end", [revoke, renew, run_out, lock])
def test_every_address_that_a_link_gave_is_closed_afterwards(
    world: World, outside: Client, end: Callable[[World, Shared], None]
):
    shared = world.share(may_download=True)
    addresses = every_address(world, shared, outside)
    assert len(addresses) > 12

    end(world, shared)

    before = (Note.objects.count(), Decision.objects.count(), Guest.objects.count())
    for address in addresses:
        for answer in (
            outside.get(address),
            outside.head(address),
            outside.get(address, headers={"Range": "bytes=0-3"}),
            outside.get(address, headers={"If-None-Match": "*"}),
            outside.post(
                address, {"clip": world.dandelion.task_id, "text": "Hi", "verdict": "approved", "name": "E"}
            ),
        ):
            body = b"".join(answer)
            says_nothing = answer.status_code in {204, 302, 404, 405, 422, 429}
            assert says_nothing or address.endswith("/password/"), (address, answer.status_code)
            assert b"film" not in body
            assert b"Seeds in the light" not in body
    assert (Note.objects.count(), Decision.objects.count(), Guest.objects.count()) == before


def test_every_dead_link_gets_the_same_answer(world: World, outside: Client):
    links = [world.share() for _ in range(3)]
    for end, shared in zip((revoke, renew, run_out), links, strict=True):
        end(world, shared)

    tokens = [shared.token for shared in links] + ["never-was", links[0].token[:-1]]
    bodies = set()
    for token in tokens:
        answer = outside.get(f"/s/{token}/")
        assert answer.status_code == 404
        bodies.add(re.sub(rf"{token}|[0-9A-Za-z]{{64}}", "", answer.content.decode()))

    assert len(bodies) == 1
    assert "This link no longer works" in bodies.pop()


def test_the_word_is_nowhere_in_the_database(world: World):
    shared = world.share()

    shared.share.refresh_from_db()
    assert len(shared.token) >= 43
    assert shared.token not in str(Share.objects.values_list().get())
    assert shared.token not in str(list(AuditEntry.objects.values_list()))


def test_guessed_words_are_slowed_down_at_every_door(world: World, outside: Client):
    shared = world.share()
    doors = [
        "",
        "notes/",
        "decide/",
        f"clips/{world.dandelion.task_id}/video",
        f"clips/{world.dandelion.task_id}/poster",
    ]

    codes = []
    for number in range(14):
        for door in doors:
            send = outside.post if door in {"notes/", "decide/"} else outside.get
            codes.append(send(f"/s/guess-{number}/{door}").status_code)

    assert set(codes[:60]) == {404}
    assert set(codes[60:]) == {429}
    assert outside.get(shared.page).status_code == 200, "who has the link is not kept out"


def test_a_password_opens_and_its_absence_says_nothing(world: World, outside: Client):
    shared = world.share(password=PASSWORD)

    door = outside.get(shared.page, follow=True)
    assert "This page has a password" in door.content.decode()
    assert "Three opening shots" not in door.content.decode()
    assert outside.get(shared.media(world.dandelion, "poster")).status_code == 404

    assert outside.post(f"{shared.page}password/", {"password": "dandelion"}).status_code == 422
    assert outside.post(f"{shared.page}password/", {"password": PASSWORD}).status_code == 302
    assert outside.get(shared.page).status_code == 200
    assert outside.get(shared.media(world.dandelion, "poster")).status_code == 200


def test_a_password_is_taken_by_no_other_door(world: World, outside: Client):
    shared = world.share(password=PASSWORD)

    for door in ("", f"clips/{world.dandelion.task_id}/video", f"clips/{world.dandelion.task_id}/poster"):
        answer = outside.get(
            f"{shared.page}{door}", {"password": PASSWORD}, headers={"Authorization": PASSWORD}
        )
        assert answer.status_code in {302, 404}


def test_passwords_cannot_be_tried_one_after_the_other(world: World, outside: Client):
    shared = world.share(password=PASSWORD)

    codes = [
        outside.post(f"{shared.page}password/", {"password": f"guess {number}"}).status_code
        for number in range(7)
    ]
    right = outside.post(f"{shared.page}password/", {"password": PASSWORD})
    elsewhere = Client(headers={"User-Agent": BROWSER}, REMOTE_ADDR="203.0.113.9")

    assert codes == [422] * 5 + [429] * 2
    assert right.status_code == 429
    assert elsewhere.post(f"{shared.page}password/", {"password": PASSWORD}).status_code == 302


def test_another_password_asks_everybody_again(world: World, outside: Client):
    shared = world.share(password=PASSWORD)
    outside.post(f"{shared.page}password/", {"password": PASSWORD})

    sharing.change(shared.share, terms_of(shared.share, password="another long one"), by=world.mara)

    assert outside.get(shared.media(world.dandelion, "video")).status_code == 404


def test_a_cookie_of_one_link_opens_no_other(world: World, outside: Client):
    first, second = world.share(password=PASSWORD), world.share(password=PASSWORD)
    outside.post(f"{first.page}password/", {"password": PASSWORD})
    name = next(iter(outside.cookies))
    outside.cookies[name.replace(first.share.pk.hex[:12], second.share.pk.hex[:12])] = outside.cookies[
        name
    ].value

    assert outside.get(second.media(world.dandelion, "poster")).status_code == 404


def test_a_long_answer_is_cut_when_the_link_ends(world: World, outside: Client, monkeypatch):
    monkeypatch.setattr(stored_files, "PIECE", 400)
    monkeypatch.setattr(stored_files, "ASK_AGAIN_SECONDS", 0.0)
    shared = world.share()
    answer = outside.get(shared.media(world.dandelion, "video"))
    pieces = iter(answer.streaming_content)
    assert len(next(pieces)) == 400

    revoke(world, shared)

    with pytest.raises(ConnectionAbortedError):
        next(pieces)


def test_a_proxy_never_gets_a_guests_film_to_send(world: World, outside: Client, settings):
    settings.ACCEL_PREFIX = "/protected/"

    answer = outside.get(world.share().media(world.dandelion, "video"))

    assert "X-Accel-Redirect" not in answer.headers
    assert b"".join(answer).startswith(b"film")


def test_an_open_link_is_asked_by_its_word_and_its_password(world: World):
    shared = world.share()
    visit = Visit(shared.share, {})
    assert share_door.is_still_open(visit)

    lock(world, Shared(share=Share.objects.get(pk=shared.share.pk), token=shared.token))

    assert not share_door.is_still_open(visit)


def test_a_poll_without_news_is_quiet_and_one_of_an_ended_link_is_not(world: World, outside: Client):
    shared = world.share()
    poll = shared.poll(outside)
    assert outside.get(poll).status_code == 204
    assert str(changes.latest_revision()) not in re.findall(r"seen=(\w+)", poll)

    revoke(world, shared)

    assert outside.get(poll).status_code == 404


def test_a_poll_brings_the_teams_answer_and_leaves_the_form_alone(world: World, outside: Client, say):
    shared = world.share()
    say(shared, world.dandelion, text="Softer?", name="Elin")
    poll = shared.poll(outside)

    notes.answer(Note.objects.get(), author=world.mara, text="Yes, we try it.")

    text = outside.get(poll).content.decode()
    assert "Yes, we try it." in text
    assert "guest-composer" not in text
    assert "guest-decision" not in text


def test_tightened_terms_make_an_open_page_ask_for_itself(world: World, outside: Client):
    shared = world.share()
    poll = shared.poll(outside)

    sharing.change(shared.share, terms_of(shared.share, may_comment=False), by=world.mara)

    assert outside.get(poll).headers["HX-Refresh"] == "true"


def test_asking_for_a_new_link_tells_who_shared_it_and_nothing_to_the_one_who_asks(
    world: World, outside: Client
):
    shared = world.share()
    revoke(world, shared)
    owner = make_user("Olga Owner", Role.OWNER)

    known = outside.post(f"{shared.page}again/", {"email": "elin@example.com"})
    unknown = outside.post("/s/mistyped/again/", {"email": "elin@example.com"})

    assert known.status_code == unknown.status_code == 404
    assert "The studio was asked" in known.content.decode()
    assert "The studio was asked" in unknown.content.decode()
    assert Notice.objects.filter(user=world.mara, sentence__contains="elin@example.com").count() == 1
    assert Notice.objects.filter(user=owner).count() == 1


def test_asking_again_and_again_is_refused(world: World, outside: Client):
    codes = [outside.post("/s/x/again/", {"email": "elin@example.com"}).status_code for _ in range(5)]

    assert codes == [404, 404, 404, 429, 429]


def test_too_many_comments_are_refused_and_stay_typed(world: World, outside: Client, say):
    shared = world.share()
    say(shared, world.dandelion, text="1", name="Elin")

    answers = [say(shared, world.dandelion, text=f"Comment {number}") for number in range(11)]

    assert answers[-1].status_code == 422
    assert "That was a lot in a short time." in answers[-1].content.decode()
    assert "Comment 10" in answers[-1].content.decode()
    assert Note.objects.count() == 10
