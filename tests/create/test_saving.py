"""What is typed is kept: in range or not, in two tabs, with the names of the tray it was written against."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from studio.briefs import saving
from studio.models import Brief
from tests.create.making import form_of, make_brief
from tests.factories import make_file

pytestmark = pytest.mark.django_db


def save(brief: Brief, **changes: Any) -> bool:
    posted = QueryDict(mutable=True)
    posted.update(form_of(brief, **changes))
    return saving.save(brief, posted)


def test_words_are_stored_with_identities_for_names():
    brief = make_brief()

    save(brief, prompt="Slowly,\r\nimage 1 turns")

    brief.refresh_from_db()
    assert brief.prompt == "Slowly,\n{{ref:key001}} turns"


def test_names_count_against_the_order_they_were_written_for():
    """The tray was reordered elsewhere while this page still showed the old order."""
    brief = make_brief(files=[make_file(name="a"), make_file(name="b")])
    old_order = form_of(brief)["tray_keys"]
    brief.tray = brief.tray[::-1]

    save(brief, prompt="Image 1 runs", tray_keys=old_order)

    assert brief.prompt == "{{ref:key001}} runs"


def test_values_out_of_range_are_kept_as_typed():
    brief = make_brief()

    save(brief, duration="99", seed="not a number", takes="40", prompt="x" * 6000)

    brief.refresh_from_db()
    assert (brief.settings["duration"], brief.settings["seed"], brief.settings["takes"]) == (
        "99",
        "not a number",
        "40",
    )
    assert len(brief.prompt) == 6000


def test_a_switch_that_is_off_is_saved_as_off():
    brief = make_brief()

    save(brief, prompt_extend=None)

    assert brief.settings["prompt_extend"] is False


def test_saving_the_same_again_changes_nothing():
    brief = make_brief()
    save(brief, prompt="Image 1 runs")
    revision = brief.revision

    assert save(brief) is False
    assert brief.revision == revision


def test_two_tabs_keep_the_newer_words_and_offer_the_other():
    brief = make_brief()
    first_tab, second_tab = form_of(brief, page="one"), form_of(brief, page="two")

    save(brief, **first_tab | {"prompt": "Image 1 runs"})
    save(brief, **second_tab | {"prompt": "Image 1 sleeps"})

    brief.refresh_from_db()
    assert brief.prompt == "{{ref:key001}} sleeps"
    assert brief.settings["other"] == "{{ref:key001}} runs"


def test_one_tab_that_saves_twice_is_no_conflict():
    brief = make_brief()
    stale = form_of(brief, page="one")

    save(brief, **stale | {"prompt": "Image 1 runs"})
    save(brief, **stale | {"prompt": "Image 1 runs far"})

    assert "other" not in brief.settings


def test_a_reference_can_be_named():
    brief = make_brief()

    save(brief, **{"name-key001": "  The  rider "})

    assert brief.tray[0]["name"] == "The rider"


@pytest.mark.parametrize("keys", ["", "a:b:c:d,::::", "key001:image:gone:x", "x" * 5000, "<script>:image"])
def test_nonsense_in_hidden_fields_is_harmless(keys: str):
    brief = make_brief()

    save(brief, tray_keys=keys, revision="minus one", page="p" * 900, prompt="Image 1\x00 waits")

    assert "\x00" not in brief.prompt
