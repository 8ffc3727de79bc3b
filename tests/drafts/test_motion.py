"""The camera: calm, smooth between pixels, inside the picture, and different for another seed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PIL import Image

from studio.drafts import motion
from studio.drafts.materials import Still
from studio.drafts.motion import Move, View
from studio.drafts.planes import Planes

FILM = (320, 180)
CANVASES = {"same shape": (372, 210), "tall": (372, 520), "wide": (930, 210)}


def move(
    canvas: tuple[int, int], *, seed: int = 1, scene: int = 0, seconds: float = 5, centred: bool = False
) -> Move:
    return motion.choose(canvas=canvas, film=FILM, seconds=seconds, seed=seed, scene=scene, centred=centred)


@pytest.mark.parametrize("canvas", CANVASES.values(), ids=CANVASES)
@pytest.mark.parametrize("seed", range(12))
def test_the_camera_never_leaves_the_picture(canvas: tuple[int, int], seed: int) -> None:
    moves = [move(canvas, seed=seed, seconds=seconds) for seconds in (1, 5, 15)]

    for one in moves:
        for step in range(31):
            left, top, right, bottom = one.box(step / 30)
            assert -0.01 <= left < right <= canvas[0] + 0.01
            assert -0.01 <= top < bottom <= canvas[1] + 0.01
            assert (right - left) / (bottom - top) == pytest.approx(FILM[0] / FILM[1], rel=1e-6)


@pytest.mark.parametrize("canvas", CANVASES.values(), ids=CANVASES)
def test_the_camera_moves_in_every_scene_and_eases_in_and_out(canvas: tuple[int, int]) -> None:
    for seed in range(12):
        boxes = [move(canvas, seed=seed).box(step / 150) for step in range(151)]
        steps = [sum(abs(b - a) for a, b in zip(one, other, strict=True)) for one, other in pairwise(boxes)]

        assert sum(steps) > 12
        assert steps[0] < max(steps) * 0.6
        assert steps[-1] < max(steps) * 0.6


def test_another_seed_is_another_move_and_the_same_seed_the_same() -> None:
    moves = [move(CANVASES["same shape"], seed=seed) for seed in range(8)]

    assert len({one.box(0) + one.box(1) for one in moves}) == 8
    assert moves[3] == move(CANVASES["same shape"], seed=3)


def test_scenes_of_one_film_move_differently() -> None:
    moves = {move(CANVASES["same shape"], scene=scene).box(0) for scene in range(4)}

    assert len(moves) > 1


def test_a_centred_picture_stays_whole() -> None:
    canvas = CANVASES["same shape"]

    for seed in range(6):
        for step in range(31):
            left, top, right, bottom = move(canvas, seed=seed, centred=True).box(step / 30)
            assert left <= (canvas[0] - FILM[0]) / 2 + 0.01
            assert right >= (canvas[0] + FILM[0]) / 2 - 0.01
            assert top <= (canvas[1] - FILM[1]) / 2 + 0.01
            assert bottom >= (canvas[1] + FILM[1]) / 2 - 0.01


def test_a_slow_pan_glides_between_pixels_without_jitter() -> None:
    """An edge that wanders 9 pixels in 90 frames: measured from the drawn pixels, to a fraction of one."""
    canvas = Image.new("RGB", (372, 210), "black")
    canvas.paste("white", (0, 0, 180, 210))
    start, end = View(x=170, y=100, zoom=1.0), View(x=179, y=104, zoom=1.0)
    still = Still(canvas=Planes.from_image(canvas), move=Move(start=start, end=end, film=FILM), frames=90)

    edges = [_edge(still.at(number)()) for number in range(90)]
    steps = [before - after for before, after in pairwise(edges)]

    assert sum(steps) == pytest.approx(9, abs=0.2)
    assert min(steps) > 0
    assert max(abs(after - before) for before, after in pairwise(steps)) < 0.03


def _edge(planes: Planes) -> float:
    """How far the white reaches into the middle row, in pixels with fractions."""
    row = planes.y.crop((0, 90, FILM[0], 91)).tobytes()
    return sum((level - 16) / 219 for level in row)
