""" "Fix it for me": a repaired copy of a file. The original is never touched."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from studio.media.child import MB, ChildLimits, run_child
from studio.media.facts import Facts
from studio.media.findings import FixKind
from studio.media.limits import MODEL_LIMITS, Limits, Use
from studio.media.plans import FixChoices, FixPlan, done_words, plan_fix

FIXING = ChildLimits(
    memory_bytes=3072 * MB, cpu_seconds=900, wall_seconds=900.0, file_bytes=1024 * MB, niceness=10
)
WORKSHOPS = {Use.PICTURE: "fix_picture", Use.CLIP: "fix_clip", Use.VOICE: "fix_voice"}


@dataclass(frozen=True, kw_only=True)
class FixedCopy:
    """The copy, its facts, and what was done in a few words each ("0:14 to 0:24", "Upright", "MP4")."""

    path: Path
    facts: Facts
    done: tuple[str, ...]


def fix(
    path: Path,
    facts: Facts,
    use: Use,
    choices: FixChoices,
    out_dir: Path,
    on_progress: Callable[[float], None] | None = None,
    *,
    limits: Limits = MODEL_LIMITS,
    cancel: threading.Event | None = None,
) -> FixedCopy:
    """Write a repaired copy into `out_dir` (made if missing), doing what the plan says but what was skipped.

    Raises ValueError if there is nothing to repair, UnreadableMedia if the file gives way while it is worked
    on, ChildCancelled after `cancel`, and ChildFailed (reason "no_space" for a full disk). Whatever was half
    written is gone then.
    """
    plan = plan_fix(facts, use, limits, choices=choices)
    kinds = [step.kind for step in plan.steps if step.kind not in choices.skip]
    if not kinds:
        raise ValueError("there is nothing to repair")
    out_dir.mkdir(parents=True, exist_ok=True)
    request = _request(path, facts, plan, kinds, choices, limits, out_dir)
    child_limits = replace(FIXING, read=(path,), write=(out_dir,))
    try:
        answer = run_child(
            f"studio.media.{WORKSHOPS[use]}:run",
            request,
            limits=child_limits,
            on_progress=on_progress,
            cancel=cancel,
        )
    except BaseException:
        for leftover in out_dir.glob("fixed.*"):
            leftover.unlink(missing_ok=True)
        raise
    fixed = Facts.from_dict(answer["facts"])
    done = tuple(dict.fromkeys(done_words(kind, plan, fixed) for kind in kinds))
    return FixedCopy(path=out_dir / answer["name"], facts=fixed, done=done)


def _request(
    path: Path,
    facts: Facts,
    plan: FixPlan,
    kinds: list[FixKind],
    choices: FixChoices,
    limits: Limits,
    out_dir: Path,
) -> dict[str, Any]:
    return {
        "path": str(path.resolve()),
        "out_dir": str(out_dir.resolve()),
        "facts": facts.to_dict(),
        "kinds": kinds,
        "choices": choices.to_dict(),
        "limits": asdict(limits),
        "start": plan.start,
        "end": plan.end,
    }
