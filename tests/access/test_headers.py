"""The full set of headers is on every answer, whatever it is and whoever asked (W-05, W-07, W-08)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from studio import changes
from tests.access.conftest import Secret
from tests.access.table import RULES

pytestmark = pytest.mark.django_db

FULL_SET = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


@login_not_required
def burst(request: HttpRequest) -> None:
    raise RuntimeError("a fault of ours")


urlpatterns = [path("burst/", burst)]
handler500 = "studio.views.quiet_pages.our_fault"


def missing(headers: object) -> list[str]:
    wrong = [name for name, value in FULL_SET.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if not policy.startswith(("default-src 'none'", "sandbox")) or "unsafe" in policy:
        wrong.append(f"Content-Security-Policy: {policy}")
    if "Cache-Control" not in headers:
        wrong.append("Cache-Control")
    return wrong


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_address_answers_with_the_full_set(
    name: str, address: Callable[..., str], secret: Secret, ada: Client
):
    ada.raise_request_exception = False
    for method in ("get", "post", "put"):
        answer = getattr(ada, method)(address(name))

        assert missing(answer.headers) == [], (method, answer.status_code)


def test_pages_carry_the_whole_policy(ada: Client):
    answer = ada.get("/you/")

    given = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert given == POLICY


def test_a_page_that_is_not_there(client: Client):
    assert missing(client.get("/nothing/").headers) == []


def test_a_fault_of_ours(client: Client, settings):
    settings.ROOT_URLCONF = "tests.access.test_headers"
    client.raise_request_exception = False

    answer = client.get("/burst/")

    assert answer.status_code == 500
    assert missing(answer.headers) == []


def test_a_poll_without_news(ada: Client):
    query = {"seen": changes.latest_revision(), "cap": changes.poll_capability("x")}

    answer = ada.get("/poll/works/", query)

    assert answer.status_code == 204
    assert missing(answer.headers) == []


@pytest.mark.parametrize("seen", ["", "x", "-1", "٣", "9" * 5000])
def test_a_poll_with_a_strange_number_is_no_fault(ada: Client, seen: str):
    answer = ada.get("/poll/works/", {"seen": seen, "cap": changes.poll_capability("x")})

    assert answer.status_code < 500


def test_a_host_that_is_not_ours(client: Client):
    answer = client.get("/you/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert missing(answer.headers) == []


def test_a_static_file(client: Client, settings, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "a.css").write_text("a{}")
    whole = Client()

    answer = whole.get("/static/a.css")
    again = whole.get("/static/a.css", headers={"If-Modified-Since": answer.headers["Last-Modified"]})

    assert (answer.status_code, again.status_code) == (200, 304)
    assert missing(answer.headers) == []
    assert missing(again.headers) == []


def test_a_page_and_its_fragment_are_told_apart_by_caches(ada: Client):
    assert "HX-Request" in ada.get("/library/").headers["Vary"]
