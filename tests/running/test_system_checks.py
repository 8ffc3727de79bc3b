"""What the studio refuses to start with (K-04, T-02): each is found, and said with its fix."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from django.db.utils import ConnectionHandler

from studio import checks

ROOT = Path(__file__).resolve().parents[2]
GOOD_SECRET = "N5rT-w2kQ_8zLx0cVbJ4mPq7sYhD1fGe3uAiKoWnZtRy"
SAFE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"


@pytest.fixture(autouse=True)
def good_settings(settings) -> None:
    settings.SECRET_KEY = GOOD_SECRET
    settings.DEBUG = False
    settings.PUBLIC_URL = settings.OWNER_EMAIL = settings.OWNER_PASSWORD = ""


def found() -> dict[str, CheckMessage]:
    return {str(message.id): message for message in checks.settings_are_safe(None)}


@pytest.fixture
def sqlite(monkeypatch, django_db_blocker) -> Callable[..., dict[str, CheckMessage]]:
    """What is found about a database that was opened with these options."""

    def check(path: Path, **options: str) -> dict[str, CheckMessage]:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
        handler = ConnectionHandler({"default": database})
        monkeypatch.setattr(checks, "connections", handler)
        with django_db_blocker.unblock():
            messages = checks.sqlite_keeps_what_it_commits(None, databases=["default"])
        handler["default"].close()
        return {str(message.id): message for message in messages}

    return check


def command(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STUDIO_DATA_DIR": str(tmp_path / "data"), "STUDIO_PORT": "8841", **settings}
    environment.pop("DATABASE_URL", None) if "DATABASE_URL" not in settings else None
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_good_settings_pass():
    assert found() == {}


@pytest.mark.parametrize("key", ["short", "a" * 64, "abcabcabc" * 8, f"django-insecure-{GOOD_SECRET}"])
def test_a_weak_secret_is_refused(settings, key: str):
    settings.SECRET_KEY = key

    assert "Remove STUDIO_SECRET_KEY, and the studio makes and keeps a good one" in str(
        found()["studio.E001"].hint
    )


def test_debug_in_public_is_refused(settings):
    settings.DEBUG, settings.PUBLIC_URL = True, "https://studio.example"

    assert found()["studio.E002"].hint == "Remove STUDIO_DEBUG, or remove STUDIO_PUBLIC_URL."


def test_debug_at_home_is_allowed(settings):
    settings.DEBUG = True

    assert found() == {}


@pytest.mark.parametrize("password", ["hunter2", "password1234", "owner@studio.example"])
def test_an_owner_s_password_that_is_easily_guessed_is_refused(settings, password: str):
    settings.OWNER_EMAIL, settings.OWNER_PASSWORD = "owner@studio.example", password

    assert found()["studio.E003"].hint == "Choose another one, or remove it and use the one-time link."


@pytest.mark.parametrize(
    ("email", "password"), [("owner@studio.example", ""), ("", "slow dandelion breakfast")]
)
def test_half_an_owner_is_said(settings, email: str, password: str):
    settings.OWNER_EMAIL, settings.OWNER_PASSWORD = email, password

    assert found()["studio.W001"].hint == "Set both, or neither and use the one-time link."


@pytest.fixture
def bucket(settings) -> None:
    settings.S3_BUCKET, settings.S3_ENDPOINT = "films", "https://s3.eu-central-1.amazonaws.com"
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = "AKEXAMPLE", "a-secret"
    settings.ALLOW_PRIVATE_ADDRESSES = False


def test_a_whole_bucket_passes(bucket):
    assert found() == {}


@pytest.mark.parametrize("name", ["S3_BUCKET", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"])
def test_half_a_bucket_is_said_with_what_is_missing(settings, bucket, name: str):
    setattr(settings, name, "")

    message = found()["studio.E005"]

    assert f"STUDIO_{name} is missing" in message.msg
    assert message.hint == "Set all of them, or take all STUDIO_S3_ variables away."


@pytest.mark.parametrize("name", ["films/references", "https://films.example", "x", "my films"])
def test_what_is_no_bucket_s_name_is_refused(settings, bucket, name: str):
    settings.S3_BUCKET = name

    assert "Set the bucket's name alone" in str(found()["studio.E006"].hint)


def test_a_bucket_behind_plain_http_is_for_developers_alone(settings, bucket):
    settings.S3_ENDPOINT = "http://storage.example"
    refused = found()
    settings.ALLOW_PRIVATE_ADDRESSES = True

    assert "plain http" in refused["studio.E007"].msg
    assert found() == {}


@pytest.mark.parametrize("host", ["localhost:9000", "minio.local", "storage", "192.168.0.5"])
def test_a_bucket_that_no_provider_can_reach_is_refused(settings, bucket, host: str):
    settings.S3_ENDPOINT = f"https://{host}"

    assert "the world knows the storage" in str(found()["studio.E008"].hint)


def test_no_part_of_the_studio_starts_with_half_a_bucket(tmp_path: Path):
    done = command(tmp_path, "check", STUDIO_S3_BUCKET="films", STUDIO_S3_SECRET_KEY="marker-secret")

    assert done.returncode == 1
    assert "STUDIO_S3_ENDPOINT and STUDIO_S3_ACCESS_KEY are missing" in done.stderr
    assert "marker-secret" not in done.stderr + done.stdout


def test_a_database_as_the_settings_make_it_passes(tmp_path: Path, sqlite):
    assert sqlite(tmp_path / "a.sqlite3", init_command=SAFE) == {}


@pytest.mark.parametrize(
    ("init", "said"),
    [
        ("PRAGMA journal_mode=DELETE;", "SQLite runs with journal_mode=delete, and wal is needed"),
        (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "SQLite runs with synchronous=1, and 2 is needed",
        ),
    ],
)
def test_a_database_that_could_forget_is_refused(tmp_path: Path, sqlite, init: str, said: str):
    message = sqlite(tmp_path / "a.sqlite3", init_command=init)["studio.E004"]

    assert said in message.msg
    assert "Keep the data folder on a local disk" in str(message.hint)


@pytest.mark.parametrize("name", ["run", "web", "worker", "check"])
def test_no_part_of_the_studio_starts_with_a_weak_secret(tmp_path: Path, name: str):
    done = command(tmp_path, name, STUDIO_SECRET_KEY="weak")

    assert done.returncode == 1
    assert "(studio.E001)" in done.stderr
    assert "HINT: Remove STUDIO_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["run", "web", "worker", "check_invariants"])
def test_no_command_begins_on_a_broken_database(tmp_path: Path, name: str):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "studio.sqlite3").write_bytes(b"nonsense " * 500)

    done = command(tmp_path, name)

    assert done.returncode == 1
    assert "The database cannot be opened: file is not a database" in done.stderr
    assert "mend STUDIO_DATA_DIR or DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["run", "web", "worker", "migrate"])
def test_a_database_server_that_does_not_answer_is_said_with_the_fix(tmp_path: Path, name: str):
    done = command(tmp_path, name, DATABASE_URL="postgres://studio:secret-word@127.0.0.1:1/studio")

    assert done.returncode == 1
    assert "The database cannot be opened" in done.stderr
    assert "mend STUDIO_DATA_DIR or DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret-word" not in done.stderr
