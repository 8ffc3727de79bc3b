"""The way back in: one mail, one link, once, for an hour; and nobody learns from it who is here."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.tasks import default_task_backend
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.models import User
from studio.people import reset_mail
from tests.accounts.test_signing_in import attempt, is_signed_in
from tests.factories import PASSWORD, make_user
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
FORGOT = "/account/forgot/"
NEW_PASSWORD = "warm lantern over quiet water"


@pytest.fixture(autouse=True)
def mails_leave_at_once(settings) -> None:
    settings.CAN_MAIL = True
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def mails_wait(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def ask_for_a_link(client: Client, email: str, **more: object) -> str:
    """The path of the link that was mailed, empty if none was."""
    mail.outbox.clear()
    client.post(FORGOT, {"email": email}, **more)
    found = [re.search(r"https?://[^/]+(/\S+)", message.body) for message in mail.outbox]
    return found[0][1] if found and found[0] else ""


def set_password(client: Client, link: str, password: str = NEW_PASSWORD):
    """Open the link as a browser does, and send the form it leads to."""
    page = client.get(link, follow=True)
    if "form" not in (page.context or {}) or not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"password1": password})


def test_the_link_sets_a_new_password(client: Client):
    user = make_user()

    set_password(client, ask_for_a_link(client, user.email.upper()))

    attempt(client, user.email, NEW_PASSWORD)
    assert is_signed_in(client)
    assert mail.outbox[0].to == [user.email]
    assert mail.outbox[0].subject == "Set a new password for R2V Studio"


def test_the_link_works_once(client: Client):
    user = make_user()
    link = ask_for_a_link(client, user.email)
    set_password(client, link)

    set_password(Client(), link, "another fine long password")

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(("minutes", "works"), [(58, True), (62, False)])
def test_the_link_works_for_an_hour(client: Client, minutes: int, works: bool):
    user = make_user()
    link = ask_for_a_link(client, user.email)

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        set_password(client, link)

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD) is works


def test_a_link_with_one_letter_changed_opens_nothing(client: Client):
    user = make_user()
    link = ask_for_a_link(client, user.email)
    other = link[:-2] + ("a" if link[-2] != "a" else "b") + "/"

    answer = set_password(client, other)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert answer.status_code == 200


def test_an_older_link_ends_with_the_password_it_was_for(client: Client):
    user = make_user()
    older, newer = ask_for_a_link(client, user.email), ask_for_a_link(client, user.email)
    set_password(client, newer)

    set_password(Client(), older, "another fine long password")

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_a_password_that_will_not_do_is_refused_and_the_link_still_works(client: Client):
    user = make_user()
    link = ask_for_a_link(client, user.email)

    refused = set_password(client, link, "short")
    set_password(client, link)

    user.refresh_from_db()
    assert refused.status_code == 200
    assert user.check_password(NEW_PASSWORD)


def test_a_new_password_ends_every_other_session(client: Client):
    user = make_user()
    elsewhere = Client()
    elsewhere.force_login(user)

    set_password(client, ask_for_a_link(client, user.email))

    assert elsewhere.get("/you/").status_code == 302


def test_the_link_leads_to_the_address_of_the_settings_whatever_the_request_says(client: Client, settings):
    settings.SITE_URL = "https://studio.example"
    settings.ALLOWED_HOSTS = ["*"]
    user = make_user()

    ask_for_a_link(client, user.email, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})

    assert "https://studio.example/account/new-password/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


@pytest.mark.parametrize("who", ["nobody", "disabled"])
def test_strangers_and_the_disabled_get_no_mail(client: Client, who: str):
    email = make_user(is_active=False).email if who == "disabled" else "nobody@studio.example"

    assert ask_for_a_link(client, email) == ""
    assert mail.outbox == []


@pytest.mark.usefixtures("mails_wait")
def test_known_and_unknown_addresses_take_the_same_way(client: Client):
    asked = [make_user().email, make_user(is_active=False).email, "nobody@studio.example"]
    client.post(FORGOT, {"email": "first@studio.example"})

    answers, queries = [], []
    for email in asked:
        with CaptureQueriesContext(connection) as caught:
            answers.append(client.post(FORGOT, {"email": email}))
        queries.append([re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in caught])

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/account/forgot/sent/")
    }
    assert queries[0] == queries[1] == queries[2]
    assert not [sql for sql in queries[0] if "studio_user" in sql]
    assert len(default_task_backend.results) == 4
    assert mail.outbox == []


def test_the_answer_does_not_wait_for_the_mail_server(client: Client, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "r2v_site.thread_tasks.ThreadTasks"}}
    answers, is_over = threading.Event(), threading.Event()

    def slow_look_up(**wanted: str) -> SimpleNamespace:
        answers.wait(20)
        is_over.set()
        return SimpleNamespace(first=lambda: None)

    monkeypatch.setattr(reset_mail, "User", SimpleNamespace(objects=SimpleNamespace(filter=slow_look_up)))

    answer = client.post(FORGOT, {"email": "nobody@studio.example"})

    was_over = is_over.is_set()
    answers.set()
    assert (answer.status_code, was_over) == (302, False)
    assert wait_until(is_over.is_set)


def test_a_mail_server_that_is_down_is_no_fault_of_the_page(client: Client, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1},
        }
    }

    answer = client.post(FORGOT, {"email": make_user().email})

    assert (answer.status_code, answer["Location"]) == (302, "/account/forgot/sent/")


def test_many_wishes_for_one_address_wait(client: Client):
    email = make_user().email

    answers = [client.post(FORGOT, {"email": email}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]


def test_without_a_mail_server_the_page_says_whom_to_ask(client: Client, settings):
    settings.CAN_MAIL = False

    answer = client.post(FORGOT, {"email": make_user().email})

    assert answer.status_code == 200
    assert mail.outbox == []


def test_everybody_is_told_the_same_page(client: Client):
    pages = [
        re.sub(rb"[A-Za-z0-9]{64}", b"", client.post(FORGOT, {"email": email}, follow=True).content)
        for email in (make_user().email, "nobody@studio.example")
    ]

    assert pages[0] == pages[1]
    assert User.objects.count() == 1
