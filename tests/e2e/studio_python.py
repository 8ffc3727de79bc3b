"""A studio's own Python, kept ready: starting one anew takes a second of a core for each thing a test plants."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import traceback
from collections.abc import Mapping

from tests.running.processes import ROOT


class StudioPython:
    """A process that runs code inside a studio, one piece after the other. `close` ends it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, code: str) -> str:
        """What the code prints. Raises RuntimeError with the traceback if it ends in an exception."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("The studio's Python ended.")
        said = json.loads(answer)
        if said["trouble"]:
            raise RuntimeError(said["trouble"])
        return str(said["printed"])

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=20)
        if self._process.stdout:
            self._process.stdout.close()


def answer_until_closed() -> None:
    """The process's side: a line of JSON with code comes in, one with what it printed goes out."""
    import django
    from django.db import connections

    django.setup()
    answers = sys.stdout
    for line in sys.stdin:
        printed, trouble = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                exec(json.loads(line), {"__name__": "inside"})
        except Exception:
            trouble = traceback.format_exc()
        finally:
            connections.close_all()
        print(json.dumps({"printed": printed.getvalue(), "trouble": trouble}), file=answers, flush=True)


if __name__ == "__main__":
    answer_until_closed()
