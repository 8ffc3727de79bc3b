"""A studio of its own for a benchmark: scratch data folder, free port, one signed-in owner."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMAIL = "bench@studio.example"


@dataclass(frozen=True, kw_only=True)
class Running:
    """`session` is the cookie of the owner; `environment` is what the processes were started with."""

    url: str
    session: str
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]]


@contextmanager
def studio(*commands: str) -> Iterator[Running]:
    """Start `manage.py web` (and "worker" if asked for), and stop them at the end."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        port = free_port()
        environment = os.environ | {
            "STUDIO_DATA_DIR": folder,
            "STUDIO_PORT": str(port),
            "STUDIO_PUBLIC_URL": f"http://localhost:{port}",
            "STUDIO_OWNER_EMAIL": EMAIL,
            "STUDIO_OWNER_PASSWORD": secrets.token_urlsafe(16),
            "STUDIO_LOG_LEVEL": "WARNING",
        }
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        session = manage(environment, "shell", "--verbosity=0", "-c", SIGN_IN).strip().splitlines()[-1]
        processes = {
            name: subprocess.Popen([sys.executable, "manage.py", name], cwd=ROOT, env=environment)
            for name in commands or ("web",)
        }
        try:
            url = f"http://localhost:{port}"
            wait_for(f"{url}/healthz")
            yield Running(url=url, session=session, environment=environment, processes=processes)
        finally:
            for process in processes.values():
                process.terminate()
            for process in processes.values():
                process.wait(timeout=20)


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    """Until the address answers 200, or TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer in {seconds} s")


SIGN_IN = """
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from studio.models import User
user = User.objects.filter(role="owner").first() or User.objects.create_user(
    "bench@studio.example", "slow dandelion breakfast", name="Bench Mark", role="owner")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
