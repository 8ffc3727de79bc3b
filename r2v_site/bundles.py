"""Turn a contents page into one file: CSS @import chains and our own ES modules. Pure text, no Django.

Development serves the small files as they are written. Collecting static files calls these, so that a page needs
one stylesheet and one script.

The module bundler knows exactly the JavaScript this project writes and refuses the rest: named imports and exports,
one statement each, no default exports, no cycles, no template inside a template (the minifier would eat its spaces).
A dynamic import() stays one, with its address made right.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

type Reader = Callable[[str], str]

_CSS_IMPORT = re.compile(r'@import url\("(?P<url>[^"]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;')
_CSS_URL = re.compile(r'url\("(?P<url>[^":]+)"\)')
_CSS_COMMENT = re.compile(r'/\*.*?\*/|("(?:[^"\\]|\\.)*")', re.DOTALL)
_CSS_SAME_LAYER = re.compile(r"\}/\*end (\w+)\*/\s*@layer \1 \{")
_CSS_STRING = re.compile(r'("(?:[^"\\]|\\.)*")')
_JS_IMPORT = re.compile(r'^import (?:\{(?P<names>[^}]*)\} from )?"(?P<url>\.[^"]+)";$', re.MULTILINE)
_JS_LATER = re.compile(r'\bimport\("(?P<url>\.[^"]+)"\)')
_JS_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function\*?|class|const) (?P<name>[A-Za-z_$][\w$]*))", re.MULTILINE
)
_JS_NESTED = re.compile(r"\$\{[^}`]*`")
_JS_LEFT_OVER = re.compile(r"^(?:import [^(]|export )", re.MULTILINE)


class CannotBundle(Exception):
    """A file uses an import or export this bundler does not know."""


def flatten_css(name: str, read: Reader) -> str:
    """One stylesheet with every imported one in place, in its layer, and url()s relative to `name`."""
    return _shrink_css(_flatten_css(name, posixpath.dirname(name), read))


def bundle_modules(name: str, read: Reader) -> str:
    """One module with every statically imported one before it, each in a scope of its own."""
    order: list[str] = []
    texts: dict[str, str] = {}
    _collect(name, read, order, texts, ())
    root = posixpath.dirname(name)
    return "\n".join(_scoped(each, texts[each], order, root) for each in order)


def _flatten_css(name: str, root: str, read: Reader) -> str:
    folder = posixpath.dirname(name)

    def imported(match: re.Match[str]) -> str:
        text = _flatten_css(_join(folder, match["url"]), root, read)
        layer = match["layer"]
        return f"@layer {layer} {{\n{text}\n}}/*end {layer}*/" if layer else text

    def rebased(match: re.Match[str]) -> str:
        return f'url("{posixpath.relpath(_join(folder, match["url"]), root)}")'

    # Addresses are rebased before the imports are filled in: imported text has had its own done.
    return "".join(
        imported(match) if (match := _CSS_IMPORT.fullmatch(part)) else _CSS_URL.sub(rebased, part)
        for part in _split(_CSS_IMPORT, read(name))
    )


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    parts: list[str] = []
    position = 0
    for match in pattern.finditer(text):
        parts += [text[position : match.start()], match[0]]
        position = match.end()
    return [*parts, text[position:]]


def _shrink_css(text: str) -> str:
    """Without comments and needless spaces, and with neighbours of one layer in one block."""
    merged = _CSS_SAME_LAYER.sub("", text)
    without_comments = _CSS_COMMENT.sub(lambda match: match[1] or "", merged)
    parts = _CSS_STRING.split(without_comments)
    return "".join(part if part.startswith('"') else _tighten(part) for part in parts).strip() + "\n"


def _tighten(part: str) -> str:
    spaced = re.sub(r"\s+", " ", part)
    joined = re.sub(r" ?([{};>/]) ?", r"\1", spaced).replace(";}", "}")
    return re.sub(r"(?<=[,:]) |(?<=[ ,:(])0(?=\.\d)", "", joined)


def _collect(
    name: str, read: Reader, order: list[str], texts: dict[str, str], above: tuple[str, ...]
) -> None:
    if name in above:
        raise CannotBundle(f"{name} imports itself by way of {above[-1]}.")
    if name in texts:
        return
    text = read(name)
    for match in _JS_IMPORT.finditer(text):
        _collect(_join(posixpath.dirname(name), match["url"]), read, order, texts, (*above, name))
    texts[name] = text
    order.append(name)


def _scoped(name: str, text: str, order: list[str], root: str) -> str:
    """The module as a function that runs once and hands out its exports."""
    folder = posixpath.dirname(name)

    def taken(match: re.Match[str]) -> str:
        if match["names"] is None:
            return ""
        names = re.sub(r"\bas\b", ":", match["names"])
        return f"const {{{names}}} = {_variable(_join(folder, match['url']), order)};"

    def later(match: re.Match[str]) -> str:
        url = posixpath.relpath(_join(folder, match["url"]), root)
        return f'import("{url if url.startswith(".") else f"./{url}"}")'

    exports = [match["name"] for match in _JS_EXPORT.finditer(text)]
    body = _JS_EXPORT.sub("", _JS_LATER.sub(later, _JS_IMPORT.sub(taken, text))).strip()
    if left_over := _JS_LEFT_OVER.search(body):
        line = body[left_over.start() :].partition("\n")[0]
        raise CannotBundle(f"{name}: {line!r} is not an import or export this project writes.")
    if nested := _JS_NESTED.search(body):
        raise CannotBundle(f"{name}: {nested[0]!r} is a template inside a template.")
    return f"const {_variable(name, order)} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();"


def _variable(name: str, order: list[str]) -> str:
    return f"module{order.index(name)}"


def _join(folder: str, url: str) -> str:
    return posixpath.normpath(posixpath.join(folder, url))
