"""Where exactly the model's limits lie, and the words for what lies beyond them. No files needed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio import media
from studio.media import FixKind, Outcome, Use

MB = 1024 * 1024
PICTURE = media.Facts(kind="image", format="jpeg", mime="image/jpeg", size_bytes=MB, width=1000, height=800)
CLIP = media.Facts(
    kind="video",
    format="mp4",
    mime="video/mp4",
    size_bytes=MB,
    width=1280,
    height=720,
    duration=5.0,
    readable_seconds=5.0,
    fps=30.0,
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
    has_audio=True,
)
VOICE = media.Facts(kind="audio", format="wav", mime="audio/wav", size_bytes=MB, duration=5.0, has_audio=True)


def outcome(facts: media.Facts, use: Use, **changes: object) -> tuple[str, tuple[str, ...]]:
    verdict = media.judge(replace(facts, **changes), use)
    return verdict.outcome.value, tuple(finding.rule for finding in verdict.findings)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"width": 240, "height": 240}, ("accept", ())),
        ({"width": 239, "height": 239}, ("reject", ("too_small",))),
        ({"width": 239, "height": 240}, ("fixable", ("too_small",))),
        ({"width": 8000, "height": 8000}, ("accept", ())),
        ({"width": 8001, "height": 8000}, ("fixable", ("too_large",))),
        ({"width": 240, "height": 1920}, ("accept", ())),
        ({"width": 240, "height": 1921}, ("fixable", ("ratio",))),
        ({"width": 1921, "height": 240}, ("fixable", ("ratio",))),
        ({"size_bytes": 20 * MB}, ("accept", ())),
        ({"size_bytes": 20 * MB + 1}, ("fixable", ("too_heavy",))),
    ],
)
def test_a_picture_is_judged_at_the_edges_of_its_limits(changes, expected):
    assert outcome(PICTURE, Use.PICTURE, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"duration": 1.0}, ("accept", ())),
        ({"duration": 0.9}, ("reject", ("too_short",))),
        ({"duration": 30.0}, ("accept", ())),
        ({"duration": 30.04}, ("accept", ())),
        ({"duration": 30.1}, ("fixable", ("too_long",))),
        ({"width": 4096, "height": 4096}, ("accept", ())),
        ({"width": 4098, "height": 4096}, ("fixable", ("too_large",))),
        ({"width": 240, "height": 240}, ("accept", ())),
        ({"width": 238, "height": 238}, ("reject", ("too_small",))),
        ({"size_bytes": 100 * MB}, ("accept", ())),
        ({"size_bytes": 100 * MB + 1}, ("fixable", ("too_heavy",))),
        ({"audio_codec": "", "has_audio": False}, ("accept", ())),
        ({"damaged": True}, ("fixable", ("damaged",))),
        ({"truncated": True, "readable_seconds": 0.4}, ("reject", ("end_missing", "too_short"))),
    ],
)
def test_a_clip_is_judged_at_the_edges_of_its_limits(changes, expected):
    assert outcome(CLIP, Use.CLIP, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"duration": 1.0}, ("accept", ())),
        ({"duration": 10.0}, ("accept", ())),
        ({"duration": 10.2}, ("fixable", ("too_long",))),
        ({"size_bytes": 15 * MB}, ("accept", ())),
        ({"size_bytes": 15 * MB + 1}, ("fixable", ("too_heavy",))),
    ],
)
def test_a_voice_is_judged_at_the_edges_of_its_limits(changes, expected):
    assert outcome(VOICE, Use.VOICE, **changes) == expected


def test_a_provider_can_be_stricter_than_the_model():
    strict = media.Limits(clip_seconds_max=4.0)

    verdict = media.judge(CLIP, Use.CLIP, strict)

    assert verdict.outcome is Outcome.FIXABLE
    assert verdict.summary_for("rehearsal.mov") == (
        "rehearsal.mov is 5 seconds. Reference videos can be up to 4 seconds. Choose 4 seconds of it."
    )


def test_a_small_picture_is_refused_in_the_words_of_the_design():
    verdict = media.judge(replace(PICTURE, width=180, height=180), Use.PICTURE)

    assert verdict.summary_for("flower-icon.png") == (
        "flower-icon.png is too small to use. It is 180 × 180; "
        "the model needs 240 or more on each side. Choose a larger one."
    )


def test_several_things_in_the_way_are_said_in_one_sentence():
    facts = replace(CLIP, format="mov", duration=42.3, rotation=90, video_codec="hevc")

    verdict = media.judge(facts, Use.CLIP)

    assert verdict.summary_for("IMG_4410.MOV") == (
        "IMG_4410.MOV can’t be used as it is. It is 42 seconds, lies on its side and is saved as HEVC. "
        "All three can be fixed here."
    )


def test_a_cut_clip_is_told_with_what_can_be_read():
    facts = replace(CLIP, duration=24.0, readable_seconds=9.0, truncated=True)

    verdict = media.judge(facts, Use.CLIP)

    assert verdict.summary_for("delivery-van.mp4") == (
        "delivery-van.mp4 is cut off. The end of the file is missing. 9 of 24 seconds can be read, as if the copy "
        "stopped early. Those 9 seconds can be used, or copy it from its source again."
    )


def test_u10_a_name_is_repeated_as_it_is_and_escaped_by_whoever_shows_it():
    name = "<b>\u202egnp.exe"

    assert media.judge(PICTURE, Use.PICTURE).summary_for(name) == f"{name} is ready to use."


def test_a_verdict_survives_being_stored():
    verdict = media.judge(replace(CLIP, duration=42.0), Use.CLIP)

    assert media.Verdict.from_dict(verdict.to_dict()) == verdict
    assert media.Facts.from_dict({**CLIP.to_dict(), "of_a_later_version": 1}) == CLIP


def test_a_plan_measures_before_and_after():
    facts = replace(PICTURE, format="png", width=9504, height=6336, size_bytes=34 * MB)

    (step,) = media.plan_fix(facts, Use.PICTURE).steps

    assert (step.title, step.before, step.after) == ("Make it smaller.", "9,504 × 6,336", "8,000 × 5,333")


def test_a_long_clip_keeps_ten_seconds_unless_someone_chooses():
    facts = replace(CLIP, duration=42.3)

    unasked = media.plan_fix(facts, Use.CLIP)
    chosen = media.plan_fix(facts, Use.CLIP, choices=media.FixChoices(start=14.0, end=24.5))
    beyond = media.plan_fix(facts, Use.CLIP, choices=media.FixChoices(start=41.9, end=99.0))

    assert (unasked.start, unasked.end) == (0.0, 10.0)
    assert (chosen.start, chosen.end, chosen.steps[0].title) == (14.0, 24.5, "Trim to 10.5 seconds.")
    assert (beyond.start, beyond.end) == (pytest.approx(41.3), pytest.approx(42.3))


def test_only_repairs_that_lose_nothing_are_done_unasked():
    heic = replace(PICTURE, format="heic", rotation=90)
    see_through = replace(heic, has_alpha=True, see_through=True)
    sideways_clip = replace(CLIP, rotation=90)

    assert media.plan_fix(heic, Use.PICTURE).automatic
    assert not media.plan_fix(see_through, Use.PICTURE).automatic
    assert not media.plan_fix(sideways_clip, Use.CLIP).automatic
    assert not media.plan_fix(PICTURE, Use.PICTURE).automatic


def test_a_container_is_only_repacked_when_all_else_is_right():
    right = replace(CLIP, format="mkv")

    assert media.plan_fix(right, Use.CLIP).kinds() == {FixKind.REPACK}
    assert media.plan_fix(replace(right, audio_codec="opus"), Use.CLIP).kinds() == {FixKind.CONVERT}
    assert media.plan_fix(replace(right, video_codec="vp9"), Use.CLIP).kinds() == {FixKind.CONVERT}


def test_what_nothing_can_help_has_no_plan():
    assert media.plan_fix(replace(PICTURE, width=100, height=100), Use.PICTURE).steps == ()


@pytest.mark.parametrize(
    "choices",
    [{"rotate": 45}, {"background": "url(x)"}, {"pad": "pink"}, {"start": 5.0, "end": 5.0}, {"start": -1.0}],
)
def test_choices_that_do_not_exist_are_refused(choices):
    with pytest.raises(ValueError, match=r"\w+"):
        media.FixChoices(**choices)
