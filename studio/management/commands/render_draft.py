"""Make a free draft from files on this computer, without database or account."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.drafts import making
from studio.drafts.request import FPS, DraftProblem, DraftRequest, draft_request
from studio.media.errors import ChildFailed, UnreadableMedia
from studio.providers.base import Kind, Ratio, ReferenceInput, Resolution, VideoRequest


class Given(argparse.Action):
    """Keep --image, --video and --voice in the order they were given: a voice belongs to what came before."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        namespace.given = [*(namespace.given or []), (self.dest, str(values))]


class Command(BaseCommand):
    help = "Draw a free draft (an animatic with sound) from pictures, clips and voices."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.set_defaults(given=None)
        for kind, text in (
            ("image", "a picture; may be repeated"),
            ("video", "a clip, MP4 or MOV; may be repeated"),
            ("voice", "a voice, WAV or MP3, for the reference before it"),
        ):
            parser.add_argument(f"--{kind}", action=Given, metavar="FILE", help=text)
        parser.add_argument("--first-frame", metavar="FILE", help="a picture that opens the film")
        parser.add_argument("--prompt", default="", help='what happens; "Image 1" names the first picture')
        parser.add_argument("--ratio", default="16:9", help="16:9, 9:16, 1:1, 4:3 or 3:4")
        parser.add_argument("--resolution", default="720P", help="720P or 1080P")
        parser.add_argument("--duration", default="5", help="whole seconds, 2 to 15, with a clip 2 to 10")
        parser.add_argument("--seed", default="0", help="another number gives other camera moves")
        parser.add_argument("--out", metavar="FILE", help="where the MP4 goes")

    def handle(self, *args: Any, **options: Any) -> None:
        out = _target(options["out"])
        request = _request(options)
        unfinished = out.with_name(f".{out.name}.{uuid4().hex[:8]}.part")
        started = time.monotonic()
        try:
            rendered = making.make(request, unfinished, on_progress=self._teller())
            unfinished.replace(out)
        except UnreadableMedia as error:
            raise CommandError(error.sentence) from error
        except ChildFailed as error:
            raise CommandError(making.explain(error.reason)) from error
        except OSError as error:
            raise CommandError(f"The draft could not be written: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self._summarise(out, rendered, time.monotonic() - started)

    def _teller(self) -> Callable[[float], None]:
        """Say every tenth of the way once."""
        said = 0

        def tell(fraction: float) -> None:
            nonlocal said
            while said < int(fraction * 10):
                said += 1
                self.stdout.write(f"{said * 10} %")
                self.stdout.flush()

        return tell

    def _summarise(self, out: Path, rendered: making.Rendered, seconds: float) -> None:
        size = out.stat().st_size / 1_000_000
        self.stdout.write(
            f"{out}: {rendered.width} x {rendered.height}, {rendered.seconds:.1f} s, "
            f"{rendered.frames} frames at {FPS} a second, scenes: {rendered.scenes}, {size:.1f} MB, "
            f"drawn in {seconds:.1f} s"
        )
        if rendered.missing_letters:
            self.stdout.write(f"No font on this computer has: {rendered.missing_letters}")


def _target(given: str | None) -> Path:
    if not given:
        raise CommandError("Say where the draft goes: --out FILE.mp4")
    out = Path(given).resolve()
    if not out.parent.is_dir():
        raise CommandError(f"There is no folder {out.parent}.")
    if out.is_dir():
        raise CommandError(f"{out} is a folder. Name a file in it: --out {out / 'draft.mp4'}")
    return out


def _request(options: dict[str, Any]) -> DraftRequest:
    first_frame = options["first_frame"]
    video = VideoRequest(
        prompt=options["prompt"],
        references=_references(options["given"] or []),
        first_frame_url=_url(first_frame) if first_frame else None,
        resolution=cast(Resolution, options["resolution"].lower()),
        ratio=cast(Ratio, options["ratio"]),
        duration=_whole_number(options["duration"], "--duration"),
        seed=_whole_number(options["seed"], "--seed"),
    )
    try:
        return draft_request(video)
    except DraftProblem as error:
        raise CommandError(str(error)) from error


def _references(given: Sequence[tuple[str, str]]) -> tuple[ReferenceInput, ...]:
    references: list[ReferenceInput] = []
    voices: dict[int, str] = {}
    for kind, name in given:
        if kind == "voice":
            place = max(0, len(references) - 1)
            if place in voices:
                raise CommandError("A reference has one voice; two were given for the same one.")
            voices[place] = _url(name)
        else:
            references.append(ReferenceInput(kind=cast(Kind, kind), url=_url(name)))
    if voices and not references:
        raise CommandError("A voice belongs to a picture or a clip. Add one with --image or --video.")
    return tuple(
        ReferenceInput(kind=reference.kind, url=reference.url, voice_url=voices.get(place))
        for place, reference in enumerate(references)
    )


def _url(name: str) -> str:
    path = Path(name).resolve()
    if not path.is_file():
        raise CommandError(f"There is no file {name}.")
    return path.as_uri()


def _whole_number(text: str, option: str) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        raise CommandError(f"{option} takes a whole number, not {text!r}.") from None
