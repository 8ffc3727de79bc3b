"""Fetching references as a provider does: over HTTP, from outside, and looking at what came.

The rules are section 4.3 of the contract, written down here a second time on purpose: a simulator that used the
studio's own rules could not find a mistake in them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import av
import httpx
from av.error import FFmpegError
from PIL import Image, UnidentifiedImageError

from tests.simulators.options import Fetching

Kind = Literal["image", "video", "audio"]
MIB = 1_048_576
TYPES: dict[Kind, frozenset[str]] = {
    "image": frozenset({"image/jpeg", "image/png", "image/bmp", "image/webp"}),
    "video": frozenset({"video/mp4", "video/quicktime"}),
    "audio": frozenset(
        {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/mpeg", "audio/mp3"}
    ),
}
MAX_BYTES: dict[Kind, int] = {"image": 20 * MIB, "video": 100 * MIB, "audio": 15 * MIB}
FORMATS = {"JPEG", "PNG", "BMP", "WEBP"}
PATIENCE = 20.0


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One address in a request. `place` is where it stood ("input.media[0].url"), `number` counts its kind from 1."""

    place: str
    kind: Kind
    url: str
    role: str = ""
    number: int = 1


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What the provider found. `problem` is empty, "download", or the rule that is broken, with `detail`."""

    problem: str = ""
    detail: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Came:
    """One answer of the place where a reference lies."""

    method: str
    status: int
    size: int = 0
    content_type: str = ""
    problem: str = ""


Record = Callable[[Wanted, Came], None]


class Unreachable(Exception):
    """The reference could not be downloaded."""


def look_at(wanted: Wanted, *, fetching: Fetching, record: Record, stored: Mapping[str, bytes]) -> Looked:
    """Download one reference and judge it. `stored` holds the files of the provider's own upload by address."""
    try:
        if wanted.url in stored:
            content, content_type = stored[wanted.url], ""
        elif wanted.url.startswith("data:"):
            content_type, content = _unpacked(wanted.url)
        else:
            content_type, content = _downloaded(wanted, fetching, record)
    except Unreachable as trouble:
        return Looked(problem="download", detail=str(trouble))
    if content_type and content_type not in TYPES[wanted.kind]:
        return Looked(problem="type", detail=f"{content_type} is no {wanted.kind}")
    if len(content) > MAX_BYTES[wanted.kind]:
        return Looked(problem="size", detail=f"{len(content)} bytes")
    return _judged(hashlib.sha256(content).hexdigest(), wanted.kind, content)


def _downloaded(wanted: Wanted, fetching: Fetching, record: Record) -> tuple[str, bytes]:
    if urlsplit(wanted.url).scheme not in ("http", "https"):
        raise Unreachable("not an http address")
    headers = {"User-Agent": "SimulatedProvider/1.0", "Accept": "*/*", "Accept-Encoding": "identity"}
    try:
        with httpx.Client(
            timeout=PATIENCE, trust_env=False, follow_redirects=False, headers=headers
        ) as client:
            if fetching == "full":
                _probe(client, wanted, record)
            answer = client.get(wanted.url)
    except httpx.HTTPError as trouble:
        record(wanted, Came(method="GET", status=0, problem=type(trouble).__name__))
        raise Unreachable(type(trouble).__name__) from trouble
    except httpx.InvalidURL as trouble:
        raise Unreachable("no address") from trouble
    return _kept(wanted, answer, record)


def _kept(wanted: Wanted, answer: httpx.Response, record: Record) -> tuple[str, bytes]:
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    problem = "" if answer.status_code == 200 else f"answered {answer.status_code}"
    record(
        wanted,
        Came(
            method="GET",
            status=answer.status_code,
            size=len(answer.content),
            content_type=content_type,
            problem=problem,
        ),
    )
    if problem:
        raise Unreachable(problem)
    if not content_type:
        raise Unreachable("no content type")
    return content_type, answer.content


def _probe(client: httpx.Client, wanted: Wanted, record: Record) -> None:
    """HEAD and a range first. A place without HEAD or ranges is no reason to refuse; a wrong answer to them is."""
    head = client.head(wanted.url)
    length = head.headers.get("content-length", "")
    record(wanted, Came(method="HEAD", status=head.status_code, size=int(length or 0)))
    ranged = client.get(wanted.url, headers={"Range": "bytes=0-15"})
    expected = min(16, int(length)) if length.isdecimal() and head.status_code == 200 else 16
    wrong = ranged.status_code == 206 and len(ranged.content) != expected
    problem = f"a range of {expected} bytes had {len(ranged.content)}" if wrong else ""
    record(wanted, Came(method="RANGE", status=ranged.status_code, size=len(ranged.content), problem=problem))
    if problem:
        raise Unreachable(problem)


def _unpacked(url: str) -> tuple[str, bytes]:
    head, _, data = url[5:].partition(",")
    mime, _, encoding = head.partition(";")
    if encoding != "base64" or not data:
        raise Unreachable("not a base64 data address")
    try:
        return mime.lower(), base64.b64decode(data, validate=True)
    except ValueError as trouble:
        raise Unreachable("not base64") from trouble


_judge_lock = threading.Lock()
_verdicts: dict[tuple[str, Kind], Looked] = {}


def _judged(digest: str, kind: Kind, content: bytes) -> Looked:
    """The same bytes are decoded once, however many jobs name them."""
    with _judge_lock:
        known = _verdicts.get((digest, kind))
        if known is None:
            known = _picture(content) if kind == "image" else _moving(content, kind)
            _verdicts[digest, kind] = known
        return known


def _picture(content: bytes) -> Looked:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            (width, height), form = picture.size, picture.format
            is_see_through = picture.mode in ("RGBA", "LA") or "transparency" in picture.info
    except (
        OSError,
        ValueError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ) as trouble:
        return Looked(problem="decode", detail=type(trouble).__name__)
    if form not in FORMATS:
        return Looked(problem="type", detail=str(form))
    if form == "PNG" and is_see_through:
        return Looked(problem="alpha", detail="a PNG with transparency")
    return _sides(width, height, low=240, high=8000)


def _moving(content: bytes, kind: Kind) -> Looked:
    try:
        with av.open(io.BytesIO(content), "r") as container:
            streams = container.streams.video if kind == "video" else container.streams.audio
            stream = next(iter(streams), None)
            if stream is None:
                return Looked(problem="decode", detail=f"no {kind} in it")
            frames = sum(1 for _frame in container.decode(stream))
            seconds = (container.duration or 0) / 1_000_000
            width = getattr(stream.codec_context, "width", 0)
            height = getattr(stream.codec_context, "height", 0)
    except (FFmpegError, OSError, ValueError) as trouble:
        return Looked(problem="decode", detail=type(trouble).__name__)
    if not frames:
        return Looked(problem="decode", detail="nothing to decode")
    longest = 30.0 if kind == "video" else 10.0
    if not 0.95 <= seconds <= longest + 0.1:
        return Looked(problem="length", detail=f"{seconds:.2f} s")
    if kind == "audio":
        return Looked(seconds=seconds)
    sides = _sides(width, height, low=240, high=4096)
    return Looked(
        problem=sides.problem, detail=sides.detail, width=width, height=height, seconds=min(seconds, longest)
    )


def _sides(width: int, height: int, *, low: int, high: int) -> Looked:
    if not (low <= width <= high and low <= height <= high):
        return Looked(problem="pixels", detail=f"{width} x {height}")
    if not 1 / 8 <= width / height <= 8:
        return Looked(problem="ratio", detail=f"{width} x {height}")
    return Looked(width=width, height=height)
