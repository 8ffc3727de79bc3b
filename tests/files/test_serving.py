"""Private media: ranges, headers, and nobody else's."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from studio.models import MediaFile, Status
from studio.storage import store
from tests.factories import make_file, make_media_file, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 400


def put(relative: str, content: bytes) -> None:
    path = store.media_path(relative)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def make_film(**fields):
    media = make_media_file("video", facts={"video_codec": "h264"}, previews={"thumb": "thumb.webp"})
    put(store.file_path(media.sha256, "mp4"), FILM)
    put(store.previews_path(media.sha256) + "/thumb.webp", b"picture")
    return make_file(media=media, **fields)


def url(file, variant: str = "play") -> str:
    return reverse("studio:file-picture", args=[file.pk, variant])


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user())
    return client


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_whole_film_comes_with_its_exact_type_and_length(ada: Client):
    response = ada.get(url(make_film()))

    assert response.status_code == 200
    assert body(response) == FILM
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Length"] == str(len(FILM))
    assert response["Accept-Ranges"] == "bytes"


def test_a_range_comes_as_206(ada: Client):
    response = ada.get(url(make_film()), headers={"Range": "bytes=1000-1999"})

    assert response.status_code == 206
    assert body(response) == FILM[1000:2000]
    assert response["Content-Range"] == f"bytes 1000-1999/{len(FILM)}"


def test_a_single_byte_and_the_last_bytes_can_be_asked_for(ada: Client):
    film = make_film()

    assert body(ada.get(url(film), headers={"Range": "bytes=0-0"})) == FILM[:1]
    assert body(ada.get(url(film), headers={"Range": "bytes=-7"})) == FILM[-7:]


def test_a_range_behind_the_end_is_416_with_the_size(ada: Client):
    response = ada.get(url(make_film()), headers={"Range": f"bytes={len(FILM)}-"})

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(FILM)}"


def test_many_ranges_at_once_are_answered_with_the_whole_film(ada: Client):
    response = ada.get(url(make_film()), headers={"Range": "bytes=0-1,5-9"})

    assert response.status_code == 200
    assert body(response) == FILM


def test_head_tells_the_length_and_sends_nothing(ada: Client):
    response = ada.head(url(make_film()))

    assert response["Content-Length"] == str(len(FILM))
    assert response.content == b""


def test_who_has_it_already_gets_304(ada: Client):
    film = make_film()
    tag = ada.head(url(film))["ETag"]

    response = ada.get(url(film), headers={"If-None-Match": f'"other", {tag}'})

    assert response.status_code == 304
    assert response["ETag"] == tag


def test_a_range_of_an_older_content_is_answered_with_the_whole_new_one(ada: Client):
    film = make_film()
    tag = ada.head(url(film))["ETag"]

    same = ada.get(url(film), headers={"Range": "bytes=0-9", "If-Range": tag})
    other = ada.get(url(film), headers={"Range": "bytes=0-9", "If-Range": '"something else"'})

    assert (same.status_code, other.status_code) == (206, 200)


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}, {"Range": "bytes=999999999-"}])
def test_every_answer_is_private_and_harmless(ada: Client, headers):
    response = ada.get(url(make_film()), headers=headers)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_uploaded_picture_is_never_shown_as_it_came(ada: Client):
    picture = make_file("image")
    put(store.file_path(picture.media.sha256, "png"), b"<script>alert(1)</script>")

    shown = ada.get(url(picture, "play"))
    saved = ada.get(url(picture, "download"))

    assert shown.status_code == 404
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith("attachment")


def test_a_film_that_browsers_cannot_play_is_not_played(ada: Client):
    film = make_file(media=make_media_file("video", facts={"video_codec": "hevc"}))

    assert ada.get(url(film)).status_code == 404


@pytest.mark.parametrize(("codec", "status"), [("aac", 200), ("alac", 404)])
def test_a_phone_s_recording_is_heard_where_browsers_know_its_codec(ada: Client, codec: str, status: int):
    memo = make_file(media=make_media_file("audio", facts={"audio_codec": codec}))
    MediaFile.objects.filter(pk=memo.media_id).update(extension="m4a")
    put(store.file_path(memo.media.sha256, "m4a"), FILM)

    heard = ada.head(url(memo))

    assert heard.status_code == status
    if status == 200:
        assert heard["Content-Type"] == "audio/mp4"


def test_our_own_picture_of_a_film_is_shown(ada: Client):
    response = ada.get(url(make_film(), "thumb"))

    assert response["Content-Type"] == "image/webp"
    assert body(response) == b"picture"


def test_a_download_has_the_people_s_name_in_every_alphabet(ada: Client):
    film = make_film(name='Rüdiger "at" dusk/\r\n:')

    response = ada.get(url(film, "download"))

    expected = "attachment; filename*=utf-8''R%C3%BCdiger%20at%20dusk.mp4"
    assert response["Content-Disposition"] == expected


def without_token(response) -> str:
    """The body but for the form token, which differs on every answer."""
    return re.sub(r'(data-csrf="|csrfmiddlewaretoken" value=")\w+', "", response.content.decode())


def test_a_stranger_and_a_missing_file_get_the_same_answer(client: Client):
    hidden = make_film(project=make_project(is_open=False))
    client.force_login(make_user("Carol"))

    stranger = client.get(url(hidden), headers={"Range": "bytes=0-1"})
    missing = client.get(reverse("studio:file-picture", args=[uuid.uuid4(), "play"]))

    assert (stranger.status_code, missing.status_code) == (404, 404)
    assert without_token(stranger) == without_token(missing)


def test_a_file_whose_bytes_are_gone_is_404(ada: Client):
    assert (
        ada.get(url(make_file(media=make_media_file("video", facts={"video_codec": "h264"})))).status_code
        == 404
    )


def test_unknown_variants_and_other_methods_are_refused(ada: Client):
    film = make_film()

    assert ada.get(url(film, "secret")).status_code == 404
    assert ada.post(url(film)).status_code == 405


def test_a_proxy_sends_the_bytes_when_there_is_one(ada: Client, settings):
    settings.ACCEL_PREFIX = "/protected/"
    film = make_film()

    response = ada.get(url(film))

    assert response["X-Accel-Redirect"] == f"/protected/{store.file_path(film.media.sha256, 'mp4')}"
    assert response["Content-Type"] == "video/mp4"
    assert response.content == b""


def test_a_finished_clip_plays_and_downloads(ada: Client):
    task = make_task(Status.SUCCEEDED)
    put(task.clip.path, FILM)

    played = ada.get(
        reverse("studio:clip-media", args=[task.task_id, "video"]), headers={"Range": "bytes=0-9"}
    )
    saved = ada.get(reverse("studio:clip-media", args=[task.task_id, "download"]))

    assert body(played) == FILM[:10]
    assert saved["Content-Disposition"] == 'attachment; filename="Morning stretch v1 take 1.mp4"'


def test_a_take_without_a_clip_has_no_film(ada: Client):
    assert ada.get(reverse("studio:clip-media", args=[make_task().task_id, "video"])).status_code == 404
