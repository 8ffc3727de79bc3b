"""Facts of finished drafts: sizes, lengths, codecs, what is seen and when."""

from __future__ import annotations

import hashlib
import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops, ImageCms

from studio.drafts import making
from studio.drafts.request import SIZES
from studio.media.errors import UnreadableMedia
from tests.drafts.making import BLUE, GREEN, GREY, RED, clip, close_to, film, frames, picture, request

EVERY_SIZE = [(f"{name} {ratio}", size) for name, ratios in SIZES.items() for ratio, size in ratios.items()]


@pytest.mark.parametrize("size", [size for _, size in EVERY_SIZE], ids=[name for name, _ in EVERY_SIZE])
def test_a_draft_has_exactly_the_size_and_length_asked_for(tmp_path: Path, size: tuple[int, int]) -> None:
    path = film(request(picture(tmp_path / "a.png"), prompt="Image 1 stands.", size=size), tmp_path)

    with av.open(str(path)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height) == size
        assert video.average_rate == 30
        assert video.codec_context.codec.canonical_name == "h264"
        assert video.codec_context.pix_fmt == "yuv420p"
        assert video.codec_context.profile == "High"
        assert (video.codec_context.colorspace, video.codec_context.color_range) == (1, 1)
        assert sound.codec_context.codec.canonical_name == "aac"
        assert (sound.codec_context.sample_rate, sound.codec_context.layout.name) == (48_000, "stereo")
        assert float(sound.duration * sound.time_base) == pytest.approx(2, abs=0.001)
        assert container.duration == pytest.approx(2_000_000, abs=1000)
        times = [frame.pts * frame.time_base for frame in container.decode(video)]
    assert len(times) == 60
    assert times[0] == 0
    assert {after - before for before, after in pairwise(times)} == {Fraction(1, 30)}


def test_its_index_stands_in_front_so_that_it_plays_at_once(tmp_path: Path) -> None:
    path = film(request(picture(tmp_path / "a.png")), tmp_path)

    assert _boxes(path.read_bytes()) == ["ftyp", "moov", "free", "mdat"]


def test_the_same_request_gives_the_same_film_and_another_seed_another(tmp_path: Path) -> None:
    detailed = tmp_path / "a.png"
    Image.effect_noise((640, 360), 80).save(detailed)

    digests = [
        hashlib.sha256(film(request(detailed, seed=seed), tmp_path).read_bytes()).hexdigest()
        for seed in (1, 1, 2)
    ]

    assert digests[0] == digests[1] != digests[2]


def test_every_scene_shows_its_own_picture(tmp_path: Path) -> None:
    paths = [picture(tmp_path / f"{name}.png", colour) for name, colour in (("a", RED), ("b", GREEN))]

    shown = frames(
        film(request(*paths, prompt="Shot 1 [0-1.5s]: Image 2. Shot 2 [1.5-2s]: Image 1."), tmp_path)
    )

    seen = [_middle(frame) for frame in shown]
    assert all(close_to(pixel, GREEN) for pixel in seen[:45])
    assert all(close_to(pixel, RED) for pixel in seen[45:])


def test_the_first_frame_opens_and_dissolves_into_the_first_scene(tmp_path: Path) -> None:
    wanted = request(
        picture(tmp_path / "a.png", RED), prompt="Image 1.", first_frame=picture(tmp_path / "f.png", BLUE)
    )

    seen = [_middle(frame) for frame in frames(film(wanted, tmp_path))]

    assert all(close_to(pixel, BLUE) for pixel in seen[:29])
    assert all(close_to(pixel, RED) for pixel in seen[46:])
    assert not close_to(seen[37], BLUE)
    assert not close_to(seen[37], RED)


def test_a_short_clip_plays_again_from_its_start(tmp_path: Path) -> None:
    path = clip(tmp_path / "v.mp4", [RED] * 5 + [GREEN] * 5, fps=10)

    seen = [_middle(frame) for frame in frames(film(request(path, prompt="Video 1."), tmp_path))]

    assert [_name(seen[number]) for number in (5, 20, 35, 50)] == ["red", "green", "red", "green"]


def test_a_clip_filmed_sideways_is_shown_upright(tmp_path: Path) -> None:
    path = tmp_path / "v.mov"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.set_display_rotation(-90)
        picture_ = Image.new("RGB", (320, 180), GREY)
        picture_.paste(RED, (0, 0, 160, 180))  # the left half lies on top once it stands upright
        for _ in range(10):
            target.mux(stream.encode(av.VideoFrame.from_image(picture_)))
        target.mux(stream.encode(None))

    shown = frames(film(request(path, size=(180, 320)), tmp_path))[10]

    assert close_to(shown.getpixel((60, 60)), RED)
    assert close_to(shown.getpixel((60, 200)), GREY)


def test_a_very_tall_picture_lies_whole_on_a_soft_ground(tmp_path: Path) -> None:
    tall = Image.new("RGB", (300, 1200), GREY)
    tall.paste(RED, (0, 0, 300, 150))
    tall.paste(GREEN, (0, 1050, 300, 1200))
    tall.save(tmp_path / "a.png")

    shown = frames(film(request(tmp_path / "a.png"), tmp_path))

    for frame in (shown[0], shown[30], shown[-1]):
        column = [frame.getpixel((320, y)) for y in range(0, 360, 4)]
        assert any(close_to(pixel, RED) for pixel in column)
        assert any(close_to(pixel, GREEN) for pixel in column)
        assert max(frame.getpixel((20, 180))) < 110


def test_transparency_lies_on_a_quiet_ground(tmp_path: Path) -> None:
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(tmp_path / "a.png")

    shown = frames(film(request(tmp_path / "a.png"), tmp_path))

    assert close_to(_middle(shown[10]), (0xE9, 0xE7, 0xE2), within=6)


def test_five_pictures_of_the_largest_size_fit_into_a_childs_memory(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(5)]
    for number, path in enumerate(paths):
        Image.new("RGBA", (8000, 8000), (200, 40 * number, 40, 255)).save(path, compress_level=1)

    rendered = making.make(request(*paths, seconds=2), tmp_path / "draft.mp4")

    assert rendered.frames == 60


def test_a_picture_with_its_own_colour_profile_keeps_its_colours(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (640, 360), RED).save(tmp_path / "a.png", icc_profile=profile)

    shown = frames(film(request(tmp_path / "a.png"), tmp_path))

    assert close_to(_middle(shown[10]), RED, within=6)


def test_the_badge_and_the_caption_are_on_the_picture_and_nothing_else(tmp_path: Path) -> None:
    path = film(
        request(picture(tmp_path / "a.png"), prompt="Image 1 smiles at the sea.", size=(1280, 720)), tmp_path
    )

    shown = frames(path)[30]
    drawn = _different_from_grey(shown)
    assert drawn.crop((1100, 20, 1260, 70)).getbbox() is not None
    assert drawn.crop((300, 540, 980, 660)).getbbox() is not None
    assert _brightest(shown.crop((300, 560, 980, 640))) > 235
    assert _brightest(shown.crop((1100, 20, 1260, 70))) > 235
    quiet = drawn.copy()
    quiet.paste(0, (1080, 10, 1280, 80))
    quiet.paste(0, (200, 520, 1080, 680))
    assert quiet.getbbox() is None


def test_a_caption_comes_and_goes_softly_and_the_badge_stays(tmp_path: Path) -> None:
    shown = frames(film(request(picture(tmp_path / "a.png"), prompt="Image 1 smiles at the sea."), tmp_path))

    words = [_brightest(frame.crop((100, 260, 540, 330))) for frame in shown]
    badges = [_brightest(frame.crop((540, 5, 640, 40))) for frame in shown]
    assert words[0] < words[3] < words[10]
    assert words[-1] < words[-4] < words[30]
    assert min(badges) > 200


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.png", b"", "Image 1 can’t be used. It is empty"),
        ("a.png", b"%PDF-1.7 hello", "Image 1 can’t be used. It is a PDF document"),
        ("a.mp4", b"\0\0\0\x18ftypmp42" + bytes(200), "Video 1 can’t be used."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(UnreadableMedia) as raised:
        film(request(tmp_path / name), tmp_path)

    assert raised.value.sentence.startswith(says)


def _boxes(content: bytes) -> list[str]:
    names, at = [], 0
    while at < len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        names.append(name.decode())
        at += size
    return names


def _middle(frame: Image.Image) -> tuple[int, ...]:
    return frame.getpixel((frame.width // 2, frame.height // 2))


def _name(pixel: tuple[int, ...]) -> str:
    return "red" if close_to(pixel, RED) else "green" if close_to(pixel, GREEN) else str(pixel)


def _different_from_grey(frame: Image.Image) -> Image.Image:
    difference = ImageChops.difference(frame, Image.new("RGB", frame.size, GREY)).convert("L")
    return difference.point([0] * 12 + [255] * 244)


def _brightest(piece: Image.Image) -> int:
    return piece.convert("L").getextrema()[1]
