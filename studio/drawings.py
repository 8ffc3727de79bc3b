"""Drawings on a frame: what a stroke may be, and how a drawing is said in words.

A stroke is {"kind": "pen", "colour": "orange", "points": [[0.31, 0.2], …]}. Points are parts of the picture's width
and height, 0 to 1, so that a drawing fits the clip at any size. A box and a circle have two points, opposite
corners; a pen stroke and an arrow have two or more, and the arrow's head is at its last.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

KINDS = ("pen", "arrow", "box", "circle")
COLOURS = ("orange", "white", "blue")
TWO_CORNERS = {"box", "circle"}
STROKES_AT_MOST = 200
POINTS_AT_MOST = 20_000
TEXT_AT_MOST = 1_000_000
DECIMALS = 4
NAMES = {"pen": "line", "arrow": "arrow", "box": "box", "circle": "circle"}
PLURALS = {"pen": "lines", "arrow": "arrows", "box": "boxes", "circle": "circles"}

type Stroke = dict[str, Any]


class NotADrawing(Exception):
    """`sentence` says to a person what is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read(text: str) -> list[Stroke]:
    """The strokes in the JSON that a page sent; none in an empty text. Raises NotADrawing."""
    if not text.strip():
        return []
    if len(text) > TEXT_AT_MOST:
        raise NotADrawing("This drawing is too large to keep. Take some strokes back.")
    try:
        return checked(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise NotADrawing("This drawing could not be read. Draw it once more.") from error


def checked(strokes: object) -> list[Stroke]:
    """The same strokes with rounded points and nothing else in them. Raises NotADrawing."""
    if not isinstance(strokes, list):
        raise NotADrawing("This drawing could not be read. Draw it once more.")
    if len(strokes) > STROKES_AT_MOST:
        raise NotADrawing(
            f"A drawing has at most {STROKES_AT_MOST} strokes; this one has {len(strokes):,}. Take some back."
        )
    drawn = [_stroke(stroke) for stroke in strokes]
    points = sum(len(stroke["points"]) for stroke in drawn)
    if points > POINTS_AT_MOST:
        raise NotADrawing("This drawing is too large to keep. Take some strokes back.")
    return drawn


def in_words(strokes: Sequence[Stroke]) -> str:
    """What screen readers say: "a drawing: 1 arrow, 2 circles". Nothing without strokes."""
    counted = Counter(stroke["kind"] for stroke in strokes)
    parts = [
        f"{counted[kind]} {NAMES[kind] if counted[kind] == 1 else PLURALS[kind]}"
        for kind in KINDS
        if counted[kind]
    ]
    return f"a drawing: {', '.join(parts)}" if parts else ""


def _stroke(stroke: object) -> Stroke:
    kind = stroke.get("kind") if isinstance(stroke, dict) else None
    colour = stroke.get("colour") if isinstance(stroke, dict) else None
    points = stroke.get("points") if isinstance(stroke, dict) else None
    if kind not in KINDS or colour not in COLOURS or not isinstance(points, list):
        raise NotADrawing("This drawing could not be read. Draw it once more.")
    if len(points) < 2 or (kind in TWO_CORNERS and len(points) != 2):
        raise NotADrawing("This drawing could not be read. Draw it once more.")
    return {"kind": kind, "colour": colour, "points": [_point(point) for point in points]}


def _point(point: object) -> list[float]:
    if not isinstance(point, list) or len(point) != 2 or not all(map(_is_part, point)):
        raise NotADrawing("A stroke of this drawing lies outside the picture. Draw it once more.")
    return [round(float(each), DECIMALS) for each in point]


def _is_part(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= 1
