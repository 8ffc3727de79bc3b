"""Finding, or fetching, the programs that the tests need and Python's packages do not carry."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_PLACES = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
BROWSER_PACKAGES = ("chromium", "fonts-liberation")
FIREFOX_NAMES = ("firefox-esr", "firefox")
FIREFOX_PLACES = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)
FIREFOX_FROM = 153  # the oldest that was seen to work; 140 does not
FIREFOX_PACKAGES = ("firefox-esr", "libavcodec-extra")  # without the second it plays no H.264
JAVA_PACKAGES = ("default-jre-headless",)
POSTGRES_PACKAGES = ("postgresql",)
POSTGRES_PLACES = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr")
PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright as start\n"
    "with start() as playwright: print(playwright.chromium.executable_path)"
)


def find_browser() -> str | None:
    """An installed Chromium or Chrome, else Debian's package, else Playwright's download, else None."""
    found = (
        named("STUDIO_TEST_BROWSER") or first_that_runs(BROWSER_NAMES, BROWSER_PLACES) or playwrights_own()
    )
    if found:
        return found
    if install_from_debian(BROWSER_PACKAGES):
        return first_that_runs(BROWSER_NAMES, BROWSER_PLACES)
    print("No Chromium or Chrome here; asking Playwright for one", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return playwrights_own()


def find_firefox() -> str | None:
    """An installed Firefox, else Debian's ESR, else None. Playwright's own is another program, which nobody has.

    One that is older than FIREFOX_FROM does not know all that Playwright asks of it, and is brought up to date.
    """
    found = named("STUDIO_TEST_FIREFOX") or first_that_runs(FIREFOX_NAMES, FIREFOX_PLACES)
    if not (found and major_version(found) >= FIREFOX_FROM) and install_from_debian(FIREFOX_PACKAGES):
        found = first_that_runs(FIREFOX_NAMES, FIREFOX_PLACES)
    return found if found and major_version(found) >= FIREFOX_FROM else None


def major_version(path: str) -> int:
    """153 for a program that says "Mozilla Firefox 153.7.0esr"; 0 where it tells none."""
    told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    number = re.search(r"\d+(?=\.)", told)
    return int(number[0]) if number else 0


def find_java() -> str | None:
    """A Java that runs, for the Nu HTML checker; Debian's when it may be installed, else None."""
    home = os.environ.get("JAVA_HOME", "")
    places = [str(Path(home) / "bin" / "java")] if home else []
    found = named("STUDIO_TEST_JAVA") or first_that_runs(["java"], places)
    if not found and install_from_debian(JAVA_PACKAGES):
        found = first_that_runs(["java"], [])
    return found


def find_postgres() -> str | None:
    """The folder with a PostgreSQL server's programs; Debian's when it may be installed, else None."""
    if os.name == "nt":
        return None  # the tests' server is reached by a socket in a folder
    found = postgres_programs()
    if not found and install_from_debian(POSTGRES_PACKAGES):
        found = postgres_programs()
    return found


def postgres_programs() -> str | None:
    """Those that were named, else the newest that are installed."""
    chosen = os.environ.get("STUDIO_TEST_POSTGRES", "")
    beside = {Path(found).resolve().parent for found in [shutil.which("initdb")] if found}
    installed = {path.parent for place in POSTGRES_PLACES for path in Path(place).glob("*/bin/initdb")}
    folders = [Path(chosen)] if chosen else [*beside, *sorted(installed, reverse=True)]
    return next((str(each) for each in folders if runs(str(each / "postgres"))), None)


def named(variable: str) -> str | None:
    path = os.environ.get(variable, "")
    return path if path and runs(path) else None


def first_that_runs(names: Iterable[str], places: Iterable[str]) -> str | None:
    on_path = (shutil.which(name) for name in names)
    return next((path for path in [*on_path, *places] if path and runs(path)), None)


def playwrights_own() -> str | None:
    """The browser that Playwright downloaded earlier, if it did."""
    asked = subprocess.run(
        [sys.executable, "-c", PLAYWRIGHT_PATH], capture_output=True, text=True, check=False
    )
    path = asked.stdout.strip()
    return path if path and runs(path) else None


def runs(path: str) -> bool:
    """Whether the program answers when asked for its version. macOS ships a `java` that only says no."""
    if not Path(path).is_file():
        return False
    version = "-version" if Path(path).stem == "java" else "--version"
    try:
        asked = subprocess.run([path, version], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def install_from_debian(packages: Iterable[str]) -> bool:
    """Install Debian packages if this is Debian and we may. False otherwise."""
    prefix = administrator_prefix()
    if prefix is None or not shutil.which("apt-get"):
        return False
    print(f"Installing {' '.join(packages)} with apt-get", flush=True)
    refresh_package_lists()
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    return apt([*prefix, *install])


@cache
def refresh_package_lists() -> None:
    apt([*(administrator_prefix() or []), "apt-get", "update", "--quiet"])


def apt(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def administrator_prefix() -> list[str] | None:
    """What to put before a command that needs an administrator; None when we are not one."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if not sudo:
        return None
    may = (
        subprocess.run([sudo, "--non-interactive", "true"], capture_output=True, check=False).returncode == 0
    )
    return [sudo, "--non-interactive"] if may else None
