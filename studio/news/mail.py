"""News by e-mail, for people who have not seen it in the page: one plain digest, at most one in ten minutes.

A mail is written down as begun before it leaves and as sent after. One that was begun and never ended goes again
after a while with the same number (Message-ID), by which mail programs know it; if the mail server refuses, it was not
begun. What the person may not see any more, or read meanwhile, is never mailed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import timezone

from studio import crash_points
from studio.models import Notice, User
from studio.news.notices import in_sight

logger = logging.getLogger(__name__)
AT_MOST_EVERY = timedelta(minutes=10)
# Longer than a mail server may take: whoever began it is no more.
BEGUN_FOR = timedelta(minutes=5)
# Somebody who is here sees it in the page first; what is a day old is no news.
WAITS = timedelta(minutes=1)
KEEPS = timedelta(hours=24)
PEOPLE_AT_A_TIME = 200
LINES_AT_MOST = 40


@task()
def mail_news() -> None:
    send_due(timezone.now())


def send_due(now: datetime) -> int:
    """Mail what is due. Returns how many mails left; the first one that could not ends the round."""
    people = _due(now).values_list("user", flat=True).order_by("user").distinct()
    sent = 0
    for user_id in list(people[:PEOPLE_AT_A_TIME]):
        person, news = _begin(user_id, now)
        if not news:
            continue
        told = Notice.objects.filter(pk__in=[each.pk for each in news])
        crash_points.reach("c16")
        try:
            _send(person, news)
        except (SMTPException, OSError) as error:
            told.update(mailing_at=None)
            logger.warning("News could not be mailed: %s", type(error).__name__)
            break
        crash_points.reach("c17")
        told.update(mailed_at=now)
        sent += 1
    return sent


def _due(now: datetime) -> QuerySet[Notice]:
    """Not mailed and not seen, for people who are here and want mails."""
    return Notice.objects.filter(
        mailed_at=None,
        seen_at=None,
        at__gt=now - KEEPS,
        at__lte=now - WAITS,
        user__is_active=True,
        user__mails=True,
    )


@transaction.atomic
def _begin(user_id: int, now: datetime) -> tuple[User, list[Notice]]:
    """What is to be mailed to this person now, written down as begun. Nothing if they had a mail a moment ago."""
    person = User.objects.select_for_update().get(pk=user_id)
    just_mailed = Q(mailed_at__gt=now - AT_MOST_EVERY) | Q(mailed_at=None, mailing_at__gt=now - BEGUN_FOR)
    if Notice.objects.filter(just_mailed, user=person).exists():
        return person, []
    rows = _due(now).filter(in_sight(person), user=person).select_related("project").order_by("pk")
    began = rows.exclude(mailing_at=None)
    news = list(began[:LINES_AT_MOST]) or list(rows[:LINES_AT_MOST])
    Notice.objects.filter(pk__in=[each.pk for each in news]).update(mailing_at=now)
    return person, news


def _send(person: User, news: Sequence[Notice]) -> None:
    """The subject is ours alone: what people wrote stands in the body only (W-09)."""
    count = len(news)
    subject = f"R2V Studio: {count} thing{'' if count == 1 else 's'} happened"
    context = {"person": person, "news": news, "site": settings.SITE_URL.rstrip("/")}
    body = render_to_string("studio/news_mail.txt", context)
    EmailMessage(subject, body, to=[person.email], headers={"Message-ID": _number(news)}).send()


def _number(news: Sequence[Notice]) -> str:
    """The same for the same news."""
    rows = ",".join(str(each.pk) for each in news)
    return f"<news-{sha256(rows.encode()).hexdigest()[:32]}@{urlsplit(settings.SITE_URL).hostname}>"
