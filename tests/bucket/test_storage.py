"""A bucket of a real S3 server: what its links open, for whom and for how long, and what is said when it says no."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine

from studio.delivery import s3
from tests.bucket.weed import KEEPER_KEY, KEEPER_SECRET, Storage
from tests.providers.peer import Peer, peer

NAME = "references/2026-11-16/picture.png"
THIRTY_HOURS = 30 * 3600


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG" + bytes(range(256)) * 2000)
    return path


@pytest.fixture
def link(storage: Storage, picture: Path) -> str:
    """To a stored picture."""
    storage.bucket().put(NAME, picture, mime="image/png")
    return storage.bucket().link(NAME, seconds=THIRTY_HOURS)


def opened(url: str, method: str = "GET", **headers: str) -> httpx.Response:
    """As a provider opens it: without any keys."""
    return httpx.request(method, url, headers=headers, trust_env=False)


def link_made(ago: timedelta, storage: Storage) -> str:
    with time_machine.travel(datetime.now(UTC) - ago, tick=False):
        return storage.bucket().link(NAME, seconds=THIRTY_HOURS)


def answering(response: str) -> Peer:
    return peer(lambda connection, _: connection.sendall(response.encode()))


def test_a_link_opens_the_file_and_its_type_to_a_client_without_keys(link, picture):
    answer = opened(link)

    assert answer.status_code == 200
    assert answer.content == picture.read_bytes()
    assert answer.headers["content-type"] == "image/png"


def test_a_link_opens_a_part_of_the_file(link, picture):
    answer = opened(link, Range="bytes=4-19")

    assert answer.status_code == 206
    assert answer.content == picture.read_bytes()[4:20]


def test_a_link_is_good_for_get_alone(link):
    assert {method: opened(link, method).status_code for method in ("HEAD", "PUT", "DELETE")} == {
        "HEAD": 403,
        "PUT": 403,
        "DELETE": 403,
    }


def test_a_link_with_another_signature_name_or_time_is_refused(link):
    last = "0" if link[-1] != "0" else "1"
    spoiled = [
        link[:-1] + last,
        link.replace("picture.png", "other.png"),
        link.replace(f"X-Amz-Expires={THIRTY_HOURS}", f"X-Amz-Expires={THIRTY_HOURS + 1}"),
        link.partition("?")[0],
    ]

    assert [opened(url).status_code for url in spoiled] == [403] * 4


def test_a_link_opens_for_thirty_hours_and_no_longer(link, storage):
    assert opened(link_made(timedelta(hours=29, minutes=58), storage)).status_code == 200
    assert opened(link_made(timedelta(hours=30, minutes=2), storage)).status_code == 403


def test_a_file_counts_as_there_only_whole(link, storage, picture):
    bucket = storage.bucket()

    assert bucket.holds(NAME, picture.stat().st_size)
    assert not bucket.holds(NAME, picture.stat().st_size + 1)
    assert not bucket.holds("references/2026-11-16/other.png", picture.stat().st_size)


def test_a_dropped_file_is_gone_and_may_be_dropped_again(link, storage):
    storage.bucket().drop(NAME)
    storage.bucket().drop(NAME)

    assert storage.bucket().names("references/") == []
    assert opened(link).status_code == 404


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"bucket": "nowhere"}, "keys don’t open the bucket “nowhere”"),
        (
            {"bucket": "nowhere", "access_key": KEEPER_KEY, "secret_key": KEEPER_SECRET},
            "The storage has no bucket “nowhere”",
        ),
        ({"bucket": "theirs"}, "keys don’t open the bucket “theirs”"),
        ({"secret_key": "wrong"}, "didn’t accept the studio’s keys"),
        ({"access_key": "NOBODY"}, "didn’t accept the studio’s keys"),
    ],
)
def test_a_wrong_bucket_or_key_is_said_in_a_sentence(storage, picture, other, said):
    with pytest.raises(s3.Refused) as refused:
        storage.bucket(**other).put(NAME, picture, mime="image/png")

    assert said in refused.value.sentence
    assert "wrong" not in str(refused.value.detail)


def test_a_server_with_a_wrong_clock_is_told_so(storage, picture):
    with (
        time_machine.travel(datetime.now(UTC) - timedelta(hours=2), tick=False),
        pytest.raises(s3.Refused) as refused,
    ):
        storage.bucket().put(NAME, picture, mime="image/png")

    assert "clock is wrong" in refused.value.sentence


def test_a_bucket_of_another_region_is_told_so(picture):
    moved = "HTTP/1.1 301 Moved\r\nContent-Length: 45\r\nLocation: http://127.0.0.1:9/\r\n\r\n"
    said = f"{moved}<Error><Code>PermanentRedirect</Code></Error>"
    with answering(said) as other, pytest.raises(s3.Refused) as refused:
        Storage(endpoint=other.url).bucket().put(NAME, picture, mime="image/png")

    assert "STUDIO_S3_REGION" in refused.value.sentence
    assert other.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\noops",
        "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 400 No\r\nContent-Length: 35\r\n\r\n<Error><Code>SlowDown</Code></Error>",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut",
        "not http\r\n\r\n",
    ],
)
def test_a_storage_in_trouble_is_away(picture, answer):
    def say_and_go(connection: socket.socket, _: Peer) -> None:
        connection.sendall(answer.encode())
        connection.shutdown(socket.SHUT_RDWR)

    with peer(say_and_go) as troubled, pytest.raises(s3.Away):
        Storage(endpoint=troubled.url).bucket().put(NAME, picture, mime="image/png")


def test_a_storage_that_is_not_there_is_away(picture):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(s3.Away):
        Storage(endpoint=f"http://127.0.0.1:{port}").bucket().put(NAME, picture, mime="image/png")


def test_a_silent_storage_is_away_in_time(picture, monkeypatch):
    monkeypatch.setattr(s3, "SILENCE_SECONDS", 0.2)

    with peer(lambda _, state: state.let_go.wait(5)) as silent, pytest.raises(s3.Away):
        Storage(endpoint=silent.url).bucket().holds(NAME, 1)


def test_an_endless_answer_is_away(monkeypatch):
    monkeypatch.setattr(s3, "MAX_ANSWER", 1000)

    said = "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + "x" * 2000
    with answering(said) as endless, pytest.raises(s3.Away):
        Storage(endpoint=endless.url).bucket().names("references/")


def test_s04_nothing_in_the_environment_leads_elsewhere_or_lends_keys(storage, picture, monkeypatch):
    with answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as canary:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
            monkeypatch.setenv(name, canary.url)
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", canary.url)
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", canary.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "STRAY")
        monkeypatch.setenv("AWS_SESSION_TOKEN", "stray-token")
        monkeypatch.setenv("AWS_PROFILE", "no-such-profile")

        storage.bucket().put(NAME, picture, mime="image/png")
        url = storage.bucket().link(NAME, seconds=60)

    assert canary.connections == 0
    assert "STRAY" not in url
    assert "stray-token" not in url
    assert opened(url).status_code == 200


def test_s01_a_metadata_address_is_not_spoken_to():
    with pytest.raises(s3.Away):
        Storage(endpoint="http://169.254.169.254").bucket().holds(NAME, 1)


def test_plain_http_is_not_spoken_unless_it_is_allowed(storage):
    place = storage.place()
    https_only = s3.Bucket(
        s3.Place(
            endpoint=place.endpoint,
            bucket=place.bucket,
            region=place.region,
            access_key=place.access_key,
            secret_key=place.secret_key,
        )
    )

    with pytest.raises(s3.Away):
        https_only.holds(NAME, 1)


def test_an_endpoint_that_names_the_bucket_is_not_told_it_again():
    there = s3.Place(
        endpoint="https://films.oss-eu-central-1.aliyuncs.com",
        bucket="films",
        region="eu-central-1",
        access_key="A",
        secret_key="B",
    )

    url = s3.Bucket(there).link(NAME, seconds=60)

    assert url.startswith(
        f"https://films.oss-eu-central-1.aliyuncs.com/{NAME}?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    )


def test_k01_the_secret_is_in_no_repr_and_no_link(storage):
    assert storage.place().secret_key not in repr(storage.place())
    assert storage.place().secret_key not in storage.bucket().link(NAME, seconds=60)
