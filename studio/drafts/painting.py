"""Draw the frames of a film in order, a few ahead of whoever takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from studio.drafts.materials import Material, Shown
from studio.drafts.planes import Planes, Stamp
from studio.drafts.storyboard import Scene

AHEAD = 6  # frames drawn before they are asked for
FADE = 7  # frames in which a caption comes and goes

Draw = Callable[[], Planes]


@dataclass(frozen=True, kw_only=True)
class Dressed:
    """A scene with its caption pages, in the order they are shown."""

    scene: Scene
    pages: Sequence[Stamp]
    continues: bool = False  # the same caption was on screen before: no fade in
    goes_on: bool = False  # and stays: no fade out


def paint(
    dressed: Sequence[Dressed], materials: Mapping[int | None, Material], *, badge: Stamp, seed: int
) -> Iterator[Planes]:
    """Every frame of the film."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        waiting: deque[Future[Planes]] = deque()
        for draw in _drawings(dressed, materials, badge=badge, seed=seed):
            waiting.append(pool.submit(draw))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _drawings(
    dressed: Sequence[Dressed], materials: Mapping[int | None, Material], *, badge: Stamp, seed: int
) -> Iterator[Draw]:
    before: Shown | None = None
    before_frames = 0
    for index, each in enumerate(dressed):
        scene = each.scene
        shown = materials[scene.source].scene(scene, index=index, seed=seed)
        with closing(shown):
            for number in range(scene.frames):
                draw = shown.at(number)
                if before is not None and number < scene.dissolve:
                    draw = partial(
                        _mixed, before.at(before_frames + number), draw, (number + 1) / scene.dissolve
                    )
                yield partial(_stamped, draw, (badge, 1.0), *_caption(each, number))
        before, before_frames = shown, scene.frames


def _caption(each: Dressed, number: int) -> list[tuple[Stamp, float]]:
    """The page on screen at a frame, and how strongly."""
    if not each.pages:
        return []
    frames, count = each.scene.frames, len(each.pages)
    page = min(number * count // frames, count - 1)
    start, end = -(-page * frames // count), -(-(page + 1) * frames // count)
    rising = 1.0 if each.continues and page == 0 else (number - start + 1) / FADE
    falling = 1.0 if each.goes_on and page == count - 1 else (end - number) / FADE
    return [(each.pages[page], min(1.0, rising, falling))]


def _mixed(before: Draw, now: Draw, amount: float) -> Planes:
    return before().mix(now(), amount)


def _stamped(draw: Draw, *stamps: tuple[Stamp, float]) -> Planes:
    planes = draw()
    for stamp, opacity in stamps:
        stamp.put_on(planes, opacity)
    return planes
