"""The pictures browsers get: our own, upright, in sRGB, and carrying nothing of the file they were made from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from studio import media
from tests.media import making
from tests.media.corpus import turned_by_mark

MARKER = b"<script>alert(document.cookie)</script>"


def previews_of(path: Path, out_dir: Path) -> media.Previews:
    return media.make_previews(path, media.inspect(path), out_dir)


def opened(out_dir: Path, name: str | None) -> Image.Image:
    assert name is not None
    return Image.open(out_dir / name)


def test_a_picture_gets_a_thumb_and_a_display_size(shelf, tmp_path):
    made = previews_of(shelf / "photo.jpg", tmp_path)

    assert opened(tmp_path, made.thumb).size == (480, 360)
    assert opened(tmp_path, made.thumb).format == "WEBP"
    assert opened(tmp_path, made.display).size == (1200, 900)
    assert (made.poster, made.sprite, made.filmstrip, made.peaks) == (None, None, None, ())


def test_a_large_picture_is_displayed_at_1600_pixels(tmp_path):
    path = making.picture(tmp_path / "large.jpg", 4000, 2000)

    made = previews_of(path, tmp_path / "out")

    assert opened(tmp_path / "out", made.display).size == (1600, 800)


def test_u06_previews_carry_no_place_no_script_and_no_trailing_bytes(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / "holiday.jpg"
    making.drawn(600, 400).save(path, exif=exif, comment=MARKER)
    path.write_bytes(path.read_bytes() + MARKER)

    made = previews_of(path, tmp_path / "out")

    for name in (made.thumb, made.display):
        data = (tmp_path / "out" / str(name)).read_bytes()
        assert MARKER not in data
        assert b"Exif" not in data
        assert not opened(tmp_path / "out", name).getexif()


def test_a_sideways_picture_is_shown_upright(tmp_path):
    path = tmp_path / "phone.jpg"
    turned_by_mark(6)(path)

    made = previews_of(path, tmp_path / "out")

    thumb = opened(tmp_path / "out", made.thumb).convert("RGB")
    assert thumb.size == (300, 400)
    right_top = thumb.getpixel((290, 10))
    assert right_top[0] > 180
    assert right_top[2] < 90  # the golden square, drawn at the left, is at the top right now


def test_colours_of_another_space_become_srgb(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    path = tmp_path / "wide.png"
    Image.new("RGB", (300, 300), (200, 40, 40)).save(path, icc_profile=profile.tobytes())

    made = previews_of(path, tmp_path / "out")

    assert "icc_profile" not in opened(tmp_path / "out", made.display).info


def test_see_through_parts_stay_see_through_in_previews(tmp_path):
    path = tmp_path / "cutout.png"
    Image.new("RGBA", (300, 300), (10, 200, 10, 0)).save(path)

    made = previews_of(path, tmp_path / "out")

    assert opened(tmp_path / "out", made.thumb).getextrema()[3][1] == 0


def test_a_picture_of_sixteen_bits_keeps_its_light(tmp_path):
    path = tmp_path / "deep.png"
    Image.new("I;16", (300, 300), 32768).save(path)

    made = previews_of(path, tmp_path / "out")

    assert opened(tmp_path / "out", made.thumb).convert("L").getpixel((150, 150)) == pytest.approx(128, abs=3)


def test_a_clip_gets_poster_sprite_filmstrip_and_loudness(shelf, tmp_path):
    made = previews_of(shelf / "street.mp4", tmp_path)

    assert opened(tmp_path, made.poster).size == (320, 240)
    assert opened(tmp_path, made.thumb).size == (320, 240)
    assert opened(tmp_path, made.sprite).size == (5 * 320, 4 * 240)
    assert opened(tmp_path, made.filmstrip).size == (10 * 128, 96)
    assert len(made.peaks) == 48
    assert max(made.peaks) == 1.0
    assert media.Previews.from_dict(made.to_dict()) == made


def test_the_sprite_moves_from_tile_to_tile(tmp_path):
    path = making.clip(tmp_path / "moves.mp4", seconds=5)

    made = previews_of(path, tmp_path / "out")

    sheet = opened(tmp_path / "out", made.sprite).convert("RGB")
    tiles = [
        sheet.crop((x * 320, y * 240, x * 320 + 320, y * 240 + 240)).tobytes()
        for y in range(4)
        for x in range(5)
    ]
    assert len(set(tiles)) > 10


def test_a_sideways_clip_is_shown_upright(tmp_path):
    path = making.turned(making.clip(tmp_path / "phone.mp4"), 90)

    made = previews_of(path, tmp_path / "out")

    assert opened(tmp_path / "out", made.poster).size == (240, 320)


def test_a_cut_clip_still_has_previews_of_what_is_there(tmp_path):
    path = making.cut(making.clip(tmp_path / "van.mp4", seconds=6))

    made = previews_of(path, tmp_path / "out")

    assert opened(tmp_path / "out", made.sprite).size == (1600, 960)


def test_a_voice_has_its_loudness(shelf, tmp_path):
    made = previews_of(shelf / "voice.wav", tmp_path)

    assert (made.thumb, len(made.peaks)) == (None, 48)


def test_t12_a_failing_preview_is_an_exception_one_can_survive(shelf, tmp_path):
    facts = media.inspect(shelf / "photo.jpg")
    gone = making.cut(making.picture(tmp_path / "cut.jpg"))

    with pytest.raises((media.UnreadableMedia, media.ChildFailed)):
        media.make_previews(gone, replace(facts, format="jpeg"), tmp_path / "out")
