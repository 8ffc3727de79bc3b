"""News by mail: once, together, only to those who want it and may still see it."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import housekeeping
from studio.models import Notice, Project, User
from studio.news import mail as news_mail
from studio.news import notices
from tests.decisions.scene import rob
from tests.factories import make_project

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=2)


def tell(person: User, sentence: str = "Theo approved Morning stretch, v4.", project: Project | None = None):
    return notices.tell([person], Notice.Kind.DECISION, sentence, "/review/x/", project)


def send(after: timedelta = LATER) -> int:
    return news_mail.send_due(timezone.now() + after)


def test_what_happened_comes_in_one_plain_mail_and_once(settings):
    settings.SITE_URL = "https://studio.example"
    person = rob()
    tell(person)
    tell(person, "Elin opened the link.")

    assert (send(), send(), send(timedelta(hours=1))) == (1, 0, 0)

    (message,) = mail.outbox
    assert message.to == [person.email]
    assert "Theo approved Morning stretch, v4.\nhttps://studio.example/review/x/" in message.body
    assert "Elin opened the link." in message.body


def test_a_person_gets_at_most_one_mail_in_ten_minutes():
    person = rob()
    tell(person)
    send()
    tell(person, "And again.")

    assert send(timedelta(minutes=9)) == 0
    assert send(timedelta(minutes=13)) == 1


def test_who_is_here_sees_it_first_and_gets_no_mail():
    person = rob()
    tell(person)
    assert send(timedelta(seconds=30)) == 0

    notices.mark_seen(person, timezone.now())

    assert send() == 0


@pytest.mark.parametrize("fields", [{"mails": False}, {"is_active": False}])
def test_nobody_gets_a_mail_who_does_not_want_it_or_has_left(fields: dict[str, bool]):
    person = rob()
    tell(person)
    User.objects.filter(pk=person.pk).update(**fields)

    assert send() == 0


def test_a_project_that_closed_meanwhile_is_not_told_of():
    person, project = rob(), make_project("Zebrawood")
    tell(person, "Zebrawood is approved.", project)
    Project.objects.filter(pk=project.pk).update(is_open=False)

    assert send() == 0
    assert mail.outbox == []


def test_what_is_a_day_old_is_no_news():
    tell(rob())

    assert send(timedelta(hours=25)) == 0


def test_headers_carry_nothing_that_somebody_wrote():
    tell(rob(), "Evil\r\nBcc: all@studio.example approved <b>it</b>")

    send()

    (message,) = mail.outbox
    assert message.subject == "R2V Studio: 1 thing happened"
    assert "\nBcc:" not in message.message().as_string()
    assert "Evil Bcc: all@studio.example approved <b>it</b>" in message.body


def test_a_mail_that_could_not_leave_goes_later(monkeypatch):
    tell(rob())

    def refuse(*_: object, **__: object) -> int:
        raise SMTPException("no")

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        assert send() == 0

    assert send() == 1


def test_a_mail_of_which_nobody_knows_whether_it_left_goes_again_alone_and_under_its_number():
    person = rob()
    tell(person)
    news_mail._send(*news_mail._begin(person.pk, timezone.now() + LATER))  # and the process dies here
    tell(person, "Elin opened the link.")

    assert send(timedelta(minutes=4)) == 0
    assert send(timedelta(minutes=8)) == 1
    assert send(timedelta(minutes=20)) == 1

    first, again, later = mail.outbox
    assert first.body == again.body
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert "Elin opened the link." in later.body
    assert later.extra_headers["Message-ID"] != first.extra_headers["Message-ID"]


@pytest.mark.parametrize(("can_mail", "asked"), [(True, 1), (False, 0)])
def test_the_housekeeping_mails_only_where_mail_can_be_sent(
    settings, monkeypatch, can_mail: bool, asked: int
):
    settings.CAN_MAIL = can_mail
    calls: list[int] = []
    monkeypatch.setattr(type(housekeeping.mail_news), "enqueue", lambda self: calls.append(1))
    housekeeping.cache.clear()

    housekeeping.run_due(timezone.now())

    assert len(calls) == asked


def test_a_person_switches_mails_off_and_on():
    person = rob()
    client = Client()
    client.force_login(person)

    client.post(reverse("studio:account-mails"))
    person.refresh_from_db()
    assert not person.mails
    client.post(reverse("studio:account-mails"), {"mails": "on"})

    person.refresh_from_db()
    assert person.mails


def test_nobody_hears_of_a_project_they_cannot_see():
    hidden = make_project(is_open=False)

    assert tell(rob(), "Zebrawood", hidden) == []
    assert not Notice.objects.exists()
