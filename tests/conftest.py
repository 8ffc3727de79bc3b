"""Every test gets its own data folder, so that files of one never meet another's."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from studio.media import child
from tests.warm_children import Server

os.environ.setdefault("STUDIO_DATA_DIR", tempfile.mkdtemp(prefix="studio-tests-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A new SQLite file for each run: beside an old one a killed run may have left a log that is not its own.

    The rows that migrations leave are put back before tests that commit, but not those that Django keeps of its own
    permissions: nothing of ours asks for them, and they are most of all rows.
    """
    django_settings.TEST_NON_SERIALIZED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def own_data_folder(settings, tmp_path: Path) -> Path:
    """Media, drafts and uploads of this test alone."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path
    settings.MEDIA_DIR = tmp_path / "media"
    settings.JOBS_DIR = tmp_path / "drafts"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    # Pages name the files as they are written; nothing has been collected here.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return tmp_path


@pytest.fixture(scope="session")
def warm_children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("children"))
    yield server
    server.close()


@pytest.fixture(autouse=True)
def media_children(warm_children: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forked ones, which are there at once. Where children themselves are tested this is overridden."""
    monkeypatch.setattr(child, "_start", warm_children.child)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The browser the checks chose, else an installed one, else Playwright's own."""
    path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    found = {"executable_path": path} if path else {}
    return {**browser_type_launch_args, **found, "args": ["--no-sandbox", "--disable-gpu"]}
