"""A finished clip counts as whole only when every frame of it decodes."""

from __future__ import annotations

import pytest

from studio import media
from tests.media import making


def test_a_good_clip_is_published_byte_for_byte(shelf, tmp_path):
    facts = media.check_clip(shelf / "street.mp4", tmp_path / "out.mp4")

    assert (tmp_path / "out.mp4").read_bytes() == (shelf / "street.mp4").read_bytes()
    assert facts.sides == (320, 240)
    assert (shelf / "street.mp4").exists()


def test_an_index_at_the_end_is_put_in_front(tmp_path):
    source = making.clip(tmp_path / "back.mp4", movflags="", audio="aac")

    facts = media.check_clip(source, tmp_path / "out.mp4")

    data = (tmp_path / "out.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert facts.has_audio
    assert facts.size_bytes == len(data)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back.mp4", "out.mp4"]


def test_t09_a_cut_clip_is_not_published(tmp_path):
    source = making.cut(making.clip(tmp_path / "cut.mp4", seconds=4))

    with pytest.raises(media.UnreadableMedia) as caught:
        media.check_clip(source, tmp_path / "out.mp4")

    assert caught.value.code == "cut"
    assert [path.name for path in tmp_path.iterdir()] == ["cut.mp4"]


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html><h1>Expired</h1>", b'{"error": "gone"}', bytes(4096)]
)
def test_t09_what_is_no_clip_is_not_published(content, tmp_path):
    (tmp_path / "answer.mp4").write_bytes(content)

    with pytest.raises(media.UnreadableMedia):
        media.check_clip(tmp_path / "answer.mp4", tmp_path / "out.mp4")

    assert not (tmp_path / "out.mp4").exists()


def test_a_picture_or_a_sound_is_no_clip(shelf, tmp_path):
    for name in ("photo.jpg", "voice.wav"):
        with pytest.raises(media.UnreadableMedia) as caught:
            media.check_clip(shelf / name, tmp_path / "out.mp4")

        assert caught.value.code == "wrong_kind"


def test_a_hole_in_the_middle_is_found(tmp_path):
    source = making.clip(tmp_path / "hole.mp4", seconds=6)
    data = bytearray(source.read_bytes())
    middle = data.index(b"mdat") + (len(data) - data.index(b"mdat")) // 2
    data[middle : middle + 1500] = bytes(1500)
    source.write_bytes(data)

    with pytest.raises(media.UnreadableMedia):
        media.check_clip(source, tmp_path / "out.mp4")
