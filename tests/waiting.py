"""Waiting for something real to become true, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(is_true: Callable[[], object], *, seconds: float = 10.0, look_every: float = 0.02) -> bool:
    """Look again and again until it is true. False when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(look_every)
    return bool(is_true())
