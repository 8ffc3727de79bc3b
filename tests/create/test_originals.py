"""Going back from a fixed copy to what was brought, without losing the place or the mentions."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.briefs import changing, saving, undoing
from studio.briefs.tray import tray_of
from studio.models import Brief
from tests.create.making import TOO_SMALL, make_brief
from tests.factories import make_file, make_media_file, make_user

pytestmark = pytest.mark.django_db


def copy_of(original, *, is_unasked: bool = False, name: str = "", **fields):
    fix = {"done": ["JPEG", "Upright"], "choices": {}, "unasked": is_unasked, "use": "picture"}
    return make_file(fixed_from=original, fix=fix, name=name or f"{original.name}, fixed", **fields)


def change(brief: Brief, line: str) -> str:
    said = changing.change(brief, tray_of(brief, brief.user), line)
    saving.store(brief)
    return said


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


def page(client, brief: Brief) -> str:
    return client.get(reverse("studio:brief", args=[brief.pk])).content.decode()


def test_the_original_takes_its_place_under_the_same_mention():
    original = make_file(name="counter-strip")
    brief = make_brief(files=[copy_of(original)])
    before = (brief.prompt, brief.tray[0]["key"])

    said = change(brief, "original replace:key001")

    assert said == "Image 1 is the original again."
    assert (brief.prompt, brief.tray[0]["key"]) == before
    assert (brief.tray[0]["file"], brief.tray[0]["name"]) == (str(original.pk), "counter-strip")


def test_going_back_can_be_taken_back_too():
    copy = copy_of(make_file(name="counter-strip"))
    brief = make_brief(files=[copy])

    change(brief, "original replace:key001")
    change(brief, undoing.offered(brief, timezone.now()).line)

    assert brief.tray[0]["file"] == str(copy.pk)


def test_a_name_that_a_person_gave_stays():
    brief = make_brief(files=[copy_of(make_file(name="counter-strip"))])
    brief.tray[0]["name"] = "My counter"

    change(brief, "original replace:key001")

    assert brief.tray[0]["name"] == "My counter"


def test_an_unasked_repair_gives_its_name_back_with_the_original():
    original = make_file(name="IMG_2207, original")
    brief = make_brief(files=[copy_of(original, is_unasked=True, name="IMG_2207")])

    change(brief, "original replace:key001")

    assert brief.tray[0]["name"] == "IMG_2207"


def test_the_first_frame_and_a_voice_go_back_as_well():
    frame, voice = make_file(name="opening"), make_file("audio", name="Hazel")
    brief = make_brief(first_frame=str(copy_of(frame).pk))
    spoken = copy_of(voice, media=make_media_file("audio"))
    brief.tray[0]["voice"] = str(spoken.pk)

    change(brief, "original first_frame")
    change(brief, "original voice:key001")

    assert (brief.first_frame, brief.tray[0]["voice"]) == (str(frame.pk), str(voice.pk))


@pytest.mark.parametrize(
    "line", ["original replace:key001", "original first_frame", "original voice:key001", "original x"]
)
def test_a_file_that_was_never_fixed_has_no_original(line):
    brief = make_brief()

    with pytest.raises(changing.CannotChange):
        change(brief, line)


def test_the_tray_says_what_was_done_and_offers_the_way_back(client, ada):
    brief = make_brief(ada, [copy_of(make_file(name="counter-strip"))])

    html = page(client, brief)

    assert "<b>Image 1 was fixed:</b> JPEG, upright." in html
    assert 'value="original replace:key001"' in html
    assert "use the original</button>" in html
    assert "Change it</a>" in html


def test_a_repair_that_nobody_asked_for_can_be_undone(client, ada):
    original = make_file(media=make_media_file(facts=TOO_SMALL), name="IMG_2207, original")
    brief = make_brief(ada, [copy_of(original, is_unasked=True, name="IMG_2207")])

    html = page(client, brief)

    assert "<b>Image 1 was fixed by itself:</b> JPEG, upright." in html
    assert "Undo</button>" in html
    assert "Change it</a>" not in html


def test_an_original_that_left_the_library_is_not_offered(client, ada):
    original = make_file(name="counter-strip")
    brief = make_brief(ada, [copy_of(original)])
    type(original).objects.filter(pk=original.pk).update(deleted_at="2026-01-01T00:00:00Z")

    assert "was fixed" not in page(client, brief)


def test_the_press_works_without_scripts(client, ada):
    original = make_file(name="counter-strip")
    brief = make_brief(ada, [copy_of(original)])

    answer = client.post(
        reverse("studio:brief-tray", args=[brief.pk]), {"act": "original replace:key001"}, follow=True
    )

    brief.refresh_from_db()
    assert answer.status_code == 200
    assert brief.tray[0]["file"] == str(original.pk)
