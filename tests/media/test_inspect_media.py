"""The command that says what the form would say."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.media import making


def told(*arguments: object) -> str:
    out = StringIO()
    call_command("inspect_media", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_each_file_gets_outcome_rule_and_measured_value_as_json(shelf, tmp_path):
    long = making.clip(tmp_path / "rehearsal.mp4", seconds=31, fps=4)

    good, fixable = json.loads(told(shelf / "street.mp4", long, "--as", "clip", "--json"))

    assert (good["outcome"], good["rules"], good["fixes"]) == ("accept", [], [])
    assert (fixable["outcome"], fixable["rule"], fixable["measured"]) == ("fixable", "too_long", "31.0 s")
    assert fixable["fixes"][0]["kind"] == "trim"
    assert fixable["facts"]["duration"] == pytest.approx(31.0, abs=0.1)


def test_u10_strange_names_are_only_names(tmp_path):
    name = "‮gnp\r\n<b>'\".exe" + "x" * 200
    making.picture(tmp_path / "a.png").rename(tmp_path / name)

    (report,) = json.loads(told(tmp_path / name, "--as", "picture", "--json"))

    assert report["outcome"] == "accept"
    assert report["summary"].startswith(name)


def test_a_missing_file_gets_a_sentence(tmp_path):
    assert "nope.png was not added. There is no such file." in told(tmp_path / "nope.png", "--as", "picture")


def test_a_folder_gets_a_sentence(tmp_path):
    assert "It is a folder." in told(tmp_path)


def test_without_a_use_a_file_is_judged_as_what_it_is(shelf):
    uses = [report["as"] for report in json.loads(told(*sorted(shelf.iterdir()), "--json"))]

    assert uses == ["picture", "clip", "voice"]


def test_a_use_that_does_not_exist_is_a_usage_mistake(shelf):
    with pytest.raises(CommandError):
        told(shelf / "street.mp4", "--as", "hologram")
