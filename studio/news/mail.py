"""News by e-mail, for people who have not seen it in the page: one plain digest, at most one in ten minutes.

A notice is claimed before its mail leaves, so that it is never mailed twice; if the mail server refuses, it is given
back. What the person may not see any more, or read meanwhile, is never mailed.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import timezone

from studio.models import Notice, User
from studio.news.notices import in_sight

logger = logging.getLogger(__name__)
AT_MOST_EVERY = timedelta(minutes=10)
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
        person, news = _claim(user_id, now)
        if not news:
            continue
        try:
            _send(person, news)
        except (SMTPException, OSError) as error:
            Notice.objects.filter(pk__in=[each.pk for each in news]).update(mailed_at=None)
            logger.warning("News could not be mailed: %s", type(error).__name__)
            break
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
def _claim(user_id: int, now: datetime) -> tuple[User, list[Notice]]:
    """What is to be mailed to this person now, marked as mailed. Nothing if they had a mail a moment ago."""
    person = User.objects.select_for_update().get(pk=user_id)
    if Notice.objects.filter(user=person, mailed_at__gt=now - AT_MOST_EVERY).exists():
        return person, []
    rows = _due(now).filter(in_sight(person), user=person).select_related("project").order_by("pk")
    news = list(rows[:LINES_AT_MOST])
    Notice.objects.filter(pk__in=[each.pk for each in news]).update(mailed_at=now)
    return person, news


def _send(person: User, news: list[Notice]) -> None:
    """The subject is ours alone: what people wrote stands in the body only (W-09)."""
    count = len(news)
    subject = f"R2V Studio: {count} thing{'' if count == 1 else 's'} happened"
    context = {"person": person, "news": news, "site": settings.SITE_URL.rstrip("/")}
    send_mail(subject, render_to_string("studio/news_mail.txt", context), None, [person.email])
