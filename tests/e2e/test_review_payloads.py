"""The sixty strings that try to become script, in everything that people say about a clip (W-01, W-02)."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.studio_process import LiveStudio
from tests.e2e.test_payloads import PAYLOADS, assert_nothing_ran

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("payloads")]
WITHIN_A_POLL = 8_000

PLANT = """
import json
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from studio import notes, reviews, sharing
from studio.models import *
payloads = json.loads({payloads!r})
owner = User.objects.filter(role="owner").first()
task = GenerationTask.objects.get(task_id={task!r})
soon = timezone.now() + timedelta(days=1)
box = [dict(kind="box", colour="blue", points=[[0.1, 0.1], [0.3, 0.3]])]
link = sharing.make(by=owner, project=task.project, tasks=[task],
    terms=sharing.Terms(title=payloads[0][:120], message="".join(payloads)[:1000], ends_at=soon))
for number, payload in enumerate(payloads):
    sharing.make(by=owner, project=task.project, tasks=[task],
        terms=sharing.Terms(title=payload[:120], message=payload[:1000], ends_at=soon))
    person = User.objects.create_user("p%s@studio.example" % uuid4().hex[:8], name=payload[:80], role="reviewer")
    guest = Guest.objects.create(share=link.share, key_sha256=uuid4().hex * 2, name=payload[:60])
    named = "@" + (owner.name or "") + " " + payload
    note = notes.write(task, author=person, text=named, first_frame=number, drawing=box)
    notes.answer(note, guest=guest, text=payload)
    notes.edit(note, payload + " again", user=person)
    notes.write(task, guest=guest, text=payload, first_frame=number, last_frame=number + 2)
    reviews.decide(task.version, user=person, verdict="needs_changes", sentence=payload.replace("\\n", " "))
    reviews.decide(task.version, guest=guest, verdict="needs_changes", sentence=payload.replace("\\n", " "))
print(json.dumps(dict(task={task!r}, note=str(note.note_id), share=str(link.share.pk), token=link.token)))
"""
ONE_MORE = """
from studio import notes
from studio.models import *
task = GenerationTask.objects.get(task_id={task!r})
notes.write(task, author=User.objects.filter(role="owner").first(), text={text!r}, first_frame=3)
"""


def test_none_of_them_runs_in_what_people_say_about_a_clip(spoilt_studio: LiveStudio, spoilt_page: Page):
    said = PLANT.format(payloads=json.dumps(PAYLOADS), task=spoilt_studio.sample_id)
    planted = json.loads(spoilt_studio.python(said).splitlines()[-1])
    page = spoilt_page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    paths = [
        "/review/{task}/?count=200",
        "/review/{task}/?note={note}",
        "/notes/{note}/",
        "/clips/{task}/",
        "/inbox/",
        "/board/",
        "/team/shares/",
        "/team/people/",
        "/shares/{share}/",
        "/compare/?a={task}&b={task}",
        "/s/{token}/",
    ]

    for path in paths:
        page.goto(spoilt_studio.base_url + path.format(**planted))
        page.wait_for_load_state("load")
        assert_nothing_ran(page, path)

    assert dialogs == []


def test_a_note_that_arrives_by_a_poll_stays_text(spoilt_studio: LiveStudio, spoilt_page: Page):
    task, page = spoilt_studio.sample_id, spoilt_page
    page.goto(f"{spoilt_studio.base_url}/review/{task}/")
    said = "<img src=x onerror=window.ran=1> <div id=note-list hx-swap-oob=true>late</div>"

    spoilt_studio.python(ONE_MORE.format(task=task, text=said))

    expect(page.locator(".remark__text", has_text="late")).to_have_text(said, timeout=WITHIN_A_POLL)
    assert_nothing_ran(page, "after a poll")
