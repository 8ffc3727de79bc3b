"""The ways in which looking at, or working on, a file can end without a result."""

from __future__ import annotations

from typing import Literal

FailureReason = Literal[
    "timeout", "memory", "cpu", "file_size", "no_space", "crashed", "raised", "protocol", "not_started"
]

MEASURED = {
    "empty": "nothing in it",
    "cut": "its end is missing",
    "unreadable": "can’t be decoded",
    "too_heavy": "unfolds to far more than its size",
    "no_length": "no readable length",
    "no_content": "neither pictures nor sound",
    "damaged": "parts can’t be decoded",
}


class UnreadableMedia(Exception):
    """The bytes are not something we can use. `sentence` is for people, `code` for programs; `measured` is what
    was found, in a few words; `about` is the caller's own word for the file, where several were read."""

    def __init__(self, code: str, sentence: str, *, measured: str = "", about: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.about = about
        self.measured = measured or MEASURED.get(code, code.replace("_", " "))


class ChildFailed(Exception):
    """The child process ended without an answer: killed by a limit, crashed, or raised.

    `reason` says which; `detail` is for developers and never shown to people.
    """

    def __init__(self, reason: FailureReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: FailureReason = reason
        self.detail = detail


class ChildCancelled(Exception):
    """The caller asked for the child to stop, and it has stopped."""
