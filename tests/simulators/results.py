"""The result addresses: a clip with its type, ranges and an expiry, and everything that can be wrong with it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.simulators import films
from tests.simulators.faults import Fault
from tests.simulators.simulator import Simulator
from tests.simulators.wire import Answer, Request

HEAD = "/results/"
GIGABYTE = 1_000_000_000
BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Stream:
    """An answer too long to be held. `length` is announced; None announces nothing."""

    chunks: Iterator[bytes]
    length: int | None
    content_type: str = "video/mp4"
    headers: dict[str, str] = field(default_factory=dict)


def serve(simulator: Simulator, request: Request, fault: Fault | None) -> Answer | Stream:
    """What lies at a result address right now."""
    job = simulator.jobs.settled(request.path.removeprefix(HEAD).partition("/")[0])
    if job is None or job.state != "succeeded":
        return _missing()
    if "Signature" not in request.query:
        return _denied("AccessDenied", "The request is not signed.")
    if fault is not None and (wrong := _spoiled(simulator, fault)) is not None:
        return wrong
    if simulator.jobs.is_expired(job):
        return _denied("AccessDenied", "Request has expired.")
    content = simulator.result(job)
    if fault is not None and fault.what == "half_film":
        content = content[: len(content) // 2]
    if fault is not None and fault.what == "short_film":
        size = films.scaled((job.width, job.height), simulator.options.film_scale)
        content = films.film(simulator.options.films_folder, size, 1).read_bytes()
    label = "text/html" if fault is not None and fault.what == "wrong_label" else "video/mp4"
    return ranged(request, content, label)


def ranged(request: Request, content: bytes, content_type: str) -> Answer:
    """All of it, or the one range that was asked for."""
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{zlib.crc32(content):08x}"'}
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    if not match or match.groups() == ("", ""):
        return Answer(status=200, body=content, content_type=content_type, headers=headers)
    first, last = match.groups()
    start = int(first) if first else max(len(content) - int(last), 0)
    end = min(int(last), len(content) - 1) if first and last else len(content) - 1
    if start > end:
        wrong = {"Content-Range": f"bytes */{len(content)}"}
        return Answer(status=416, content_type="text/plain", headers=wrong)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Answer(status=206, body=content[start : end + 1], content_type=content_type, headers=headers)


def _spoiled(simulator: Simulator, fault: Fault) -> Answer | Stream | None:
    if fault.what == "forbidden":
        return _denied("AccessDenied", "Access denied by bucket policy.")
    if fault.what == "expired":
        return _denied("AccessDenied", "Request has expired.")
    if fault.what == "not_found":
        return _missing()
    if fault.what == "redirect":
        return Answer(status=302, content_type="text/plain", headers={"Location": fault.location})
    if fault.what == "wrong_type":
        page = b"<!doctype html><title>Welcome</title><p>Please sign in to see this page.</p>"
        return Answer(status=200, body=page, content_type="text/html; charset=utf-8")
    if fault.what == "not_decodable":
        return Answer(status=200, body=_noise(), content_type="video/mp4")
    if fault.what == "huge":
        return Stream(chunks=_zeros(5 * GIGABYTE), length=5 * GIGABYTE)
    if fault.what == "endless":
        return Stream(chunks=_zeros(1_000 * GIGABYTE), length=None)
    if fault.what == "gzip_bomb":
        return Stream(chunks=_bomb(), length=None, headers={"Content-Encoding": "gzip"})
    return None


def _noise() -> bytes:
    """Looks like an MP4 for its first bytes and is nothing further on."""
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(
        number * 7919 % 251 for number in range(60_000)
    )


def _zeros(count: int) -> Iterator[bytes]:
    block = bytes(BLOCK)
    for _ in range(count // BLOCK):
        yield block
    yield bytes(count % BLOCK)


def _bomb() -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for block in _zeros(GIGABYTE):
        if packed := packer.compress(block):
            yield packed
    yield packer.flush()


def _missing() -> Answer:
    return _xml(404, "NoSuchKey", "The specified key does not exist.")


def _denied(code: str, message: str) -> Answer:
    return _xml(403, code, message)


def _xml(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status=status, body=body.encode(), content_type="application/xml")
