"""One form posted a hundred times at once makes one set of takes, and sets its money aside once (M-01)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from studio.models import Charge, GenerationTask, Submission, Version
from studio.money import ledger
from tests.create.making import form_of, make_brief
from tests.factories import make_account, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
POSTS, THREADS = 100, 10


def test_m01_a_hundred_posts_of_one_form_to_two_providers_are_one_set(settings: Any):
    settings.PUBLIC_URL = "https://studio.example.com"
    make_account("modelstream", price_720p=Decimal("0.15"))
    make_account("apiframe", credits_price=Decimal("10"))
    ada = make_user()
    brief = make_brief(ada, settings={"provider": "modelstream"})
    form = form_of(brief, also="apiframe", takes="2") | {"with": "provider"}
    address = reverse("studio:brief-send", args=[brief.pk])
    sessions = Client()
    sessions.force_login(ada)
    start = threading.Barrier(THREADS)
    here = threading.local()

    def post(_: int) -> int:
        if not hasattr(here, "client"):
            here.client = Client()
            here.client.cookies = sessions.cookies
            start.wait()
        try:
            return int(here.client.post(address, form).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        answers = set(threads.map(post, range(POSTS)))

    assert answers == {302}
    assert (Submission.objects.count(), Version.objects.count()) == (1, 1)
    assert GenerationTask.objects.count() == Charge.objects.count() == 4
    assert Charge.objects.counted().total() == Decimal("3.20")
    assert list(ledger.unbalanced()) == []
