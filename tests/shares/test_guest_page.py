"""The client's page: what it shows, what it never shows, and what it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from studio import notes, reviews
from studio.models import Decision, GenerationTask, Guest, Note, Notice, Share, ShareView, Verdict
from studio.models.person import Role
from tests.factories import make_user
from tests.shares.conftest import FILM, on_disk, ready

pytestmark = pytest.mark.django_db


def test_a_guest_sees_the_clips_without_an_account(world, outside):
    shared = world.share()

    page = outside.get(shared.page)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Three opening shots" in text
    assert "Seeds in the light" in text
    assert "Not watched yet" in text
    assert shared.media(world.dandelion, "video") in text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex' in text


@pytest.mark.parametrize(
    ("variant", "status"),
    [("video", 200), ("poster", 200), ("sprite", 200), ("download", 404), ("filmstrip", 404)],
)
def test_bytes_come_through_the_links_own_door(world, outside, variant, status):
    shared = world.share()

    answer = outside.get(shared.media(world.dandelion, variant))

    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer) == FILM
        assert answer.headers["X-Robots-Tag"].startswith("noindex")


def test_a_range_of_the_film(world, outside):
    answer = outside.get(world.share().media(world.dandelion, "video"), headers={"Range": "bytes=4-7"})

    assert (answer.status_code, b"".join(answer)) == (206, b"film")


def test_a_download_where_it_is_allowed_is_counted_and_audited(world, outside):
    shared = world.share(may_download=True)

    answer = outside.get(shared.media(world.dandelion, "download"))

    assert 'filename="Seeds in the light.mp4"' in answer.headers["Content-Disposition"]
    assert ShareView.objects.filter(what="downloaded", task=world.dandelion).count() == 1


def test_a_clip_that_the_link_does_not_show_is_not_there(world, outside):
    shared = world.share(world.dandelion)

    assert outside.get(shared.media(world.seeds, "video")).status_code == 404
    assert "Two seeds let go" not in outside.get(shared.page).content.decode()


def test_what_left_the_project_or_lies_in_the_bin_is_not_shown(world, outside):
    shared = world.share()
    GenerationTask.objects.filter(pk=world.seeds.pk).update(binned_at=timezone.now())

    assert "Two seeds let go" not in outside.get(shared.page).content.decode()
    assert outside.get(shared.media(world.seeds, "poster")).status_code == 404


def test_a_project_is_shared_with_what_is_made_later(world, outside):
    shared = world.share()
    Share.objects.filter(pk=shared.share.pk).update(is_whole_project=True)

    on_disk(ready(world.mara, world.project, "Morning stretch"))

    assert "Morning stretch" in outside.get(shared.page).content.decode()


def test_opening_is_counted_once_for_a_visit_and_the_sharer_is_told_once(world, outside):
    shared = world.share()

    outside.get(shared.page)
    outside.get(shared.page)
    Client(headers={"User-Agent": "Mozilla/5.0 Firefox/150.0"}).get(shared.page)

    assert ShareView.objects.filter(what="opened").count() == 2
    assert Notice.objects.filter(user=world.mara, kind="share").count() == 1


def test_watching_is_counted_once_for_a_clip_however_many_ranges(world, outside):
    shared = world.share()

    for start in range(3):
        b"".join(outside.get(shared.media(world.dandelion, "video"), headers={"Range": f"bytes={start}-"}))

    assert ShareView.objects.filter(what="watched", task=world.dandelion).count() == 1
    assert "Watched" in outside.get(f"{shared.page}?clip={world.seeds.task_id}").content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"User-Agent": "WhatsApp/2.24.1"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 Chrome/140.0", "Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_a_program_that_looks_ahead_is_no_view(world, headers):
    shared = world.share()

    assert Client(headers=headers).get(shared.page).status_code == 200
    assert not ShareView.objects.exists()


def test_a_head_and_a_member_of_the_studio_are_no_views(world, outside, mara):
    shared = world.share()

    assert outside.head(shared.page).status_code == 200
    assert mara.get(shared.page).status_code == 200
    assert mara.get(f"/shares/{shared.share.pk}/preview/").status_code == 200
    assert not ShareView.objects.exists()


def test_the_name_is_asked_once_and_what_was_typed_is_kept(world, outside, say):
    shared = world.share()

    asked = say(shared, world.dandelion, text="Is that a spider web?", at="0:03")
    text = asked.content.decode()
    assert "What is your name?" in text
    assert 'name="text" value="Is that a spider web?"' in text
    assert not Note.objects.exists()

    sent = say(shared, world.dandelion, text="Is that a spider web?", at="0:03", name="Elin Holm")
    assert sent.status_code == 302
    note = Note.objects.get()
    assert (note.guest.name, note.first_frame, note.text) == ("Elin Holm", 75, "Is that a spider web?")

    say(shared, world.dandelion, text="I love it.")
    assert Note.objects.filter(guest=note.guest, first_frame=None).count() == 1
    page = outside.get(shared.page).content.decode()
    assert "Elin Holm" in page
    assert "Not you?" in page


def test_not_you_begins_anew(world, outside, say):
    shared = world.share()
    say(shared, world.dandelion, text="Lovely", name="Elin Holm")

    outside.post(f"{shared.page}name/", {"forget": "1"})

    page = outside.get(shared.page).content.decode()
    assert "Not you?" not in page
    say(shared, world.dandelion, "decide", verdict="approved", name="Tom")
    assert set(Guest.objects.values_list("name", flat=True)) == {"Elin Holm", "Tom"}


def test_the_exact_frame_counts_where_the_page_knew_it(world, say):
    shared = world.share()

    say(shared, world.dandelion, text="Here", at="0:03", frame="83", name="Elin")

    assert Note.objects.get().first_frame == 83


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": ""}, "Write what you would like to say first."),
        ({"text": "Hm", "at": "9:59"}, "There is no such moment in this clip."),
        ({"text": "Hm", "at": "soon"}, "There is no such moment in this clip."),
        ({"text": "x" * 2001}, "letters at most"),
        ({"text": "Hm", "name": "\u202e \u200b"}, "Type your name"),
        ({"text": "Hm", "at": "0:01", "drawing": "[1"}, "drawing could not be read"),
    ],
)
def test_a_comment_that_cannot_be_kept_says_why_and_stays_typed(world, say, sent, sentence):
    shared = world.share()

    answer = say(shared, world.dandelion, **({"name": "Elin"} | sent))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Note.objects.exists()


def test_who_shared_it_hears_of_comments_once_until_they_looked(world, say):
    shared = world.share()

    say(shared, world.dandelion, text="Softer?", name="Elin Holm")
    say(shared, world.dandelion, text="And slower.")

    notice = Notice.objects.get(user=world.mara, kind="share")
    assert notice.sentence == "Elin Holm commented on Seeds in the light."
    assert notice.path.startswith(f"/review/{world.dandelion.task_id}/?note=")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>window.ran=1</script>",
        '"><img src=x onerror=window.ran=1>',
        "<div hx-get=/you/ hx-trigger=load>x</div>",
        "</textarea><svg onload=window.ran=1>",
    ],
)
def test_what_a_guest_types_is_text_everywhere(world, mara, outside, say, payload):
    shared = world.share(title=payload, message=payload)
    say(shared, world.dandelion, text=payload, name=payload)
    say(shared, world.dandelion, "decide", verdict="needs_changes", sentence=payload)
    asked = say(shared, world.dandelion, text=payload, client=Client())
    pages = [
        asked,
        outside.get(shared.page),
        mara.get(f"/shares/{shared.share.pk}/"),
        mara.get(f"/shares/{shared.share.pk}/preview/"),
        mara.get("/team/shares/"),
        mara.get(f"/review/{world.dandelion.task_id}/"),
        mara.get("/inbox/"),
    ]

    assert [page.status_code for page in pages] == [200] * len(pages)
    for page in pages:
        assert payload not in page.content.decode()


def test_a_second_press_of_the_same_form_makes_one_comment(world, say):
    shared = world.share()
    same = {"text": "Softer light?", "note_id": "0d8c3a52-53f5-4e0e-9d0d-4f0c4b0a9f11"}

    say(shared, world.dandelion, name="Elin", **same)
    say(shared, world.dandelion, **same)

    assert Note.objects.count() == 1


def test_a_guest_decides_once_and_may_change_their_mind(world, outside, say):
    shared = world.share()

    say(shared, world.dandelion, "decide", verdict="approved", name="Elin Holm")
    say(shared, world.dandelion, "decide", verdict="approved")
    assert Decision.objects.count() == 1
    assert "You approved" in outside.get(shared.page).content.decode()

    say(shared, world.dandelion, "decide", verdict="needs_changes", sentence="Softer light, please")
    assert Decision.objects.standing().get().verdict == Verdict.NEEDS_CHANGES
    assert Decision.objects.count() == 2
    assert Notice.objects.filter(user=world.mara, kind="decision").exists()


def test_asking_for_a_change_wants_a_sentence(world, say):
    answer = say(world.share(), world.dandelion, "decide", verdict="needs_changes", name="Elin")

    assert answer.status_code == 422
    assert "Say in a sentence what should be different." in answer.content.decode()


@pytest.mark.parametrize(("switch", "where"), [("may_comment", "notes"), ("may_decide", "decide")])
def test_what_is_switched_off_is_neither_shown_nor_taken(world, outside, say, switch, where):
    shared = world.share(**{switch: False})
    notes.write(world.dandelion, author=world.mara, text="Teamwork")

    answer = say(shared, world.dandelion, where, text="Hi", verdict="approved", name="Elin")

    assert answer.status_code == 404
    assert not Guest.objects.exists()
    assert f"/{where}/" not in outside.get(shared.page).content.decode()
    if switch == "may_comment":
        assert "Teamwork" not in outside.get(shared.page).content.decode()


def test_what_the_team_answers_is_signed_by_the_studio(world, outside, say):
    shared = world.share()
    say(shared, world.dandelion, text="Softer light?", name="Elin Holm")
    pia = make_user("Pia Nordin", Role.PRODUCER)

    notes.answer(Note.objects.get(), author=pia, text="Yes, we try it.")

    page = outside.get(shared.page).content.decode()
    assert "Yes, we try it." in page
    assert "Pia" not in page


def test_guests_of_another_link_are_not_heard(world, outside, say):
    first, second = world.share(), world.share()
    say(first, world.dandelion, text="Between us", name="Rival Films")

    assert "Between us" not in outside.get(second.page).content.decode()


def test_a_guest_who_calls_themselves_like_the_studio_still_has_the_badge(world, outside, say):
    shared = world.share()
    say(shared, world.dandelion, text="Approved by me", name="Mara Lindqvist")

    other = Client(headers={"User-Agent": "Mozilla/5.0 Firefox/150.0"}).get(shared.page).content.decode()

    assert 'Mara Lindqvist</b> <span class="tag">Guest</span>' in other


def test_a_settled_approval_is_not_opened_by_a_guest(world, say):
    reviews.decide(world.dandelion.version, user=world.mara, verdict="approved")

    say(world.share(), world.dandelion, "decide", verdict="needs_changes", sentence="Redo", name="Elin")

    world.dandelion.version.shot.refresh_from_db()
    assert world.dandelion.version.shot.review_status == "approved"


def test_a_link_of_a_year_ago_is_over(world, outside):
    shared = world.share()
    Share.objects.filter(pk=shared.share.pk).update(ends_at=timezone.now() - timedelta(seconds=1))

    assert outside.get(shared.page).status_code == 404
