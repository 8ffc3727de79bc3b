"""A PostgreSQL server for one command: made in a temporary folder, reached by a socket in it, gone afterwards.

    python -m scripts.checks.postgres /usr/lib/postgresql/15/bin COMMAND ...

runs COMMAND with DATABASE_URL set to that server and ends with its exit code.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

READY_WITHIN_SECONDS = 60
# What is tested here is gone in a minute, so nothing has to survive a power cut.
IN_A_HURRY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def main(arguments: Sequence[str]) -> int:
    with server(Path(arguments[0])) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(arguments[1:], env=environment, check=False).returncode


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """The address of a new server. `programs` is the folder with initdb and postgres."""
    folder = Path(tempfile.mkdtemp(prefix="r2v-pg-"))
    account = _account(folder)
    data = str(folder / "data")
    make = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    start = [str(programs / "postgres"), "-D", data, "-k", str(folder), "-c", "listen_addresses="]
    try:
        subprocess.run([*make, f"--locale={LOCALE}"], check=True, stdout=subprocess.DEVNULL, user=account)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*start, *IN_A_HURRY], stdout=log, stderr=log, user=account, cwd=folder
            )
        try:
            _wait_until_ready(programs, folder, process)
            yield f"postgres://postgres@{quote(str(folder), safe='')}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=READY_WITHIN_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account(folder: Path) -> int | None:
    """PostgreSQL never runs as root: then it is its own account, to which the folder is given."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_uid


def _wait_until_ready(programs: Path, folder: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        asked = subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False)
        if asked.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
