"""Settings that do not fit end every command with a sentence, never with a traceback."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STUDIO_DATA_DIR": str(tmp_path / "data"), **environment}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("STUDIO_PORT", "http", "set it to a whole number from 1 to 65535"),
        ("STUDIO_PORT", "0", "set it to a whole number from 1 to 65535"),
        ("STUDIO_DEBUG", "maybe", "set it to 1 or 0"),
        ("STUDIO_PUBLIC_URL", "studio.example", "set it to an address such as https://studio.example"),
        ("STUDIO_PUBLIC_URL", "https://[::1", "set it to an address such as https://studio.example"),
        ("STUDIO_PUBLIC_URL", "https://studio:99999", "set it to an address such as https://studio.example"),
        ("STUDIO_MAIL_URL", "smtp://mail.example:mail", "set it to an address such as smtp://"),
        ("DATABASE_URL", "nonsense", "set it to an address such as postgres://user:password@host/name"),
        ("DATABASE_URL", "mysql://host/name", "set it to an address such as postgres://"),
        ("DATABASE_URL", "postgres://user:secret@host", "set it to an address such as postgres://"),
        ("STUDIO_MAIL_URL", "mail.example", "set it to an address such as smtp://"),
    ],
)
def test_a_value_that_does_not_fit_is_said_with_the_fix(tmp_path, name, value, fix):
    done = check(tmp_path, **{name: value})

    assert done.returncode == 1
    assert name in done.stderr
    assert fix in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_said_with_the_fix(tmp_path):
    (tmp_path / "file").touch()

    done = check(tmp_path, STUDIO_DATA_DIR=str(tmp_path / "file" / "data"))

    assert done.returncode == 1
    assert "Set STUDIO_DATA_DIR to another folder." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_from_the_environment_leaves_none_in_the_data_folder(tmp_path):
    done = check(tmp_path, STUDIO_SECRET_KEY=secrets.token_urlsafe(64))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").is_dir()
    assert not (tmp_path / "data" / "secret.key").exists()
