"""Why a note cannot be taken, and the few things that every text must be."""

from __future__ import annotations

TEXT_AT_MOST = 5000


class Refused(Exception):
    """`sentence` says what happened and what to do; what the person wrote stays with them."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def clean_text(text: str) -> str:
    """The text as it is kept: line ends as one sign, nothing around it, no NUL (a database may refuse it)."""
    said = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(said) > TEXT_AT_MOST:
        raise Refused(f"A note has at most {TEXT_AT_MOST:,} characters; this one has {len(said):,}.")
    return said
