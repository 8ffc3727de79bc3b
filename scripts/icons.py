"""The sheet of icons: the Lucide drawings this product uses, and our own logo, as symbols of one SVG file.

Pages are served from it, never the sheet itself: a tag draws each icon in its place (studio/templatetags/ui.py).

To add an icon, add its Lucide name to scripts/icons.txt and run scripts/vendor.py. A symbol's id is the Lucide name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

LIST = Path(__file__).resolve().parent / "icons.txt"

LOGO = (
    '<symbol id="logo" viewBox="0 0 24 20">'
    '<rect x="1" y="1.5" width="15" height="10.5" rx="3" fill="none" stroke="currentColor" opacity=".55"/>'
    '<path fill="currentColor" stroke="none" d="M9.5 6.5h11a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-11a3 3 0 0 1-3-3v-7'
    'a3 3 0 0 1 3-3zm3.6 3.7v5.6c0 .5.5.8 1 .5l4.4-2.8c.4-.3.4-.8 0-1l-4.4-2.8c-.5-.3-1 0-1 .5z"/>'
    "</symbol>"
)


def names() -> list[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def sheet(read: Callable[[str], str]) -> str:
    """One SVG with a symbol for each listed icon. `read` gives the original drawing of a name."""
    symbols = [symbol(name, read(name)) for name in names()]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join([LOGO, *symbols]) + "\n</svg>\n"


def symbol(name: str, drawing: str) -> str:
    """The shapes alone: stroke and fill come from the page's CSS."""
    shapes = re.findall(r"<(?:path|rect|circle|line|ellipse|polyline|polygon)\b[^>]*?/>", drawing)
    if not shapes:
        raise ValueError(f"No shapes in the drawing of {name}.")
    body = "".join(re.sub(r"\s*/>$", "/>", shape) for shape in shapes)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'
