"""What changed from one recipe to another: word by word in the prompt, reference by reference, setting by setting.

Pure: it is told everything and asks nobody. A mention is compared by what it points at, never by its number: Image 2
that became Image 1 is the same mention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from studio import mentions
from studio.compare import word_diff
from studio.compare.word_diff import Mark, Stretch

PROMPT, REFERENCES = "Prompt", "References"
CONTEXT_WORDS = 8


class Fate(StrEnum):
    """What became of a reference."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    SWAPPED = "swapped"


@dataclass(frozen=True, kw_only=True)
class Used:
    """A reference as a recipe uses it: `key` is what mentions point at, `content` the SHA-256 of its bytes."""

    key: str
    kind: str
    name: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Value:
    """A setting as it is read. Where two may read alike and differ, as names of files do, `identity` tells."""

    name: str
    words: str
    identity: str = ""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One recipe. `prompt` holds mentions as identities; `settings` are in the order of the page."""

    prompt: str
    references: tuple[Used, ...] = ()
    settings: tuple[Value, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a prompt as it is read. With a `key` it is the mention of that reference of its own side."""

    text: str
    mark: Mark
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A reference under its side; `was` is the name of the file that a swapped one took the place of."""

    key: str
    kind: str
    label: str
    name: str
    fate: Fate
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting on both sides, in words."""

    name: str
    before: str
    after: str
    is_changed: bool


@dataclass(frozen=True, kw_only=True)
class RecipeDiff:
    """Both sides of every part. The short prompts leave out what is far from any change, and say so with "…"."""

    prompt_before: tuple[Piece, ...]
    prompt_after: tuple[Piece, ...]
    short_before: tuple[Piece, ...]
    short_after: tuple[Piece, ...]
    references_before: tuple[Chip, ...]
    references_after: tuple[Chip, ...]
    settings: tuple[Setting, ...]

    @property
    def is_prompt_changed(self) -> bool:
        return any(piece.mark != Mark.SAME for piece in (*self.prompt_before, *self.prompt_after))

    @property
    def are_references_changed(self) -> bool:
        return any(chip.fate != Fate.SAME for chip in (*self.references_before, *self.references_after))

    @property
    def changed(self) -> tuple[Setting, ...]:
        return tuple(setting for setting in self.settings if setting.is_changed)

    @property
    def unchanged(self) -> tuple[Setting, ...]:
        return tuple(setting for setting in self.settings if not setting.is_changed)

    @property
    def total(self) -> int:
        """How many settings a recipe has; the prompt and the references are one each."""
        return len(self.settings) + 2

    @property
    def changed_count(self) -> int:
        return len(self.changed) + self.is_prompt_changed + self.are_references_changed

    @property
    def same_count(self) -> int:
        return self.total - self.changed_count


def compare(before: Side, after: Side) -> RecipeDiff:
    """Both recipes side by side. A setting that only one of them has is empty on the other side."""
    pairs = _pairs(before.references, after.references)
    stretches = word_diff.diff(_words(before.prompt, {}), _words(after.prompt, pairs))
    back = {kept: key for key, kept in pairs.items()}
    short = _shortened(stretches)
    return RecipeDiff(
        prompt_before=_pieces(stretches, Mark.REMOVED, before.references, {}),
        prompt_after=_pieces(stretches, Mark.ADDED, after.references, back),
        short_before=_pieces(short, Mark.REMOVED, before.references, {}),
        short_after=_pieces(short, Mark.ADDED, after.references, back),
        references_before=_chips_before(before.references, after.references, back),
        references_after=_chips_after(before.references, after.references, pairs),
        settings=_settings(before, after),
    )


def _pairs(before: Sequence[Used], after: Sequence[Used]) -> dict[str, str]:
    """Which reference of `before` each of `after` is, by key.

    The same key is the same place of the tray, whatever file lies in it now. Else the same bytes are the same
    reference, though another brief gave them another key.
    """
    keys = {used.key for used in before}
    pairs = {used.key: used.key for used in after if used.key in keys}
    free = [used for used in before if used.key not in pairs]
    for used in after:
        twin = next((old for old in free if (old.kind, old.content) == (used.kind, used.content)), None)
        if used.key not in pairs and twin:
            pairs[used.key] = twin.key
            free.remove(twin)
    return pairs


def _words(prompt: str, pairs: dict[str, str]) -> list[str]:
    """The words of a prompt, each mention with the key that the first side has for it."""

    def with_key(key: str) -> str:
        return f"{{{{ref:{pairs.get(key, key)}}}}}"

    return word_diff.words(mentions.TOKEN.sub(lambda match: with_key(match.group(1)), prompt))


def _shortened(stretches: Sequence[Stretch]) -> list[Stretch]:
    """What both have, cut down to the words next to a change. Without a change nothing is cut."""
    if len(stretches) < 2:
        return list(stretches)
    last = len(stretches) - 1

    def cut(position: int, stretch: Stretch) -> Stretch:
        if stretch.mark != Mark.SAME:
            return stretch
        head, tail = CONTEXT_WORDS * (position > 0), CONTEXT_WORDS * (position < last)
        before = word_diff.clipped(stretch.before, head=head, tail=tail)
        return replace(stretch, before=before, after=word_diff.clipped(stretch.after, head=head, tail=tail))

    return [cut(position, stretch) for position, stretch in enumerate(stretches)]


def _pieces(
    stretches: Sequence[Stretch], own: Mark, references: Sequence[Used], back: dict[str, str]
) -> tuple[Piece, ...]:
    """One side's prompt: what both have, and what is its own. `back` turns keys into this side's again."""
    names = mentions.labels([mentions.Named(key=used.key, kind=used.kind) for used in references])
    pieces: list[Piece] = []
    for stretch in stretches:
        if stretch.mark not in (Mark.SAME, own):
            continue
        text = stretch.before if own == Mark.REMOVED else stretch.after
        for position, part in enumerate(mentions.TOKEN.split(text)):
            if position % 2:
                key = back.get(part, part)
                pieces.append(Piece(text=names.get(key, "Image ?"), mark=stretch.mark, key=key))
            elif part:
                pieces.append(Piece(text=part, mark=stretch.mark))
    return tuple(pieces)


def _chips_before(before: Sequence[Used], after: Sequence[Used], back: dict[str, str]) -> tuple[Chip, ...]:
    later = {used.key: used for used in after}

    def fate(used: Used) -> tuple[Fate, str]:
        now = later.get(back.get(used.key, ""))
        if now is None:
            return Fate.REMOVED, ""
        return (Fate.SAME if now.content == used.content else Fate.SWAPPED), ""

    return _chips(before, fate)


def _chips_after(before: Sequence[Used], after: Sequence[Used], pairs: dict[str, str]) -> tuple[Chip, ...]:
    earlier = {used.key: used for used in before}

    def fate(used: Used) -> tuple[Fate, str]:
        then = earlier.get(pairs.get(used.key, ""))
        if then is None:
            return Fate.ADDED, ""
        return (Fate.SAME, "") if then.content == used.content else (Fate.SWAPPED, then.name)

    return _chips(after, fate)


def _chips(references: Sequence[Used], fate_of: Callable[[Used], tuple[Fate, str]]) -> tuple[Chip, ...]:
    names = mentions.labels([mentions.Named(key=used.key, kind=used.kind) for used in references])
    chips = []
    for used in references:
        fate, was = fate_of(used)
        chips.append(
            Chip(key=used.key, kind=used.kind, label=names[used.key], name=used.name, fate=fate, was=was)
        )
    return tuple(chips)


def _settings(before: Side, after: Side) -> tuple[Setting, ...]:
    old = {value.name: value for value in before.settings}
    new = {value.name: value for value in after.settings}
    return tuple(_setting(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new]))


def _setting(name: str, old: Value | None, new: Value | None) -> Setting:
    return Setting(
        name=name,
        before=old.words if old else "",
        after=new.words if new else "",
        is_changed=old != new,
    )
