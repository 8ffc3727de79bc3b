"""The closing table, and the one line that a CI reads."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.checks.outcome import Counts, Outcome


def show(outcomes: Sequence[Outcome]) -> None:
    print("\n".join(lines(outcomes)), flush=True)


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """One line a step, the steps that did not run with their reason, and the totals."""
    table = [
        f"{one.name:<14} {one.verdict:<8} {one.seconds:7.1f} s  {details(one)}".rstrip() for one in outcomes
    ]
    return ["", "== summary", *table, *warnings(outcomes), "", totals(outcomes)]


def details(outcome: Outcome) -> str:
    if outcome.not_run:
        return outcome.not_run
    counts = outcome.counts
    return f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped" if counts else ""


def warnings(outcomes: Sequence[Outcome]) -> list[str]:
    names = ", ".join(one.name for one in outcomes if one.not_run)
    return ["", f"Not everything ran: {names}. So this run does not count as passed."] if names else []


def totals(outcomes: Sequence[Outcome]) -> str:
    """Tests counted one by one; any other check, and a test run that broke off, as one."""
    total = [0, 0, 0]
    for outcome in outcomes:
        if outcome.not_run:
            continue
        counts = outcome.counts or Counts(passed=int(outcome.is_good), failed=int(not outcome.is_good))
        broke_off = int(not outcome.is_good and counts.failed == 0)
        total[0] += counts.passed
        total[1] += counts.failed + broke_off
        total[2] += counts.skipped
    return f"{total[0]} passed, {total[1]} failed, {total[2]} skipped"
