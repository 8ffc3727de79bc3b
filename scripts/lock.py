"""Pin every package by version and hash: `python -m scripts.lock`, or with `--upgrade` to move forward.

The lock files name no host, so they install from whichever index a machine is set up for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_TO_RUN = "3.12"
OLDEST_TO_START = "3.8"  # start.py may have to fetch uv with an old Python


def main(extra: list[str]) -> int:
    compile_lock(["pyproject.toml"], "requirements.lock", OLDEST_TO_RUN, extra)
    development = ["pyproject.toml", "--group", "dev", "--constraints", "requirements.lock"]
    compile_lock(development, "requirements-dev.lock", OLDEST_TO_RUN, extra)
    compile_lock(["scripts/uv.in"], "requirements-uv.lock", OLDEST_TO_START, extra)
    return 0


def compile_lock(sources: list[str], lock: str, python: str, extra: list[str]) -> None:
    uv = shutil.which("uv") or sys.exit("This needs uv; install it first.")
    format_options = [
        "--universal",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
    ]
    command = [uv, "pip", "compile", "--quiet", *sources, *format_options, "--python-version", python, *extra]
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    subprocess.run([*command, "--output-file", lock], cwd=ROOT, env=environment, check=True)
    print(f"{lock} is up to date")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
