"""What a press in the tray does to a brief."""

from __future__ import annotations

import pytest
from django.utils import timezone

from studio.briefs import changing, undoing
from studio.briefs.tray import tray_of
from studio.models import Brief
from tests.create.making import TOO_SMALL, make_brief, make_clip_file
from tests.factories import make_file, make_media_file

pytestmark = pytest.mark.django_db


def change(brief: Brief, line: str, file=None) -> str:
    return changing.change(brief, tray_of(brief, brief.user), line, file)


def labels(brief: Brief) -> dict[str, str]:
    return {place.name: place.label for place in tray_of(brief, brief.user).places}


def test_a_file_that_is_added_gets_the_next_name_of_its_kind():
    brief = make_brief(files=[make_file(name="rider")])

    change(brief, "put tray x", make_clip_file(name="ride"))
    change(brief, "put tray x", make_file(name="street"))

    assert labels(brief) == {"rider": "Image 1", "ride": "Video 1", "street": "Image 2"}


def test_a_file_is_in_the_tray_once():
    file = make_file(name="rider")
    brief = make_brief(files=[file])

    assert change(brief, "put tray x", file) == "rider is in the tray already."
    assert len(brief.tray) == 1


def test_a_sixth_usable_file_is_refused_by_name():
    brief = make_brief(files=[make_file() for _ in range(5)])

    with pytest.raises(changing.CannotChange, match=r"The tray is full.*castle"):
        change(brief, "put tray x", make_file(name="castle"))


def test_a_file_that_cannot_be_used_is_set_aside_and_not_counted():
    small = make_file(name="icon", media=make_media_file(facts=TOO_SMALL))
    brief = make_brief(files=[small, make_file(name="rider")], prompt="")

    tray = tray_of(brief, brief.user)

    assert [(place.state, place.label) for place in tray.places] == [("set-aside", ""), ("ready", "Image 1")]
    assert "180" in tray.places[0].problem.detail


def test_a_mentioned_file_that_cannot_be_used_any_more_is_broken_and_keeps_its_number():
    brief = make_brief(files=[make_file(name="rider"), make_file(name="street")], prompt="Image 2 glows")
    file = tray_of(brief, brief.user).places[1].file
    file.deleted_at = file.created_at
    file.save()

    place = tray_of(brief, brief.user).places[1]

    assert (place.state, place.label) == ("broken", "Image 2")


def test_replacing_keeps_the_mention_on_the_new_file():
    brief = make_brief(files=[make_file(name="rider")], prompt="Image 1 waves")

    change(brief, "put replace:key001 x", make_file(name="dancer"))

    assert brief.prompt == "{{ref:key001}} waves"
    assert labels(brief) == {"dancer": "Image 1"}


def test_a_removed_reference_can_be_taken_back_with_its_place_and_voice():
    voice = make_file("audio", name="her voice")
    brief = make_brief(files=[make_file(name="rider"), make_file(name="street")])
    change(brief, "put voice:key001 x", voice)

    change(brief, "remove key001")
    change(brief, undoing.offered(brief, timezone.now()).line)

    assert [place.name for place in tray_of(brief, brief.user).places] == ["rider", "street"]
    assert tray_of(brief, brief.user).places[0].voice == voice


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("later key001", ["b", "a", "c"]),
        ("earlier key003", ["a", "c", "b"]),
        ("earlier key001", ["a", "b", "c"]),
        ("order key003,key001,key002", ["c", "a", "b"]),
        ("order key003,nonsense", ["c", "a", "b"]),
    ],
)
def test_places_move(line: str, expected: list[str]):
    brief = make_brief(files=[make_file(name=name) for name in "abc"])

    change(brief, line)

    assert [entry["name"] for entry in brief.tray] == expected


def test_a_sound_dropped_on_the_tray_becomes_the_voice_of_the_first_reference():
    brief = make_brief(files=[make_file(name="rider")])

    change(brief, "put tray x", make_file("audio", name="hello"))

    assert tray_of(brief, brief.user).places[0].voice.name == "hello"


def test_a_voice_that_rides_with_a_file_comes_along():
    voice = make_file("audio", name="her voice")
    brief = make_brief(files=[])

    change(brief, "put tray x", make_file(name="hero", voice=voice))

    assert tray_of(brief, brief.user).places[0].voice == voice


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("put first_frame x", "video", "is not a picture"),
        ("put voice:key001 x", "image", "is not a sound"),
        ("put voice:gone x", "audio", "isn’t in the tray"),
        ("put elsewhere:key001 x", "image", "can’t be done"),
        ("remove nobody", "image", "isn’t in the tray"),
        ("drop everything", "image", "can’t be done"),
        ("undo", "image", "nothing to take back"),
        ("explode", "image", "can’t be done"),
        ("put tray x", "", "isn’t in the library"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(line: str, kind: str, said: str):
    brief = make_brief(files=[make_file(name="rider")])
    before = [dict(entry) for entry in brief.tray], brief.first_frame

    with pytest.raises(changing.CannotChange, match=said):
        change(brief, line, make_file(kind) if kind else None)

    assert (brief.tray, brief.first_frame) == before
