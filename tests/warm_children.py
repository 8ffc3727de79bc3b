"""Media children that are forked from a warm process instead of started anew: the same code and the same barriers,
a hundredth of the time.

A quiet process of one thread, which has imported everything, waits at a socket. Who wants a child sends it three
pipes; a child comes up behind them and tells its number first and its end last. The quiet process is forked (kill
runs), or started where forking is no good because there are threads (tests); it ends with whoever started it.
"""

from __future__ import annotations

import array
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, cast

from studio.media import child
from tests.kill.processes import fork

LOOKS_FOR_PARENT_EVERY = 2.0
ROOT = Path(__file__).resolve().parents[1]


def fork_server(folder: Path) -> int:
    """Start the warm process and let this process, and all forked from it, use it. Returns its process id."""
    address, listener = _listen(folder)
    pid = fork(lambda: _serve(listener))
    listener.close()
    vars(child)["_start"] = lambda: cast(subprocess.Popen[bytes], WarmChild(address))
    return pid


class Server:
    """A warm process that is started when the first child is wanted. To be closed."""

    def __init__(self, folder: Path) -> None:
        self._address, self._listener = _listen(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()

    def child(self) -> WarmChild:
        with self._starting:
            if self._process is None:
                number = self._listener.fileno()
                command = [sys.executable, "-m", "tests.warm_children", str(number)]
                self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[number])
        return WarmChild(self._address)

    def close(self) -> None:
        self._listener.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _listen(folder: Path) -> tuple[str, socket.socket]:
    address = str(folder / "children")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    return address, listener


class WarmChild:
    """As much of Popen as a conversation needs."""

    def __init__(self, address: str) -> None:
        ours, theirs = _three_pipes()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(address)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", theirs))
        self._line.sendmsg([b"!"], [rights])
        for end in theirs:
            os.close(end)
        self.stdin: IO[bytes] = os.fdopen(ours[0], "wb")
        self.stdout: IO[bytes] = os.fdopen(ours[1], "rb")
        self.stderr: IO[bytes] = os.fdopen(ours[2], "rb")
        self.pid = self._number()
        self._code: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            self._line.settimeout(timeout)
            try:
                self._code = os.waitstatus_to_exitcode(self._number())
            except TimeoutError as error:
                raise subprocess.TimeoutExpired("a warm child", timeout or 0) from error
            self._line.close()
        return self._code

    def _number(self) -> int:
        said = self._line.recv(4, socket.MSG_WAITALL)
        if len(said) < 4:
            raise OSError("the warm process is gone")
        return int(struct.unpack("i", said)[0])


def _three_pipes() -> tuple[list[int], list[int]]:
    """(our ends, the child's ends) of standard input, output and error."""
    (child_in, our_in), (our_out, child_out), (our_err, child_err) = os.pipe(), os.pipe(), os.pipe()
    return [our_in, our_out, our_err], [child_in, child_out, child_err]


def _serve(listener: socket.socket) -> None:
    import studio.drafts.render
    import studio.media.clip_previews
    import studio.media.finished
    import studio.media.fixing
    import studio.media.inspection
    import studio.media.picture_previews  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener.settimeout(LOOKS_FOR_PARENT_EVERY)
    parent = os.getppid()
    while os.getppid() == parent:
        try:
            line, _ = listener.accept()
        except TimeoutError:
            continue
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep(line)
            os._exit(0)
        line.close()


def _keep(line: socket.socket) -> None:
    """The parent of one child: tell its number, wait for its end, tell that."""
    _, rights, _, _ = line.recvmsg(1, socket.CMSG_SPACE(3 * 4))
    ends = array.array("i")
    for _, _, data in rights:
        ends.frombytes(data)
    if len(ends) < 3:
        return  # whoever asked was killed over it
    pid = os.fork()
    if pid == 0:
        line.close()
        _become_child(list(ends))
    for end in ends:
        os.close(end)
    with contextlib.suppress(OSError):
        line.sendall(struct.pack("i", pid))
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        line.sendall(struct.pack("i", status))


def _become_child(ends: list[int]) -> None:
    """From here on as in child_main, only that nothing is left to import."""
    import json

    from studio.media import child_side

    os.setsid()
    for end, place in zip(ends, (0, 1, 2), strict=True):
        os.dup2(end, place)
        os.close(end)
    request: dict[str, Any] = json.loads(_first_line())
    request["parent"] = os.getppid()
    sys.stderr = os.fdopen(2, "w", buffering=1)
    child_side.serve(request)


def _first_line() -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(0, 65536)
        if not piece:
            os._exit(1)
        line += piece
    return bytes(line)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
