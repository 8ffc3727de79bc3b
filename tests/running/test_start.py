"""start.py: which Python it takes, and when it installs again."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import start

FITS = "#!/bin/sh\nexit 0\n"
DOES_NOT_FIT = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on its PATH, no home and a running Python that is too old."""
    too_old = program(tmp_path / "old" / "python3", DOES_NOT_FIT)
    monkeypatch.setattr(sys, "executable", str(too_old))
    monkeypatch.setattr(start, "USUAL_FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two lock files and an empty environment."""
    (tmp_path / "requirements.lock").write_text("django==6.1.3\n")
    (tmp_path / "requirements-dev.lock").write_text("django==6.1.3\npytest==9.2.0\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(start, "HERE", tmp_path)
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_running_python_is_taken_when_it_fits(machine, monkeypatch):
    running = program(machine / "new" / "python3", FITS)
    monkeypatch.setattr(sys, "executable", str(running))

    assert start.find_python(uv=None) == str(running)


def test_a_versioned_python_on_the_path_is_found(machine, monkeypatch):
    python = program(machine / "bin" / "python3.12", FITS)
    monkeypatch.setenv("PATH", str(machine / "bin"))

    assert start.find_python(uv=None) == str(python)


def test_a_shim_that_does_not_work_is_passed_over(machine, monkeypatch):
    program(machine / "shims" / "python3.13", DOES_NOT_FIT)
    python = program(machine / "bin" / "python3.13", FITS)
    monkeypatch.setenv("PATH", os.pathsep.join([str(machine / "shims"), str(machine / "bin")]))

    assert start.find_python(uv=None) == str(python)


def test_an_inactive_pyenv_version_is_found_in_the_home_folder(machine):
    python = program(machine / "home" / ".pyenv" / "versions" / "3.13.0" / "bin" / "python3", FITS)

    assert start.find_python(uv=None) == str(python)


def test_an_inactive_pyenv_version_is_found_beside_its_shims_without_a_home(machine, monkeypatch):
    python = program(machine / "pyenv" / "versions" / "3.12.1" / "bin" / "python3", FITS)
    (machine / "pyenv" / "shims").mkdir()
    monkeypatch.setenv("PATH", str(machine / "pyenv" / "shims"))

    assert start.find_python(uv=None) == str(python)


def test_uv_is_asked_last(machine):
    python = program(machine / "uv-python" / "python3", FITS)
    uv = program(machine / "uv", f'#!/bin/sh\n[ "$2" = find ] && echo {python}\n')

    assert start.find_python(uv=str(uv)) == str(python)


def test_nothing_is_found_where_there_is_nothing(machine):
    assert start.find_python(uv=None) is None


def test_this_python_fits():
    assert start.is_usable(sys.executable)


def test_a_version_we_do_not_know_does_not_fit(monkeypatch):
    monkeypatch.setattr(start, "VERSIONS", ("3.99",))

    assert not start.is_usable(sys.executable)


def test_a_uv_that_does_not_run_is_not_used(machine, checkout, monkeypatch):
    program(machine / "bin" / "uv", DOES_NOT_FIT)
    monkeypatch.setenv("PATH", str(machine / "bin"))

    assert start.find_uv() is None


def test_uv_brings_a_python_into_the_checkout(machine, checkout, monkeypatch):
    python = checkout / ".python" / "cpython-3.13" / "bin" / "python3"
    script = (
        f"#!/bin/sh\nmkdir -p {python.parent}\nprintf '{FITS.encode('unicode_escape').decode()}' > {python}\n"
    )
    uv = program(machine / "uv", script + f"chmod +x {python}\n")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    assert start.bring_python(str(uv)) == str(python)


def test_a_python_that_cannot_be_brought_is_said_in_a_sentence(machine, checkout):
    uv = program(machine / "uv", DOES_NOT_FIT)

    with pytest.raises(start.StartError, match=r"Install Python 3\.13"):
        start.bring_python(str(uv))


def test_an_installed_lock_is_remembered(checkout):
    start.remember("requirements.lock")

    assert start.is_installed("requirements.lock")
    assert not start.is_installed("requirements-dev.lock")


def test_the_test_lock_holds_the_other_one(checkout):
    start.remember("requirements-dev.lock")

    assert start.is_installed("requirements.lock")
    assert start.is_installed("requirements-dev.lock")


def test_a_changed_lock_is_installed_again(checkout):
    start.remember("requirements.lock")
    (checkout / "requirements.lock").write_text("django==6.1.4\n")

    assert not start.is_installed("requirements.lock")


def test_an_interrupted_installation_is_not_remembered(checkout, monkeypatch):
    program(checkout / ".venv" / "bin" / "python", FITS)
    monkeypatch.setattr(start, "install", raise_interrupt)

    code = start.main(["check"])

    assert code == 130
    assert not start.is_installed("requirements.lock")


def raise_interrupt(*arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_second_start_hands_over_without_looking_for_anything(checkout, monkeypatch):
    python = program(checkout / ".venv" / "bin" / "python", FITS)
    start.remember("requirements.lock")
    handed_over: list[list[str]] = []
    monkeypatch.setattr(start, "hand_over", lambda command: handed_over.append(command) or 0)
    monkeypatch.setattr(start, "find_uv", raise_interrupt)

    start.main([])
    start.main(["createsuperuser", "--email", "ada@example.org"])

    manage = str(checkout / "manage.py")
    assert handed_over == [
        [str(python), manage, "run"],
        [str(python), manage, "createsuperuser", "--email", "ada@example.org"],
    ]


def test_a_failed_installation_is_said_in_a_sentence(checkout, monkeypatch, capsys):
    monkeypatch.setattr(start, "is_usable", lambda python: True)
    monkeypatch.setattr(start, "find_uv", lambda: None)
    monkeypatch.setattr(start, "succeeds", lambda command, quiet=False: False)

    assert start.main([]) == 1
    assert "could not be installed" in capsys.readouterr().err


def test_the_file_speaks_python_3_8():
    source = Path(start.__file__).read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 8))


def test_a_second_start_costs_well_under_a_second_of_its_own():
    """Processor time, so that a busy machine does not matter."""
    measure = "import time, start; start.is_installed('requirements.lock'); print(time.process_time())"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {measure}"]

    seconds = subprocess.run(command, cwd=start.HERE, capture_output=True, text=True, check=True).stdout

    assert float(seconds) < 0.5


def test_settings_are_read_from_a_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# mine\n\nSTUDIO_PORT=9000\nSTUDIO_MAIL_FROM='Studio <a@b>'\nURL=a=b\nnot a setting\n")

    assert start.read_settings(file) == {
        "STUDIO_PORT": "9000",
        "STUDIO_MAIL_FROM": "Studio <a@b>",
        "URL": "a=b",
    }


def test_without_a_file_there_is_nothing_to_read(tmp_path):
    assert start.read_settings(tmp_path / ".env") == {}
