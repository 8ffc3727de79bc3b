"""Places where a test can end this process at once, to prove that nothing is lost or repeated there (T-01).

Armed only by the environment variable STUDIO_CRASH_AT, for example "c08", "c08:3" for the third arrival, or
"c08:1:stop" to be stopped there instead, until somebody lets it go on (M-08).
c01 to c19 lie on the way of a take, u01 to u05 on that of an upload, f01 and f02 on that of a repair.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections import defaultdict

_arrivals: defaultdict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))


def reach(point: str) -> None:
    """Die here if a test armed this point; otherwise do nothing."""
    armed = os.environ.get("STUDIO_CRASH_AT")
    if not armed:
        return
    name, nth, how = [*armed.split(":"), "", ""][:3]
    if name == point and next(_arrivals[point]) == int(nth or 1):
        os.kill(os.getpid(), signal.SIGSTOP if how == "stop" else signal.SIGKILL)
