"""Names of references inside a prompt: what people read, what is stored, what a provider is sent.

People read "Image 1". Stored is the identity of the reference, `{{ref:KEY}}`, so that a mention follows its file
through re-ordering, replacement, a change of provider and a remix. Pictures and clips are numbered separately,
in tray order (contract, section 1.1). The same rules run in the browser in static/js/mentions.js.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

KEY_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
TOKEN = re.compile(r"\{\{ref:([a-z0-9]{1,12})\}\}")
# Spelled out and in ASCII, so that Python and the browser agree about every letter of every script.
NAME = re.compile(r"(?<![^\W_])([Ii][Mm][Aa][Gg][Ee]|[Vv][Ii][Dd][Ee][Oo]) ([1-9][0-9]?|\?)(?![^\W_])")
CUT = re.compile(r" \0(?=[ .,;:!?]|$)|\0 ?")
DEFAULT_LABELS = {"image": "Image {number}", "video": "Video {number}"}


@dataclass(frozen=True, kw_only=True)
class Named:
    """A reference as the tray shows it: its identity and its kind. Only usable ones are numbered."""

    key: str
    kind: str


def new_key(taken: Iterable[str] = ()) -> str:
    known = set(taken)
    while True:
        key = "".join(secrets.choice(KEY_LETTERS) for _ in range(6))
        if key not in known:
            return key


def new_keys(count: int) -> list[str]:
    keys: list[str] = []
    while len(keys) < count:
        keys.append(new_key(keys))
    return keys


def labels(refs: Sequence[Named], patterns: Mapping[str, str] = DEFAULT_LABELS) -> dict[str, str]:
    """The name of each reference by key: "Image 1", "Video 1", "Image 2" …"""
    counts = {"image": 0, "video": 0}
    names = {}
    for ref in refs:
        counts[ref.kind] += 1
        names[ref.key] = patterns[ref.kind].format(number=counts[ref.kind])
    return names


def to_stored(display: str, refs: Sequence[Named], *, gone: Sequence[Named] = ()) -> str:
    """Turn the names people read into identities. Names of nothing stay as typed.

    `gone` are references that have left but that the text still mentions. "Image ?" is the identity of the one
    picture among them; with two it stays as typed, because guessing could name the wrong one.
    """
    keys = {name.lower(): key for key, name in labels(refs).items()} | _lost_names(gone)
    safe = TOKEN.sub(lambda match: match.group(0).replace("{{", "{ {"), display)
    return NAME.sub(lambda match: _token(keys.get(_spelling(match)), match.group(0)), safe)


def to_display(
    stored: str,
    refs: Sequence[Named],
    patterns: Mapping[str, str] = DEFAULT_LABELS,
    *,
    gone: Sequence[Named] = (),
) -> str:
    """Turn identities into names; a mention of a reference that is gone reads "Image ?" or "Video ?"."""
    names = {ref.key: f"{ref.kind.capitalize()} ?" for ref in gone} | labels(refs, patterns)
    return TOKEN.sub(lambda match: names.get(match.group(1), "Image ?"), stored)


def relabel(
    display: str, before: Sequence[Named], after: Sequence[Named], *, gone: Sequence[Named] = ()
) -> str:
    """Rewrite the names in a text after the tray changed from `before` to `after`.

    `gone` are those that had left before and that the text still mentions.
    """
    return to_display(to_stored(display, before, gone=gone), after, gone=[*gone, *before])


def renamed(display: str, name: str, other: str) -> str:
    """Every spelling of a name replaced: by another name, or by nothing and one space less."""

    def spelled(match: re.Match[str]) -> str:
        is_it = match.group(0).lower() == name.lower()
        return (other or "\0") if is_it else match.group(0)

    return CUT.sub("", NAME.sub(spelled, display))


def mentioned_keys(stored: str) -> list[str]:
    """The identities in a stored prompt, in order, each once."""
    return list(dict.fromkeys(TOKEN.findall(stored)))


def lost(stored: str, refs: Sequence[Named], kinds: Mapping[str, str]) -> list[Named]:
    """The references that have left and that the prompt still mentions; `kinds` says what each of them was.

    Where the text holds an "Image ?" whose identity is forgotten, no lost picture is listed: the two would look
    the same, and the forgotten one could be taken for the other.
    """
    present = {ref.key for ref in refs}
    forgotten = {name.partition(" ")[0].lower() for name in unknown_names(stored) if name.endswith("?")}
    left = [
        Named(key=key, kind=kinds.get(key, "image")) for key in mentioned_keys(stored) if key not in present
    ]
    return [ref for ref in left if ref.kind not in forgotten]


def unknown_names(stored: str) -> list[str]:
    """Names in a stored prompt that point at nothing: "Image 4" with three pictures, or "Image ?"."""
    names = [_spelling(match, capital=True) for match in NAME.finditer(stored)]
    return list(dict.fromkeys(names))


def unmentioned(stored: str, refs: Sequence[Named]) -> list[str]:
    """Keys of references that the prompt never names: a hint, not a fault."""
    named = set(mentioned_keys(stored))
    return [ref.key for ref in refs if ref.key not in named]


def _lost_names(gone: Sequence[Named]) -> dict[str, str]:
    return {
        f"{kind} ?": keys[0]
        for kind in DEFAULT_LABELS
        if len(keys := [ref.key for ref in gone if ref.kind == kind]) == 1
    }


def _token(key: str | None, typed: str) -> str:
    return f"{{{{ref:{key}}}}}" if key else typed


def _spelling(match: re.Match[str], *, capital: bool = False) -> str:
    word = match.group(1).capitalize() if capital else match.group(1).lower()
    return f"{word} {match.group(2)}"
