"""Small programs for the supervisor to look after. Each tells what it does by lines in a file.

python -m tests.running.programs FILE supervise KIND [KIND ...]
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from r2v_site import lifeline
from r2v_site.mailbox import STOP_SIGNALS, SignalMailbox
from r2v_site.supervisor import Program, Supervisor


def main(file: Path, kind: str, *kinds: str) -> int:
    if kind == "supervise":
        return supervise(file, kinds)
    lifeline.end_with_supervisor()
    tell(file, f"{kind} started {os.getpid()}")
    return KINDS[kind](file)


def supervise(file: Path, kinds: tuple[str, ...]) -> int:
    programs = [
        Program(name=kind, command=[sys.executable, "-m", __spec__.name, str(file), kind]) for kind in kinds
    ]
    Supervisor(programs, say=lambda line: tell(file, f"supervisor: {line}")).run()
    return 0


def obedient(file: Path) -> int:
    """Stops when asked."""
    with SignalMailbox(*STOP_SIGNALS) as mailbox:
        mailbox.wait()
    tell(file, "obedient stopped")
    return 0


def stubborn(file: Path) -> int:
    """Never stops by itself."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell(file, "stubborn ready")
    threading.Event().wait()
    return 0


def brief(file: Path) -> int:
    """Dies at once, every time."""
    return 3


KINDS: dict[str, Callable[[Path], int]] = {
    "obedient": obedient,
    "stubborn": stubborn,
    "brief": brief,
}


def tell(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as log:
        log.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
