"""Answers that make no sense or come too early: the take goes on (THREATS, T-06 to T-08)."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import httpcore
import pytest

from studio.models import ChargeState, Status, Trouble
from studio.providers import http
from tests.paid.conftest import Shop, Times
from tests.simulators.options import KEYS

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("impatient"),
]

ODD = [
    "html_502",
    "html_504",
    "empty_200",
    "garbage_200",
    "cut",
    "big_200",
    "deep_json",
    "nan",
    "wrong_types",
    "unknown_word",
    "backwards",
    "reset_before",
    "close_after",
    "drip",
    "hang",
    "redirect",
    "chinese",
]


def test_t06_a_job_that_the_provider_does_not_know_yet_is_asked_about_again(shop: Shop):
    task = shop.sent()
    shop.here.fault("status", "not_found", count=3)
    for _ in range(3):
        shop.step()
        task.refresh_from_db()
        assert task.status == Status.RUNNING

    shop.finish(task)

    assert task.status == Status.SUCCEEDED


def test_t06_a_job_that_is_never_known_expires_only_after_the_time_it_would_be_held(shop: Shop, times: Times):
    task = shop.sent()
    shop.here.fault("status", "not_found", count=None)
    for _ in range(5):
        shop.step()
        times.push(hours=4.7)
    task.refresh_from_db()
    assert task.status == Status.RUNNING

    times.push(hours=1)
    shop.step()

    task.refresh_from_db()
    assert (task.status, shop.charge(task).state) == (Status.EXPIRED, ChargeState.RESERVED)


@pytest.mark.parametrize("what", ODD)
def test_t07_an_answer_that_makes_no_sense_changes_nothing_and_the_take_goes_on(shop: Shop, what: str):
    task = shop.sent()
    before = task.job_id
    shop.here.fault("status", what, count=2, seconds=2)

    for _ in range(3):
        shop.step()
        task.refresh_from_db()
        assert (task.status, task.job_id, task.error_category) == (Status.RUNNING, before, "")

    assert (task.trouble, task.tries) == ("", 0)


@pytest.mark.parametrize("what", ["unknown_word", "garbage_200", "wrong_types", "deep_json"])
def test_t07_nonsense_that_goes_on_is_shown_and_counted(shop: Shop, what: str):
    task = shop.made()
    shop.here.fault("status", what, count=None)

    for _ in range(10):
        shop.step()

    task.refresh_from_db()
    assert (task.status, task.trouble, task.tries) == (Status.RUNNING, Trouble.ODD, 10)


def test_t07_of_two_hundred_megabytes_one_is_read(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    task, read = shop.sent(), []
    real = http._bounded

    def counted(response: httpcore.Response) -> bytes:
        parts = response.iter_stream()
        counting = SimpleNamespace(iter_stream=lambda: (read.append(len(part)) or part for part in parts))
        return real(counting)

    monkeypatch.setattr(http, "_bounded", counted)
    monkeypatch.setattr(http, "LOOK_SECONDS", 30.0)
    shop.here.fault("status", "big_200")

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.trouble) == (Status.RUNNING, Trouble.OUTAGE)
    assert 1_000_000 < sum(read) < 1_200_000


def test_t07_an_unknown_word_is_logged_without_the_key(shop: Shop, caplog: pytest.LogCaptureFixture):
    shop.made()
    shop.here.fault("status", "unknown_word")

    with caplog.at_level(logging.INFO):
        shop.step()

    assert "pondering" in caplog.text.lower()
    assert KEYS[shop.connection.provider] not in caplog.text


def test_t08_a_success_without_an_address_is_read_again(shop: Shop):
    task = shop.made()
    shop.here.fault("status", "success_without_url", count=3)
    for _ in range(3):
        shop.step()
        task.refresh_from_db()
        assert (task.status, bool(task.trouble)) == (Status.RUNNING, True)

    shop.finish(task)

    assert task.status == Status.SUCCEEDED


def test_t08_a_success_that_never_says_where_expires_and_raises_an_alarm_after_an_hour(
    shop: Shop, times: Times, caplog: pytest.LogCaptureFixture
):
    task = shop.made()
    shop.here.fault("status", "success_without_url", count=None)
    shop.step()
    times.push(minutes=61)
    shop.step()
    alarms = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any(str(task.task_id) in alarm for alarm in alarms)

    for _ in range(6):
        times.push(hours=4)
        shop.step()

    task.refresh_from_db()
    assert (task.status, shop.charge(task).state) == (Status.EXPIRED, ChargeState.RESERVED)
