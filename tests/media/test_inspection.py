"""What inspection says of bytes that lie, hide, explode or point elsewhere."""

from __future__ import annotations

import random
import resource
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studio import media
from tests.media import corpus, making

BOMBS = [
    "pixel-bomb.png",
    "text-bomb.png",
    "texts-bomb.png",
    "profile-bomb.png",
    "scan-bomb.jpg",
    "index-bomb.mp4",
]
POINTERS = {
    "ffconcat": "ffconcat version 1.0\nfile {url}\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}\n#EXT-X-ENDLIST\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}</BaseURL></MPD>',
    "pls": "[playlist]\nFile1={url}\nNumberOfEntries=1\n",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=control:{url}\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_u02_a_bomb_is_refused_in_little_time_and_memory(name, tmp_path):
    path = tmp_path / name
    next(awkward for awkward in corpus.CORPUS if awkward.name == name).make(path)
    started = time.monotonic()

    with pytest.raises(media.UnreadableMedia):
        media.inspect(path)

    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 1024**3


def test_u02_a_legal_picture_of_8000_pixels_a_side_passes(tmp_path):
    path = making.picture(tmp_path / "large.png", 8000, 8000, compress_level=1)

    facts = media.inspect(path)

    assert facts.sides == (8000, 8000)
    assert media.judge(facts, media.Use.PICTURE).outcome is media.Outcome.ACCEPT


@pytest.mark.parametrize("kind", POINTERS)
@pytest.mark.parametrize("suffix", [".mp4", ".jpg", ".wav"])
def test_u03_what_points_elsewhere_is_never_followed(kind, suffix, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        path = tmp_path / f"innocent{suffix}"
        path.write_text(POINTERS[kind].format(url=f"http://127.0.0.1:{server.getsockname()[1]}/x.mp4"))

        with pytest.raises(media.UnreadableMedia) as caught:
            media.inspect(path)

        assert caught.value.code == "format"
        with pytest.raises(TimeoutError):
            server.accept()


def test_u03_a_clip_that_keeps_its_pictures_in_another_file_is_not_served_from_there(tmp_path):
    """A MOV may name another file as the home of its samples; that file is never opened."""
    path = making.clip(tmp_path / "a.mov")
    making.patched(path, b"url ", 0, struct.pack(">I", 0))  # "not in this file"
    aside = tmp_path / "secret.mp4"
    making.clip(aside)

    try:
        facts = media.inspect(path)
    except media.UnreadableMedia:
        return
    assert facts.size_bytes == path.stat().st_size


def test_u05_the_length_is_counted_and_not_believed(tmp_path):
    path = tmp_path / "says-one-second.mp4"
    next(awkward for awkward in corpus.CORPUS if awkward.name == path.name).make(path)

    facts = media.inspect(path)

    assert facts.claimed_seconds is not None
    assert facts.claimed_seconds < 2
    assert facts.duration == pytest.approx(12.0, abs=0.3)


def test_u05_a_header_that_claims_more_than_there_is_does_not_make_a_clip_longer(tmp_path):
    path = making.clip(tmp_path / "claims.mp4", seconds=3)
    for box in (b"mvhd", b"mdhd"):
        making.patched(path, box, 16, struct.pack(">I", 3_000_000))

    assert media.inspect(path).duration == pytest.approx(3.0, abs=0.3)


def test_u05_the_size_is_that_of_the_decoded_picture(tmp_path):
    path = making.clip(tmp_path / "says-large.mp4", width=320, height=240)
    making.patched(path, b"avc1", 24, struct.pack(">HH", 4000, 4000))

    assert media.inspect(path).sides == (320, 240)


def test_u07_a_half_truncated_clip_with_its_index_in_front_is_found(tmp_path):
    path = making.cut(making.clip(tmp_path / "delivery-van.mp4", seconds=6, audio="aac"))

    facts = media.inspect(path)

    assert facts.truncated
    assert facts.duration == pytest.approx(6.0, abs=0.3)
    assert 1.5 < (facts.readable_seconds or 0) < 4.5


def test_u07_a_clip_whose_second_half_is_zeros_is_found(tmp_path):
    path = making.zero_from(making.clip(tmp_path / "reserved.mp4", seconds=6), 0.6)

    facts = media.inspect(path)

    assert facts.truncated
    assert 1.5 < (facts.readable_seconds or 0) < 5.0


def test_u07_a_clip_with_a_hole_in_the_middle_is_damaged(tmp_path):
    path = making.clip(tmp_path / "hole.mp4", seconds=6)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat")
    third = (len(data) - start) // 3
    data[start + third : start + 2 * third] = bytes(third)
    path.write_bytes(data)

    facts = media.inspect(path)

    assert facts.damaged
    assert media.judge(facts, media.Use.CLIP).outcome is media.Outcome.FIXABLE


@pytest.mark.parametrize(
    ("mark", "sides", "turn"),
    [(1, (400, 300), 0), (3, (400, 300), 180), (6, (300, 400), 90), (8, (300, 400), 270)],
)
def test_a_picture_is_measured_upright(mark, sides, turn, tmp_path):
    path = tmp_path / "phone.jpg"
    corpus.turned_by_mark(mark)(path)

    facts = media.inspect(path)

    assert (facts.sides, facts.rotation) == (sides, turn)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_clip_is_measured_upright(degrees, tmp_path):
    path = making.turned(making.clip(tmp_path / "phone.mp4"), degrees)

    facts = media.inspect(path)

    assert facts.rotation == degrees
    assert facts.sides == ((240, 320) if degrees != 180 else (320, 240))


def test_a_clip_is_known_by_its_codecs_and_rhythm(shelf):
    facts = media.inspect(shelf / "street.mp4")

    assert (facts.kind, facts.video_codec, facts.audio_codec, facts.has_audio) == (
        "video",
        "h264",
        "aac",
        True,
    )
    assert facts.fps == pytest.approx(8.0)


def test_a_missing_file_is_an_oserror_and_not_a_verdict(tmp_path):
    with pytest.raises(FileNotFoundError):
        media.inspect(tmp_path / "nope.jpg")


def mutations(source: Path, folder: Path, count: int, seed: int) -> list[Path]:
    """Copies of a file with bytes flipped, cut out, doubled or zeroed at random places."""
    chance, original = random.Random(seed), source.read_bytes()
    made = []
    for number in range(count):
        data = bytearray(original)
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(min(len(data), chance.choice((64, 2000, len(data)))))
            how = chance.randrange(4)
            if how == 0:
                data[at] ^= 1 << chance.randrange(8)
            elif how == 1:
                del data[at : at + chance.randrange(1, 400)]
            elif how == 2:
                data[at:at] = data[at : at + chance.randrange(1, 400)]
            else:
                data[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"))
            data = data or bytearray(b"\0")
        path = folder / f"{source.stem}-{number}{source.suffix}"
        path.write_bytes(data)
        made.append(path)
    return made


def test_u07_two_hundred_mutations_never_raise_anything_but_unreadable_media(tmp_path):
    originals = [
        making.picture(tmp_path / "a.jpg"),
        making.picture(tmp_path / "a.png"),
        making.picture(tmp_path / "a.webp"),
        making.clip(tmp_path / "a.mp4", seconds=1, audio="aac"),
        making.clip(tmp_path / "a.mkv", seconds=1),
        making.sound(tmp_path / "a.wav", seconds=1),
        making.sound(tmp_path / "a.mp3", seconds=1, codec="libmp3lame"),
        making.drawn(300, 300).save(tmp_path / "a.heic") or tmp_path / "a.heic",
    ]
    files = [
        path for seed, original in enumerate(originals) for path in mutations(original, tmp_path, 25, seed)
    ]

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(_told, files))

    assert len(told) == 200
    assert {"accept", "reject"} <= set(told)


def _told(path: Path) -> str:
    """The outcome; whatever else comes out of the studio's eyes fails the test."""
    try:
        facts = media.inspect(path)
    except media.UnreadableMedia as error:
        return media.refusal(error, media.Use.PICTURE).outcome.value
    use = {"image": media.Use.PICTURE, "video": media.Use.CLIP, "audio": media.Use.VOICE}[facts.kind]
    media.plan_fix(facts, use)
    return media.judge(facts, use).outcome.value
