"""A browser page on a made-up site that serves our static files and one piece of HTML. No server is needed."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from studio.templatetags.ui import icon_kit

STATIC = Path(__file__).resolve().parents[2] / "static"
SITE = "http://studio.test"
PAGE = """<!doctype html><html lang="en"><head><title>Create</title>
<link rel="stylesheet" href="/static/css/app.css"><script type="module" src="/static/js/app.js"></script></head>
<body><main>{body}</main><toast-area class="toasts" role="status"></toast-area>{icons}<page-title hidden></page-title>
</body></html>"""
ICONS = icon_kit("circle-check", "triangle-alert", "info", "x")


@pytest.fixture
def show(page: Page) -> Callable[[str], Page]:
    """Open a page with this HTML in it, with every element of the product defined."""

    def open_page(body: str) -> Page:
        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(SITE)
            if path == "/":
                route.fulfill(
                    body=PAGE.format(body=body, icons=ICONS), content_type="text/html; charset=utf-8"
                )
                return
            file = STATIC / path.removeprefix("/static/")
            if not file.is_file():
                route.fulfill(status=404)
                return
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)

        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")
        page.wait_for_function("() => document.querySelectorAll(':not(:defined)').length === 0")
        return page

    return open_page
