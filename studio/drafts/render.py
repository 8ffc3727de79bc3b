"""Draw a draft in this process: plan it, open its pictures, draw it, write it. `making` does it in a locked child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.drafts import materials, painting, sound, storyboard
from studio.drafts.badge import badge
from studio.drafts.captions import Captioner
from studio.drafts.encode import Film
from studio.drafts.making import Rendered
from studio.drafts.painting import Dressed
from studio.drafts.request import DraftRequest
from studio.drafts.storyboard import Scene

REPORT_EVERY = 5  # frames
READ_A_PAGE = 36  # frames a caption page stays at least

Report = Callable[[float], None]


def render_in_child(payload: dict[str, Any], report: Report) -> dict[str, Any]:
    """The child's entrance."""
    fonts = [Path(font) for font in payload["fonts"]]
    request = DraftRequest.from_dict(payload["request"])
    return asdict(render(request, Path(payload["out"]), report=report, fonts=fonts))


def render(
    request: DraftRequest, out: Path, *, report: Report = lambda fraction: None, fonts: Sequence[Path] = ()
) -> Rendered:
    """Render in this process. Raises UnreadableMedia; `out` is whole only after a normal return."""
    film = (request.width, request.height)
    scenes = storyboard.plan(request)
    opened = materials.open_all(request, {*range(len(request.sources)), *(scene.source for scene in scenes)})
    thumbs = {-1 if source is None else source: material.thumb for source, material in opened.items()}
    captioner = Captioner(film, sources=request.sources, thumbs=thumbs, substitutes=fonts)
    dressed = _dress(scenes, captioner)
    pictures = painting.paint(dressed, opened, badge=badge(film), seed=request.seed)
    with Film(out, film, sound.mix(sound.cues(request, scenes), request.seconds)) as writer:
        for number, picture in enumerate(pictures, start=1):
            writer.add(picture)
            if number % REPORT_EVERY == 0:
                report(number / request.frames)
    return Rendered(
        width=request.width,
        height=request.height,
        frames=request.frames,
        scenes=len(scenes),
        missing_letters=captioner.missing,
    )


def _dress(scenes: Sequence[Scene], captioner: Captioner) -> list[Dressed]:
    """Give each scene its caption. The opening shares the caption of the scene it dissolves into."""
    if len(scenes) > 1 and scenes[1].dissolve:
        opening, first = scenes[0], scenes[1]
        pages = captioner.pages(first.words, source=first.source, most=_most(opening.frames + first.frames))
        if len(pages) == 1:
            together = [
                Dressed(scene=opening, pages=pages, goes_on=True),
                Dressed(scene=first, pages=pages, continues=True),
            ]
        else:
            together = [Dressed(scene=opening, pages=pages[:1]), Dressed(scene=first, pages=pages[1:])]
        return [*together, *_dress(scenes[2:], captioner)]
    return [
        Dressed(
            scene=scene, pages=captioner.pages(scene.words, source=scene.source, most=_most(scene.frames))
        )
        for scene in scenes
    ]


def _most(frames: int) -> int:
    """How many caption pages can be read in so many frames."""
    return max(1, frames // READ_A_PAGE)
