"""Say what the studio thinks of files: accepted, fixable or refused, by which rule, and what would be done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio import media

OWN_USE = {"image": media.Use.PICTURE, "video": media.Use.CLIP, "audio": media.Use.VOICE}


class Command(BaseCommand):
    help = "Print the verdict on each file, exactly as the form would give it. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--as",
            dest="use",
            choices=[use.value for use in media.Use],
            help="what it is for; default: what it is",
        )
        parser.add_argument("--json", action="store_true", help="one JSON list instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        use = media.Use(options["use"]) if options["use"] else None
        reports = [report(Path(file), use) for file in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps(reports, indent=2, ensure_ascii=False))
            return
        for each in reports:
            self.stdout.write(f"{each['outcome']}: {each['summary']}")
            for step in each["fixes"]:
                self.stdout.write(f"    {step['title']} {step['before']} → {step['after']}")


def report(path: Path, use: media.Use | None) -> dict[str, Any]:
    """Verdict, measured values and offered repairs of one file, as plain values."""
    try:
        facts = media.inspect(path)
    except media.UnreadableMedia as error:
        return _told(path, media.refusal(error, use or media.Use.PICTURE))
    except media.ChildFailed as error:
        raise CommandError(f"No child process could be started to look at files ({error.detail}).") from error
    except OSError as error:
        missing = media.UnreadableMedia(
            "missing", _why(error), measured=(error.strerror or "unknown").lower()
        )
        return _told(path, media.refusal(missing, use or media.Use.PICTURE))
    use = use or OWN_USE[facts.kind]
    plan = media.plan_fix(facts, use)
    return {
        **_told(path, media.judge(facts, use)),
        "facts": facts.to_dict(),
        "fixes": plan.to_dict()["steps"],
    }


def _told(path: Path, verdict: media.Verdict) -> dict[str, Any]:
    words = verdict.to_dict()
    return {
        "file": str(path),
        "as": verdict.use.value,
        "outcome": words["outcome"],
        "summary": verdict.summary_for(path.name),
        "rule": verdict.findings[0].rule if verdict.findings else None,
        "measured": verdict.findings[0].measured if verdict.findings else None,
        "rules": [finding.rule for finding in verdict.findings],
        "findings": words["findings"],
        "facts": None,
        "fixes": [],
    }


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such file. Check its name and try again."
    if isinstance(error, IsADirectoryError):
        return "It is a folder. Name the files inside it."
    return "It can’t be opened. Check that you may read it."
