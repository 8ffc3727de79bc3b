"""What a drawing may be, and how it is said in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio import drawings
from studio.drawings import NotADrawing

LINE = {"kind": "pen", "colour": "white", "points": [[0, 0], [0.5, 0.25], [1, 1]]}


def test_a_drawing_comes_back_with_rounded_points_and_nothing_else_in_it():
    sent = [LINE | {"points": [[0.123456, 0], [1, 1]], "onload": "x", "id": 4}]

    assert drawings.read(json.dumps(sent)) == [
        {"kind": "pen", "colour": "white", "points": [[0.1235, 0.0], [1.0, 1.0]]}
    ]


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_sent_is_nothing_drawn(text: str):
    assert drawings.read(text) == []


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "[" * 100_000,
        "7",
        '{"kind": "pen"}',
        "[1]",
        "[null]",
        json.dumps([LINE | {"kind": "script"}]),
        json.dumps([LINE | {"colour": "red;x"}]),
        json.dumps([LINE | {"points": [[0, 0]]}]),
        json.dumps([LINE | {"points": [[0, 1.01], [0, 0]]}]),
        json.dumps([LINE | {"points": [[0, True], [0, 0]]}]),
        json.dumps([LINE | {"points": [["0", "0"], [0, 0]]}]),
        json.dumps([LINE | {"kind": "box"}]),
        '[{"kind": "pen", "colour": "white", "points": [[NaN, 0], [0, 0]]}]',
        '[{"kind": ["pen"], "colour": {}, "points": [[0, 0], [0, 0]]}]',
    ],
)
def test_what_is_no_drawing_is_refused_with_a_sentence(sent: str):
    with pytest.raises(NotADrawing) as refused:
        drawings.read(sent)

    assert refused.value.sentence.endswith(".")


def test_200_strokes_are_kept_and_one_more_is_refused():
    assert len(drawings.checked([LINE] * 200)) == 200
    with pytest.raises(NotADrawing):
        drawings.checked([LINE] * 201)


def test_20000_points_are_kept_and_one_more_is_refused():
    def drawn(points: int) -> list[dict[str, Any]]:
        return [LINE | {"points": [[0.5, 0.5]] * points}]

    assert drawings.checked(drawn(20_000))
    with pytest.raises(NotADrawing):
        drawings.checked(drawn(20_001))


def test_a_drawing_is_counted_in_words():
    box = {"kind": "box", "colour": "blue", "points": [[0, 0], [1, 1]]}

    assert drawings.in_words([LINE, box, LINE]) == "a drawing: 2 lines, 1 box"
    assert drawings.in_words([]) == ""
