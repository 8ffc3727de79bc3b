"""Outages, refusals and answers that make no sense: takes wait, and in the end they settle (THREATS, T)."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import SimpleNamespace

import httpcore
import pytest
from django.utils import timezone

from studio import conductor, tasks
from studio.connections import provider_accounts
from studio.models import ChargeState, GenerationTask, PauseReason, Status, Trouble
from studio.providers import http
from tests.paid.conftest import Shop, Times, open_shop
from tests.simulators.here import running
from tests.simulators.options import KEYS

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

OTHER_KEY = "sk-simulated-another-key-0002"
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


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of silence is half a second here."""
    monkeypatch.setattr(http, "LOOK_SECONDS", 0.5)


def waits(shop: Shop, task: GenerationTask) -> tuple[str, str]:
    shop.step()
    task.refresh_from_db()
    return task.status, task.trouble


def test_t03_a_provider_that_is_down_for_twelve_hours_loses_nothing(shop: Shop, times: Times):
    sent = [shop.sent()]
    shop.here.listener.close()
    waiting = shop.order()
    for _ in range(12):
        shop.step()
        times.push(hours=1)
    for task in [*sent, *waiting]:
        task.refresh_from_db()
        assert task.trouble == Trouble.OUTAGE
        assert task.status == (Status.RUNNING if task in sent else Status.QUEUED)

    shop.here.listener.open()

    for task in [*sent, *waiting]:
        shop.finish(task)
        assert task.status == Status.SUCCEEDED, (task.status, task.error_detail)
        assert shop.charge(task).state == ChargeState.SETTLED
    assert shop.creates() == len(shop.jobs()) == 2


def test_t03_an_outage_is_asked_about_less_and_less_often_and_never_less_than_every_five_minutes(
    shop: Shop, times: Times
):
    task = shop.sent()
    shop.here.listener.close()
    pauses: list[int] = []
    for _ in range(12):
        shop.step()
        task.refresh_from_db()
        pauses.append(round((task.next_at - timezone.now()).total_seconds()))
        times.push(seconds=pauses[-1])

    assert pauses == sorted(pauses)
    assert pauses[0] == pytest.approx(10, abs=1)
    assert pauses[-1] == pytest.approx(300, abs=1)


def test_t03_being_asked_to_wait_holds_for_the_whole_account(shop: Shop, times: Times):
    asked, other = shop.sent(), shop.sent()
    times.push(minutes=1)
    shop.here.fault("status", "rate_limited", retry_after=600)
    shop.step()
    for task in (asked, other):
        task.refresh_from_db()
    assert Trouble.RATE in {asked.trouble, other.trouble}
    before = len(shop.here.simulator.ledger.requests("status"))
    GenerationTask.objects.update(next_at=timezone.now())
    waiting = shop.order()[0]

    times.push(minutes=9, seconds=50)
    GenerationTask.objects.update(next_at=timezone.now())
    assert shop.round() == 0
    assert len(shop.here.simulator.ledger.requests("status")) == before

    times.push(seconds=20)
    assert shop.round() > 0
    for task in (asked, other, waiting):
        shop.finish(task)
        assert task.status == Status.SUCCEEDED


def test_t03_a_create_that_is_told_to_wait_is_the_same_take_later_and_nothing_was_made(
    shop: Shop, times: Times
):
    shop.here.fault("create", "rate_limited", retry_after=120)
    task = shop.order()[0]
    assert waits(shop, task) == (Status.QUEUED, Trouble.RATE)
    assert (task.next_at - timezone.now()).total_seconds() == pytest.approx(120, abs=3)
    times.push(seconds=100)
    assert shop.round() == 0

    times.push(seconds=25)
    shop.round()
    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


def test_t03_ten_minutes_of_being_told_to_wait_end_well(shop: Shop, times: Times):
    shop.here.fault("any", "rate_limited", count=None, lasts=600)
    task = shop.order()[0]
    for _ in range(25):
        shop.step()
        times.push(seconds=30)

    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


@pytest.mark.parametrize("name", ["modelstream"])
def test_t03_other_providers_go_on_while_one_is_down(shop: Shop, tmp_path):
    down = shop.order(takes=4)
    shop.here.listener.close()
    with running("dashscope", tmp_path / "other", fetching="once", film_scale=0.25) as here:
        other = open_shop(here)
        going = other.order()[0]

        other.finish(going)

        assert going.status == Status.SUCCEEDED
    for task in down:
        task.refresh_from_db()
        assert (task.status, task.trouble) == (Status.QUEUED, Trouble.OUTAGE)


def test_t03_nobody_is_there_beyond_a_day_so_nothing_was_sent_and_the_money_is_free(shop: Shop, times: Times):
    shop.here.listener.close()
    task = shop.order()[0]
    for _ in range(9):
        shop.step()
        times.push(hours=3)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.error_category) == (Status.FAILED, "not_sent")
    assert shop.charge(task).state == ChargeState.RELEASED


def test_t04_beyond_a_day_a_job_is_expired_with_its_number_and_its_money_kept(shop: Shop, times: Times):
    task = shop.sent()
    job_id = task.job_id
    shop.here.listener.close()
    times.push(hours=23)
    assert waits(shop, task) == (Status.RUNNING, Trouble.OUTAGE)

    times.push(hours=1, minutes=1)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.job_id, task.next_at) == (Status.EXPIRED, job_id, None)
    assert shop.charge(task).state == ChargeState.RESERVED
    times.push(days=3)
    assert shop.round() == 0


def test_t04_an_outage_of_twenty_hours_loses_no_result(shop: Shop, times: Times):
    task = shop.sent()
    shop.here.listener.close()
    times.push(hours=20)
    shop.step()

    shop.here.listener.open()
    shop.finish(task)

    assert task.status == Status.SUCCEEDED


@pytest.mark.parametrize(
    ("name", "what"),
    [("modelstream", "unauthorized"), ("apiframe", "forbidden"), ("dashscope", "unauthorized")],
)
def test_t05_a_refused_key_pauses_the_connection_and_keeps_its_jobs(shop: Shop, what: str):
    task, waiting = shop.sent(), None
    shop.here.fault("status", what, count=None)

    assert waits(shop, task) == (Status.RUNNING, Trouble.KEY)

    shop.connection.refresh_from_db()
    assert shop.connection.pause_reason == PauseReason.KEY
    waiting = shop.order()[0]
    shop.step()
    assert shop.creates() == 1
    shop.here.simulator.script.clear()
    provider_accounts.set_key(shop.connection, KEYS[shop.connection.provider])
    for each in (task, waiting):
        shop.finish(each)
        assert each.status == Status.SUCCEEDED


def test_t05_after_a_new_key_the_jobs_of_a_revoked_one_go_on_with_it(shop: Shop):
    """A provider whose jobs belong to the account, and a key that is revoked while jobs run."""
    task = shop.sent()
    old, new = KEYS[shop.connection.provider], OTHER_KEY
    ledger = shop.here.simulator.ledger
    ledger.open_account(new, 4820)
    ledger.run("UPDATE accounts SET state = '' WHERE account = ?", old)
    assert waits(shop, task) == (Status.RUNNING, Trouble.KEY)
    ledger.run("UPDATE jobs SET account = ?", new)

    provider_accounts.set_key(shop.connection, new)
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    shop.connection.refresh_from_db()
    assert shop.connection.paused_at is None


def test_t05_an_old_key_that_is_refused_does_not_pause_an_account_whose_new_key_works(shop: Shop):
    """Its job cannot be read with the new key either: only that job waits."""
    task = shop.sent()
    old, new = KEYS[shop.connection.provider], OTHER_KEY
    ledger = shop.here.simulator.ledger
    ledger.open_account(new, 4820)
    provider_accounts.set_key(shop.connection, new)
    ledger.run("UPDATE accounts SET state = '' WHERE account = ?", old)

    status, _ = waits(shop, task)

    shop.connection.refresh_from_db()
    assert (status, shop.connection.paused_at) == (Status.RUNNING, None)
    other = shop.order()[0]
    shop.finish(other)
    assert other.status == Status.SUCCEEDED


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_t05_looking_for_a_lost_job_with_an_old_key_does_not_pause_the_account(shop: Shop):
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    ledger = shop.here.simulator.ledger
    ledger.open_account(OTHER_KEY, 4820)
    provider_accounts.set_key(shop.connection, OTHER_KEY)
    ledger.run("UPDATE accounts SET state = '' WHERE account = ?", KEYS[shop.connection.provider])

    shop.step()

    shop.connection.refresh_from_db()
    task.refresh_from_db()
    assert (shop.connection.paused_at, task.status) == (None, Status.UNCERTAIN)
    assert len(shop.jobs()) == 1


def test_t05_a_create_that_is_refused_for_its_key_is_not_lost(shop: Shop):
    shop.here.fault("create", "unauthorized")
    task = shop.order()[0]
    assert waits(shop, task) == (Status.QUEUED, Trouble.KEY)
    assert shop.charge(task).state == ChargeState.RESERVED

    provider_accounts.set_key(shop.connection, KEYS[shop.connection.provider])
    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


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


@pytest.mark.parametrize(("name", "hours"), [("modelstream", -9), ("apiframe", 9), ("dashscope", -9)])
def test_t13_a_provider_whose_clock_is_hours_off_changes_nothing(
    name, hours: int, addresses, transactional_db, tmp_path
):
    with running(name, tmp_path, fetching="once", film_scale=0.25, skew=hours * 3600.0) as here:
        shop = open_shop(here)
        task = shop.order()[0]

        shop.finish(task)

        assert task.status == Status.SUCCEEDED
        assert 0 <= task.making_seconds < 60


@pytest.mark.parametrize("hours", [-3, 3])
def test_t13_our_clock_jumping_while_a_step_runs_makes_no_second_job(
    shop: Shop, times: Times, monkeypatch: pytest.MonkeyPatch, hours: int
):
    """Forward: the lease looks run out, and another worker comes. Backward: nothing is due for hours."""
    task = shop.order()[0]
    real, rounds = provider_accounts.provider_for, []

    def jumping(*of):
        if not rounds:
            rounds.append(1)
            times.push(hours=hours)
            shop.round()
        return real(*of)

    monkeypatch.setattr(provider_accounts, "provider_for", jumping)
    shop.step()
    shop.finish(task, rounds=16)

    assert len(shop.jobs()) <= 1
    assert task.status in {Status.SUCCEEDED, Status.UNCERTAIN}
    assert task.job_id == (shop.jobs()[0].id if shop.jobs() else "")


def test_t15_one_row_that_always_raises_is_set_aside_and_the_rest_go_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    bad, good = shop.sent(), shop.sent()
    real = tasks.STEPS[Status.RUNNING]

    def look(task: GenerationTask, token) -> None:
        if task.pk == bad.pk:
            raise RuntimeError("nobody thought of this")
        real(task, token)

    monkeypatch.setitem(tasks.STEPS, Status.RUNNING, look)
    for _ in range(5):
        shop.step()
    shop.finish(good)

    bad.refresh_from_db()
    assert (bad.status, bad.next_at, good.status) == (Status.FAILED, None, Status.SUCCEEDED)
    assert bad.job_id == bad.attempts.get().job_id
    assert shop.charge(bad).state == ChargeState.RESERVED


def test_t15_a_take_that_cannot_even_be_put_into_words_costs_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("studio.steps.sending.video_request", _raise)
    task = shop.order()[0]

    for _ in range(12):
        shop.step()

    task.refresh_from_db()
    assert shop.creates() == 0
    assert task.status in {Status.FAILED, Status.UNCERTAIN}


def _raise(*_: object) -> None:
    raise RuntimeError("nobody thought of this")


def test_t15_a_create_that_raises_what_it_should_not_is_uncertain(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    """Bytes may have left: it is treated like any other lost answer."""
    kind = type(provider_accounts.provider_for(shop.connection))
    monkeypatch.setattr(kind, "submit", _raise)
    task = shop.order()[0]

    for _ in range(12):
        shop.step()

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    assert shop.charge(task).state == ChargeState.RESERVED


def test_t10_what_expires_first_is_fetched_first(shop: Shop, times: Times):
    """While we were down, three takes of different ages were made and are known to be."""
    finished = []
    for hours in (11, 7, 2):
        finished.append(shop.made())
        shop.here.fault("result", "not_found", count=None)
        shop.step()
        times.push(hours=hours)
    shop.order()
    now = timezone.now()
    GenerationTask.objects.filter(pk=finished[0].pk).update(next_at=now - timedelta(seconds=1))
    GenerationTask.objects.filter(pk__in=[task.pk for task in finished[1:]]).update(
        next_at=now - timedelta(minutes=5)
    )

    claims = conductor.claim_due(now, at_most=2)

    assert [pk for pk, _ in claims] == [finished[0].pk, finished[1].pk]
