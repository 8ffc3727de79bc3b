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
from studio.models import Clip
from studio.storage import store
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
    for method in ("get", "post", "put", "head", "options", "patch", "delete"):
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


@pytest.mark.parametrize("variant", ["video", "thumb", "download"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Range": "bytes=0-1"}, 206),
        ({"Range": "bytes=900-"}, 416),
        ({"If-None-Match": "*"}, 304),
    ],
)
def test_a_private_film(secret: Secret, ada: Client, variant: str, headers: dict[str, str], status: int):
    clip = secret.clip.clip
    Clip.objects.filter(pk=clip.pk).update(previews={"thumb": "thumb.webp"})
    for relative in (clip.path, clip.path.removesuffix(".mp4") + "/thumb.webp"):
        store.media_path(relative).parent.mkdir(parents=True, exist_ok=True)
        store.media_path(relative).write_bytes(b"film")
    address = f"/media/clips/{secret.clip.task_id}/{variant}"

    answers = [ada.get(address, headers=headers), ada.head(address, headers=headers)]

    whole = ada.get(address).headers
    for answer in answers:
        assert answer.status_code == status
        assert missing(answer.headers) == []
        kept = ["ETag", "Accept-Ranges", "Cache-Control", "Content-Disposition"]
        assert [answer.headers.get(name) for name in kept] == [whole.get(name) for name in kept]


def test_a_private_film_that_a_proxy_sends(secret: Secret, ada: Client, settings):
    settings.ACCEL_PREFIX = "/protected/"

    answer = ada.get(f"/media/clips/{secret.clip.task_id}/video")

    assert answer.headers["X-Accel-Redirect"].startswith("/protected/clips/")
    assert missing(answer.headers) == []


def test_the_way_from_http_to_https(client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/you/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/you/")
    assert missing(answer.headers) == []


def test_every_answer_keeps_browsers_on_https(ada: Client, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    query = {"seen": changes.latest_revision(), "cap": changes.poll_capability("x")}

    answers = [
        ada.get(path, query, secure=True) for path in ("/you/", "/nothing/", "/poll/works/", "/healthz")
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 204, 200]
    for answer in answers:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"name=" + b"a" * 2_000_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2_000))),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=n\r\n\r\ncut"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"name=a"),
        ("application/x-www-form-urlencoded", b"name=%00%ff"),
    ],
)
def test_a_form_that_makes_no_sense(ada: Client, kind: str, body: bytes):
    answer = ada.generic("POST", "/you/name/", body, content_type=kind)

    assert answer.status_code < 500
    assert missing(answer.headers) == []


def test_a_form_from_another_site(secret: Secret):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(secret.ada)

    answer = strict.post("/you/name/", {"name": "Mallory"}, headers={"Origin": "null"})

    assert answer.status_code == 403
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
