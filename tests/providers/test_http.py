"""The client that spends money: over real sockets, with everything that can go wrong on the way."""

from __future__ import annotations

import io
import json
import socket
import time
from typing import Any

import pytest

from studio.providers import http
from studio.providers.answers import Answer, link, number, parsed, percent, redacted
from studio.providers.apiframe import Apiframe
from studio.providers.base import Account, ErrorCategory, PaidProvider, ProviderError
from studio.providers.dashscope import DashScope
from studio.providers.http import ProviderHttp
from studio.providers.modelstream import ModelStream
from tests.providers.peer import Say, answer, endless, peer, raw, reset, silence
from tests.providers.sampled import neutral

KEY = "marker-0123456789abcdef"  # without a prefix that gives it away
PAID: dict[str, Any] = {"modelstream": ModelStream, "apiframe": Apiframe, "dashscope": DashScope}
each_provider = pytest.mark.parametrize("name", PAID)
HEAD = b"HTTP/1.1 200 OK\r\n"


def account(url: str, *, allow_private: bool = True) -> Account:
    return Account(key=KEY, base_url=url, allow_private=allow_private)


def submit(provider: PaidProvider) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        provider.submit(neutral("request-minimal.json"), key="attempt-1")
    return raised.value


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CREATE_SECONDS", 0.4)
    monkeypatch.setattr(http, "LOOK_SECONDS", 0.4)


UNCLEAR: dict[str, Say] = {
    "silence": silence,
    "a reset": reset,
    "a close without an answer": raw(b""),
    "half a head": raw(b"HTTP/1.1 200 O"),
    "half a body": raw(HEAD + b'Content-Length: 900\r\n\r\n{"task_id": "1", "jobId": "1"'),
    "no HTTP at all": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "a page": answer("200 OK", b"<html>All fine</html>", Content_Type="text/html"),
    "nothing": answer("200 OK"),
    "a yes without an id": answer("200 OK", b'{"status": "queued"}'),
    "a packed yes": answer("200 OK", b"\x1f\x8b\x08", Content_Encoding="gzip"),
    "an endless body": endless(HEAD + b"Content-Length: 900000000\r\n\r\n", b"x" * 65536),
    "a dripping head": endless(HEAD, b"X-Drip: 1\r\n", pause=0.05),
    "a dripping body": endless(HEAD + b"Content-Length: 900\r\n\r\n", b"x", pause=0.05),
    "a temporary redirect": answer("307 Temporary Redirect", Location="/elsewhere"),
    "a permanent redirect": answer("308 Permanent Redirect", Location="/elsewhere"),
    "a see other": answer("303 See Other", Location="/elsewhere"),
    "500 with words": answer("500 X", b'{"code": "InternalError", "message": "busy", "error": "busy"}'),
    "502 with a page": answer("502 Bad Gateway", b"<html>"),
    "503 with a page": answer("503 X", b"<html>"),
    "504": answer("504 Gateway Timeout", b'{"error": "timeout"}'),
    "408": answer("408 Request Timeout", b'{"error": "timeout", "code": "x"}'),
    "400 with a page": answer("400 Bad Request", b"<html>"),
    "403 with a page": answer("403 Forbidden", b"<html>"),
    "400 with an empty object": answer("400 Bad Request", b"{}"),
    "418 with a list": answer("418 X", b'["error"]'),
}


@each_provider
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("ending", UNCLEAR)
def test_m05_m03_one_create_leaves_and_an_unclear_ending_is_uncertain(name: str, ending: str) -> None:
    with peer(UNCLEAR[ending]) as there:
        started = time.monotonic()

        error = submit(PAID[name](account(there.url)))

        assert error.category == ErrorCategory.UNCERTAIN
        assert len(there.requests) == 1
        assert time.monotonic() - started < 3


@each_provider
def test_m05_every_create_has_a_connection_of_its_own(name: str) -> None:
    with peer(answer("400 X", b'{"error": "no", "code": "InvalidParameter", "message": "no"}')) as there:
        provider = PAID[name](account(there.url))

        for _ in range(3):
            submit(provider)

        assert (there.connections, len(there.requests)) == (3, 3)


@each_provider
def test_m05_a_create_does_not_use_the_pooled_connection_of_a_look(name: str) -> None:
    with peer(answer("404 X", b'{"error": "no", "code": "no"}')) as there:
        provider = PAID[name](account(there.url))
        for _ in range(2):
            with pytest.raises(ProviderError):
                provider.fetch("a-job")
        assert there.connections == 1

        submit(provider)

        assert there.connections == 2


@each_provider
def test_nothing_listening_means_not_sent(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert submit(PAID[name](account(f"http://127.0.0.1:{port}"))).category == ErrorCategory.NOT_SENT


@each_provider
def test_a_name_that_nobody_knows_means_not_sent(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert submit(PAID[name](account("https://api.example.test"))).category == ErrorCategory.NOT_SENT


@each_provider
def test_a_handshake_that_fails_means_not_sent(name: str) -> None:
    with peer(raw(b"")) as there:
        error = submit(PAID[name](account(f"https://127.0.0.1:{there.port}")))

        assert error.category == ErrorCategory.NOT_SENT
        assert there.requests == []


@each_provider
@pytest.mark.parametrize(
    "url", ["http://api.example.com", "https://u:p@api.example.com", "ftp://x", "", "https://"]
)
def test_an_address_that_is_no_plain_https_host_is_refused_before_anything_is_sent(
    name: str, url: str
) -> None:
    with pytest.raises(ProviderError) as raised:
        PAID[name](account(url, allow_private=False))

    assert raised.value.category == ErrorCategory.NOT_SENT


@each_provider
def test_s01_an_api_address_on_our_own_network_is_refused_unless_allowed(name: str) -> None:
    with peer(answer("200 OK", b"{}")) as there:
        error = submit(PAID[name](account(f"https://127.0.0.1:{there.port}", allow_private=False)))

        assert error.category == ErrorCategory.NOT_SENT
        assert there.connections == 0


@each_provider
@pytest.mark.usefixtures("hurried")
def test_s03_s04_neither_a_redirect_nor_a_proxy_takes_the_key_elsewhere(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with peer(answer("200 OK", b"{}")) as canary:
        for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(variable, canary.url)
        with peer(answer("307 X", Location=f"{canary.url}/steal", Set_Cookie="tracked=1")) as there:
            provider = PAID[name](account(there.url))
            submit(provider)
            for _ in range(2):
                with pytest.raises(ProviderError):
                    provider.fetch("a-job")
                with pytest.raises(ProviderError):
                    provider.check_key()

            assert len(there.requests) == 5
            assert b"tracked" not in b"".join(there.requests)
        assert canary.connections == 0


def test_s04_the_key_does_not_go_to_the_place_of_an_upload() -> None:
    with peer(answer("200 OK")) as elsewhere, peer(answer("200 OK", b"{}")) as there:
        client = ProviderHttp(account(there.url), headers={"Authorization": f"Bearer {KEY}"}, label="X")

        client.upload(
            f"{elsewhere.url}/", {"file": ("a.jpg", io.BytesIO(b"bytes"), "image/jpeg")}, {"key": "a"}
        )

        assert KEY.encode() not in elsewhere.requests[0]
        assert b"bytes" in elsewhere.requests[0]
        assert there.connections == 0


@pytest.mark.parametrize("path", ["https://evil.example/x", "//evil.example/x", "x", ""])
def test_s04_only_paths_of_the_own_host_can_be_asked_for(path: str) -> None:
    client = ProviderHttp(account("https://api.example.com"), headers={"Authorization": KEY}, label="X")

    with pytest.raises(ValueError, match="not a path"):
        client.get(path)


@each_provider
def test_a_job_id_stays_one_step_of_the_path(name: str) -> None:
    with peer(answer("404 X", b"{}")) as there:
        with pytest.raises(ProviderError):
            PAID[name](account(there.url)).fetch("../../v2/me?x=1#y")

        assert b"..%2F..%2Fv2%2Fme%3Fx%3D1%23y" in there.requests[0].split(b"\r\n")[0]


LOOKS: dict[str, tuple[Say, ErrorCategory]] = {
    "401": (answer("401 X", b'{"error": "no"}'), ErrorCategory.AUTH),
    "403": (answer("403 X", b"<html>"), ErrorCategory.AUTH),
    "404": (answer("404 X", b'{"error": "Job not found"}'), ErrorCategory.PROVIDER_ERROR),
    "400": (answer("400 X", b'{"code": "task_not_exist", "message": "x"}'), ErrorCategory.PROVIDER_ERROR),
    "410": (answer("410 X", b'{"error": "gone"}'), ErrorCategory.EXPIRED),
    "429": (answer("429 X", b"{}", Retry_After="9"), ErrorCategory.RATE_LIMITED),
    "502": (answer("502 X", b"<html>"), ErrorCategory.PROVIDER_BUSY),
    "a page": (answer("200 OK", b"<html>"), ErrorCategory.PROVIDER_ERROR),
    "nothing": (answer("200 OK"), ErrorCategory.PROVIDER_ERROR),
    "a list": (answer("200 OK", b"[]"), ErrorCategory.PROVIDER_ERROR),
    "a redirect": (answer("302 X", Location="/"), ErrorCategory.PROVIDER_ERROR),
    "silence": (silence, ErrorCategory.PROVIDER_BUSY),
    "a reset": (reset, ErrorCategory.PROVIDER_BUSY),
    "200 MB": (
        endless(HEAD + b"Content-Length: 200000000\r\n\r\n", b" " * 65536),
        ErrorCategory.PROVIDER_BUSY,
    ),
    "a drip": (
        endless(HEAD + b"Content-Length: 9000\r\n\r\n", b" ", pause=0.05),
        ErrorCategory.PROVIDER_BUSY,
    ),
}


@each_provider
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("ending", LOOKS)
def test_t05_t06_t07_a_look_that_fails_says_nothing_about_the_job(name: str, ending: str) -> None:
    say, category = LOOKS[ending]
    with peer(say) as there:
        started = time.monotonic()
        with pytest.raises(ProviderError) as raised:
            PAID[name](account(there.url)).fetch("a-job")

        assert raised.value.category == category
        assert time.monotonic() - started < 3
        assert raised.value.retry_after == (9 if ending == "429" else None)


def test_t07_json_that_is_made_to_hurt_is_only_no_json() -> None:
    assert parsed(b"[" * 900_000) is None
    assert parsed(b'{"a":' * 100_000 + b"1" + b"}" * 100_000) is None
    assert parsed(b"9" * 900_000) is None
    assert parsed(b'{"status": "\xff"}') is None
    assert parsed(b'{"progress": NaN, "cost": -Infinity}') == {"progress": None, "cost": None}
    assert parsed(b'{"id": "a", "id": "b"}') == {"id": "b"}
    assert parsed("{}") == {}


@pytest.mark.parametrize(("size", "is_taken"), [(http.MAX_ANSWER, True), (http.MAX_ANSWER + 1, False)])
def test_t07_an_answer_of_more_than_a_megabyte_is_not_read_on(size: int, is_taken: bool) -> None:
    with peer(answer("200 OK", b" " * size)) as there:
        client = ProviderHttp(account(there.url), headers={}, label="X")

        if is_taken:
            assert len(client.get("/x").body) == size
        else:
            with pytest.raises(ProviderError, match="isn’t answering"):
                client.get("/x")


def test_odd_values_are_read_as_nothing() -> None:
    assert [percent(value) for value in ("30%", " 45 ", 99.9, -3, 400, True, "x", None, 1e999, [])] == [
        30, 45, 99, 0, 100, None, None, None, None, None,
    ]  # fmt: skip
    assert [str(number(value)) for value in (85, "85.50", 0.1, -1, True, "NaN", "x", None, 1e300)] == [
        "85", "85.50", "0.1", "None", "None", "None", "None", "None", "None",
    ]  # fmt: skip
    assert [link(value) for value in ("https://a/b", "ftp://a", "http://", "javascript:x", "https://a b", 7)] == [
        "https://a/b", "", "", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("-5", 0),
        ("99999999", 3600),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_how_long_to_wait_is_read_within_reason(said: str, seconds: float | None) -> None:
    assert Answer(status=429, headers={"retry-after": said}).retry_after == seconds


def test_a_date_to_wait_for_is_understood() -> None:
    wait = Answer(status=429, headers={"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}).retry_after

    assert wait == 3600


@each_provider
@pytest.mark.usefixtures("hurried")
def test_k01_the_key_is_in_no_error_and_no_repr(name: str) -> None:
    body = json.dumps(
        {
            "error": f"no such key {KEY}",
            "code": "InvalidParameter",
            "message": f"Authorization: Bearer {KEY} is odd",
        }
    )
    with peer(answer("400 X", body.encode())) as there:
        provider = PAID[name](account(there.url))
        error = submit(provider)

        told = f"{error!r} {error.message} {error.detail} {error.__cause__!r} {provider!r} {account(there.url)!r}"
        assert KEY not in told
        assert "400" in error.detail


@each_provider
def test_k01_a_failed_job_that_repeats_the_key_does_not_show_it(name: str) -> None:
    said = {"code": "InvalidParameter", "message": f"bad token {KEY} given"}
    body = {"status": "FAILED", "error": said, "output": {"task_status": "FAILED"} | said}
    with peer(answer("200 OK", json.dumps(body).encode())) as there:
        snapshot = PAID[name](account(there.url)).fetch("a-job")

    assert "bad token [key] given" in snapshot.message
    assert KEY not in f"{snapshot!r}"


@each_provider
def test_k01_a_key_that_no_header_can_carry_is_not_repeated(name: str) -> None:
    with pytest.raises(ProviderError) as raised:
        PAID[name](Account(key="sk-secret\r\nX-Evil: 1", base_url="https://api.example.com"))

    assert raised.value.category == ErrorCategory.AUTH
    assert "secret" not in f"{raised.value!r} {raised.value.detail}"


@pytest.mark.parametrize("body", [b'{"a": "my/long/key"}', b'{"a": "my\\/long\\/key"}'])
def test_k01_a_key_is_found_however_its_slashes_are_written(body: bytes) -> None:
    answer = Answer(status=200, body=body, secrets=("my/long/key",))

    assert answer.json == {"a": "[key]"}
    assert "long" not in answer.redacted()


def test_k01_answers_are_kept_without_signatures_and_at_most_2000_characters_long() -> None:
    said = redacted(
        f'{{"url": "https:\\/\\/a.example\\/v.mp4?Signature=abc", "signature": "abc", "k": "afk_{"a" * 40}", '
        f'"u": "https://a.example/v.mp4?Expires=1&Signature=abc", "h": "Bearer abc", "own": "{KEY}"}}',
        [KEY],
    )

    assert "abc" not in said
    assert "afk_" not in said
    assert KEY not in said
    assert "https://a.example/v.mp4" in said
    assert len(Answer(status=200, body=b"x" * 9000).redacted()) == 2000


def test_pooled_looks_use_few_connections() -> None:
    with peer(answer("200 OK", b'{"id": "x", "status": "PROCESSING"}')) as there:
        provider = Apiframe(account(there.url))

        for _ in range(20):
            provider.fetch("x")

        assert (there.connections, len(there.requests)) == (1, 20)
