"""Repaired copies: what is done, what is kept, and that the original is not touched."""

from __future__ import annotations

import threading
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image

from studio import media
from studio.media import FixChoices, Outcome, Use
from tests.media import corpus, making


def fixed(path: Path, use: Use, out_dir: Path, **choices: object) -> media.FixedCopy:
    return media.fix(path, media.inspect(path), use, FixChoices(**choices), out_dir)  # type: ignore[arg-type]


def pixel(path: Path, at: tuple[int, int]) -> tuple[int, int, int]:
    with Image.open(path) as picture:
        red, green, blue = picture.convert("RGB").getpixel(at)[:3]  # type: ignore[index]
        return red, green, blue


def first_frame(path: Path) -> Image.Image:
    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_image()


def test_a_cutout_gets_the_colour_that_was_chosen(tmp_path):
    path = tmp_path / "wren.png"
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(path)

    copy = fixed(path, Use.PICTURE, tmp_path / "out", background="#55c05a")

    assert pixel(copy.path, (150, 150)) == (0x55, 0xC0, 0x5A)
    assert not copy.facts.has_alpha
    assert copy.done == ("One colour behind it",)


@pytest.mark.parametrize(("pad", "corner"), [("white", 255), ("black", 0)])
def test_a_narrow_picture_gets_space_at_its_sides(pad, corner, tmp_path):
    path = tmp_path / "strip.png"
    Image.new("RGB", (300, 3000), (200, 30, 30)).save(path)

    copy = fixed(path, Use.PICTURE, tmp_path / "out", pad=pad)

    assert copy.facts.sides == (375, 3000)
    assert pixel(copy.path, (2, 1500)) == (corner, corner, corner)
    assert pixel(copy.path, (187, 1500)) == (200, 30, 30)


def test_soft_space_is_made_of_the_picture_itself(tmp_path):
    path = tmp_path / "strip.png"
    Image.new("RGB", (300, 3000), (200, 30, 30)).save(path)

    copy = fixed(path, Use.PICTURE, tmp_path / "out")

    assert pixel(copy.path, (2, 1500)) == (200, 30, 30)


def test_a_picture_with_one_short_side_is_enlarged_whole(tmp_path):
    path = making.picture(tmp_path / "thin.jpg", 200, 1000)

    copy = fixed(path, Use.PICTURE, tmp_path / "out")

    assert copy.facts.sides == (240, 1200)


def test_a_heavy_picture_is_saved_smaller_until_it_fits(tmp_path):
    path = tmp_path / "noise.png"
    Image.effect_noise((1500, 1500), 120).convert("RGB").save(path)
    strict = media.Limits(picture_bytes=400_000)
    facts = media.inspect(path)

    copy = media.fix(path, facts, Use.PICTURE, FixChoices(), tmp_path / "out", limits=strict)

    assert copy.facts.size_bytes <= 400_000
    assert media.judge(copy.facts, Use.PICTURE, strict).outcome is Outcome.ACCEPT


def test_a_heic_from_a_phone_becomes_an_upright_jpeg(tmp_path):
    path = tmp_path / "IMG_2207.HEIC"
    making.drawn(400, 300).save(path, "HEIF")

    copy = fixed(path, Use.PICTURE, tmp_path / "out")

    assert (copy.facts.format, copy.facts.sides, copy.done) == ("jpeg", (400, 300), ("JPEG",))


def test_a_sideways_picture_is_turned_as_its_mark_says(tmp_path):
    path = tmp_path / "phone.jpg"
    corpus.turned_by_mark(6)(path)

    copy = fixed(path, Use.PICTURE, tmp_path / "out")

    assert (copy.facts.sides, copy.facts.rotation) == ((300, 400), 0)
    assert pixel(copy.path, (290, 10))[0] > 180


def test_the_kept_stretch_is_the_one_that_was_chosen(tmp_path):
    """The square moves by a quarter of its side with each frame: frame 16 stands elsewhere than frame 0."""
    path = making.clip(tmp_path / "long.mp4", seconds=34, fps=4, audio="aac")

    copy = fixed(path, Use.CLIP, tmp_path / "out", start=4.0, end=9.5)

    assert copy.facts.duration == pytest.approx(5.5, abs=0.05)
    assert copy.facts.has_audio
    assert copy.done == ("0:04 to 0:10",)
    expected, got = making.drawn(320, 240, 16), first_frame(copy.path)
    assert average_difference(expected, got) < 8


def test_a_clip_that_breaks_no_rule_can_be_made_shorter(tmp_path):
    path = making.clip(tmp_path / "fine.mp4", seconds=8)

    copy = fixed(path, Use.CLIP, tmp_path / "out", start=0.0, end=3.0)

    assert copy.facts.duration == pytest.approx(3.0, abs=0.15)
    assert copy.done == ("0:00 to 0:03",)


def test_the_whole_of_a_fine_clip_is_nothing_to_repair(tmp_path):
    path = making.clip(tmp_path / "fine.mp4", seconds=8)

    with pytest.raises(ValueError, match="nothing to repair"):
        fixed(path, Use.CLIP, tmp_path / "out", start=0.0, end=8.0)


def average_difference(one: Image.Image, other: Image.Image) -> float:
    pairs = zip(one.convert("L").tobytes(), other.convert("L").tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (one.width * one.height)


def test_a_phone_clip_is_trimmed_turned_and_converted_at_once(tmp_path):
    path = tmp_path / "IMG_4410.MOV"
    next(awkward for awkward in corpus.CORPUS if awkward.name == path.name).make(path)

    copy = fixed(path, Use.CLIP, tmp_path / "out", start=14.0, end=24.0)

    assert copy.done == ("0:14 to 0:24", "Upright", "MP4")
    assert (copy.facts.sides, copy.facts.rotation, copy.facts.video_codec) == ((240, 320), 0, "h264")
    assert copy.facts.duration == pytest.approx(10.0, abs=0.05)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_clip_shows_the_same_corner_where_the_camera_saw_it(degrees, tmp_path):
    path = making.turned(making.clip(tmp_path / "phone.mp4"), degrees)

    copy = fixed(path, Use.CLIP, tmp_path / "out")

    frame = first_frame(copy.path)
    corner = {
        90: (frame.width - 10, 10),
        180: (frame.width - 10, frame.height - 10),
        270: (10, frame.height - 10),
    }
    red, _, blue = frame.convert("RGB").getpixel(corner[degrees])
    assert red > 150 > blue


def test_a_person_may_turn_a_clip_that_needs_nothing(shelf, tmp_path):
    copy = fixed(shelf / "street.mp4", Use.CLIP, tmp_path / "out", rotate=90)

    assert copy.facts.sides == (240, 320)


def test_a_clip_in_another_container_is_repacked_and_not_encoded_again(tmp_path):
    path = making.clip(tmp_path / "recorder.mkv", audio="aac")

    copy = fixed(path, Use.CLIP, tmp_path / "out")

    assert first_frame(copy.path).tobytes() == first_frame(path).tobytes()
    assert copy.facts.duration == pytest.approx(media.inspect(path).duration, abs=0.01)


def test_a_fixed_clip_has_an_even_rhythm_and_its_index_in_front(tmp_path):
    path = making.clip(tmp_path / "screen.webm", codec="libvpx-vp9", fps=25, seconds=1.2)

    copy = fixed(path, Use.CLIP, tmp_path / "out")

    data = copy.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(copy.path)) as container:
        times = sorted(packet.pts for packet in container.demux(video=0) if packet.pts is not None)
    assert len({later - earlier for earlier, later in pairwise(times)}) == 1
    assert copy.facts.fps == pytest.approx(25.0)


def test_the_readable_part_of_a_cut_clip_can_be_used(tmp_path):
    path = making.cut(making.clip(tmp_path / "van.mp4", seconds=6, audio="aac"), 0.6)
    readable = media.inspect(path).readable_seconds

    copy = fixed(path, Use.CLIP, tmp_path / "out")

    assert copy.facts.duration == pytest.approx(readable, abs=0.3)
    assert not copy.facts.truncated


def test_a_voice_is_cut_to_the_sample(tmp_path):
    path = making.sound(tmp_path / "story.wav", seconds=14)

    copy = fixed(path, Use.VOICE, tmp_path / "out", start=2.0, end=11.5)

    assert copy.facts.duration == pytest.approx(9.5, abs=0.001)


def test_the_sound_of_a_clip_can_be_a_voice(shelf, tmp_path):
    copy = fixed(shelf / "street.mp4", Use.VOICE, tmp_path / "out")

    assert (copy.facts.kind, copy.facts.format) == ("audio", "wav")
    assert not copy.facts.silent


def test_a_repair_that_was_unchecked_is_not_done_and_its_rule_shows_again(tmp_path):
    path = making.clip(tmp_path / "long-hevc.mov", seconds=32, fps=2, codec="libx265")

    copy = fixed(path, Use.CLIP, tmp_path / "out", skip=frozenset({"trim"}))

    verdict = media.judge(copy.facts, Use.CLIP)
    assert [finding.rule for finding in verdict.findings] == ["too_long"]


def test_a_file_that_needs_nothing_is_not_fixed(shelf, tmp_path):
    with pytest.raises(ValueError, match="nothing"):
        fixed(shelf / "street.mp4", Use.CLIP, tmp_path)


def test_fixing_reports_progress_and_can_be_stopped_without_leftovers(tmp_path):
    path = making.clip(tmp_path / "long.webm", codec="libvpx-vp9", seconds=20, fps=10)
    stop, heard = threading.Event(), []

    def hear(fraction: float) -> None:
        heard.append(fraction)
        stop.set()

    with pytest.raises(media.ChildCancelled):
        media.fix(path, media.inspect(path), Use.CLIP, FixChoices(), tmp_path / "out", hear, cancel=stop)

    assert heard
    assert [*(tmp_path / "out").iterdir()] == []


def test_a_bright_phone_clip_becomes_one_for_every_screen(tmp_path):
    path = tmp_path / "hlg.mov"
    making.clip(path, codec="libx265", pixels="yuv420p10le", colours=(9, 18, 9), seconds=1)
    assert media.inspect(path).hdr

    copy = fixed(path, Use.CLIP, tmp_path / "out")

    with av.open(str(copy.path)) as container:
        frame = next(container.decode(video=0))
    assert not copy.facts.hdr
    assert (frame.color_primaries, frame.color_trc, frame.colorspace) == (1, 1, 1)


def test_wide_pixels_are_made_square_when_a_clip_is_encoded_anew(tmp_path):
    path = making.clip(tmp_path / "anamorphic.mp4", width=360, height=288, pixel_shape=Fraction(16, 11))

    copy = fixed(path, Use.CLIP, tmp_path / "out", rotate=90)

    assert media.inspect(path).sides == (524, 288)
    assert copy.facts.sides == (288, 524)
