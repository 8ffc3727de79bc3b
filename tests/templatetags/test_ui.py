"""The small words of every page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from studio.templatetags import ui

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (5.9, "0:05"), (65, "1:05"), (3723, "1:02:03"), (None, ""), (-1, "0:00")],
)
def test_a_length_reads_as_on_a_player(seconds: float | None, words: str):
    assert ui.clock(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (99, "1 min 39 s"), (120, "2 min"), (7500, "2 h 5 min"), (3600, "1 h")]
)
def test_a_length_reads_as_one_says_it(seconds: float, words: str):
    assert ui.long_duration(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (900, "1 KB"),
        (640_000, "640 KB"),
        (3_100_000, "3.1 MB"),
        (20_000_000, "20 MB"),
        (9_200_000_000, "9.2 GB"),
    ],
)
def test_a_size_is_counted_in_thousands(size: int, words: str):
    assert ui.file_size(size) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=18), "18 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=18), "3 November"),
        (timedelta(days=400), "17 October 2025"),
    ],
)
def test_a_moment_reads_as_its_distance(before: timedelta, words: str):
    assert ui.ago(NOW - before, NOW) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mara Lindqvist", "ML"), ("Sanne de Vries", "SV"), ("Elin", "E"), ("", "?"), ("(x) y", "Y")],
)
def test_a_person_has_initials(name: str, letters: str):
    assert ui.initials(name) == letters


def test_a_name_keeps_its_colour():
    assert ui.tint("Mara Lindqvist") == ui.tint("mara lindqvist")
    assert 0 <= ui.tint("Priya Nair") < ui.AVATAR_TINTS


def test_an_icon_beside_a_word_is_hidden_and_one_alone_has_a_name():
    page = Template('{% load ui %}{% icon "check" %}|{% icon "x" label css="big" %}').render(
        Context({"label": "Close <it>"})
    )

    beside, alone = page.split("|")

    assert beside == (
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 6 9 17l-5-5"/></svg>'
    )
    assert alone.startswith(
        '<svg class="icon big" viewBox="0 0 24 24" role="img" aria-label="Close &lt;it&gt;"><path '
    )


def test_an_icon_that_nobody_drew_takes_its_place_and_shows_nothing():
    page = Template('{% load ui %}{% icon "no-such-icon" %}').render(Context())

    assert page == '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"></svg>'


def test_a_script_finds_its_icons_in_templates():
    page = Template('{% load ui %}{% icon_kit "check" "x" %}').render(Context())

    assert page.count("<template ") == 2
    assert page.startswith('<template data-icon="check"><svg class="icon"')


def test_a_persons_name_cannot_become_markup():
    page = Template("{% load ui %}{% avatar name %}").render(Context({"name": '<b onmouseover="x">'}))

    assert "<b" not in page


def test_peaks_become_bars_around_the_middle():
    assert ui.waveform_path([0, 1.0]) == "M1 15.0v2.0M3 1.0v30.0"


@pytest.mark.parametrize(
    "name", ["clock", "long_duration", "file_size", "ago", "day", "at_time", "waveform_path"]
)
def test_a_value_that_is_not_there_says_nothing(name: str):
    page = Template(f"{{% load ui %}}{{{{ nothing|{name} }}}}").render(Context())

    assert page == ""
