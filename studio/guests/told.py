"""All that a guest may know, field by field. Templates of guests get these and never a model (L-06)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studio import drawings
from studio.guests.making import Making
from studio.models import Verdict


@dataclass(frozen=True, kw_only=True)
class GuestClip:
    """One clip in the list. `state` is "now", "approved", "asked", "watched" or "new"."""

    key: str
    title: str
    address: str
    poster: str
    state: str


@dataclass(frozen=True, kw_only=True)
class GuestFilm:
    """The clip that is looked at. `download` is empty where it is not allowed."""

    key: str
    title: str
    src: str
    poster: str
    sprite: str
    download: str
    width: int
    height: int
    seconds: float
    fps: float
    frames: int


@dataclass(frozen=True, kw_only=True)
class GuestNote:
    """`who` is "you", "guest" or "studio"; `frame` is None for the whole clip."""

    key: str
    who: str
    name: str
    text: str
    frame: int | None
    seconds: float
    drawing: list[Any]
    at: datetime
    is_answer: bool
    is_done: bool
    is_changed: bool

    @property
    def drawn(self) -> str:
        """What is drawn, in words; nothing without a drawing."""
        return drawings.in_words(self.drawing)

    @property
    def strokes(self) -> str:
        return json.dumps(self.drawing, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class GuestDecision:
    verdict: str
    sentence: str
    at: datetime

    @property
    def is_approval(self) -> bool:
        return self.verdict == Verdict.APPROVED


@dataclass(frozen=True, kw_only=True)
class GuestPage:
    """`revision` is a word for the notes and decisions shown, `terms` for all else that can change: what the link
    allows and which clips it has. Neither tells what else goes on in the studio.
    """

    token: str
    studio: str
    title: str
    message: str
    sender: str
    ends_at: datetime
    me: str
    may_comment: bool
    may_decide: bool
    clips: list[GuestClip]
    film: GuestFilm | None
    decision: GuestDecision | None
    notes: list[GuestNote]
    making: Making | None
    terms: str
    revision: str
    is_preview: bool = False

    @property
    def first_name(self) -> str:
        return self.me.partition(" ")[0]

    @property
    def sender_first(self) -> str:
        return self.sender.partition(" ")[0]
