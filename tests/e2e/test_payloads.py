"""Sixty strings that try to become script, wherever people write, on every page that shows them (W-01, W-02)."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.e2e.site import KINDS, address
from tests.e2e.studio_process import LiveStudio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("payloads")]

RUN = "window.ran=1"
TAGS = [
    f"<script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</template><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<script type=module>{RUN}</script>",
    '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<base href=javascript:{RUN}//>",
    f"<meta http-equiv=refresh content=0;url=javascript:{RUN}>",
    f"<form action=javascript:{RUN}><button>x",
    f"<a href=javascript:{RUN}>x</a>",
    f"<math href=javascript:{RUN}>x</math>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><use href=data:image/svg+xml,<svg onload={RUN}>></use></svg>",
    f"<style>@import 'javascript:{RUN}'</style>",
    "<!--<img src=--><img src=x>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
]
HANDLERS = [
    f"<{tag} {event}={RUN}{more}>"
    for tag, event, more in [
        ("img", "onerror", " src=x"),
        ("svg", "onload", ""),
        ("body", "onload", ""),
        ("video", "onerror", " src=x"),
        ("audio", "onerror", " src=x"),
        ("details", "ontoggle", " open"),
        ("input", "onfocus", " autofocus"),
        ("select", "onfocus", " autofocus"),
        ("marquee", "onstart", ""),
        ("iframe", "onload", ""),
        ("link", "onerror", " rel=stylesheet href=x"),
        ("source", "onerror", ""),
    ]
]
BREAKING_OUT = [
    f'" onmouseover="{RUN}',
    f"' onfocus='{RUN}' autofocus='",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"`><img src=x onerror={RUN}>",
    f"</p><img src=x onerror={RUN}>",
    f'\\"><img src=x onerror={RUN}>',
    f"&lt;img src=x onerror={RUN}&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cimg src=x onerror={RUN}\\u003e",
    f"%3Cimg src=x onerror={RUN}%3E",
    f"javascript:{RUN}",
    "{{ request.user.password }}",
    "{% include 'base.html' %}",
    "${7*7}",
    f"]]><img src=x onerror={RUN}>",
]
HTMX = [
    '<div hx-get="/clips/" hx-trigger="load">x</div>',
    f'<div hx-on:load="{RUN}">x</div>',
    f'<div hx-on::after-init="{RUN}">x</div>',
    f'<div data-hx-on-click="{RUN}">x</div>',
    '<div id="toasts" hx-swap-oob="true">gone</div>',
    '<div hx-swap-oob="innerHTML:body">gone</div>',
    f'<div hx-vals="js:{{x: {RUN}}}" hx-post="/lights/" hx-trigger="load">x</div>',
    "<hx-partial hx-target=body>gone</hx-partial>",
    "x\r\nHX-Redirect: https://evil.example",
    "x\r\nSet-Cookie: a=b",
]
PAYLOADS = TAGS + HANDLERS + BREAKING_OUT + HTMX

PLANT = """
import json
from uuid import uuid4
from django.utils import timezone
from django.db import transaction
from studio import lifecycle, mentions, recipes, search
from studio.models import *
payloads = json.loads({payloads!r})
# In one transaction: no worker sees a task of these before it has failed.
@transaction.atomic
def plant():
    owner = User.objects.filter(role="owner").first()
    inbox = Project.objects.get(is_inbox=True)
    sample = LibraryFile.objects.filter(media__kind="image").first()
    for number, payload in enumerate(payloads):
        Project.objects.create(name=payload[:80], created_by=owner)
        key = mentions.new_key()
        choice = recipes.ReferenceChoice(key=key, file=sample, name=payload[:120])
        recipe = recipes.Recipe(title=payload[:120], prompt="{{{{ref:%s}}}} " % key + payload, references=(choice,),
            first_frame=None, settings=recipes.Settings(negative_prompt=payload))
        task = recipes.send(recipe, user=owner, project=inbox, shot=None,
            connection=Connection.objects.get(provider="local"), takes=1, token=uuid4())[0]
        lifecycle.move(task, Status.FAILED, next_at=None, finished_at=timezone.now(),
            error_category="provider_error", error_message=payload, error_detail=payload)
    LibraryFile.objects.filter(pk=sample.pk).update(name="".join(payloads)[:120], original_name=payloads[0])
    owner.name = payloads[0][:80]
    owner.save()
    Brief.objects.create(user=owner, project=inbox, title=payloads[1][:120], prompt="".join(payloads)[:4000])
plant()
print("planted")
"""


def test_there_are_sixty_of_them():
    assert len(set(PAYLOADS)) >= 60


def test_none_of_them_runs_on_any_page(spoilt_studio: LiveStudio, spoilt_page: Page):
    assert "planted" in spoilt_studio.python(PLANT.format(payloads=json.dumps(PAYLOADS)))
    page = spoilt_page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for kind in KINDS:
        page.goto(address(spoilt_studio, kind))
        page.wait_for_load_state("load")
        assert_nothing_ran(page, kind.name)

    assert dialogs == []


def assert_nothing_ran(page: Page, where: str) -> None:
    assert page.evaluate("window.ran === undefined"), where
    assert (
        page.evaluate(
            "[...document.querySelectorAll('main script, main iframe, main object, main embed')].length"
        )
        == 0
    )
    has_handler = "a => a.name.startsWith('on')"
    handlers = (
        f"[...document.querySelectorAll('*')].filter(e => [...e.attributes].some({has_handler})).length"
    )
    assert page.evaluate(handlers) == 0, where
    assert (
        page.evaluate("document.querySelectorAll('[hx-on\\\\:load], [data-hx-on-click], hx-partial').length")
        == 0
    ), where
    assert page.url.startswith("http://localhost:"), where
