"""A clock that can run fast and be pushed forward, and goes on where it was after the process died."""

from __future__ import annotations

import threading
import time


class Clock:
    """`now()` is simulated seconds, for ages and expiry. `wall()` is what the provider writes into its answers:
    real time (plus its skew), because the studio compares it with its own."""

    def __init__(self, *, speed: float, skew: float = 0.0, at: tuple[float, float] | None = None) -> None:
        """`at` is (real, simulated) of a moment in the past that a former process wrote down."""
        self.speed = speed
        self._skew = skew
        self._lock = threading.Lock()
        self._real, self._simulated = at or (time.time(), 0.0)

    def now(self) -> float:
        with self._lock:
            return self._simulated + (time.time() - self._real) * self.speed

    def wall(self) -> float:
        return time.time() + self._skew

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._simulated += seconds

    def origin(self) -> tuple[float, float]:
        """What to write down so that another process can go on: (real, simulated)."""
        with self._lock:
            return self._real, self._simulated

    def wall_of(self, simulated: float) -> float:
        """When, in the provider's wall time, the simulated clock shows this."""
        return self.wall() + (simulated - self.now()) / self.speed

    def seen(self, wall: float, elapsed: float) -> float:
        """When, in wall time, something happened so many simulated seconds after `wall`. Never in the future, so
        that a pushed clock gives no impossible answers."""
        return min(wall + elapsed / self.speed, self.wall())
