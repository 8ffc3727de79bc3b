"""Granian in WSGI mode, set up for one studio: many threads, little memory, no noise.

    python -m r2v_site.web_server HOST PORT

A program of its own, so that the process that looks after the serving one never loads Django: that saves memory,
and there is no database connection that a fork could share. `run` and `web` prepare what it needs.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from r2v_site import lifeline

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

# A film that is being watched and an upload on a slow line each hold a thread.
THREADS = 96
AT_ONCE = 512
STOP_WITHIN_SECONDS = 6
IDLE_THREAD_SECONDS = 15
M_ARENA_MAX = -8


def serve(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. One process answers; this one looks after it."""
    save_memory()
    server = Server(
        target="r2v_site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE_THREAD_SECONDS,
        backpressure=AT_ONCE,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        respawn_interval=0,
        workers_kill_timeout=STOP_WITHIN_SECONDS,
    )
    server.serve(target_loader=partial(load_application, os.getpid()), wrap_loader=False)


def load_application(server_pid: int) -> WSGIHandler:
    """The application, in the serving process, which must not go on without its server."""
    lifeline.end_with_parent(server_pid, signal.SIGKILL)
    from r2v_site.wsgi import application

    gc.collect()
    gc.freeze()  # what is loaded by now stays; looking through it again and again would be in vain
    return application


def command(host: str, port: int) -> list[str]:
    """The command line of this program, to be run from the checkout."""
    return [sys.executable, "-m", "r2v_site.web_server", host, str(port)]


def save_memory() -> None:
    """Let the many threads share two pools of memory instead of making up to eight per core."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt:
            mallopt(M_ARENA_MAX, 2)


if __name__ == "__main__":
    lifeline.end_with_supervisor()
    serve(sys.argv[1], int(sys.argv[2]))
