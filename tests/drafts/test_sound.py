"""What a draft sounds like, measured from the finished file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.drafts import sound, storyboard
from studio.drafts.request import DraftRequest
from tests.drafts.making import GREY, clip, film, loudness, picture, request, voice


def with_voice(wanted: DraftRequest, index: int, path: Path) -> DraftRequest:
    sources = [
        replace(source, voice=path) if place == index else source
        for place, source in enumerate(wanted.sources)
    ]
    return replace(wanted, sources=tuple(sources))


def test_without_sounds_a_draft_is_silent(tmp_path: Path) -> None:
    assert max(loudness(film(request(picture(tmp_path / "a.png")), tmp_path))) < 0.001


def test_a_voice_is_heard_from_the_first_scene_of_its_reference(tmp_path: Path) -> None:
    pictures = [picture(tmp_path / "a.png"), picture(tmp_path / "b.png")]
    wanted = request(*pictures, prompt="Shot 1 [0-1s]: Image 1. Shot 2 [1-2s]: Image 2.")

    heard = loudness(film(with_voice(wanted, 1, voice(tmp_path / "v.wav")), tmp_path))

    assert max(heard[:9]) < 0.005
    assert min(heard[12:17]) > 0.15


def test_a_voice_begins_and_ends_softly(tmp_path: Path) -> None:
    wanted = request(picture(tmp_path / "a.png"), prompt="Image 1.")

    heard = loudness(film(with_voice(wanted, 0, voice(tmp_path / "v.wav", seconds=9)), tmp_path))

    assert heard[0] < heard[2]
    assert heard[-1] < heard[10] * 0.6


def test_a_clip_is_heard_under_its_own_scene_only_and_again_when_it_plays_again(tmp_path: Path) -> None:
    film_clip = clip(tmp_path / "v.mp4", [GREY] * 5, fps=10, hum=0.4)
    wanted = request(
        film_clip, picture(tmp_path / "a.png"), prompt="Shot 1 [0-1.5s]: Video 1. Shot 2 [1.5-2s]: Image 1."
    )

    heard = loudness(film(wanted, tmp_path))

    assert min(heard[2:12]) > 0.1
    assert max(heard[17:]) < 0.01


def test_a_voice_replaces_the_sound_of_its_clip(tmp_path: Path) -> None:
    wanted = request(clip(tmp_path / "v.mp4", [GREY] * 20, hum=0.5), prompt="Video 1.")
    wanted = with_voice(wanted, 0, voice(tmp_path / "v.wav"))

    cues = sound.cues(wanted, storyboard.plan(wanted))

    assert [cue.path.name for cue in cues] == ["v.wav"]


def test_other_clips_step_back_while_a_voice_speaks(tmp_path: Path) -> None:
    wanted = request(
        clip(tmp_path / "v.mp4", [GREY] * 20, hum=0.5),
        picture(tmp_path / "a.png"),
        prompt="Video 1 and Image 1.",
    )
    wanted = with_voice(wanted, 1, voice(tmp_path / "v.wav"))
    spoken_over = replace(wanted, prompt="Image 1 and Video 1.")

    before, over = (sound.cues(one, storyboard.plan(one)) for one in (wanted, spoken_over))

    assert before[0].gain == 1.0
    assert over[0].gain == pytest.approx(sound.UNDER_A_VOICE)


def test_a_voice_ends_where_the_next_one_begins(tmp_path: Path) -> None:
    pictures = [picture(tmp_path / "a.png"), picture(tmp_path / "b.png")]
    wanted = request(*pictures, prompt="Image 1 and Image 2.", seconds=4)
    for index in (0, 1):
        wanted = with_voice(wanted, index, voice(tmp_path / f"{index}.wav", seconds=5))

    cues = sound.cues(wanted, storyboard.plan(wanted))

    assert [(cue.start, cue.length) for cue in cues] == [(0, 2), (2, 2)]


def test_a_clip_without_sound_is_silent(tmp_path: Path) -> None:
    assert max(loudness(film(request(clip(tmp_path / "v.mp4", [GREY] * 5)), tmp_path))) < 0.001
