"""An account in use: tested, paused, limited, disconnected; and what its card says of all that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio import changes, money
from studio.connections import cards as connection_cards
from studio.connections import connecting, provider_accounts
from studio.models import Charge, ChargeState, Connection, PauseReason, Status, User
from studio.providers.base import ErrorCategory, KeyCheck, ProviderError
from tests.factories import inbox, make_project, make_task
from tests.team.conftest import KEY, OTHER_KEY, Desk, an_hour_later, body, connected

pytestmark = pytest.mark.django_db
PAGE = "/team/connections/"
REFUSED = ProviderError(ErrorCategory.AUTH, "ModelStream didn’t accept the studio’s key.")
SILENT = ProviderError(ErrorCategory.PROVIDER_BUSY, "ModelStream isn’t answering just now.")
TERMS = {"parallel_limit": "3", "price_720p": "0.10", "price_1080p": "0.15", "daily_cap": ""}


def test_a_key_that_works_is_said_with_how_long_it_took(owner: Client, desk: Desk):
    connected()

    page = body(owner.post(f"{PAGE}modelstream/test/", follow=True))

    assert "Working" in page
    assert "Answered in 0.1 s, just now. The key works. Testing is free." in page


def test_a_test_can_answer_with_the_card_alone(owner: Client, desk: Desk):
    connected()

    card = body(owner.post(f"{PAGE}modelstream/test/", headers={"HX-Request": "true"}))

    assert card.lstrip().startswith("<article")
    assert "Working" in card


def test_a_refused_key_pauses_the_account_until_it_works(owner: Client, desk: Desk):
    account = connected()
    make_task(Status.QUEUED, connection=account)
    desk.answer = REFUSED

    refused = body(owner.post(f"{PAGE}modelstream/test/", follow=True))
    desk.answer = KeyCheck()
    works = body(owner.post(f"{PAGE}modelstream/test/", follow=True))

    assert "Key not accepted" in refused
    assert "One clip is waiting and goes out by itself; nothing was charged for it." in refused
    assert "Working" in works
    assert Connection.objects.sending().filter(pk=account.pk).exists()


def test_silence_is_told_from_a_refusal(owner: Client, desk: Desk):
    account = connected()
    desk.answer = SILENT

    with time_machine.travel(datetime(2026, 11, 21, 14, 2, tzinfo=UTC), tick=False):
        page = body(an_hour_later(owner).post(f"{PAGE}modelstream/test/", follow=True))

    account.refresh_from_db()
    assert "Not answering since 14:02" in page
    assert account.paused_at is None


def test_an_answer_that_tells_nothing_is_not_called_working(owner: Client, desk: Desk):
    connected()
    desk.answer = ProviderError(ErrorCategory.PROVIDER_ERROR, "ModelStream couldn’t finish this clip.")

    page = body(owner.post(f"{PAGE}modelstream/test/", follow=True))

    assert "Not clear" in page
    assert "does not tell whether the key works" in page
    assert "finish this clip" not in page


def test_a_balance_is_shown_where_it_is_told(owner: Client, desk: Desk):
    connected("apiframe")
    desk.answer = KeyCheck(balance=Decimal("1240"), unit="credits")

    page = body(owner.post(f"{PAGE}apiframe/test/", follow=True))

    assert "1,240 credits left there, just now." in page


def test_k03_the_answer_for_a_key_that_was_replaced_meanwhile_counts_for_nothing(desk: Desk, mara: User):
    account = connected()
    desk.answer = REFUSED
    desk.meanwhile = lambda: connecting.replace_key(account, OTHER_KEY, base_url="", actor=mara)

    connecting.try_key(account)

    account.refresh_from_db()
    assert (account.tested_at, account.test_problem, account.paused_at) == (None, "", None)


def test_a_job_that_was_accepted_proves_the_key():
    account = connected()
    task = make_task(Status.RUNNING, connection=account)
    key = provider_accounts.current_key(account)

    before = connection_cards.card("modelstream", timezone.now()).state.word
    now = timezone.now()
    task.attempts.create(number=1, intended_at=now, accepted_at=now, job_id="a", connection_key=key)

    assert before == "Not tried yet"
    assert connection_cards.card("modelstream", timezone.now()).state.word == "Working"


def test_what_an_owner_pauses_goes_on_when_an_owner_says_so(owner: Client):
    account = connected()

    paused = body(owner.post(f"{PAGE}modelstream/pause/", {"pause": "on"}, follow=True))
    is_sending = Connection.objects.sending().filter(pk=account.pk).exists()
    going = body(owner.post(f"{PAGE}modelstream/pause/", {"pause": "off"}, follow=True))

    assert "Paused" in paused
    assert not is_sending
    assert "Paused" not in going
    assert Connection.objects.sending().filter(pk=account.pk).exists()


def test_every_page_redraws_the_takes_of_an_account_that_is_paused_or_goes_on(owner: Client):
    account = connected()
    waiting, over = make_task(connection=account), make_task(Status.FAILED, connection=account)
    revisions = []

    for pause in ("on", "off"):
        seen = changes.latest_revision()
        owner.post(f"{PAGE}modelstream/pause/", {"pause": pause})
        for task in (waiting, over):
            task.refresh_from_db()
        revisions.append((waiting.revision > seen, over.revision > seen))

    assert revisions == [(True, False), (True, False)]


def test_going_on_does_not_undo_a_refused_key(owner: Client):
    account = connected()
    provider_accounts.pause_for_key(account)

    owner.post(f"{PAGE}modelstream/pause/", {"pause": "off"})

    account.refresh_from_db()
    assert account.pause_reason == PauseReason.KEY


def test_prices_and_limits_are_understood_as_people_write_them(owner: Client):
    account = connected()
    typed = {"parallel_limit": "5", "price_720p": "$0.0125", "price_1080p": "0,15", "daily_cap": "$1,250"}

    owner.post(f"{PAGE}modelstream/save/", typed)

    account.refresh_from_db()
    assert account.parallel_limit == 5
    assert account.price_720p == Decimal("0.0125")
    assert account.price_1080p == Decimal("0.15")
    assert account.daily_cap == Decimal(1250)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"parallel_limit": "0"}, "At least one clip at once."),
        ({"parallel_limit": "many"}, "a whole number from 1 to 50"),
        ({"price_720p": "cheap"}, "This is not an amount. Write it like 0.10."),
        ({"price_720p": "0"}, "This must be more than zero."),
        ({"price_720p": "NaN"}, "This is not an amount."),
        ({"price_720p": "1e9"}, "This is not an amount."),
        ({"price_720p": "0.00001"}, "At most 4 digits after the point."),
        ({"daily_cap": "-1"}, "less than zero"),
        ({"daily_cap": "9" * 30}, "can be entered here"),
    ],
)
def test_what_is_no_price_or_limit_gets_a_sentence(wrong: dict[str, str], sentence: str, owner: Client):
    account = connected()

    answer = owner.post(f"{PAGE}modelstream/save/", TERMS | wrong)

    account.refresh_from_db()
    assert answer.status_code == 422
    assert sentence in body(answer).replace("&#x27;", "'")
    assert (account.parallel_limit, account.price_720p) == (3, Decimal("0.1000"))


@pytest.mark.parametrize(
    ("change", "needs_password"),
    [
        ({}, False),
        ({"price_720p": "0.20"}, False),
        ({"daily_cap": "10"}, False),
        ({"daily_cap": "30"}, True),
        ({"daily_cap": ""}, True),
        ({"price_720p": "0.01"}, True),
        ({"price_720p": ""}, True),
    ],
)
def test_a07_what_lets_more_be_spent_needs_a_fresh_password(
    change: dict[str, str], needs_password: bool, owner: Client
):
    account = connected(daily_cap=Decimal(20))
    before = connecting.terms_of(account)

    answer = an_hour_later(owner).post(f"{PAGE}modelstream/save/", TERMS | {"daily_cap": "20"} | change)

    account.refresh_from_db()
    assert answer["Location"].startswith("/account/password/") == needs_password
    assert (connecting.terms_of(account) == before) == (needs_password or not change)


def test_disconnecting_asks_once_and_says_what_happens_to_clips(owner: Client):
    account = connected()
    make_task(Status.RUNNING, connection=account)
    make_task(Status.QUEUED, connection=account)
    make_task(Status.QUEUED, connection=account)

    page = body(owner.get(f"{PAGE}?disconnect=modelstream"))

    assert "Disconnect ModelStream?" in page
    assert "2 clips waiting to be sent are cancelled, at no cost." in page
    assert "1 clip under way keeps its key and will still arrive." in page


def test_k03_disconnecting_keeps_the_key_of_jobs_and_cancels_what_was_never_sent(owner: Client):
    account = connected()
    running, waiting = make_task(Status.RUNNING, connection=account), make_task(connection=account)
    charge = reserve(waiting, "0.50")

    owner.post(f"{PAGE}modelstream/remove/")

    for row in (running, waiting, charge, account):
        row.refresh_from_db()
    assert account.removed_at is not None
    assert account.keys.filter(retired_at=None).count() == 1
    assert (running.status, waiting.status) == (Status.RUNNING, Status.CANCELED)
    assert charge.state == ChargeState.RELEASED
    assert "Not connected" in body(owner.get(PAGE))


def test_connecting_again_brings_prices_and_limits_back(owner: Client):
    connected(daily_cap=Decimal(20))
    owner.post(f"{PAGE}modelstream/remove/")

    owner.post(f"{PAGE}modelstream/key/", {"key": KEY})

    account = Connection.objects.in_use().get(provider="modelstream")
    assert (account.price_720p, account.daily_cap) == (Decimal("0.1000"), Decimal("20.00"))


def test_a07_disconnecting_needs_a_fresh_password(owner: Client):
    account = connected()

    answer = an_hour_later(owner).post(f"{PAGE}modelstream/remove/")

    account.refresh_from_db()
    assert answer["Location"].startswith("/account/password/")
    assert account.removed_at is None


def test_an_account_of_the_environment_can_be_paused_but_not_disconnected(owner: Client):
    account = connected(is_from_environment=True)

    owner.post(f"{PAGE}modelstream/remove/")
    owner.post(f"{PAGE}modelstream/pause/", {"pause": "on"})

    account.refresh_from_db()
    assert account.removed_at is None
    assert account.paused_at is not None


def test_the_card_counts_this_months_clips_and_money(owner: Client):
    account = connected()
    for price in ("0.50", "0.25"):
        reserve(make_task(Status.SUCCEEDED, connection=account, provider="modelstream"), price)
    old = reserve(make_task(Status.SUCCEEDED, connection=account, provider="modelstream"), "9.00")
    Charge.objects.filter(pk=old.pk).update(
        opened_at=money.start_of_month(timezone.now()) - timedelta(days=1)
    )

    page = body(owner.get(PAGE))

    assert "3 clips this month, $0.75." in page


def test_the_number_of_queries_does_not_grow_with_accounts_projects_and_charges(owner: Client):
    connected()
    owner.get(PAGE)
    few = count_queries(owner)
    for name in ("apiframe", "dashscope"):
        account = connected(name)
        project = make_project(f"Job {name}", cap=Decimal(5))
        for _ in range(3):
            reserve(make_task(Status.SUCCEEDED, connection=account, project=project, provider=name), "0.10")

    assert count_queries(owner) == few


def count_queries(person: Client) -> int:
    with CaptureQueriesContext(database) as queries:
        person.get(PAGE)
    return len(queries)


def reserve(task, dollars: str) -> Charge:
    return Charge.objects.create(
        task=task,
        project=task.project or inbox(),
        connection=task.connection,
        estimate=Decimal(dollars),
        opened_at=timezone.now(),
    )
