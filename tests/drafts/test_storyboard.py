"""What is on screen when. No pixels here."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.drafts import storyboard
from studio.drafts.request import DraftRequest, Source
from studio.drafts.storyboard import Scene


def plan(prompt: str, *, pictures: int = 2, seconds: int = 5, first_frame: bool = False) -> tuple[Scene, ...]:
    sources = tuple(
        Source(kind="image", path=Path("a.png"), label=f"Image {number + 1}") for number in range(pictures)
    )
    return storyboard.plan(
        DraftRequest(
            prompt=prompt,
            sources=sources,
            first_frame=Path("f.png") if first_frame else None,
            width=1280,
            height=720,
            seconds=seconds,
            seed=1,
        )
    )


def cuts(scenes: tuple[Scene, ...]) -> list[tuple[int | None, int, int]]:
    return [(scene.source, scene.start, scene.end) for scene in scenes]


def test_marks_in_the_prompt_decide_where_the_film_cuts() -> None:
    scenes = plan("Shot 1 [0-3s]: Image 2 wakes. Shot 2 [3-5s]: Image 1 runs.")

    assert cuts(scenes) == [(1, 0, 90), (0, 90, 150)]
    assert [scene.words for scene in scenes] == ["Image 2 wakes.", "Image 1 runs."]


@pytest.mark.parametrize(
    "marks",
    [
        ("Shot 1 [0-2s]:", "Shot 2 [2-5s]:"),
        ("shot 1 [0 – 2 s]", "shot 2 [2 – 5 s]"),
        ("Shot 1 (0-2)", "Shot 2 (2-5)"),
        ("Shot1: [0s-2s]", "Shot2: [2s-5s]"),
        ("[0:00-0:02]", "[0:02-0:05]"),
        ("Shot 1 [0.0 to 2.0 seconds]", "Shot 2 [2.0 to 5.0 seconds]"),
        ("Shot 1 【0—2s】：", "Shot 2 【2—5s】："),
    ],
)
def test_marks_are_read_however_people_type_them(marks: tuple[str, str]) -> None:
    scenes = plan(f"{marks[0]} Image 1 sleeps. {marks[1]} Image 2 sings.")

    assert cuts(scenes) == [(0, 0, 60), (1, 60, 150)]
    assert scenes[0].words == "Image 1 sleeps."


def test_where_shots_overlap_the_later_one_begins_on_time() -> None:
    assert cuts(plan("Shot 1 [0-4s]: Image 1. Shot 2 [2-5s]: Image 2.")) == [(0, 0, 60), (1, 60, 150)]


def test_a_gap_between_shots_belongs_to_the_shot_before() -> None:
    assert cuts(plan("Shot 1 [0-1s]: Image 1. Shot 2 [3-5s]: Image 2.")) == [(0, 0, 90), (1, 90, 150)]


def test_a_first_shot_that_starts_late_starts_at_once() -> None:
    assert cuts(plan("Shot 1 [1-3s]: Image 1. Shot 2 [3-5s]: Image 2.")) == [(0, 0, 90), (1, 90, 150)]


def test_shots_beyond_the_end_of_the_film_are_left_out() -> None:
    assert cuts(plan("Shot 1 [0-8s]: Image 1. Shot 2 [8-20s]: Image 2.")) == [(0, 0, 150)]


def test_numbered_shots_without_times_share_the_film_evenly() -> None:
    assert cuts(plan("Shot 1: Image 2 sleeps. Shot 2: Image 1 sings.")) == [(1, 0, 75), (0, 75, 150)]


def test_a_sentence_is_cut_where_one_would_draw_breath() -> None:
    scenes = plan("Image 1 climbs into the meadow of Image 2 and stretches.")

    assert cuts(scenes) == [(0, 0, 75), (1, 75, 150)]
    assert [scene.words for scene in scenes] == [
        "Image 1 climbs…",
        "…into the meadow of Image 2 and stretches.",
    ]


def test_a_full_stop_is_a_better_place_to_cut_than_a_small_word() -> None:
    scenes = plan("Image 1 stands up. Then we pan to Image 2.")

    assert [scene.words for scene in scenes] == ["Image 1 stands up.", "Then we pan to Image 2."]


def test_a_prompt_that_names_nothing_shows_every_reference_in_order() -> None:
    scenes = plan("A rabbit wakes. The sun rises. It stretches.", pictures=3)

    assert cuts(scenes) == [(0, 0, 50), (1, 50, 100), (2, 100, 150)]
    assert [scene.words for scene in scenes] == ["A rabbit wakes.", "The sun rises.", "It stretches."]


def test_an_empty_prompt_shows_every_reference_without_words() -> None:
    assert [(scene.source, scene.words) for scene in plan("", pictures=3)] == [(0, ""), (1, ""), (2, "")]


def test_names_of_nothing_are_only_words() -> None:
    assert cuts(plan("Image 7 meets Video 1 and Image 12.", pictures=1)) == [(0, 0, 150)]


def test_a_shot_that_names_nothing_shows_a_reference_not_seen_elsewhere() -> None:
    scenes = plan("Shot 1 [0-2s]: Image 1 runs. Shot 2 [2-5s]: Only clouds.", pictures=2)

    assert cuts(scenes) == [(0, 0, 60), (1, 60, 150)]


def test_more_names_than_the_film_has_room_for_show_each_once() -> None:
    scenes = plan("Image 1 and Image 2 and Image 1 and Image 2 and Image 1 dance.", seconds=2)

    assert [scene.source for scene in scenes] == [0, 1]


def test_the_first_frame_opens_and_dissolves_while_later_cuts_stay_in_place() -> None:
    scenes = plan("Shot 1 [0-3s]: Image 1. Shot 2 [3-5s]: Image 2.", first_frame=True)

    assert cuts(scenes) == [(None, 0, 37), (0, 37, 90), (1, 90, 150)]
    assert [scene.dissolve for scene in scenes] == [0, 14, 0]
    assert scenes[0].words == scenes[1].words


def test_a_first_frame_alone_is_the_whole_film() -> None:
    assert cuts(plan("Dawn.", pictures=0, first_frame=True)) == [(None, 0, 150)]


@given(
    prompt=st.lists(
        st.sampled_from(
            [
                "Image 1",
                "Image 2",
                "Video 1",
                "walks",
                "into",
                ".",
                ",",
                "Shot 1:",
                "Shot 2 [1-3s]",
                "[0-9]",
                "(2-1)",
                "雨。",
            ]
        ),
        max_size=24,
    ).map(" ".join),
    pictures=st.integers(1, 5),
    seconds=st.integers(2, 15),
    first_frame=st.booleans(),
)
def test_scenes_fill_the_film_exactly_whatever_the_prompt(
    prompt: str, pictures: int, seconds: int, first_frame: bool
) -> None:
    scenes = plan(prompt, pictures=pictures, seconds=seconds, first_frame=first_frame)

    assert scenes[0].start == 0
    assert scenes[-1].end == seconds * 30
    assert all(one.end == other.start for one, other in pairwise(scenes))
    assert all(scene.frames > 0 and scene.dissolve <= scene.frames for scene in scenes)
    assert all(scene.source is None or scene.source < pictures for scene in scenes)


def test_a_very_long_prompt_is_planned_quickly() -> None:
    scenes = plan("Image 1 walks to Image 2, " * 400, seconds=15)

    assert len(scenes) <= 15 * 30 // storyboard.SHORTEST_SCENE
