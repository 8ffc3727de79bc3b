"""What a verdict is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from studio.media.limits import Use
from studio.media.words import clauses


class Outcome(StrEnum):
    """ACCEPT: as it is. FIXABLE: a repaired copy can be used. REJECT: another file is needed."""

    ACCEPT = "accept"
    FIXABLE = "fixable"
    REJECT = "reject"


class FixKind(StrEnum):
    """Repairs we know. Those of the first group lose nothing and are done unasked."""

    SAVE_AS_JPEG = "save_as_jpeg"
    TURN_UPRIGHT = "turn_upright"
    DROP_ALPHA = "drop_alpha"

    FLATTEN = "flatten"
    STILL = "still"
    SHRINK = "shrink"
    ENLARGE = "enlarge"
    PAD = "pad"
    TRIM = "trim"
    KEEP_READABLE = "keep_readable"
    CONVERT = "convert"
    REPACK = "repack"
    EXTRACT_SOUND = "extract_sound"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule that a file breaks (or, if not blocking, something worth knowing).

    After the file's name stands `lead` ("is too small to use"); `sentence` is complete in itself ("It is
    180 × 180; the model needs ..."); `clause` is its short form for lists ("is 180 × 180"); `advice` says what
    to do when we cannot do it ("Choose a larger one.").
    """

    rule: str
    lead: str
    sentence: str
    clause: str
    measured: str
    limit: str
    advice: str = ""
    fix: FixKind | None = None
    blocking: bool = True


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What can be done with a file in one use."""

    outcome: Outcome
    use: Use
    findings: tuple[Finding, ...] = ()

    @property
    def summary(self) -> str:
        """One line, without the file's name."""
        return self.summary_for(f"This {self.use}")

    def summary_for(self, name: str) -> str:
        """One line for people about the file `name` (its display name, not yet escaped)."""
        blocking = [finding for finding in self.findings if finding.blocking]
        hopeless = [finding for finding in blocking if finding.fix is None]
        if not blocking:
            hints = " ".join(finding.sentence for finding in self.findings)
            return f"{name} is ready to use. {hints}".rstrip()
        if hopeless or len(blocking) == 1:
            first = (hopeless or blocking)[0]
            return f"{name} {first.lead}. {first.sentence} {_next_step(first)}".rstrip()
        many = {2: "Both", 3: "All three"}.get(len(blocking), f"All {len(blocking)}")
        said = clauses([finding.clause for finding in blocking])
        return f"{name} can’t be used as it is. It {said}. {many} can be fixed here."

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `from_dict` reads them again."""
        return {
            "outcome": self.outcome.value,
            "use": self.use.value,
            "summary": self.summary,
            "findings": [asdict(finding) for finding in self.findings],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(
            outcome=Outcome(data["outcome"]),
            use=Use(data["use"]),
            findings=tuple(
                Finding(**{**found, "fix": FixKind(found["fix"]) if found["fix"] else None})
                for found in data["findings"]
            ),
        )


def _next_step(finding: Finding) -> str:
    if finding.advice or finding.fix is None or finding.sentence.endswith("?"):
        return finding.advice
    return "This can be fixed here."
