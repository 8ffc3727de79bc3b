"""The colour pairs people read hold WCAG 2.2 AA in both themes."""

import pytest

from tests.design.colour import contrast, read_tokens

TEXT, BOUNDARY = 4.5, 3.0
THEMES = ("light", "dark")
GROUNDS = ("stage", "room", "panel", "raised")

TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS],
    *[(ink, ground) for ink in ("ink", "ink-2") for ground in ("control", "control-hi")],
    ("ink-3", "control"),
    *[(sign, ground) for sign in ("live", "good", "change", "fail", "spend-ink") for ground in GROUNDS],
    *[(sign, f"{sign}-dim") for sign in ("live", "good", "change", "fail")],
    *[("ink", ground) for ground in ("tok", "fail-dim", "change-dim", "good-dim", "live-dim")],
    ("spend-ink", "spend-dim"),
    ("on-paper", "paper"),
    ("on-paper", "paper-hi"),
    ("on-spend", "spend"),
    ("on-spend", "spend-hi"),
]
BOUNDARY_PAIRS = [
    *[("edge", ground) for ground in (*GROUNDS, "control")],
    *[("focus", ground) for ground in GROUNDS],
    ("paper", "control"),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(theme: str, ink: str, ground: str):
    tokens = read_tokens(theme)

    assert contrast(tokens[ink], tokens[ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), BOUNDARY_PAIRS)
def test_boundaries_and_focus_can_be_seen(theme: str, line: str, ground: str):
    tokens = read_tokens(theme)

    assert contrast(tokens[line], tokens[ground]) >= BOUNDARY


def test_the_stage_never_tints_a_picture():
    assert {read_tokens(theme)["stage"][1] for theme in THEMES} == {0.0}
