"""Which repairs a file needs for one use, what each changes, and what it takes. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from studio.media.facts import Facts
from studio.media.findings import Finding, FixKind, Outcome
from studio.media.layout import lay_out
from studio.media.limits import MODEL_LIMITS, Limits, Use
from studio.media.rules import judge
from studio.media.words import clock, megabytes, name_of, seconds, short_seconds, size

Pad = Literal["soft", "white", "black"]
BACKGROUND = "#e9e7e2"
LIKELY_STRETCH = 10.0  # seconds kept unless someone chooses: long enough to show something, and cheap
NO_CUT = 0.1  # seconds: ends that differ by less are the file's own
UNASKED = {FixKind.SAVE_AS_JPEG, FixKind.TURN_UPRIGHT, FixKind.DROP_ALPHA}


@dataclass(frozen=True, kw_only=True)
class FixChoices:
    """What a person chose. Seconds for the kept stretch (None: as the plan says), `rotate` clockwise on top of
    the file's own mark, `background` behind see-through parts, `skip` the kinds of repair left undone.

    Raises ValueError for a choice that does not exist.
    """

    start: float | None = None
    end: float | None = None
    rotate: int = 0
    background: str = BACKGROUND
    pad: Pad = "soft"
    skip: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.rotate not in (0, 90, 180, 270):
            raise ValueError("rotate is 0, 90, 180 or 270")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.background):
            raise ValueError("background is a colour like #e9e7e2")
        if self.pad not in ("soft", "white", "black"):
            raise ValueError("pad is soft, white or black")
        if (self.start or 0) < 0 or (self.end is not None and self.end <= (self.start or 0)):
            raise ValueError("the kept stretch ends after it begins")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `from_dict` reads them again."""
        return {**asdict(self), "skip": sorted(self.skip)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "skip": frozenset(data.get("skip", ()))})


@dataclass(frozen=True, kw_only=True)
class FixStep:
    """One repair: `title` says what is done, `reason` why; `before` and `after` are measured values.

    `required`: without it the file still breaks a rule. `automatic`: loses nothing, so nobody is asked.
    """

    kind: FixKind
    title: str
    reason: str
    before: str
    after: str
    required: bool = True
    automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class FixPlan:
    """The repairs offered for one file, with the stretch that would be kept and the seconds it may take."""

    use: Use
    steps: tuple[FixStep, ...] = ()
    start: float = 0.0
    end: float | None = None
    estimate_seconds: int = 1

    @property
    def automatic(self) -> bool:
        """True if all of it may be done unasked."""
        return bool(self.steps) and all(step.automatic for step in self.steps)

    def kinds(self) -> frozenset[FixKind]:
        return frozenset(step.kind for step in self.steps)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "automatic": self.automatic}


def plan_fix(
    facts: Facts, use: Use, limits: Limits = MODEL_LIMITS, *, choices: FixChoices | None = None
) -> FixPlan:
    """The repairs that make a file usable; no steps for a file that needs none or that nothing can help."""
    choices = choices or FixChoices()
    verdict = judge(facts, use, limits)
    start, end = kept_stretch(facts, use, limits, choices)
    if verdict.outcome is Outcome.REJECT:
        return FixPlan(use=use, start=start, end=end)
    steps: dict[FixKind, FixStep] = {}
    for finding in verdict.findings:
        if finding.fix is not None and finding.fix not in steps:
            steps[finding.fix] = _step(finding, finding.fix, facts, limits, use, stretch=(start, end))
    if choices.rotate and FixKind.TURN_UPRIGHT not in steps:
        steps[FixKind.TURN_UPRIGHT] = _turned_by_hand(choices.rotate)
    if _is_cut_by_hand(facts, choices, start, end) and not steps.keys() & {
        FixKind.TRIM,
        FixKind.KEEP_READABLE,
    }:
        steps[FixKind.TRIM] = _cut_by_hand(facts, start, end)
    return FixPlan(
        use=use,
        steps=tuple(steps.values()),
        start=start,
        end=end,
        estimate_seconds=_estimate(facts, use, steps.keys() != {FixKind.REPACK}, start, end),
    )


def kept_stretch(facts: Facts, use: Use, limits: Limits, choices: FixChoices) -> tuple[float, float | None]:
    """Start and end in seconds, within the file and within what the use takes; end is None for a picture."""
    if facts.kind == "image":
        return 0.0, None
    shortest, longest = limits.seconds_range(use)
    whole = facts.seconds
    start = min(choices.start or 0.0, max(whole - shortest, 0.0))
    likely = whole if whole <= longest else min(LIKELY_STRETCH, longest)
    end = choices.end if choices.end is not None else start + likely
    if FixKind.TRIM in choices.skip:
        return 0.0, whole
    return start, max(min(end, whole, start + longest), min(start + shortest, whole))


def _step(
    finding: Finding,
    kind: FixKind,
    facts: Facts,
    limits: Limits,
    use: Use,
    *,
    stretch: tuple[float, float | None],
) -> FixStep:
    automatic = kind in UNASKED and facts.kind == "image"
    title, before, after = _words(finding, kind, facts, limits, use, stretch)
    reason = finding.sentence
    if kind is FixKind.TRIM:
        reason = f"It is {finding.clause.removeprefix('is ')}; the model takes {finding.limit}."
    return FixStep(kind=kind, title=title, reason=reason, before=before, after=after, automatic=automatic)


def _words(
    finding: Finding,
    kind: FixKind,
    facts: Facts,
    limits: Limits,
    use: Use,
    stretch: tuple[float, float | None],
) -> tuple[str, str, str]:
    """Title, measured before, expected after."""
    start, end = stretch
    kept = (end or 0.0) - start
    if kind is FixKind.TRIM:
        return f"Trim to {seconds(kept)}.", short_seconds(facts.seconds), short_seconds(kept)
    if kind is FixKind.KEEP_READABLE:
        whole = facts.duration or 0.0
        return f"Use the {seconds(kept)} that can be read.", short_seconds(whole), short_seconds(kept)
    if kind in (FixKind.SHRINK, FixKind.ENLARGE, FixKind.PAD):
        return _size_words(kind, facts, limits, use)
    return {
        FixKind.SAVE_AS_JPEG: ("Save as JPEG.", name_of(facts.format), "JPEG"),
        FixKind.TURN_UPRIGHT: ("Turn upright.", finding.measured, "upright"),
        FixKind.DROP_ALPHA: ("Leave out the unused transparency.", "unused", "none"),
        FixKind.FLATTEN: ("Put one colour behind it.", "see-through", "one colour"),
        FixKind.STILL: ("Use its first picture.", "moving", "still"),
        FixKind.CONVERT: _convert_words(facts, use, kept),
        FixKind.REPACK: ("Save as MP4.", name_of(facts.format), "MP4"),
        FixKind.EXTRACT_SOUND: ("Use its sound.", name_of(facts.format), "WAV"),
    }[kind]


def _size_words(kind: FixKind, facts: Facts, limits: Limits, use: Use) -> tuple[str, str, str]:
    if use is Use.VOICE:
        return "Save it smaller.", megabytes(facts.size_bytes), "WAV"
    layout = lay_out(*facts.sides, use, limits)
    if kind is FixKind.PAD:
        return "Add space around it.", size(*facts.sides), size(*layout.canvas)
    if kind is FixKind.ENLARGE:
        return "Make it larger.", size(*facts.sides), size(*layout.canvas)
    if max(facts.sides) > limits.side_range(use)[1]:
        return "Make it smaller.", size(*facts.sides), size(*layout.canvas)
    return "Save it smaller.", megabytes(facts.size_bytes), f"up to {megabytes(limits.bytes_max(use))}"


def _convert_words(facts: Facts, use: Use, kept: float) -> tuple[str, str, str]:
    if use is Use.VOICE:
        return "Convert to WAV.", name_of(facts.format), "WAV"
    width, height = facts.sides
    about = width * height * (facts.fps or 30.0) * kept * 0.1 / 8
    return "Convert to MP4 (H.264).", megabytes(facts.size_bytes), f"about {megabytes(round(about))}"


def _turned_by_hand(rotate: int) -> FixStep:
    how = {90: "a quarter to the right", 180: "upside down", 270: "a quarter to the left"}[rotate]
    return FixStep(
        kind=FixKind.TURN_UPRIGHT,
        title="Turn it.",
        reason=f"You turned it {how}.",
        before="as it came",
        after=f"{rotate}°",
        required=False,
    )


def _is_cut_by_hand(facts: Facts, choices: FixChoices, start: float, end: float | None) -> bool:
    """Whether a person chose less than the whole of it: a file that breaks no rule can be made shorter, too."""
    is_chosen = choices.end is not None and FixKind.TRIM not in choices.skip
    return is_chosen and end is not None and facts.seconds - (end - start) > NO_CUT


def _cut_by_hand(facts: Facts, start: float, end: float | None) -> FixStep:
    kept = (end or 0.0) - start
    return FixStep(
        kind=FixKind.TRIM,
        title=f"Trim to {seconds(kept)}.",
        reason="You chose this stretch.",
        before=short_seconds(facts.seconds),
        after=short_seconds(kept),
        required=False,
    )


def _estimate(facts: Facts, use: Use, encodes: bool, start: float, end: float | None) -> int:
    """Seconds, roughly, on two ordinary processor cores."""
    if use is not Use.CLIP or not encodes:
        return 1 + facts.size_bytes // (50 * 1024 * 1024)
    width, height = facts.sides
    frames = ((end or 0.0) - start) * (facts.fps or 30.0)
    return max(1, round(1 + frames * width * height / 60_000_000 + (5 if facts.hdr else 0)))


def done_words(kind: FixKind, plan: FixPlan, facts: Facts) -> str:
    """What was done, for the tile: "0:14 to 0:24", "Upright", "MP4"."""
    if kind in (FixKind.TRIM, FixKind.KEEP_READABLE):
        return f"{clock(plan.start)} to {clock(plan.end or 0)}"
    if kind in (FixKind.SHRINK, FixKind.ENLARGE):
        return size(*facts.sides) if facts.kind != "audio" else megabytes(facts.size_bytes)
    return {
        FixKind.SAVE_AS_JPEG: "JPEG",
        FixKind.TURN_UPRIGHT: "Upright",
        FixKind.DROP_ALPHA: "No transparency",
        FixKind.FLATTEN: "One colour behind it",
        FixKind.STILL: "Its first picture",
        FixKind.PAD: "Space around it",
        FixKind.CONVERT: name_of(facts.format),
        FixKind.REPACK: name_of(facts.format),
        FixKind.EXTRACT_SOUND: "Its sound",
    }[kind]
