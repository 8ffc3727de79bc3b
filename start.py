#!/usr/bin/env python3
"""Start R2V Studio. Nothing but Python is needed.

    python3 start.py              run the studio: web and worker together
    python3 start.py test         check everything; arguments go to pytest and run only that
    python3 start.py COMMAND ...  any management command in the same environment

Settings may stand in a file `.env` beside this one; what the environment already says wins over it.

This file speaks old Python (3.8) on purpose: whichever Python starts it, it finds or brings one that the
studio can use, makes `.venv`, installs the hashed lock file there, and hands over.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Sequence  # noqa: UP035 - this file has to run on Python 3.8

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
VERSIONS = ("3.13", "3.14", "3.12")  # the best tested first
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
USUAL_FOLDERS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
PROBE = (
    "import sys, ssl, sqlite3, venv;"
    "sys.exit('%d.%d' % sys.version_info[:2] not in sys.argv[1:] or sqlite3.sqlite_version_info < (3, 37))"
)


class StartError(Exception):
    """The sentence tells the person what to do."""


def main(arguments: Sequence[str]) -> int:
    command = list(arguments) or ["run"]
    wanted = "test" if command[0] == "test" else "run"
    try:
        python = prepare(LOCKS[wanted])
    except StartError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start carries on.", file=sys.stderr)
        return 130
    if wanted == "test":
        return hand_over([str(python), "-m", "scripts.checks", *command[1:]])
    for name, value in read_settings(HERE / ".env").items():
        os.environ.setdefault(name, value)
    return hand_over([str(python), str(HERE / "manage.py"), *command])


def prepare(lock_name: str) -> Path:
    """The environment's Python, with everything in the lock file installed."""
    python = venv_python()
    if is_installed(lock_name) and python.exists():
        return python
    uv = find_uv()
    if not is_usable(str(python)):
        base = find_python(uv)
        if base is None:
            uv = uv or install_uv()
            base = bring_python(uv)
        say(f"Making the environment with {base}")
        make_venv(base, uv)
    say(f"Installing {lock_name} (the first time takes a minute)")
    install(lock_name, uv)
    remember(lock_name)
    return python


# -- What is installed -----------------------------------------------------------------------------


def stamp(lock_name: str) -> str:
    """A lock file's name and content in one line."""
    return lock_name + " " + hashlib.sha256((HERE / lock_name).read_bytes()).hexdigest()


def is_installed(lock_name: str) -> bool:
    try:
        return stamp(lock_name) in (VENV / "installed.txt").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False


def remember(lock_name: str) -> None:
    """Written last, so that an interrupted installation is done again. The test lock holds the other one."""
    names = LOCKS.values() if lock_name == LOCKS["test"] else [lock_name]
    (VENV / "installed.txt").write_text("\n".join(map(stamp, names)) + "\n", encoding="utf-8")


def install(lock_name: str, uv: str | None) -> None:
    python = str(venv_python())
    arguments = ["--require-hashes", "--quiet", "-r", str(HERE / lock_name)]
    if uv and succeeds([uv, "pip", "install", "--python", python, *arguments]):
        return
    if not succeeds([python, "-m", "pip", "--version"], quiet=True):
        succeeds([python, "-m", "ensurepip"], quiet=True)
    if not succeeds([python, "-m", "pip", "install", "--disable-pip-version-check", *arguments]):
        raise StartError("The packages could not be installed; the lines above say why. Then start again.")


# -- Finding a Python ------------------------------------------------------------------------------


def find_python(uv: str | None) -> str | None:
    """The first Python that the studio can use, or None."""
    for candidate in candidates(uv):
        if is_usable(candidate):
            return candidate
    return None


def candidates(uv: str | None) -> Iterator[str]:
    """The running Python, then those by name on the PATH, pyenv's even when inactive, then uv's."""
    yield sys.executable
    folders = [*path_folders(), *map(Path, USUAL_FOLDERS)]
    for version in VERSIONS:
        for folder in folders:
            yield str(folder / f"python{version}")
        for root in pyenv_roots():
            for home in sorted(root.glob(f"versions/{version}.*"), reverse=True):
                yield str(home / "bin" / "python3")
    if uv:
        for version in VERSIONS:
            command = [uv, "python", "find", "--no-python-downloads", version]
            yield subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def path_folders() -> list[Path]:
    return [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]


def pyenv_roots() -> list[Path]:
    """Where pyenv may live: its variable, the home folder, or beside its shims on the PATH."""
    roots = [Path(os.environ["PYENV_ROOT"])] if os.environ.get("PYENV_ROOT") else []
    roots.append(Path(os.path.expanduser("~")) / ".pyenv")  # noqa: PTH111 - never raises without a home
    roots.extend(folder.parent for folder in path_folders() if folder.name == "shims")
    return list(dict.fromkeys(roots))


def is_usable(python: str) -> bool:
    """Whether this runs, is a version we know, and has a new enough SQLite."""
    return bool(python) and Path(python).is_file() and succeeds([python, "-c", PROBE, *VERSIONS], quiet=True)


# -- Bringing a Python -----------------------------------------------------------------------------


def find_uv() -> str | None:
    """A uv that really runs; a pyenv shim may be there and not work."""
    for found in (private_uv(), shutil.which("uv")):
        if found and Path(found).is_file() and succeeds([str(found), "--version"], quiet=True):
            return str(found)
    return None


def install_uv() -> str:
    """uv in a private folder of this checkout."""
    say(f"No Python {' or '.join(sorted(VERSIONS))} here; fetching uv, which can bring one")
    private = HERE / ".uv"
    if succeeds([sys.executable, "-m", "venv", "--clear", str(private)], quiet=True):
        arguments = ["--require-hashes", "--quiet", "-r", str(HERE / "requirements-uv.lock")]
        if succeeds([str(bin_folder(private) / "python"), "-m", "pip", "install", *arguments]):
            return str(private_uv())
    raise StartError(
        f"R2V Studio needs Python {', '.join(sorted(VERSIONS))}, and none was found or could be fetched.\n"
        "Install one (on Debian and Ubuntu: apt install python3 python3-venv) and start again."
    )


def bring_python(uv: str) -> str:
    """A Python of uv's own, kept inside this checkout."""
    home = HERE / ".python"
    if succeeds([uv, "python", "install", "--no-bin", "--install-dir", str(home), VERSIONS[0]]):
        for python in sorted(home.glob("*/bin/python3")) + sorted(home.glob("*/python.exe")):
            if is_usable(str(python)):
                return str(python)
    raise StartError(f"uv could not bring a Python. Install Python {VERSIONS[0]} and start again.")


def make_venv(base: str, uv: str | None) -> None:
    if uv and succeeds([uv, "venv", "--quiet", "--clear", "--python", base, str(VENV)]):
        return
    if not succeeds([base, "-m", "venv", "--clear", str(VENV)]):
        raise StartError(f"{base} could not make an environment in {VENV}; the lines above say why.")


# -- Settings --------------------------------------------------------------------------------------


def read_settings(path: Path) -> dict[str, str]:
    """NAME=value lines, as systemd and Docker read them: no expansion, quotes around a value are dropped."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): unquoted(value.strip()) for name, _, value in pairs}


def unquoted(value: str) -> str:
    is_quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


# -- Small things ----------------------------------------------------------------------------------


def bin_folder(venv: Path) -> Path:
    return venv / ("Scripts" if os.name == "nt" else "bin")


def venv_python() -> Path:
    return bin_folder(VENV) / ("python.exe" if os.name == "nt" else "python")


def private_uv() -> Path:
    return bin_folder(HERE / ".uv") / ("uv.exe" if os.name == "nt" else "uv")


def succeeds(command: Sequence[str], quiet: bool = False) -> bool:
    out = subprocess.DEVNULL if quiet else None
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    try:
        return subprocess.run(command, stdout=out, stderr=out, env=environment, check=False).returncode == 0
    except OSError:
        return False


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def hand_over(command: Sequence[str]) -> int:
    """Become the command. Signals and Ctrl-C are its own from here on."""
    os.chdir(HERE)
    if os.name != "nt":
        os.execv(command[0], list(command))  # noqa: S606 - a list of arguments, no shell
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
