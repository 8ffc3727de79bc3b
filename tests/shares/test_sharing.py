"""Sharing from inside: two clicks make a link; what is wrong makes none; who may, and who opened it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.utils import timezone

from studio import audit, sharing
from studio.models import AuditEntry, Share, Status
from studio.models.person import Role
from tests.factories import make_project, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(world):
    """What the form about the terms of a link sends."""
    return {
        "title": "For Elin",
        "message": "Watch each one.",
        "last_day": (timezone.localdate() + timedelta(days=3)).isoformat(),
        "password": "",
        "may_comment": "on",
        "may_decide": "on",
    }


def link_on(page: str) -> str:
    return re.search(r"<code data-copy>(\S+)</code>", page)[1]


def test_one_press_makes_a_link_with_the_usual_terms_and_shows_it_to_copy(world, mara, outside):
    answer = mara.post("/shares/new/", {"clip": str(world.dandelion.task_id)}, follow=True)

    share = Share.objects.get()
    assert timedelta(days=13) < share.ends_at - timezone.now() <= timedelta(days=14)
    switches = (share.may_comment, share.may_decide, share.may_download, share.shows_making, share.password)
    assert switches == (True, True, False, False, "")
    link = link_on(answer.content.decode())
    assert link.startswith("http://localhost")
    assert outside.get(link.partition("8765")[2]).status_code == 200


def test_the_link_is_shown_to_nobody_else_and_goes_away(world, mara, monkeypatch):
    made = mara.post("/shares/new/", {"clip": str(world.dandelion.task_id)}, follow=True)
    page = made.request["PATH_INFO"]
    pia = Client()
    pia.force_login(make_user("Pia Nordin", Role.PRODUCER))

    assert "data-copy" in mara.get(page).content.decode()
    assert "data-copy" not in pia.get(page).content.decode()

    monkeypatch.setattr("studio.sharing.new_links.KEPT_SECONDS", -1)
    assert "data-copy" not in mara.get(page).content.decode()


def test_a_new_link_replaces_the_one_that_went_out(world, mara, outside):
    made = mara.post("/shares/new/", {"clip": str(world.dandelion.task_id)}, follow=True)
    old = link_on(made.content.decode()).partition("8765")[2]

    renewed = mara.post(f"{made.request['PATH_INFO']}renew/", follow=True)

    new = link_on(renewed.content.decode()).partition("8765")[2]
    assert outside.get(old).status_code == 404
    assert outside.get(new).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"last_day": "2020-01-01"}, "That day is over."),
        ({"last_day": "2099-01-01"}, "a year at most"),
        ({"last_day": "soon"}, "Choose a day"),
        ({"password": "short"}, "8 characters or more"),
        ({"password": "password1"}, "too common"),
        ({"title": "   "}, "is missing"),
    ],
)
def test_what_is_wrong_is_said_and_no_link_is_made(world, mara, form, wrong, sentence):
    answer = mara.post("/shares/new/", {"clip": str(world.dandelion.task_id)} | form | wrong)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Share.objects.exists()


@pytest.mark.parametrize("wrong", [{"last_day": "2020-01-01"}, {"password": "short"}])
def test_what_is_wrong_leaves_a_link_as_it_was(world, mara, form, wrong):
    shared = world.share(password="dandelion clock")
    before = Share.objects.values().get()

    answer = mara.post(f"/shares/{shared.share.pk}/", form | {"may_download": "on"} | wrong)

    assert answer.status_code == 422
    assert Share.objects.values().get() == before


def test_a_password_is_kept_hashed_and_stays_until_it_is_taken_away(world, mara, form):
    shared = world.share()
    address = f"/shares/{shared.share.pk}/"

    mara.post(address, form | {"password": "dandelion clock"})
    kept = Share.objects.get().password
    assert identify_hasher(kept)

    mara.post(address, form)
    assert Share.objects.get().password == kept

    mara.post(address, form | {"no_password": "on"})
    assert Share.objects.get().password == ""


def test_switches_that_are_off_are_off(world, mara, form):
    shared = world.share(may_download=True)
    del form["may_comment"]

    mara.post(f"/shares/{shared.share.pk}/", form)

    share = Share.objects.get()
    assert (share.may_comment, share.may_decide, share.may_download) == (False, True, False)


def test_clips_of_two_projects_make_no_link(world, mara):
    elsewhere = make_task(Status.SUCCEEDED, user=world.mara, project=make_project("Elsewhere"))

    answer = mara.post("/shares/new/", {"clip": [str(world.dandelion.task_id), str(elsewhere.task_id)]})

    assert answer.status_code == 422
    assert "the clips of one project" in answer.content.decode()
    assert not Share.objects.exists()


def test_a_clip_that_is_not_ready_makes_no_link(world, mara):
    waiting = make_task(user=world.mara, project=world.project)

    answer = mara.post("/shares/new/", {"clip": str(waiting.task_id)})

    assert answer.status_code == 422
    assert not Share.objects.exists()


def test_a_project_and_a_shot_can_be_shared(world, mara, outside):
    for sent in ({"project": str(world.project.pk)}, {"shot": str(world.seeds.version.shot_id)}):
        made = mara.post("/shares/new/", sent, follow=True)

        page = outside.get(link_on(made.content.decode()).partition("8765")[2]).content.decode()
        assert "Two seeds let go" in page


def test_a_reviewer_shares_nothing_and_a_stranger_finds_nothing(world):
    shared = world.share()
    reviewer = Client()
    reviewer.force_login(make_user("Rae Reviewer", Role.REVIEWER))
    addresses = (f"/shares/{shared.share.pk}/", "/team/shares/", f"/shares/{shared.share.pk}/preview/")

    assert {reviewer.get(address).status_code for address in addresses} == {403}
    assert reviewer.post("/shares/new/", {"clip": str(world.dandelion.task_id)}).status_code == 403
    assert reviewer.post(f"/shares/{shared.share.pk}/revoke/").status_code == 403

    world.project.is_open = False
    world.project.save()
    carol = Client()
    carol.force_login(make_user("Carol Stranger"))
    assert carol.get(addresses[0]).status_code == 404
    assert "Three opening shots" not in carol.get("/team/shares/").content.decode()


def test_who_opened_it_and_when(world, mara, outside, say):
    shared = world.share()
    outside.get(shared.page)
    b"".join(outside.get(shared.media(world.dandelion, "video")))
    say(shared, world.dandelion, text="Lovely", name="Elin Holm")

    page = mara.get(f"/shares/{shared.share.pk}/").content.decode()
    listed = mara.get("/team/shares/").content.decode()

    assert "Elin Holm" in page
    assert "Opened 1 time, watched 1 clip, 1 comment" in page
    assert "Opened 1 time" in listed


def test_the_preview_shows_what_a_guest_sees_and_takes_nothing(world, mara):
    shared = world.share(message="Nothing is final until Thursday.")

    page = mara.get(f"/shares/{shared.share.pk}/preview/").content.decode()

    assert "Nothing is final until Thursday." in page
    assert "Seeds in the light" in page
    assert f"/media/clips/{world.dandelion.task_id}/video" in page
    assert "guest-poll" not in page
    assert shared.token not in page


def test_everything_done_to_a_link_is_in_the_audit_and_the_chain_holds(world, outside):
    shared = world.share(may_download=True)
    sharing.renew(shared.share, by=world.mara)
    sharing.revoke(shared.share, by=world.mara)

    words = list(AuditEntry.objects.values_list("word", flat=True))
    assert words == ["made a share link", "replaced a share link", "ended a share link"]
    assert list(audit.broken_links()) == []
    assert sharing.revoke(shared.share, by=world.mara) is False
