"""Signals as something to wait for.

An Event must not be set from a signal handler while the same thread waits for it, so signals arrive as bytes on
a socket instead.
"""

from __future__ import annotations

import select
import signal
import socket
from types import TracebackType
from typing import Self

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SignalMailbox:
    """Receives the given signals while it is open. To be opened by the main thread."""

    def __init__(self, *signals: signal.Signals) -> None:
        self._signals = signals
        self._inbox, self._slot = socket.socketpair()
        self._inbox.setblocking(False)
        self._slot.setblocking(False)

    def __enter__(self) -> Self:
        self._wakeup_before = signal.set_wakeup_fd(self._slot.fileno(), warn_on_full_buffer=False)
        self._handlers_before = {each: signal.signal(each, _only_wake) for each in self._signals}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each, handler in self._handlers_before.items():
            signal.signal(each, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._inbox.close()
        self._slot.close()

    def wake(self) -> None:
        """End the wait from another thread."""
        self._slot.send(b"\0")

    def wait(self, timeout_seconds: float | None = None) -> set[int]:
        """The signals that came; empty after a plain wake or when the time is up."""
        select.select([self._inbox], [], [], timeout_seconds)
        try:
            return set(self._inbox.recv(4096)) - {0}
        except BlockingIOError:
            return set()


def _only_wake(number: int, frame: object) -> None:
    """Python writes the number to the mailbox before it calls this."""
