"""Create with a paid service: the price, the button and its reasons, and what the month has cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.models import (
    Brief,
    Charge,
    Connection,
    GenerationTask,
    PauseReason,
    Submission,
    User,
)
from studio.models.person import Role
from tests.create.making import form_of, make_clip_file
from tests.create.paid_page import HTMX, brief_for, can_press, cost_bar, over, page, press
from tests.factories import inbox, make_account, make_file, make_tasks, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reachable")]
D = Decimal


def test_a_connected_service_shows_its_price_and_can_be_pressed(
    client: Client, ada: User, modelstream: Connection
):
    text = page(client, brief_for(ada, settings={"takes": "2"}))

    assert can_press(text)
    assert "About $1.50 2 takes × 5 s × $0.15" in cost_bar(text)
    assert "Generate 2 takes" in cost_bar(text)
    assert '<span class="radio-card__price">$0.15 / s</span>' in text


def test_the_price_is_explained_on_demand(client: Client, ada: User, modelstream: Connection):
    text = cost_bar(page(client, brief_for(ada)))

    assert "ModelStream takes $0.15 for a second at 1080P, as an owner entered it." in text
    assert "It is set aside when you press" in text


def test_a_press_sends_to_the_chosen_service_and_sets_its_price_aside(
    client: Client, ada: User, modelstream: Connection
):
    answer = press(client, brief_for(ada), takes="2")

    assert answer.status_code == 200
    assert {task.provider for task in GenerationTask.objects.all()} == {"modelstream"}
    assert [charge.estimate for charge in Charge.objects.all()] == [D("0.75"), D("0.75")]
    assert "$1.50</b> in" in answer.content.decode()


def test_a_draft_stays_free_beside_a_paid_service(client: Client, ada: User, modelstream: Connection):
    press(client, brief_for(ada, settings={"also": "apiframe"}), **{"with": "draft"})

    assert GenerationTask.objects.get().provider == "local"
    assert not Charge.objects.exists()


@pytest.mark.parametrize(
    ("reason", "on_the_card", "in_the_bar"),
    [
        (
            PauseReason.OWNER,
            "Paused by an owner.",
            "ModelStream is paused. An owner can resume it on Connections.",
        ),
        (
            PauseReason.KEY,
            "The studio’s key is not accepted.",
            "ModelStream didn’t accept the studio’s key. An owner can put it right on Connections.",
        ),
    ],
)
def test_a_service_that_is_paused_says_why_and_sends_nothing(
    client: Client, ada: User, modelstream: Connection, reason: PauseReason, on_the_card: str, in_the_bar: str
):
    Connection.objects.filter(pk=modelstream.pk).update(paused_at=timezone.now(), pause_reason=reason)
    brief = brief_for(ada)

    text = page(client, brief)
    answer = press(client, brief)

    assert on_the_card in text
    assert in_the_bar in cost_bar(text)
    assert not can_press(text)
    assert (answer.status_code, in_the_bar in answer.content.decode()) == (422, True)
    assert not Submission.objects.exists()


def test_only_an_owner_is_led_to_connections(client: Client, ada: User):
    link = reverse("studio:connections")
    brief = brief_for(ada)

    assert f'href="{link}">Connect it' not in page(client, brief)
    User.objects.filter(pk=ada.pk).update(role=Role.OWNER)
    assert f'href="{link}">Connect it' in page(client, brief)


@pytest.mark.parametrize(
    ("limit", "whose"),
    [
        ({"month_cap": "1.00"}, "the studio’s month has $1.00 left of $1.00"),
        ({"cap": "0.50"}, "Inbox has $0.50 left of $0.50"),
        ({"daily_cap": "0.00"}, "ModelStream today has $0.00 left of $0.00"),
    ],
)
def test_over_a_limit_the_button_waits_with_how_much_is_left_and_nothing_is_lost(
    client: Client, ada: User, modelstream: Connection, limit: dict[str, str], whose: str
):
    over(**limit)
    brief = brief_for(ada, settings={"takes": "2"})

    text = page(client, brief)
    answer = press(client, brief, prompt="Image 1 sings")

    said = answer.content.decode()
    assert f"This needs $1.50, and {whose}" in cost_bar(text)
    assert not can_press(text)
    assert answer.status_code == 422
    assert 'href="#provider" data-code="over_cap"' in said
    assert whose in said
    brief.refresh_from_db()
    assert (brief.prompt, brief.settings["takes"]) == ("{{ref:key001}} sings", "2")
    assert not GenerationTask.objects.exists()


def test_after_the_limit_was_raised_the_same_form_goes_through(
    client: Client, ada: User, modelstream: Connection
):
    over(month_cap="0.10")
    brief = brief_for(ada)
    form = form_of(brief) | {"with": "provider"}
    assert press(client, brief).status_code == 422
    over(month_cap="10")

    client.post(reverse("studio:brief-send", args=[brief.pk]), form, headers=HTMX)

    assert GenerationTask.objects.get().charges.get().estimate == D("0.75")


def test_without_a_price_it_can_be_sent_until_there_is_a_limit(client: Client, ada: User):
    make_account("modelstream")
    brief = brief_for(ada)
    free = page(client, brief)
    over(month_cap="10")

    limited = page(client, brief)

    assert "Price not set An owner enters it on Connections." in cost_bar(free)
    assert (can_press(free), can_press(limited)) == (True, False)
    assert "There is a spending limit, and no price for ModelStream yet." in cost_bar(limited)


def test_a_file_that_cannot_reach_the_service_is_found_before_anything_is_spent(
    client: Client, ada: User, modelstream: Connection, settings: Any
):
    settings.PUBLIC_URL = ""
    brief = brief_for(ada)

    text = page(client, brief)
    answer = press(client, brief)

    assert not can_press(text)
    assert "Image 1 can’t be sent. ModelStream fetches pictures from this studio" in cost_bar(text)
    assert answer.status_code == 422
    assert 'href="#tile-key001" data-code="out_of_reach"' in answer.content.decode()
    assert not GenerationTask.objects.exists()


def test_voices_and_first_frames_must_reach_it_too_where_it_takes_them(
    client: Client, ada: User, apiframe: Connection, settings: Any
):
    settings.PUBLIC_URL = ""
    make_account("dashscope", price_1080p=D("0.15"))
    brief = brief_for(ada, "dashscope", first_frame=str(make_file(name="opening").pk))
    voice = make_file("audio", name="voice")
    voice.media.size_bytes = 16_000_000
    voice.media.save()
    brief.tray[0]["voice"] = str(voice.pk)
    brief.save()

    refused = press(client, brief).content.decode()
    accepted = press(client, brief, provider="apiframe")

    assert "The voice of Image 1 can’t be sent. DashScope takes voices of up to 15 MB" in refused
    assert accepted.status_code == 200


def test_an_account_on_this_machine_is_marked_as_simulated(
    client: Client, ada: User, modelstream: Connection
):
    Connection.objects.filter(pk=modelstream.pk).update(base_url="http://127.0.0.1:9000")

    text = page(client, brief_for(ada))

    assert text.count('<span class="tag">Simulated</span>') == 2


def test_a_voice_at_modelstream_is_called_an_experiment_before_it_is_sent(
    client: Client, ada: User, modelstream: Connection, apiframe: Connection
):
    brief = brief_for(ada)
    assert "With a voice:" not in cost_bar(page(client, brief))
    brief.tray[0]["voice"] = str(make_file("audio").pk)
    brief.save()

    assert "With a voice: Experimental with ModelStream" in cost_bar(page(client, brief))
    brief.settings["provider"] = "apiframe"
    brief.save()
    assert "With a voice:" not in cost_bar(page(client, brief))


def price(client: Client, **asked: Any) -> str:
    return cost_bar(client.get(reverse("studio:brief-price"), asked).content.decode())


def test_the_price_follows_settings_that_are_not_saved(client: Client, ada: User, modelstream: Connection):
    brief = brief_for(ada)

    text = price(client, brief=brief.pk, provider="modelstream", duration="10", resolution="720p", takes="4")

    assert "About $4.00 4 takes × 10 s × $0.10" in text
    brief.refresh_from_db()
    assert "duration" not in brief.settings


def test_the_price_counts_the_clips_in_the_tray_where_they_are_charged(client: Client, ada: User):
    make_account("dashscope", price_720p=D("0.10"))
    brief = brief_for(ada, "dashscope", files=[make_clip_file()], prompt="Video 1")

    text = price(client, brief=brief.pk, provider="dashscope", duration="5", resolution="720p", takes="1")

    assert "About $1.00 (5 s + 5 s of your clip) × $0.10" in text
    assert "DashScope also charges the seconds of reference clips" in text


def test_the_price_of_someone_elses_brief_tells_nothing_of_it(client: Client, ada: User):
    make_account("dashscope", price_720p=D("0.10"))
    theirs = brief_for(make_user("Carol"), "dashscope", files=[make_clip_file()], prompt="Video 1")

    text = price(client, brief=theirs.pk, provider="dashscope", duration="5", resolution="720p", takes="1")

    assert "About $0.50 5 s × $0.10" in text


def queries(client: Client, brief: Brief) -> int:
    page(client, brief)
    with CaptureQueriesContext(database) as asked:
        page(client, brief)
    return len(asked)


def make_ended_takes(account: Connection, takes: int) -> None:
    make_tasks(connection=account, takes=takes, project=inbox())
    Charge.objects.update(state="settled", basis="price", closed_at=timezone.now(), amount=D("0.5"))
    GenerationTask.objects.update(status="canceled", next_at=None, finished_at=timezone.now())


def test_queries_grow_with_nothing(client: Client, ada: User, modelstream: Connection, apiframe: Connection):
    one = brief_for(ada)
    make_ended_takes(modelstream, 1)
    before = queries(client, one)
    make_account("dashscope", price_1080p=D("0.2"))
    make_ended_takes(modelstream, 4)
    many = brief_for(ada, settings={"also": "apiframe dashscope"}, files=[make_file() for _ in range(5)])

    assert queries(client, many) <= before + 1


def test_the_bar_tells_what_the_month_has_cost(client: Client, ada: User, modelstream: Connection):
    brief = brief_for(ada, "local")
    assert 'id="bar-spend" hidden' in page(client, brief)
    make_tasks(connection=modelstream, takes=2)
    assert "<b>$1.00</b> in" in page(client, brief)
    over(month_cap="150")

    text = page(client, brief)

    assert f"<b>$1.00</b> of $150 in {timezone.localtime():%B}" in text
    assert '<progress class="progress" data-kind="quiet"' in text
    Charge.objects.filter(pk=Charge.objects.earliest("pk").pk).update(
        opened_at=timezone.now() - timedelta(days=40)
    )
    assert "<b>$0.50</b> of $150 in" in page(client, brief)


def test_reviewers_do_not_see_money(modelstream: Connection):
    make_tasks(connection=modelstream)
    rita = Client()
    rita.force_login(make_user("Rita", role=Role.REVIEWER))

    assert "in November</span>" not in rita.get(reverse("studio:library")).content.decode()
    assert 'id="bar-spend" hidden' in rita.get(reverse("studio:library")).content.decode()
