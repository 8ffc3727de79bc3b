"""A query whose SQL is written once asks about what it is given, each time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.models import Heartbeat, User
from studio.prepared import SOME_TIME, SOMEBODY, Prepared
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_key_takes_the_place_of_somebody():
    ada, grace = make_user("Ada"), make_user("Grace")
    names = Prepared(User.objects.filter(pk=SOMEBODY).values_list("name"))

    assert names.ask({SOMEBODY: ada.pk}) == [("Ada",)]
    assert names.ask({SOMEBODY: grace.pk}) == [("Grace",)]
    assert names.ask({}) == []


def test_a_moment_is_sent_as_the_database_keeps_it():
    now = timezone.now()
    Heartbeat.objects.create(name="early", version="1", beat_at=now - timedelta(seconds=60))
    Heartbeat.objects.create(name="late", version="1", beat_at=now)
    since = Prepared(Heartbeat.objects.filter(beat_at__gte=SOME_TIME).values_list("name"))

    assert since.ask({SOME_TIME: now - timedelta(seconds=30)}) == [("late",)]
    assert len(since.ask({SOME_TIME: now - timedelta(seconds=90)})) == 2
