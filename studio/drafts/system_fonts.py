"""Fonts of this computer, for letters that the product's own typefaces lack."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDERS = (
    *(
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "C:/Windows/Fonts",
    ),
    *(str(Path.home() / ".local/share/fonts"), str(Path.home() / ".fonts")),
)
_WANTED = (  # the first found of each row is used
    ("DejaVuSerif.ttf", "NotoSerif-Regular.ttf", "Times New Roman.ttf", "times.ttf"),
    (
        *("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "SourceHanSerif-Regular.ttc"),
        *("wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf"),
        *("PingFang.ttc", "STHeiti Light.ttc", "msyh.ttc", "simsun.ttc"),
    ),
    ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "segoeui.ttf"),
)


@cache
def find() -> tuple[Path, ...]:
    """Those that complete ours: a serif, Chinese letters, a sans serif. Empty where there are none."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for path in Path(folder).rglob("*.[to]t[fc]"):
            found.setdefault(path.name, path)
    rows = (next((found[name] for name in row if name in found), None) for row in _WANTED)
    return tuple(path for path in rows if path is not None)
