"""Pages come compressed; what is compressed already, what answers ranges and what comes often do not."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_task, make_user
from tests.files.test_serving import make_film, url

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(make_user())
    return client


def test_a_page_is_compressed_to_a_third_of_its_size_or_less():
    answer = signed_in().get(reverse("studio:create"))

    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert len(answer.content) < len(gzip.decompress(answer.content)) / 3


def test_a_browser_that_does_not_ask_for_it_gets_the_page_as_it_is():
    client = signed_in()

    answer = client.get(reverse("studio:create"), headers={"accept-encoding": "identity"})

    assert "Content-Encoding" not in answer


def test_a_film_keeps_its_bytes_and_its_ranges():
    answer = signed_in().get(url(make_film()), headers={"range": "bytes=0-9"})

    assert answer.status_code == 206
    assert "Content-Encoding" not in answer


def test_a_poll_is_small_and_goes_as_it_is():
    make_task()

    answer = signed_in().get(reverse("studio:poll-works"), {"page": "works", "seen": "0", "newest": "0"})

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
