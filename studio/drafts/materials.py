"""Everything a draft is drawn from, opened once: canvases for pictures, players for clips, thumbs for names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PIL import Image, ImageOps

from studio.drafts import clips, containers, motion, pictures
from studio.drafts.motion import Move, Size
from studio.drafts.planes import Planes
from studio.drafts.request import FPS, DraftRequest
from studio.drafts.storyboard import Scene

THUMB = 128


class Shown(Protocol):
    """What one scene shows, frame by frame."""

    def at(self, number: int) -> Callable[[], Planes]:
        """A function that draws frame `number`; it may run in another thread. Asked in order."""
        ...

    def close(self) -> None: ...


class Material(Protocol):
    """One opened source."""

    thumb: Image.Image

    def scene(self, scene: Scene, *, index: int, seed: int) -> Shown: ...


@dataclass(frozen=True, kw_only=True)
class Still:
    """A picture under a moving camera."""

    canvas: Planes
    move: Move
    frames: int

    def at(self, number: int) -> Callable[[], Planes]:
        box = self.move.box(number / max(1, self.frames - 1))
        return partial(self.canvas.window, box, self.move.film)

    def close(self) -> None:
        pass


class PictureMaterial:
    def __init__(self, path: Path, film: Size) -> None:
        picture = pictures.open_picture(path, film)
        fitted = pictures.fit(picture, film)
        self.thumb = ImageOps.fit(picture, (THUMB, THUMB), centering=(0.5, 0.35))
        self._planes = Planes.from_image(fitted.image)
        self._centred = fitted.centred
        self._film = film

    def scene(self, scene: Scene, *, index: int, seed: int) -> Shown:
        move = motion.choose(
            canvas=self._planes.size,
            film=self._film,
            seconds=scene.frames / FPS,
            seed=seed,
            scene=index,
            centred=self._centred,
        )
        return Still(canvas=self._planes, move=move, frames=scene.frames)


class ClipMaterial:
    def __init__(self, path: Path, film: Size) -> None:
        picture = clips.first_picture(path)
        self.thumb = ImageOps.fit(picture, (THUMB, THUMB))
        self._path = path
        self._placement = clips.place(picture, film)

    def scene(self, scene: Scene, *, index: int, seed: int) -> Shown:
        del scene, index, seed  # a clip plays as it is
        return clips.Player(self._path, self._placement)


def open_all(request: DraftRequest, sources: Iterable[int | None]) -> dict[int | None, Material]:
    """The materials of these sources (None is the first frame). Raises UnreadableMedia."""
    film = (request.width, request.height)
    wanted = sorted(set(sources), key=lambda source: -1 if source is None else source)
    with ThreadPoolExecutor(max_workers=2) as pool:
        opened = pool.map(lambda source: _open(request, source, film), wanted)
        return dict(zip(wanted, opened, strict=True))


def _open(request: DraftRequest, source: int | None, film: Size) -> Material:
    if source is None:
        if request.first_frame is None:
            raise ValueError("a scene shows a first frame that is not there")
        with containers.speaking_of("The first frame", "first_frame"):
            return PictureMaterial(request.first_frame, film)
    wanted = request.sources[source]
    with containers.speaking_of(wanted.label, wanted.key):
        return (
            ClipMaterial(wanted.path, film) if wanted.kind == "video" else PictureMaterial(wanted.path, film)
        )
