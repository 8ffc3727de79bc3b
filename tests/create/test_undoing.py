"""Taking a change of the tray back: the newest alone, while it is fresh, and nothing that came after it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.briefs import changing, undoing
from studio.briefs.tray import tray_of
from studio.models import Brief, User
from tests.create.making import form_of, make_brief
from tests.factories import make_file

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def change(brief: Brief, line: str, file=None) -> str:
    return changing.change(brief, tray_of(brief, brief.user), line, file)


def offer(brief: Brief) -> undoing.Offer:
    found = undoing.offered(brief, timezone.now())
    assert found
    return found


def names(brief: Brief) -> list[str]:
    return [entry["name"] for entry in brief.tray]


def age(brief: Brief, by: timedelta) -> None:
    """Let the newest change be made that long ago."""
    brief.settings["undo"]["at"] = (timezone.now() - by).isoformat()


def press(client: Client, brief: Brief, line: str, **typed: str) -> str:
    """Press a button of the tray on a page that shows the brief as it is. What the answer says."""
    brief.refresh_from_db()
    posted = form_of(brief, act=line, **typed)
    answer = client.post(reverse("studio:brief-tray", args=[brief.pk]), posted, headers=HTMX)
    brief.refresh_from_db()
    return answer.content.decode()


def test_what_was_added_after_a_removal_is_not_lost_by_its_button():
    brief = make_brief(files=[make_file(name="rider")])
    change(brief, "remove key001")
    stale = offer(brief).line
    for name in ("street", "harbour"):
        change(brief, "put tray x", make_file(name=name))

    with pytest.raises(changing.CannotChange, match="Something else was changed"):
        change(brief, stale)

    assert names(brief) == ["street", "harbour"]
    assert offer(brief).words == "harbour added."


@pytest.mark.parametrize(
    ("line", "kind"),
    [("put tray x", "image"), ("put first_frame x", "image"), ("put voice:key001 x", "audio")],
)
def test_what_was_put_in_can_be_taken_out_again(line: str, kind: str):
    before, voice = make_file(name="before"), make_file("audio", name="her voice")
    brief = make_brief(files=[make_file(name="rider")], first_frame=str(before.pk))
    change(brief, "put voice:key001 x", voice)
    was = undoing.state(brief)

    change(brief, line, make_file(kind))
    change(brief, offer(brief).line)

    assert undoing.state(brief) == was


def test_a_press_that_changes_nothing_leaves_the_offer_as_it_is():
    file = make_file(name="rider")
    brief = make_brief(files=[file, make_file(name="street")])
    change(brief, "remove key002")
    was = offer(brief)

    change(brief, "put tray x", file)
    change(brief, "earlier key001")

    assert offer(brief) == was


def test_a_change_is_taken_back_once():
    brief = make_brief(files=[make_file(name="rider"), make_file(name="street")])
    change(brief, "remove key001")
    line = offer(brief).line
    change(brief, line)

    with pytest.raises(changing.CannotChange, match="nothing to take back"):
        change(brief, line)

    assert names(brief) == ["rider", "street"]


@pytest.mark.parametrize("line", ["undo", "undo ", "undo 00000000"])
def test_a_button_that_names_no_change_takes_nothing_back(line: str):
    brief = make_brief(files=[make_file(name="rider")])
    change(brief, "remove key001")

    with pytest.raises(changing.CannotChange, match="wasn’t taken back"):
        change(brief, line)

    assert names(brief) == []


def test_after_two_minutes_a_change_stays():
    brief = make_brief(files=[make_file(name="rider")])
    change(brief, "remove key001")
    line = offer(brief).line
    age(brief, undoing.SHOWN)

    with pytest.raises(changing.CannotChange, match="two minutes"):
        change(brief, line)

    assert names(brief) == []
    assert undoing.offered(brief, timezone.now()) is None


def test_until_then_it_is_offered():
    brief = make_brief(files=[make_file(name="rider")])
    change(brief, "remove key001")
    age(brief, undoing.SHOWN - timedelta(seconds=5))

    change(brief, offer(brief).line)

    assert names(brief) == ["rider"]


def test_names_typed_since_stay_and_others_come_back():
    brief = make_brief(files=[make_file(name=name) for name in ("rider", "street", "sky")])
    change(brief, "put replace:key001 x", make_file(name="dancer"))
    brief.tray[1]["name"] = "Old town"

    change(brief, offer(brief).line)

    assert names(brief) == ["rider", "Old town", "sky"]


def test_words_written_since_stay_and_their_mentions_come_back(client: Client, ada: User):
    brief = make_brief(ada, [make_file(name="rider"), make_file(name="street")])
    body = press(client, brief, "remove key001")
    line = re.search(r'value="(undo [0-9a-f]+)"', body)[1]

    press(client, brief, line, prompt="Image ? rides along Image 1 at dawn")

    assert brief.prompt == "{{ref:key001}} rides along {{ref:key002}} at dawn"
    assert names(brief) == ["rider", "street"]


def test_a_button_of_an_earlier_page_says_that_nothing_was_taken_back(client: Client, ada: User):
    brief = make_brief(ada, [make_file(name="rider")])
    stale = re.search(r'value="(undo [0-9a-f]+)"', press(client, brief, "remove key001"))[1]
    press(client, brief, f"put tray {make_file(name='street').pk}")

    body = press(client, brief, stale)

    assert "Something else was changed since then" in body
    assert names(brief) == ["street"]
    assert 'value="undo ' in body
