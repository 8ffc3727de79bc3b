"""One request as it came in and one answer as it goes out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Part:
    """One field of a multipart form."""

    name: str
    content: bytes
    file_name: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")


@dataclass(frozen=True, kw_only=True)
class Request:
    """`headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def json(self) -> Any:
        """The body as JSON. Raises ValueError if it is none, or says NaN."""
        return json.loads(self.body, parse_constant=_no_constant)

    def parts(self) -> dict[str, Part]:
        """The fields of a multipart body by name; empty if it is none."""
        kind, _, boundary = self.headers.get("content-type", "").partition("boundary=")
        if not kind.startswith("multipart/form-data") or not boundary:
            return {}
        mark = b"\r\n--" + boundary.strip('"').encode()
        found: dict[str, Part] = {}
        for piece in (b"\r\n" + self.body).split(mark)[1:-1]:
            head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            words = dict(re.findall(r'\b(name|filename)="([^"]*)"', head.decode("utf-8", errors="replace")))
            if "name" in words:
                found[words["name"]] = Part(
                    name=words["name"], content=content, file_name=words.get("filename", "")
                )
        return found


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """The JSON object of the body, to be changed by a fault; empty if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def answer(status: int, payload: object, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer, its text unescaped as the providers write it."""
    return Answer(status=status, body=json.dumps(payload, ensure_ascii=False).encode(), headers=headers or {})


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")
