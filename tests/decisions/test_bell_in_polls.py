"""The inbox's count, the dot and the browser's notification come with the poll a page has anyway."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from studio import changes
from studio.models import Notice, User
from studio.news import inbox, notices
from tests.decisions.scene import rob

pytestmark = pytest.mark.django_db


def poll(person: User, bell: inbox.Bell, page: str = "works"):
    client = Client()
    client.force_login(person)
    query = {"page": page, "seen": changes.latest_revision(), "worker": "0"}
    return client.get(reverse("studio:poll-works"), query | {"inbox": bell.words, "news": str(bell.newest)})


def test_news_reach_a_page_that_did_not_know_of_it():
    person = rob()
    before = inbox.bell(person)
    notices.tell([person], Notice.Kind.SHARE, "Elin opened the link.", "/board/", None)

    answer = poll(person, before)

    assert "data-news" in answer.content.decode()
    told = json.loads(answer.headers["HX-Trigger"])["news"]["items"]
    assert told == [{"title": "Elin opened the link.", "url": "/board/"}]


def test_a_page_that_knows_hears_nothing():
    person = rob()
    notices.tell([person], Notice.Kind.SHARE, "Elin opened the link.", "/board/", None)

    assert poll(person, inbox.bell(person)).status_code == 204


def test_the_inbox_fetches_its_list_anew_when_more_waits():
    person = rob()
    before = inbox.bell(person)

    told = poll(person, replace(before, count=before.count + 1), "inbox").headers["HX-Trigger"]

    assert json.loads(told) == {"inbox-changed": {"target": "#inbox"}}


def test_the_inbox_stays_as_it_is_when_only_news_came():
    person = rob()
    before = inbox.bell(person)
    notices.tell([person], Notice.Kind.SHARE, "Elin opened the link.", "/board/", None)

    answer = poll(person, before, "inbox")

    assert "inbox-changed" not in json.loads(answer.headers["HX-Trigger"])
    assert 'aria-current="page"' in answer.content.decode().partition("inbox-button")[2].partition("</a>")[0]
