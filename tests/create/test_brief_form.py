"""The form before sending: every finding has a code, a sentence and a field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.briefs.tray import tray_of
from studio.briefs.ways import Way
from studio.forms.brief import BriefForm
from studio.models import Brief, Connection
from studio.providers import registry
from studio.providers.base import Capability
from tests.create.making import TOO_SMALL, make_brief, make_clip_file
from tests.factories import make_file, make_media_file

pytestmark = pytest.mark.django_db


def capability(name: str = "local") -> Capability:
    return registry.capabilities()[name]


@pytest.fixture(autouse=True)
def reachable(settings: Any) -> None:
    """Providers can fetch files from here."""
    settings.PUBLIC_URL = "https://studio.example.com"


def way(record: Capability) -> Way:
    return Way(capability=record, account=Connection(provider=record.name, label=record.label))


def codes(brief: Brief, name: str = "local", **fields: Any) -> list[tuple[str, str]]:
    record = replace(capability(name), **fields)
    form = BriefForm(brief, tray_of(brief, brief.user, record), way(record))
    found = [] if form.is_valid() else form.findings()
    assert all(finding.sentence.endswith(".") for finding in found)
    return [(finding.field, finding.code) for finding in found]


@pytest.mark.parametrize("name", ["local", "modelstream", "apiframe", "dashscope"])
def test_a_picture_and_a_sentence_are_enough_everywhere(name: str):
    assert codes(make_brief(), name) == []


def test_an_empty_brief_says_both_things_that_are_missing():
    assert codes(make_brief(files=[])) == [("references", "none"), ("prompt", "required")]


def test_a_name_that_is_not_in_the_tray_blocks():
    assert codes(make_brief(prompt="Image 1 sees Image 4")) == [("prompt", "unknown_name")]


def test_a_mention_of_something_removed_blocks():
    brief = make_brief(files=[make_file(), make_file()], prompt="Image 1 sees Image 2")
    brief.tray = brief.tray[:1]

    assert codes(brief) == [("prompt", "lost_mention")]


def test_twelve_seconds_are_too_long_with_a_clip():
    brief = make_brief(files=[make_clip_file()], prompt="Video 1 again", settings={"duration": "12"})

    assert codes(brief) == [("duration", "too_long_with_clip")]


def test_a_length_out_of_range_names_the_range():
    assert codes(make_brief(settings={"duration": "12"}), "apiframe") == [("duration", "out_of_range")]
    assert codes(make_brief(settings={"duration": "15"}), "modelstream") == []


def test_a_provider_that_needs_a_picture_says_so():
    brief = make_brief(files=[make_clip_file()], prompt="Video 1 again")

    assert codes(brief, "modelstream") == [("references", "none")]
    assert codes(brief, "apiframe") == []


def test_a_file_that_is_set_aside_does_not_block():
    small = make_file(media=make_media_file(facts=TOO_SMALL))

    assert codes(make_brief(files=[make_file(), small])) == []


def test_a_mentioned_file_that_cannot_be_used_blocks_with_its_key():
    small = make_file(media=make_media_file(facts=TOO_SMALL))
    brief = make_brief(files=[make_file(), small], prompt="Image 1 sees Image 2")
    form = BriefForm(brief, tray_of(brief, brief.user), way(capability()))

    assert not form.is_valid()
    assert [(found.code, found.key) for found in form.findings()] == [("broken", "key002")]


@pytest.mark.parametrize("seed", ["", "-1", "1.5", "2147483648", "9" * 40, "١٢", "seed"])
def test_a_fixed_seed_is_a_whole_number_in_range(seed: str):
    assert codes(make_brief(settings={"seed_kind": "fixed", "seed": seed})) == [("seed", "not_a_seed")]


def test_a_new_seed_ignores_what_stands_in_the_number_field():
    assert codes(make_brief(settings={"seed_kind": "new", "seed": "words"})) == []


@pytest.mark.parametrize(
    ("typed", "finding"),
    [
        ({"takes": "0"}, ("takes", "out_of_range")),
        ({"takes": "5"}, ("takes", "out_of_range")),
        ({"takes": "two"}, ("takes", "invalid")),
        ({"duration": ""}, ("duration", "required")),
        ({"ratio": "2:1"}, ("ratio", "invalid_choice")),
        ({"resolution": "8k"}, ("resolution", "invalid_choice")),
        ({"shot_type": "many"}, ("shot_type", "invalid_choice")),
        ({"seed_kind": "some"}, ("seed_kind", "invalid_choice")),
    ],
)
def test_choices_that_the_page_never_offers_are_refused(typed: dict[str, str], finding: tuple[str, str]):
    assert codes(make_brief(settings=typed)) == [finding]


def test_limits_come_from_the_record():
    brief = make_brief(prompt="Image 1 " + "walks " * 20, negative_prompt="blur " * 20)

    assert codes(brief, prompt_limit=50, negative_prompt_limit=20) == [
        ("prompt", "too_long"),
        ("negative_prompt", "too_long"),
    ]


def test_a_percent_sign_in_a_file_name_is_only_a_percent_sign():
    small = make_file(name="100% %(value)s", media=make_media_file(facts=TOO_SMALL))
    brief = make_brief(files=[small], prompt="Image 1 waits")

    assert codes(brief) == [("references", "broken")]
