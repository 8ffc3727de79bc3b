"""Fetching clips from hosts that are slow, broken or mean, over real sockets."""

from __future__ import annotations

import datetime
import errno
import gzip
import hashlib
import ipaddress
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from studio.providers import download as module
from studio.providers import wire
from studio.providers.addresses import AddressRefused
from studio.providers.download import Downloaded, DownloadFailed, download
from tests.providers.peer import Peer, Say, answer, endless, peer, raw, reset, silence

FILM = b"film" * 5000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"
LIMIT = 100_000


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "clip.mp4"


def fetch(url: str, to: Path, **more: Any) -> Downloaded:
    return download(url, to, **{"max_bytes": LIMIT, "seconds": 5, "allow_private": True} | more)


def refused(url: str, to: Path, **more: Any) -> DownloadFailed:
    with pytest.raises(DownloadFailed) as raised:
        fetch(url, to, **more)
    assert not to.exists()
    return raised.value


def test_a_film_is_stored_whole_and_measured(to: Path) -> None:
    heard: list[int] = []
    with peer(answer("200 OK", FILM, Content_Type="video/mp4; charset=x")) as there:
        got = fetch(f"{there.url}/a/clip.mp4?Expires=1&Signature=a%2Fb", to, on_bytes=heard.append)

    assert to.read_bytes() == FILM
    assert got == Downloaded(
        size=len(FILM), sha256=hashlib.sha256(FILM).hexdigest(), content_type="video/mp4"
    )
    assert heard[-1] == len(FILM)
    assert there.requests[0].startswith(b"GET /a/clip.mp4?Expires=1&Signature=a%2Fb HTTP/1.1\r\n")


def test_a_film_of_unknown_length_is_stored_whole(to: Path) -> None:
    with peer(raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nfilm\r\n0\r\n\r\n")) as there:
        assert fetch(there.url, to).size == 4


ENDINGS: dict[str, tuple[Say, str]] = {
    "a slow drip": (endless(HEAD + b"Content-Length: 90000\r\n\r\n", b"x", pause=0.05), "slow"),
    "a dripping head": (endless(HEAD, b"X-Drip: 1\r\n", pause=0.05), "slow"),
    "silence": (silence, "slow"),
    "a stall in the middle": (
        endless(HEAD + b"Content-Length: 90000\r\n\r\n" + b"x" * 900, b"", pause=0.05),
        "slow",
    ),
    "too long, and says so": (answer("200 OK", b"x" * (LIMIT + 1), Content_Type="video/mp4"), "too_big"),
    "too long, and does not": (endless(HEAD + b"\r\n", b"x" * 65536), "too_big"),
    "cut": (raw(HEAD + b"Content-Length: 5000\r\n\r\n" + b"x" * 100), "broken"),
    "a cut chunk": (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nfilm"), "broken"),
    "a reset": (reset, "broken"),
    "a gzip bomb": (
        answer("200 OK", gzip.compress(b"\0" * 5_000_000), Content_Type="video/mp4", Content_Encoding="gzip"),
        "broken",
    ),
    "nothing": (answer("200 OK", Content_Type="video/mp4"), "broken"),
    "a part": (answer("206 Partial Content", FILM, Content_Type="video/mp4"), "broken"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH\r\n"), "broken"),
    "two lengths": (raw(HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nxxxxx"), "broken"),
    "a page": (answer("200 OK", b"<html>", Content_Type="text/html"), "not_a_film"),
    "a refusal as XML": (answer("200 OK", b"<Error/>", Content_Type="application/xml"), "not_a_film"),
    "a picture": (answer("200 OK", b"GIF89a", Content_Type="image/gif"), "not_a_film"),
    "403": (answer("403 Forbidden", b"<Error/>"), "gone"),
    "404": (answer("404 Not Found"), "gone"),
    "410": (answer("410 Gone"), "gone"),
    "429": (answer("429 X"), "unreachable"),
    "500": (answer("500 X"), "unreachable"),
    "503": (answer("503 X"), "unreachable"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_t09_t08_what_is_no_whole_film_is_refused_in_time_and_leaves_nothing(ending: str, to: Path) -> None:
    say, reason = ENDINGS[ending]
    with peer(say) as there:
        started = time.monotonic()

        failed = refused(f"{there.url}/clip.mp4?Signature=secret", to, seconds=0.6)

        assert failed.reason == reason
        assert failed.sentence.endswith(".")
        assert "secret" not in f"{failed!r} {failed.detail}"
        assert time.monotonic() - started < 3


def test_nobody_there_is_unreachable(to: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert refused(f"http://127.0.0.1:{port}/", to).reason == "unreachable"


def test_t11_a_full_disk_is_our_own_matter_and_leaves_nothing(
    to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with peer(answer("200 OK", FILM)) as there, pytest.raises(OSError, match="No space"):
        fetch(there.url, to)

    assert not to.exists()


def chain(hops: int) -> Say:
    """/0 leads to /1, and so on; then the film."""

    def say(connection: socket.socket, there: Peer) -> None:
        number = int(there.requests[-1].split(b" ")[1].lstrip(b"/"))
        if number < hops:
            reply = answer("302 Found", Location=f"/{number + 1}", Set_Cookie="tracked=1")
        else:
            reply = answer("200 OK", FILM, Content_Type="video/mp4")
        reply(connection, there)

    return say


def test_s03_three_redirects_are_followed_without_cookies(to: Path) -> None:
    with peer(chain(3)) as there:
        assert fetch(f"{there.url}/0", to).size == len(FILM)

        assert len(there.requests) == 4
        assert b"tracked" not in b"".join(there.requests).lower()


def test_s03_a_fourth_redirect_is_not_followed(to: Path) -> None:
    with peer(chain(4)) as there:
        assert refused(f"{there.url}/0", to).reason == "refused"

        assert len(there.requests) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "ftp://a/",
        "https://user:pw@a.example/",
        "http://[",
        "",
    ],
)
def test_s03_every_redirect_is_checked_like_the_first_address(location: str, to: Path) -> None:
    with peer(answer("302 Found", Location=location)) as there:
        failed = refused(there.url, to)

        assert failed.reason == "refused"
        assert len(there.requests) <= 4


def test_s03_a_redirect_to_plain_http_is_refused_outside_development() -> None:
    with pytest.raises(AddressRefused):
        wire.checked_url("http://cdn.example/clip.mp4", allow_private=False)


def test_s04_no_key_cookie_or_proxy_goes_along(to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with peer(answer("200 OK", b"{}")) as canary, peer(answer("200 OK", FILM)) as there:
        for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(variable, canary.url)
        fetch(there.url, to)

        head = there.requests[0].lower()
        assert canary.connections == 0
        assert not any(name in head for name in (b"authorization", b"cookie", b"api-key", b"referer"))
        assert b"accept-encoding: identity" in head


def certificate(host: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for one host: what its server uses, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host[0].isdigit():
        names = [x509.IPAddress(ipaddress.ip_address(host))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{host}.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names under .test are at this machine."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *args, **kwargs: real(
            "127.0.0.1" if host.endswith(".test") else host, port, *args, **kwargs
        ),
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("owner", "reason"), [("cdn.test", None), ("other.test", "unreachable")])
def test_s02_the_certificate_must_be_of_the_name_although_the_address_is_pinned(
    owner: str, reason: str | None, to: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, trusting = certificate(owner, tmp_path)
    monkeypatch.setattr(wire, "tls_context", lambda: trusting)
    with peer(answer("200 OK", FILM), tls=server) as there:
        url = f"https://cdn.test:{there.port}/clip.mp4"

        if reason is None:
            assert fetch(url, to).size == len(FILM)
            assert f"Host: cdn.test:{there.port}".encode() in there.requests[0]
        else:
            assert refused(url, to).reason == reason
            assert there.requests == []


@pytest.mark.usefixtures("here")
def test_s04_a_certificate_nobody_vouches_for_is_refused(to: Path, tmp_path: Path) -> None:
    server, _ = certificate("cdn.test", tmp_path)
    with peer(answer("200 OK", FILM), tls=server) as there:
        assert refused(f"https://cdn.test:{there.port}/clip.mp4", to).reason == "unreachable"

        assert there.requests == []
