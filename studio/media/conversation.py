"""The parent's side of talking with a child: JSON lines in, one answer out, and always an ending."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import IO, Any

from studio.media.errors import ChildCancelled, ChildFailed, FailureReason, UnreadableMedia

MAX_SAID_BYTES = 16 * 1024 * 1024
MAX_COMPLAINT_BYTES = 64 * 1024
CANCEL_CHECK_SECONDS = 0.1

_SIGNALS: dict[int, FailureReason] = {signal.SIGXCPU: "cpu", signal.SIGXFSZ: "file_size"}


class Conversation:
    """One talk with one child. `run` leaves no process behind, however it ends."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        *,
        wall_seconds: float,
        on_progress: Callable[[float], None] | None,
        cancel: threading.Event | None,
    ) -> None:
        self._process = process
        self._stdin, self._stdout, self._stderr = _pipes(process)
        self._deadline = time.monotonic() + wall_seconds
        self._on_progress = on_progress
        self._cancel = cancel
        self._line = bytearray()
        self._said = 0
        self._complaint = bytearray()
        self._answer: dict[str, Any] | None = None

    def run(self, request: bytes) -> dict[str, Any]:
        try:
            self._ask(request)
            self._listen()
            exit_code = self._process.wait(timeout=max(0.1, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise ChildFailed("timeout", "it answered but did not leave") from None
        finally:
            self._end()
        return self._read_answer(exit_code)

    def _ask(self, request: bytes) -> None:
        """Write the request and leave the pipe open: its end tells the child that we are gone."""
        with contextlib.suppress(BrokenPipeError):
            self._stdin.write(request)
            self._stdin.flush()

    def _listen(self) -> None:
        """Read until the child closed both its mouths, the clock ran out, or we were told to stop."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ, self._hear)
            selector.register(self._stderr, selectors.EVENT_READ, self._note)
            while selector.get_map():
                for key, _ in selector.select(self._patience()):
                    if chunk := os.read(key.fd, 65536):
                        key.data(chunk)
                    else:
                        selector.unregister(key.fileobj)

    def _patience(self) -> float:
        if self._cancel is not None and self._cancel.is_set():
            raise ChildCancelled
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise ChildFailed("timeout", self._last_words())
        return min(left, CANCEL_CHECK_SECONDS) if self._cancel is not None else left

    def _hear(self, chunk: bytes) -> None:
        self._said += len(chunk)
        if self._said > MAX_SAID_BYTES:
            raise ChildFailed("protocol", "it said too much")
        self._line += chunk
        *lines, rest = self._line.split(b"\n")
        self._line = bytearray(rest)
        for line in lines:
            self._understand(bytes(line))

    def _understand(self, line: bytes) -> None:
        try:
            message = json.loads(line)
            progress = message.get("progress")
        except (ValueError, AttributeError, RecursionError) as error:
            raise ChildFailed("protocol", "it did not speak JSON") from error
        if progress is None:
            self._answer = message
        elif self._on_progress is not None and isinstance(progress, int | float):
            self._on_progress(min(max(float(progress), 0.0), 1.0))

    def _note(self, chunk: bytes) -> None:
        self._complaint = (self._complaint + chunk)[-MAX_COMPLAINT_BYTES:]

    def _last_words(self) -> str:
        return self._complaint.decode(errors="replace").strip()[-2000:]

    def _read_answer(self, exit_code: int) -> dict[str, Any]:
        answer = self._answer
        if exit_code < 0:
            raise ChildFailed(
                _SIGNALS.get(-exit_code, "crashed"), f"signal {-exit_code} {self._last_words()}"
            )
        if answer is None:
            raise ChildFailed("crashed", f"exit {exit_code} {self._last_words()}")
        if isinstance(unreadable := answer.get("unreadable"), dict):
            code, sentence, measured, about = (
                str(unreadable.get(key, "")) for key in ("code", "sentence", "measured", "about")
            )
            raise UnreadableMedia(code, sentence, measured=measured, about=about)
        if isinstance(failed := answer.get("failed"), dict):
            raise ChildFailed(failed.get("reason", "raised"), str(failed.get("detail")))
        if not isinstance(result := answer.get("result"), dict):
            raise ChildFailed("protocol", "no result in its answer")
        return result

    def _end(self) -> None:
        """Kill whatever is left of the child's group and collect it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._stdin, self._stdout, self._stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError("a child is spoken to through three pipes")
    return process.stdin, process.stdout, process.stderr
