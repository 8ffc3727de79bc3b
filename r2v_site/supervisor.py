"""Keeps a few programs running: starts them, restarts one that died, stops them all together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from r2v_site.lifeline import PARENT_VARIABLE
from r2v_site.mailbox import STOP_SIGNALS, SignalMailbox

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_AFTER_SECONDS = 60.0
STOP_WITHIN_SECONDS = 9.5


@dataclass
class Program:
    """One program to keep running. `pause_seconds` doubles with every early death."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_seconds: float = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        environment = {**os.environ, PARENT_VARIABLE: str(os.getpid())}
        # A group of its own: Ctrl-C reaches the supervisor alone, which stops everything in order.
        self.process = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.DEVNULL, process_group=0
        )
        self.started_at = time.monotonic()

    def plan_restart(self) -> float:
        """Note the death and say in how many seconds it starts again."""
        self.process = None
        if time.monotonic() - self.started_at > SETTLED_AFTER_SECONDS:
            self.pause_seconds = FIRST_PAUSE_SECONDS
        pause = self.pause_seconds
        self.start_at = time.monotonic() + pause
        self.pause_seconds = min(pause * 2, LONGEST_PAUSE_SECONDS)
        return pause


class Supervisor:
    """Runs in the main thread until it is told to stop."""

    def __init__(self, programs: Sequence[Program], *, say: Callable[[str], None]) -> None:
        self._programs = programs
        self._say = say

    def run(self) -> None:
        """Return once everything has stopped."""
        with SignalMailbox(*STOP_SIGNALS, signal.SIGCHLD) as mailbox:
            try:
                while True:
                    self._start_due()
                    if mailbox.wait(self._seconds_to_next_start()) & set(STOP_SIGNALS):
                        self._say("Stopping ...")
                        return
                    self._note_deaths()
            finally:
                self._stop_all(mailbox)

    def _start_due(self) -> None:
        for program in self._programs:
            if program.process is None and time.monotonic() >= program.start_at:
                program.start()

    def _seconds_to_next_start(self) -> float | None:
        waiting = [program.start_at for program in self._programs if program.process is None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _note_deaths(self) -> None:
        for program in self._programs:
            code = program.process.poll() if program.process else None
            if code is not None:
                pause = program.plan_restart()
                self._say(f"The {program.name} {how_it_ended(code)}. It starts again in {pause:g} s.")

    def _stop_all(self, mailbox: SignalMailbox) -> None:
        """Ask all at once; whoever is still there shortly before ten seconds is ended."""
        running = [program.process for program in self._programs if program.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        while any(process.poll() is None for process in running) and time.monotonic() < deadline:
            mailbox.wait(min(1.0, max(0.0, deadline - time.monotonic())))
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()


def how_it_ended(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"stopped with code {code}"
