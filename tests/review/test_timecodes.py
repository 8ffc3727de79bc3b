"""Frames as people read them: the same in Python and in the browser, there and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from studio.timecodes import frame_count, parse, timecode

VECTORS = json.loads(Path(__file__).with_name("timecodes.json").read_text(encoding="utf-8"))
SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "review" / "timecode.js"
RATES = [24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 50.0, 60000 / 1001, 60.0]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['text']} at {vector['fps']:.5g}")
def test_a_frame_is_told_as_seconds_and_frames_and_read_back(vector):
    assert timecode(vector["frame"], vector["fps"]) == vector["text"]
    assert parse(vector["text"], vector["fps"]) == vector["frame"]


@pytest.mark.parametrize("fps", RATES)
def test_every_frame_of_a_minute_and_a_half_has_its_own_words(fps):
    frames = range(round(fps * 90))

    words = [timecode(frame, fps) for frame in frames]

    assert len(set(words)) == len(words)
    assert [parse(each, fps) for each in words] == list(frames)


@pytest.mark.parametrize(
    ("text", "frame"), [("2.14", 64), (" 0:02 ", 50), ("90", 2250), ("1:00", 1500), ("0:02:14", 64)]
)
def test_a_time_may_be_typed_shorter(text, frame):
    assert parse(text, 25) == frame


@pytest.mark.parametrize("text", ["", "soon", "0:02.25", "0:60.00", "-1", "2.", "1:2:3.4", "٢", "9" * 9])
def test_what_is_no_time_is_none(text):
    assert parse(text, 25) is None


@pytest.mark.parametrize(
    ("duration", "fps", "frames"), [(5.28, 25, 132), (5.005, 30000 / 1001, 150), (0.01, 25, 1)]
)
def test_the_frames_of_a_clip_are_counted_from_its_length(duration, fps, frames):
    assert frame_count(duration, fps) == frames


@pytest.mark.browser
def test_the_browser_says_and_reads_the_same(page: Page):
    page.route("http://studio.test/", lambda route: route.fulfill(body="<!doctype html><title>Page</title>"))
    code = SCRIPT.read_text(encoding="utf-8")
    page.route("**/timecode.js", lambda route: route.fulfill(body=code, content_type="text/javascript"))
    page.goto("http://studio.test/")

    said = page.evaluate(
        """async vectors => {
            const { timecode, parse } = await import("/timecode.js");
            const typed = ["2.14", " 0:02 ", "soon", "0:02.25", "0:60.00", ""].map((text) => parse(text, 25));
            return [vectors.map((each) => timecode(each.frame, each.fps)),
                vectors.map((each) => parse(each.text, each.fps)), typed];
        }""",
        VECTORS,
    )

    assert said[0] == [vector["text"] for vector in VECTORS]
    assert said[1] == [vector["frame"] for vector in VECTORS]
    assert said[2] == [64, 50, None, None, None, None]
