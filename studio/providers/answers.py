"""What came back over the wire, read without trust: bounded, parsed without surprises, quoted without secrets."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

QUOTED = 2000  # characters of an answer that the log keeps
_REQUEST_ID_HEADERS = ("x-request-id", "x-oneapi-request-id", "x-dashscope-request-id")
_LONGEST_WAIT = 3600.0
_SHORTEST_KEY = 8  # anything shorter is no secret, and would take words apart
_MAX_URL = 2000
_MAX_JOB_ID = 120

_BEARER = re.compile(r"(?i)\b(bearer|x-api-key:?)\s+[^\s\"',]+")
_KEYS = re.compile(r"\b(sk|ms|afk)[-_][A-Za-z0-9_\-]{8,}")
_QUERIES = re.compile(r"""(https?:(?:\\?/){2}[^\s?"'<>]*)\?[^\s"'<>]*""", re.IGNORECASE)
_SIGNED = re.compile(r"(?i)(\"?(?:signature|policy|oss_?access_?key_?id)\"?\s*[:=]\s*)\"?[^\s\",&}]+\"?")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One HTTP answer. `json` is None for a body that is not JSON. `call` says what was asked, for the log."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    call: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def json(self) -> Any | None:
        """What the body says. A key that it repeats is gone before anything is read from it."""
        body = self.body
        for secret in _spelled(self.secrets):
            body = body.replace(secret.encode(), b"[key]")
        return parsed(body)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str:
        """The provider's name for this exchange, for its support."""
        named = (self.headers.get(name, "") for name in _REQUEST_ID_HEADERS)
        return text(next(filter(None, named), "") or under(self.json, "request_id"))[:100]

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, at most an hour, if the provider says so."""
        return _seconds(self.headers.get("retry-after", ""))

    def redacted(self) -> str:
        """The body for the log: no key, no bearer, no signed query, at most 2000 characters."""
        return redacted(self.body[: 4 * QUOTED].decode(errors="replace"), self.secrets)[:QUOTED]

    @property
    def detail(self) -> str:
        """One line for developers: what was asked, what came back."""
        request = f", request {self.request_id}" if self.request_id else ""
        return redacted(f"{self.call} answered {self.status}{request}: ", self.secrets) + self.redacted()


def parsed(body: bytes | str) -> Any | None:
    """JSON, or None. Not-a-number is null; bottomless nesting and monstrous numbers are not JSON to us."""
    try:
        return json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def redacted(said: str, secrets: Iterable[str] = ()) -> str:
    """The text without keys and signed queries, and without what a database cannot store."""
    for secret in _spelled(secrets):
        said = said.replace(secret, "[key]")
    said = _BEARER.sub(r"\1 [key]", said)
    said = _KEYS.sub(r"\1-[key]", said)
    said = _SIGNED.sub(r"\1[hidden]", said)
    return storable(_QUERIES.sub(r"\1?[hidden]", said))


def storable(said: str) -> str:
    """Without NUL and lone surrogates."""
    return said.replace("\x00", "").encode(errors="replace").decode()


def under(value: Any, *path: str | int) -> Any:
    """The value at the end of the path, or None wherever the path breaks."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def text(value: Any) -> str:
    """A trimmed string; a number as its digits; nothing for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(value)
    return storable(value).strip() if isinstance(value, str) else ""


def word(value: Any) -> str:
    """A status word as we compare it."""
    return value.strip().casefold()[:60] if isinstance(value, str) else ""


def percent(value: Any) -> int | None:
    """0-100 out of 45, 45.0, "45" or "45%"; None for anything else."""
    if isinstance(value, str):
        try:
            value = float(value.strip().removesuffix("%"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return max(0, min(100, int(value)))


def number(value: Any) -> Decimal | None:
    """An amount, exact; None for what is none, and for what is negative or absurd."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value).strip()[:40])
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 10**15 else None


def job_id(value: Any) -> str:
    """An id that can be stored and asked for again, or nothing."""
    found = text(value)
    is_usable = len(found) <= _MAX_JOB_ID and found.isascii() and found.isprintable() and found.strip(".")
    return found if is_usable else ""


def link(value: Any) -> str:
    """An http(s) address, or nothing."""
    found = text(value)
    if len(found) > _MAX_URL or not found.isprintable() or " " in found:
        return ""
    try:
        parts = urlsplit(found)
        return found if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _spelled(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        if len(secret) >= _SHORTEST_KEY:
            yield secret
            if "/" in secret:
                yield secret.replace("/", "\\/")  # as some write it in JSON


def _seconds(said: str) -> float | None:
    try:
        seconds = float(said)
    except ValueError:
        try:
            when = parsedate_to_datetime(said)
            seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - _now()
        except (ValueError, OverflowError):
            return None
    return max(0.0, min(_LONGEST_WAIT, seconds)) if math.isfinite(seconds) else None


def _now() -> float:
    return datetime.now(UTC).timestamp()
