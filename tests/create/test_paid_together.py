"""Create with several services in one press: offered, added up, sent to all or to none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from studio.models import Charge, Connection, GenerationTask, User
from tests.create.making import form_of
from tests.create.paid_page import brief_for, cost_bar, over, page, press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reachable")]
D = Decimal


def test_other_services_are_offered_beside_the_chosen_one(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    assert 'id="also-apiframe"' in page(client, brief_for(ada))
    assert 'id="also-modelstream"' not in page(client, brief_for(ada))
    assert 'id="also"' not in page(client, brief_for(ada, "local"))


def test_two_services_are_added_up_line_by_line_and_say_what_one_goes_without(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    brief = brief_for(ada, settings={"also": "apiframe", "takes": "2", "watermark": True})

    text = page(client, brief)

    assert "About $3.20" in cost_bar(text)
    assert "ModelStream $1.50 · 2 takes × 5 s × $0.15" in cost_bar(text)
    assert "Apiframe 170 credits · about $1.70 · 2 takes × 5 s × 17" in cost_bar(text)
    assert "Generate 4 takes" in cost_bar(text)
    assert "Made there without polishing the prompt and the mark" in text
    assert 'max="2"' in text
    assert "ModelStream decides from your prompt" not in text


def test_the_slider_ends_where_the_shortest_of_the_services_does(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    text = page(client, brief_for(ada, settings={"also": "apiframe", "duration": "12"}))

    assert "Apiframe makes 2 to 10 seconds." in text


def test_one_press_makes_the_same_version_at_both(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    brief = brief_for(ada)
    form = form_of(brief, also="apiframe", takes="2") | {"with": "provider"}

    for _ in range(3):
        client.post(reverse("studio:brief-send", args=[brief.pk]), form)

    takes = GenerationTask.objects.order_by("number")
    assert [(take.provider, take.number) for take in takes] == [
        ("modelstream", 1),
        ("modelstream", 2),
        ("apiframe", 3),
        ("apiframe", 4),
    ]
    assert len({take.version_id for take in takes}) == 1
    assert Charge.objects.count() == 4
    brief.refresh_from_db()
    assert brief.settings["also"] == "apiframe"


def test_what_one_of_them_cannot_do_stops_the_press_for_both(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    answer = press(client, brief_for(ada), also="apiframe", duration="12", takes="3")

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Apiframe makes 2 to 10 seconds, and the length is 12." in said
    assert said.count("Make 1 to 2 takes with each service: a version holds 4 in all.") == 1
    assert not GenerationTask.objects.exists()


def test_a_limit_that_one_passes_stops_both(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    over(month_cap="1.00")

    answer = press(client, brief_for(ada), also="apiframe")

    assert "This needs $1.60, and the studio’s month has $1.00 left" in answer.content.decode()
    assert not Charge.objects.exists()


def test_nobody_else_is_sent_to_than_who_is_connected(client: Client, ada: User, modelstream: Connection):
    press(client, brief_for(ada), also=["apiframe", "local", "modelstream", "nonsense"])

    assert [task.provider for task in GenerationTask.objects.all()] == ["modelstream"]


def test_a_box_that_is_not_ticked_any_more_is_forgotten(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    brief = brief_for(ada, settings={"also": "apiframe"})

    client.post(reverse("studio:brief-save", args=[brief.pk]), form_of(brief, also=None))

    brief.refresh_from_db()
    assert brief.settings["also"] == ""
