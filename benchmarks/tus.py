"""A small tus client for benchmarks, over one connection."""

from __future__ import annotations

import base64
import http.client
import json
import re
from functools import cache
from urllib.parse import urlsplit

from benchmarks.studio_server import Running


def connect(running: Running) -> http.client.HTTPConnection:
    address = urlsplit(running.url)
    return http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)


@cache
def _token(url: str, session: str) -> tuple[str, str]:
    """The form token of a page, and the cookie that belongs to it."""
    address = urlsplit(url)
    line = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    line.request("GET", "/library/files/", headers={"Cookie": f"sessionid={session}"})
    answer = line.getresponse()
    page = answer.read().decode()
    found = re.search(r'data-csrf="(\w+)"', page)
    cookie = re.search(r"csrftoken=(\w+)", answer.getheader("Set-Cookie", ""))
    if not found or not cookie:
        raise RuntimeError(f"/library/files/ answered {answer.status} without a form token")
    return found[1], cookie[1]


def headers(running: Running) -> dict[str, str]:
    token, cookie = _token(running.url, running.session)
    return {
        "Cookie": f"sessionid={running.session}; csrftoken={cookie}",
        "X-CSRFToken": token,
        "Tus-Resumable": "1.0.0",
    }


def create(running: Running, size: int, *, project: str, name: str) -> tuple[http.client.HTTPConnection, str]:
    """A place for a file, and the connection to send it over."""
    line = connect(running)
    pairs = {"filename": name, "project": project}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    asked = headers(running) | {
        "Upload-Length": str(size),
        "Upload-Metadata": metadata,
        "Content-Length": "0",
    }
    line.request("POST", "/uploads/", headers=asked)
    answer = line.getresponse()
    answer.read()
    if answer.status != 201:
        raise RuntimeError(f"/uploads/ answered {answer.status}")
    return line, str(answer.getheader("Location"))


def send(running: Running, line: http.client.HTTPConnection, place: str, part: bytes, offset: int) -> None:
    asked = headers(running) | {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
    }
    line.request("PATCH", place, body=part, headers=asked)
    answer = line.getresponse()
    answer.read()
    if answer.status != 204:
        raise RuntimeError(f"{place} answered {answer.status}")


def finish(running: Running, line: http.client.HTTPConnection, place: str) -> dict[str, object]:
    """What the studio says of the whole file; 422 is an answer too."""
    line.request("POST", f"{place}finish/", headers=headers(running))
    answer = line.getresponse()
    told: dict[str, object] = json.loads(answer.read())
    return told
