"""The child's side: import the function, lock the doors, run it, answer in JSON lines."""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from studio.media import lockdown
from studio.media.errors import UnreadableMedia

ChildFunction = Callable[[dict[str, Any], Callable[[float], None]], dict[str, Any]]
REASONS = {
    errno.ENOMEM: "memory",
    errno.EFBIG: "file_size",
    errno.ENOSPC: "no_space",
    errno.EDQUOT: "no_space",
}


def serve(request: dict[str, Any]) -> NoReturn:
    """Answer one request and leave. Our own code is imported before the doors close (no foreign byte has
    been read by then), so that they can be closed tighter."""
    say = _speaker()
    lockdown.stay_with_parent(request["parent"])
    lockdown.limit_resources(**request["limits"])
    try:
        function = _find(request["function"])
        lockdown.close_doors(read=request["read"], write=request["write"])
        lockdown.stay_with_parent(request["parent"])
        threading.Thread(target=_leave_with_parent, daemon=True).start()
        answer = {"result": function(request["payload"], _reporter(say))}
    except BaseException as error:
        answer = _explain(error)
    say(answer)
    os._exit(0)


def _speaker() -> Callable[[dict[str, Any]], None]:
    """A private way to our parent. What libraries print to standard output goes nowhere."""
    mouth = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    def say(message: dict[str, Any]) -> None:
        line = memoryview(json.dumps(message).encode() + b"\n")
        while line:
            line = line[os.write(mouth, line) :]

    return say


def _reporter(say: Callable[[dict[str, Any]], None]) -> Callable[[float], None]:
    """Tells progress, but no more than a hundred times: whoever listens may write each one down."""
    told = -1.0

    def report(fraction: float) -> None:
        nonlocal told
        if fraction >= told + 0.01:
            told = fraction
            say({"progress": fraction})

    return report


def _find(name: str) -> ChildFunction:
    module, _, attribute = name.partition(":")
    function: ChildFunction = getattr(importlib.import_module(module), attribute)
    return function


def _leave_with_parent() -> None:
    """Standard input stays open as long as our parent lives."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def _explain(error: BaseException) -> dict[str, Any]:
    if isinstance(error, UnreadableMedia):
        told = {"code": error.code, "sentence": error.sentence, "measured": error.measured}
        return {"unreadable": told | {"about": error.about}}
    reason = REASONS.get(getattr(error, "errno", None) or 0, "raised")
    if isinstance(error, MemoryError):
        reason = "memory"
    detail = "".join(traceback.format_exception(error, limit=-8))[-4000:]
    print(detail, file=sys.stderr)
    return {"failed": {"reason": reason, "detail": detail}}
