"""In a child: draw the two pictures of the sample draft, a fox and a meadow at dawn."""

from __future__ import annotations

import io
import math
import random
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from PIL import Image

from studio.drafts.paper import Colour, Paper, Point, mirrored, shade, sky


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    """The picture as a JPEG file in base64; the same bytes every time on one machine."""
    file = io.BytesIO()
    DRAWN[payload["picture"]]().save(file, "JPEG", quality=92, subsampling=0)
    return {"jpeg": b64encode(file.getvalue()).decode()}


def meadow() -> Image.Image:
    """Hills in the mist, a low sun, dandelions in front. 1600 x 1200."""
    paper = Paper(
        1600,
        1200,
        sky(
            [
                (0, (58, 84, 112)),
                (0.25, (126, 140, 150)),
                (0.42, (228, 176, 138)),
                (0.56, (255, 221, 168)),
                (1, (255, 221, 168)),
            ]
        ),
    )
    chance = random.Random(7)  # noqa: S311  a drawing, not a secret
    paper.glow(640, 372, 520, (255, 226, 170), strength=0.95)
    paper.disc(640, 372, 46, (255, 246, 222))
    hills: list[tuple[float, float, Colour]] = [
        (395, 26, (196, 158, 140)),
        (425, 34, (160, 142, 122)),
        (462, 30, (118, 124, 98)),
        (515, 24, (82, 104, 74)),
        (575, 20, (52, 80, 56)),
    ]
    for number, (level, swing, colour) in enumerate(hills):
        paper.cut_sharp(_ridge(level, swing, phase=number * 1.9), colour)
        if number < 4:
            paper.glow(640, level + 60, 420, (255, 224, 176), strength=0.32 - number * 0.06)
    _trees(paper, chance)
    _grass(paper, chance)
    for x, y, size, lit in _flowers():
        _dandelion(paper, x, y, size, lit=lit)
    return paper.finished()


def _ridge(level: float, swing: float, *, phase: float) -> list[Point]:
    edge = [
        (x, level + swing * math.sin(x / 170 + phase) + swing * 0.45 * math.sin(x / 67 + 2 * phase))
        for x in range(-10, 1011, 6)
    ]
    return [*edge, (1010, 760), (-10, 760)]


def _trees(paper: Paper, chance: random.Random) -> None:
    """Poplars at both sides, dark against the light."""
    for x, foot, tall in ((60, 566, 250), (116, 574, 318), (176, 570, 214), (936, 590, 270), (884, 586, 176)):
        wide, lean = tall * 0.13, chance.uniform(-4, 4)
        paper.line([(x, foot + 6), (x, foot - tall * 0.4)], (44, 60, 48), width=5)
        left = [
            (x + lean, foot - tall), (x - wide * 0.4, foot - tall * 0.8), (x - wide * 0.9, foot - tall * 0.5),
            (x - wide, foot - tall * 0.26), (x - wide * 0.5, foot - tall * 0.1), (x, foot - tall * 0.07),
        ]  # fmt: skip
        paper.cut([*left, *reversed(mirrored(left[1:-1], about=x))], (44, 66, 50))
        lit = [
            (x + lean, foot - tall * 0.96),
            *mirrored(left[2:5], about=x),
            (x + wide * 0.2, foot - tall * 0.3),
        ]
        paper.cut(lit, (60, 82, 56))


def _grass(paper: Paper, chance: random.Random) -> None:
    greens: list[Colour] = [(38, 64, 46), (46, 76, 50), (66, 94, 56), (108, 122, 66)]
    for _ in range(520):
        x, foot = chance.uniform(-10, 1010), chance.uniform(612, 780)
        tall, lean = chance.uniform(26, 70) * (0.5 + (foot - 600) / 180), chance.uniform(-16, 20)
        lit = 3 if abs(x - 640) < 200 and chance.random() < 0.3 else chance.randrange(3)
        blade = [
            (x - 2.2, foot),
            (x + lean * 0.5, foot - tall * 0.6),
            (x + lean, foot - tall),
            (x + 2.2, foot),
        ]
        paper.cut_sharp(blade, greens[lit])


def _flowers() -> list[tuple[float, float, float, float]]:
    """Where the dandelions stand: x, y of the head, radius, and how much light they catch."""
    return [
        (548, 560, 26, 1.0), (716, 584, 30, 1.0), (420, 590, 24, 0.8), (840, 570, 22, 0.8), (300, 612, 34, 0.7),
        (618, 640, 38, 1.0), (950, 630, 32, 0.6), (205, 668, 44, 0.55), (490, 680, 46, 0.8), (790, 672, 50, 0.75),
    ]  # fmt: skip


def _dandelion(paper: Paper, x: float, y: float, radius: float, *, lit: float) -> None:
    paper.line(
        [(x, y), (x + radius * 0.2, y + radius * 2.5), (x - radius * 0.1, y + radius * 5)],
        (74, 98, 58),
        width=radius / 9,
    )
    paper.glow(x, y, radius * 2.3, (255, 236, 196), strength=0.5 * lit)
    fluff, stalk = shade((255, 247, 230), 0.68 + 0.32 * lit), shade((236, 220, 188), 0.62 + 0.3 * lit)
    for ring, reach in enumerate((1.0, 0.84, 0.64, 0.42)):
        for turn in range(26):
            angle = (turn + ring / 2) * math.tau / 26
            tip = (x + radius * reach * math.cos(angle), y + radius * reach * math.sin(angle))
            paper.line([(x, y), tip], stalk, width=radius / 46)
            paper.disc(*tip, radius * (0.075 - 0.012 * ring), fluff)
    paper.disc(x, y, radius * 0.13, (140, 112, 72))


def fox() -> Image.Image:
    """A small fox of cut paper, sitting and looking at us. 1600 x 1600."""
    paper = Paper(1600, 1600, sky([(0, (208, 218, 210)), (0.62, (232, 228, 212)), (1, (214, 208, 190))]))
    orange, deep, cream, dark = (222, 116, 52), (190, 88, 38), (250, 240, 222), (58, 42, 44)
    paper.disc(500, 500, 380, (240, 234, 216))
    paper.disc(512, 882, 300, (186, 184, 164), flat=0.13)
    _tail(paper, orange, deep, cream)
    _body(paper, orange, deep, cream, dark)
    _head(paper, orange, deep, cream, dark)
    return paper.finished()


def _tail(paper: Paper, orange: Colour, deep: Colour, cream: Colour) -> None:
    paper.cut(
        [
            (560, 868),
            (700, 880),
            (812, 826),
            (862, 720),
            (836, 600),
            (780, 552),
            (770, 640),
            (736, 722),
            (650, 772),
            (572, 790),
        ],
        deep,
        shadow=0.3,
    )
    paper.cut(
        [(590, 862), (700, 862), (796, 806), (838, 716), (820, 622), (800, 690), (740, 766), (650, 806)],
        orange,
    )
    paper.cut([(780, 552), (836, 600), (862, 706), (826, 690), (800, 704), (772, 664), (786, 620)], cream)


def _body(paper: Paper, orange: Colour, deep: Colour, cream: Colour, dark: Colour) -> None:
    paper.cut(
        [
            (410, 520),
            (352, 640),
            (322, 780),
            (330, 872),
            (420, 892),
            (580, 892),
            (672, 868),
            (680, 770),
            (646, 636),
            (590, 520),
            (500, 490),
        ],
        orange,
        shadow=0.35,
    )
    paper.cut([(600, 690), (676, 760), (690, 852), (640, 892), (560, 888), (548, 800)], deep)
    paper.cut(
        [(430, 540), (420, 640), (452, 742), (500, 790), (548, 742), (580, 640), (570, 540), (500, 520)],
        cream,
    )
    for x in (438, 562):
        paper.cut(
            [
                (x - 32, 652),
                (x - 38, 800),
                (x - 50, 880),
                (x, 898),
                (x + 50, 880),
                (x + 38, 800),
                (x + 32, 652),
                (x, 632),
            ],
            orange,
            shadow=0.22,
        )
        paper.cut([(x - 40, 812), (x - 52, 880), (x, 900), (x + 52, 880), (x + 40, 812), (x, 826)], dark)


def _head(paper: Paper, orange: Colour, deep: Colour, cream: Colour, dark: Colour) -> None:
    for side in (False, True):
        ear, inside = [(316, 330), (296, 128), (322, 116), (470, 250)], [(338, 290), (318, 166), (426, 252)]
        paper.cut_sharp(mirrored(ear, about=500) if side else ear, deep, shadow=0.25)
        paper.cut_sharp(mirrored(inside, about=500) if side else inside, dark)
    paper.cut(
        [
            (500, 226),
            (396, 236),
            (310, 300),
            (262, 400),
            (218, 458),
            (300, 508),
            (404, 566),
            (500, 606),
            (596, 566),
            (700, 508),
            (782, 458),
            (738, 400),
            (690, 300),
            (604, 236),
        ],
        orange,
        shadow=0.4,
    )
    cheek = [(236, 458), (310, 440), (392, 424), (452, 452), (490, 520), (500, 600), (404, 558), (306, 504)]
    paper.cut(cheek, cream)
    paper.cut(mirrored(cheek, about=500), cream)
    paper.cut([(500, 250), (470, 330), (462, 430), (500, 560), (538, 430), (530, 330)], shade(orange, 1.06))
    for x in (386, 614):
        paper.disc(x, 402, 25, dark)
        paper.disc(x + 8, 393, 8, (255, 252, 244))
    paper.cut([(460, 556), (500, 546), (540, 556), (522, 590), (500, 606), (478, 590)], dark)
    paper.disc(490, 566, 7, (140, 122, 120))


DRAWN = {"fox": fox, "meadow": meadow}
