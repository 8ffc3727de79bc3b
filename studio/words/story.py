"""What a card says, and what it is said from. Both are plain values: whoever reads the database fills them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from studio.models import Attempt, Charge, GenerationTask
from studio.money.prices import Price
from studio.providers.base import Capability
from studio.takes.faults import Fault
from studio.takes.progress import Countdown, Progress

STATUS_ICONS = {
    "queued": "clock",
    "sent": "send",
    "saving": "hard-drive-download",
    "succeeded": "play",
    "retrying": "rotate-cw",
    "failed": "triangle-alert",
    "expired": "triangle-alert",
    "canceled": "ban",
    "uncertain": "circle-question-mark",
}
# Stands in a sentence where the seconds to the next try are counted.
LEFT = "{left}"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A button: `kind` names what it does, `look` how it is dressed, `sends` what its form carries along."""

    kind: str
    label: str
    look: str = "button"
    icon: str = ""
    sends: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """The name of the address that does it."""
        return ADDRESSES[self.kind]

    @property
    def stays(self) -> bool:
        """Whether the page stays and shows what became of the take; else the press leads to another page."""
        return self.kind not in OPENS_BRIEF and ("way", "open") not in self.sends


OPENS_BRIEF = {"edit", "without", "first"}
ADDRESSES = {
    "without": "studio:clip-remix",
    "first": "studio:clip-remix",
    "again": "studio:clip-again",
    "edit": "studio:clip-remix",
    "now": "studio:clip-look-now",
    "elsewhere": "studio:clip-elsewhere",
    "fetch": "studio:clip-fetch-again",
    "looked": "studio:clip",
    "tell": "studio:clip",
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """`sign` is the status as it is drawn; no icon means a turning ring. `lead` is the sentence's bold part.

    `strong` is a stretch of `rest` to be set in bold too. `aside` stands opposite the status. `evidence` is what is
    known of a take of unknown fate. `is_off`: it cost something else than was said.
    """

    sign: str
    word: str
    icon: str = ""
    lead: str = ""
    rest: str = ""
    strong: str = ""
    aside: str = ""
    evidence: str = ""
    evidence_lead: str = ""
    safe: str = ""
    cost: str = ""
    is_off: bool = False
    steps: tuple[Step, ...] = ()
    cancel: str = ""
    countdown: Countdown | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Another account that the same version could be made with, and what that would cost."""

    provider: str
    label: str
    price: Price


@dataclass(frozen=True, kw_only=True)
class Handing:
    """Files on their way to the provider's own upload: how many of how many, and the one in hand."""

    done: int
    total: int
    name: str = ""
    size_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything that is known of a take. `place` is its place in line from 1, 0 if that is not known.

    `charges` are in order, the present one last. `attempt` is the latest, where its evidence matters. `picked_up`
    names the inputs that the provider fetched from here. `price` is what another attempt costs now.
    """

    task: GenerationTask
    capability: Capability
    progress: Progress
    now: datetime
    place: int = 0
    fault: Fault | None = None
    charges: tuple[Charge, ...] = ()
    attempt: Attempt | None = None
    picked_up: tuple[str, ...] = ()
    handing: Handing | None = None
    offers: tuple[Offer, ...] = ()
    price: Price | None = None
    canceled_by: str = ""
    owners: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.capability.label

    @property
    def is_free(self) -> bool:
        return self.capability.is_free


def listed(names: Sequence[str]) -> str:
    """ "Image 1, Image 2 and Video 1"; nothing for none."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last
