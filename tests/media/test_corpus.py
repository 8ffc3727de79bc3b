"""Every awkward file gets its verdict, and what is called fixable is accepted once it has been fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import media
from tests.media.corpus import CORPUS, Awkward


def name(awkward: Awkward) -> str:
    return f"{awkward.use}-{awkward.name}"


@pytest.mark.parametrize("awkward", CORPUS, ids=name)
def test_u01_every_awkward_file_gets_the_verdict_it_deserves(awkward: Awkward, tmp_path: Path):
    path = tmp_path / awkward.name
    awkward.make(path)
    before = path.stat()
    use = media.Use(awkward.use)

    try:
        facts = media.inspect(path)
    except media.UnreadableMedia as error:
        verdict = media.refusal(error, use)
        assert verdict.findings[0].rule in awkward.rules
    else:
        verdict = media.judge(facts, use)
        assert tuple(finding.rule for finding in verdict.findings) == awkward.rules

    assert verdict.outcome == awkward.outcome
    assert all(finding.measured and finding.sentence for finding in verdict.findings)
    assert says_what_to_do(verdict, awkward.name)
    if verdict.outcome is media.Outcome.FIXABLE:
        assert_fixing_helps(path, facts, use, tmp_path / "fixed")
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def says_what_to_do(verdict: media.Verdict, name: str) -> bool:
    summary = verdict.summary_for(name)
    if verdict.outcome is media.Outcome.ACCEPT:
        return summary.startswith(f"{name} is ready to use.")
    words = ("can be fixed here", "can be used", "?", "choose", "save it", "copy it", "s can be ")
    return summary.startswith(name) and any(word in summary.lower() for word in words)


def assert_fixing_helps(path: Path, facts: media.Facts, use: media.Use, out_dir: Path) -> None:
    plan = media.plan_fix(facts, use)
    heard: list[float] = []

    fixed = media.fix(path, facts, use, media.FixChoices(), out_dir, heard.append)

    assert media.judge(fixed.facts, use).outcome is media.Outcome.ACCEPT
    assert fixed.path.parent == out_dir
    assert [*out_dir.iterdir()] == [fixed.path]
    assert len(fixed.done) <= len(plan.steps)
    assert all(step.before and step.after and step.title.endswith(".") for step in plan.steps)
