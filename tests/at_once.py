"""Several acts at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each gave, or the exception it raised."""
    ready, came = threading.Barrier(len(acts)), {}

    def run(number: int, act: Callable[[], object]) -> None:
        ready.wait()
        try:
            came[number] = act()
        except Exception as error:
            came[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[number] for number in sorted(came)]
