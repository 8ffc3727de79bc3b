"""The protocol of resumable uploads: places, offsets, broken lines, and what is refused."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from studio.models import Upload
from studio.models.person import Role
from studio.storage import incoming
from tests.factories import inbox, make_project, make_user

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user())
    return client


def metadata(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def create(client: Client, size: object, *, filename: str = "street.mp4", **headers: str):
    headers = {
        "Upload-Length": str(size),
        "Upload-Metadata": metadata(filename=filename, project=str(inbox().pk)),
    } | headers
    return client.post(reverse("studio:upload-create"), headers=TUS | headers)


def patch(client: Client, url: str, content: bytes, offset: int):
    return client.patch(
        url,
        content,
        content_type="application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": str(offset)},
    )


def bytes_of(url: str) -> bytes:
    return incoming.path_of(Upload.objects.get(pk=url.split("/")[-2])).read_bytes()


def uploads_on_disk(settings) -> list[Path]:
    return list(Path(settings.UPLOADS_DIR).glob("*"))


def test_the_server_says_what_it_can(ada: Client):
    response = ada.options(reverse("studio:upload-create"))

    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert response["Tus-Extension"] == "creation,expiration,termination"
    assert response["Tus-Max-Size"] == "2000000000"


def test_a_file_arrives_in_two_parts(ada: Client):
    url = create(ada, 10)["Location"]

    first = patch(ada, url, b"01234", 0)
    second = patch(ada, url, b"56789", 5)

    assert (first.status_code, first["Upload-Offset"]) == (204, "5")
    assert (second.status_code, second["Upload-Offset"]) == (204, "10")
    assert bytes_of(url) == b"0123456789"


def test_after_a_broken_line_the_server_says_where_to_go_on(ada: Client):
    url = create(ada, 10)["Location"]
    patch(ada, url, b"0123", 0)

    response = ada.head(url, headers=TUS)

    assert (response["Upload-Offset"], response["Upload-Length"]) == ("4", "10")
    assert response["Cache-Control"] == "no-store"


def test_what_arrived_before_the_line_broke_is_kept(ada: Client):
    create(ada, 10)
    upload = Upload.objects.get()
    pieces = iter([b"0123", ConnectionResetError()])

    def read(count: int) -> bytes:
        piece = next(pieces)
        if isinstance(piece, Exception):
            raise piece
        return piece

    assert incoming.receive(upload, offset=0, read=read) == 4
    upload.refresh_from_db()
    assert upload.offset == 4


def test_bytes_that_a_kill_left_behind_the_offset_are_written_again(ada: Client):
    url = create(ada, 10)["Location"]
    patch(ada, url, b"0123", 0)
    path = incoming.path_of(Upload.objects.get())
    path.write_bytes(b"0123XXXX")

    patch(ada, url, b"456789", 4)

    assert path.read_bytes() == b"0123456789"


def test_bytes_for_another_place_are_refused(ada: Client):
    url = create(ada, 10)["Location"]

    response = patch(ada, url, b"56789", 5)

    assert response.status_code == 409
    assert Upload.objects.get().offset == 0


def test_two_connections_cannot_both_move_the_offset(ada: Client):
    create(ada, 10)
    upload, same_upload = Upload.objects.get(), Upload.objects.get()
    incoming.receive(upload, offset=0, read=io.BytesIO(b"01234").read)

    with pytest.raises(incoming.WrongPlace):
        incoming.receive(same_upload, offset=0, read=io.BytesIO(b"01234").read)


def test_a_forgotten_connection_cannot_write_into_a_sealed_file(ada: Client):
    create(ada, 4)
    upload = Upload.objects.get()
    incoming.receive(upload, offset=0, read=io.BytesIO(b"good").read)

    def late(count: int) -> bytes:
        with incoming.sealed(upload):
            return b"evil"

    upload.offset = 0
    with pytest.raises(incoming.Gone):
        incoming.receive(upload, offset=0, read=late)
    assert incoming.sealed_path_of(upload).read_bytes() == b"good"


def test_more_bytes_than_said_are_refused_before_they_are_read(ada: Client):
    url = create(ada, 4)["Location"]

    response = patch(ada, url, b"01234", 0)

    assert response.status_code == 413
    assert bytes_of(url) == b""


def test_a_sender_that_does_not_stop_loses_everything(ada: Client, settings):
    create(ada, 1000)

    with pytest.raises(incoming.Refused, match="More bytes"):
        incoming.receive(Upload.objects.get(), offset=0, read=lambda count: b"x" * 600)

    assert uploads_on_disk(settings) == []
    assert not Upload.objects.exists()


def test_a_file_above_the_ceiling_is_refused_before_its_first_byte(ada: Client, settings):
    response = create(ada, 5_000_000_000)

    assert response.status_code == 413
    assert (
        response.json()["summary"] == "This file is too large to send. It is 5.0 GB; up to 2 GB can come in."
    )
    assert not Upload.objects.exists()


def test_an_empty_file_is_refused_with_a_sentence(ada: Client):
    assert create(ada, 0).json()["summary"] == "This file is empty. Choose another one."


def test_a_full_disk_is_said_before_the_upload(ada: Client, monkeypatch):
    monkeypatch.setattr(incoming, "LEAVE_FREE_BYTES", 10**18)

    assert create(ada, 10).status_code == 507


@pytest.mark.parametrize("size", ["", "-1", "1.5", "ten", "9" * 30])
def test_a_length_that_is_no_number_is_refused(ada: Client, size: str):
    assert create(ada, size).status_code == 400


@pytest.mark.parametrize(
    "said", ["", "filename", "project !!!", "project " + base64.b64encode(b"nonsense").decode(), ",,,"]
)
def test_metadata_that_cannot_be_read_is_refused(ada: Client, said: str):
    assert create(ada, 10, **{"Upload-Metadata": said}).status_code == 400


def test_taking_back_removes_the_row_and_the_bytes(ada: Client, settings):
    url = create(ada, 10)["Location"]
    patch(ada, url, b"0123", 0)

    assert ada.delete(url, headers=TUS).status_code == 204
    assert ada.head(url, headers=TUS).status_code == 404
    assert uploads_on_disk(settings) == []


def test_another_version_of_the_protocol_gets_412(ada: Client):
    response = ada.post(reverse("studio:upload-create"), headers={"Tus-Resumable": "0.2.0"})

    assert response.status_code == 412
    assert response["Tus-Version"] == "1.0.0"


def test_bytes_of_another_type_are_refused(ada: Client):
    url = create(ada, 10)["Location"]

    response = ada.patch(url, b"x", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"})

    assert response.status_code == 415


def test_whoever_was_signed_out_gets_401_and_can_go_on_later(ada: Client):
    url = create(ada, 10)["Location"]
    patch(ada, url, b"0123", 0)
    user = Upload.objects.get().user
    ada.logout()

    assert patch(ada, url, b"4567", 4).status_code == 401
    ada.force_login(user)
    assert patch(ada, url, b"456789", 4)["Upload-Offset"] == "10"


def test_nobody_else_sees_an_upload(ada: Client):
    url = create(ada, 10)["Location"]
    other = Client()
    other.force_login(make_user("Bob"))

    assert other.head(url, headers=TUS).status_code == 404
    assert patch(other, url, b"x", 0).status_code == 404
    assert other.delete(url, headers=TUS).status_code == 404


def test_a_project_that_someone_may_not_see_takes_no_file(ada: Client):
    hidden = make_project(is_open=False)

    response = create(ada, 10, **{"Upload-Metadata": metadata(filename="a.png", project=str(hidden.pk))})

    assert response.status_code == 404


def test_a_reviewer_uploads_nothing(client: Client):
    client.force_login(make_user("Rita", role=Role.REVIEWER))

    assert create(client, 10).status_code == 403


def test_without_the_csrf_header_nothing_is_taken():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    assert create(client, 10).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\cat.png", "cat.png"),
        ("a\x00b\r\nc.png", "ab c.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("", "file"),
        ("x" * 300 + ".png", "x" * 251 + ".png"),
    ],
)
def test_a_name_is_only_ever_a_label(ada: Client, settings, sent: str, kept: str):
    create(ada, 10, filename=sent)

    upload = Upload.objects.get()
    assert upload.filename == kept
    assert uploads_on_disk(settings) == [Path(settings.UPLOADS_DIR) / str(upload.pk)]


def test_parts_are_read_in_pieces_and_counted_every_eight_megabytes(ada: Client, monkeypatch):
    size = 20 * 1024 * 1024
    create(ada, size)
    asked, counted = [], []
    source = io.BytesIO(bytes(size))

    def read(count: int) -> bytes:
        asked.append(count)
        counted.append(Upload.objects.get().offset) if len(asked) % 32 == 1 else None
        return source.read(count)

    incoming.receive(Upload.objects.get(), offset=0, read=read)

    assert set(asked) == {incoming.PIECE}
    assert {8 * 1024 * 1024, 16 * 1024 * 1024} <= set(counted)
    assert Upload.objects.get().offset == size
