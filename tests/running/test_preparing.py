"""What has to be there before the studio runs: the data folder, a free port, the static files."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from r2v_site import data_folder, health, static_build

STORAGE = {"BACKEND": "r2v_site.static_files.StudioStaticFiles"}


@pytest.fixture
def sources(tmp_path: Path, settings) -> Path:
    """A folder with one stylesheet, collected into another."""
    folder = tmp_path / "sources"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "app.css").write_text("a { color: red }\n")
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": STORAGE}
    return folder


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path):
    data_folder.prepare(tmp_path / "new" / "data")

    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_way_of_the_data_folder_is_said_in_a_sentence(tmp_path):
    (tmp_path / "data").touch()

    with pytest.raises(data_folder.FolderNotUsable, match="cannot be made"):
        data_folder.prepare(tmp_path / "data")


def test_a_folder_is_held_by_one_at_a_time(tmp_path):
    with (
        data_folder.held(tmp_path / "run.lock"),
        pytest.raises(data_folder.FolderInUse),
        data_folder.held(tmp_path / "run.lock"),
    ):
        pass


def test_a_folder_is_free_again_afterwards(tmp_path):
    with data_folder.held(tmp_path / "run.lock"):
        pass

    with data_folder.held(tmp_path / "run.lock"):
        pass


def test_a_port_that_is_listened_on_is_not_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert not health.is_port_free("127.0.0.1", port)

    assert health.is_port_free("127.0.0.1", port)


def test_a_server_that_never_answers_is_not_healthy():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))

        assert not health.wait_until_healthy("127.0.0.1", silent.getsockname()[1], within_seconds=0.2)


@pytest.mark.parametrize(
    ("listens", "answers"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.7", "10.0.0.7")]
)
def test_an_address_to_listen_on_has_an_address_to_ask(listens, answers):
    assert health.reachable(listens) == answers


@pytest.mark.django_db
def test_static_files_are_collected_once(sources, settings):
    assert static_build.build_if_changed()
    assert not static_build.build_if_changed()
    assert list((settings.STATIC_ROOT / "css").glob("app.*.css"))


@pytest.mark.django_db
def test_static_files_are_collected_again_when_one_changed(sources, settings):
    static_build.build_if_changed()
    (sources / "css" / "app.css").write_text("a { color: blue }\n")

    assert static_build.build_if_changed()
    [served] = (settings.STATIC_ROOT / "css").glob("app.*.css")
    assert "blue" in served.read_text()


@pytest.mark.django_db
def test_a_collection_that_broke_off_is_done_again(sources, settings):
    static_build.build_if_changed()
    (settings.STATIC_ROOT.parent / "static.stamp").unlink()

    assert static_build.build_if_changed()
