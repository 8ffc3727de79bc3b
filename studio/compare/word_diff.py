"""Two texts word by word: which stretches both have, which only the one, which only the other.

Words are words of any script; a character of Chinese, Japanese or Korean is a word of its own, a mention of a
reference is one, and every mark of punctuation. Spaces belong to the word before them and make no change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(
    r"(?:\{\{ref:[a-z0-9]{1,12}\}\}"
    r"|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    r"|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff])[^\W_])+"
    r"(?:['’-](?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff])[^\W_])+)*"
    r"|\S)\s*|^\s+"
)
# Looking for the longest common stretch costs the product of both lengths: beyond this, whole sentences are compared.
PAIRS_AT_MOST = 400_000
SENTENCE_END = re.compile(r"[.!?。！？\n]")
LITTLE = 3


class Mark(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch as each text has it: what is removed has no `after`, what is added no `before`."""

    mark: Mark
    before: str = ""
    after: str = ""


def words(text: str) -> list[str]:
    """The text cut into words; joined they are the text again."""
    return WORD.findall(text)


def diff(before: Sequence[str], after: Sequence[str]) -> list[Stretch]:
    """Stretches in reading order; where something was replaced, what went comes before what came."""
    changes = _joined(_changes(before, after), before)
    stretches: list[Stretch] = []
    for same, old, new in changes:
        first, second = "".join(before[slice(*old)]), "".join(after[slice(*new)])
        if same:
            stretches.append(Stretch(mark=Mark.SAME, before=first, after=second))
            continue
        if first:
            stretches.append(Stretch(mark=Mark.REMOVED, before=first))
        if second:
            stretches.append(Stretch(mark=Mark.ADDED, after=second))
    return stretches


def clipped(text: str, *, head: int, tail: int) -> str:
    """The first `head` and the last `tail` words, with "…" for what is left out between them."""
    parts = words(text)
    if len(parts) <= head + tail + LITTLE:
        return text
    first = "".join(parts[:head]).rstrip()
    last = "".join(parts[len(parts) - tail :]) if tail else ""
    return f"{first}… {last}" if first and last else f"{first}…" if first else f"…{last}"


type Span = tuple[int, int]
type Change = tuple[bool, Span, Span]


def _changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """(whether both have it, where in the one, where in the other), without gaps."""
    old, new = [word.strip() for word in before], [word.strip() for word in after]
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end])
    changes: list[Change] = [(True, (0, start), (0, start))] if start else []
    changes += [(same, (a + start, b + start), (c + start, d + start)) for same, (a, b), (c, d) in middle]
    if end:
        changes.append((True, (len(old) - end, len(old)), (len(new) - end, len(new))))
    return changes


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    while count < min(len(old), len(new)) and old[count] == new[count]:
        count += 1
    return count


def _middle(old: list[str], new: list[str]) -> list[Change]:
    if len(old) * len(new) <= PAIRS_AT_MOST:
        return _matched(old, new)
    old_ends, new_ends = _sentences(old), _sentences(new)
    whole = _matched([" ".join(old[a:b]) for a, b in old_ends], [" ".join(new[a:b]) for a, b in new_ends])
    return [(same, _span(old_ends, first), _span(new_ends, second)) for same, first, second in whole]


def _matched(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(code == "equal", (a, b), (c, d)) for code, a, b, c, d in codes]


def _sentences(parts: Sequence[str]) -> list[Span]:
    ends = [position + 1 for position, word in enumerate(parts) if SENTENCE_END.search(word)]
    if not ends or ends[-1] != len(parts):
        ends.append(len(parts))
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _span(sentences: Sequence[Span], which: Span) -> Span:
    first, last = which
    start = sentences[first][0] if first < len(sentences) else sentences[-1][1]
    return start, sentences[last - 1][1] if last > first else start


def _joined(changes: Sequence[Change], before: Sequence[str]) -> list[Change]:
    """Changes with next to nothing between them read as one: "the", a comma."""
    joined: list[Change] = []
    for position, change in enumerate(changes):
        same, old, _ = change
        is_between = 0 < position < len(changes) - 1
        if same and is_between and _is_little(before[slice(*old)]):
            change = (False, *change[1:])
        if joined and not change[0] and not joined[-1][0]:
            last = joined.pop()
            change = (False, (last[1][0], change[1][1]), (last[2][0], change[2][1]))
        joined.append(change)
    return joined


def _is_little(parts: Sequence[str]) -> bool:
    return len(parts) == 1 and not parts[0].startswith("{{") and len(parts[0].strip()) <= LITTLE
