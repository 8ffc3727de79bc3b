"""`manage.py render_draft`: without a database, in a locked child, with plain sentences."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest
from django.core.management import CommandError, call_command

from tests.drafts.making import BLUE, GREY, RED, clip, close_to, frames, loudness, picture, voice


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("render_draft", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_draft_of_everything_is_written_where_asked(tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"

    said = run(
        "--image", picture(tmp_path / "a.png", RED), "--video", clip(tmp_path / "b.mp4", [GREY] * 5),
        "--voice", voice(tmp_path / "d.wav"), "--first-frame", picture(tmp_path / "e.png", BLUE),
        "--prompt", "Shot 1 [0-2s]: Image 1 wakes. Shot 2 [2-3s]: Video 1 plays.",
        "--ratio", "4:3", "--resolution", "720P", "--duration", 3, "--seed", 7, "--out", out,
    )  # fmt: skip

    with av.open(str(out)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (1104, 832)
        assert container.streams.video[0].frames == 90
    assert close_to(frames(out)[5].getpixel((552, 200)), BLUE)
    assert max(loudness(out)[:18]) < 0.005  # the voice belongs to the clip that came before it
    assert max(loudness(out)[22:28]) > 0.15
    assert "100 %" in said
    assert "1104 x 832, 3.0 s, 90 frames at 30 a second, scenes: 3" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.png",
        "b.mp4",
        "d.wav",
        "e.png",
        "film.mp4",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "{}/x.mp4"], "Add at least one picture or clip"),
        (["--image", "{}/a.png"], "Say where the draft goes"),
        (["--image", "{}/none.png", "--out", "{}/x.mp4"], "There is no file"),
        (["--image", "{}/notes.txt", "--out", "{}/x.mp4"], "Image 1 can’t be used. It is plain text"),
        (["--image", "{}/a.png", "--out", "{}/no/x.mp4"], "There is no folder"),
        (["--image", "{}/a.png", "--out", "{}"], "is a folder"),
        (
            ["--image", "{}/a.png", "--duration", "long", "--out", "{}/x.mp4"],
            "takes a whole number, not 'long'",
        ),
        (["--image", "{}/a.png", "--duration", "99", "--out", "{}/x.mp4"], "2 to 15 seconds"),
        (["--image", "{}/a.png", "--resolution", "4K", "--out", "{}/x.mp4"], "cannot be made at 4k"),
        (["--voice", "{}/a.png", "--out", "{}/x.mp4"], "A voice belongs to a picture or a clip"),
        (
            ["--image", "{}/a.png", "--voice", "{}/notes.txt", "--out", "{}/x.mp4"],
            "The voice of Image 1 can’t be used",
        ),
    ],
)
def test_what_does_not_work_is_said_in_a_sentence(tmp_path: Path, arguments: list[str], says: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("Dear diary")

    with pytest.raises(CommandError, match=says) as raised:
        run(*[argument.format(tmp_path) for argument in arguments])

    assert raised.value.returncode == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "notes.txt"]


def test_a_voice_before_any_reference_belongs_to_the_first(tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"

    run(
        "--voice",
        voice(tmp_path / "d.wav"),
        "--image",
        picture(tmp_path / "a.png"),
        "--duration",
        2,
        "--out",
        out,
    )

    assert max(loudness(out)) > 0.15
