"""Cancel, at every stage and against every race: what it costs is right, and a late clip is kept (T-14)."""

from __future__ import annotations

import pytest

from studio import lifecycle
from studio.connections import provider_accounts
from studio.models import Basis, ChargeState, GenerationTask, Status
from tests.factories import make_user
from tests.paid.conftest import Shop, Times

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def press_cancel(task: GenerationTask) -> bool:
    return lifecycle.request_cancel(GenerationTask.objects.get(pk=task.pk), make_user())


def money_of(shop: Shop, task: GenerationTask) -> tuple[str, str]:
    charge = shop.charge(task)
    return charge.state, charge.basis


def press_during_the_create(shop: Shop, monkeypatch: pytest.MonkeyPatch, task: GenerationTask) -> None:
    """Someone presses "Cancel" while the create is on its way."""
    kind = type(provider_accounts.provider_for(shop.connection))
    real = kind.submit

    def submit(self, request, *, key):
        assert press_cancel(task)
        return real(self, request, key=key)

    with monkeypatch.context() as patched:
        patched.setattr(kind, "submit", submit)
        shop.step()


def test_t14_a_take_in_line_is_over_at_once_and_costs_nothing(shop: Shop):
    task = shop.order()[0]

    assert press_cancel(task)

    shop.step()
    task.refresh_from_db()
    assert (task.status, task.next_at, shop.creates()) == (Status.CANCELED, None, 0)
    assert money_of(shop, task) == (ChargeState.RELEASED, Basis.NOT_SENT)


def test_t14_a_create_that_was_told_to_wait_is_not_sent_again_after_cancel(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    shop.here.fault("create", "rate_limited", retry_after=1)
    task = shop.order()[0]

    press_during_the_create(shop, monkeypatch, task)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at, len(shop.jobs())) == (Status.CANCELED, None, 0)
    assert money_of(shop, task) == (ChargeState.RELEASED, Basis.NOT_SENT)


def test_t14_cancel_during_the_create_is_obeyed_as_soon_as_the_job_has_a_number(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    task = shop.order()[0]

    press_during_the_create(shop, monkeypatch, task)
    shop.step()

    task.refresh_from_db()
    assert task.status == Status.CANCELED
    if shop.connection.provider == "dashscope":
        assert shop.jobs()[0].state == "canceled"
        assert (money_of(shop, task), task.next_at) == ((ChargeState.RELEASED, Basis.TERMS), None)
    else:
        assert (shop.charge(task).state, bool(task.next_at)) == (ChargeState.RESERVED, True)


@pytest.mark.parametrize("name", ["dashscope"])
def test_t14_a_job_that_waits_at_dashscope_is_really_stopped_and_its_money_comes_back(shop: Shop):
    task = shop.sent()

    assert press_cancel(task)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at, shop.jobs()[0].state) == (Status.CANCELED, None, "canceled")
    assert money_of(shop, task) == (ChargeState.RELEASED, Basis.TERMS)
    assert shop.here.simulator.ledger.balance() == 0


@pytest.mark.parametrize("name", ["dashscope"])
def test_t14_a_cancel_that_did_not_get_through_is_asked_again_while_the_job_waits(shop: Shop):
    task = shop.sent()
    shop.here.fault("cancel", "html_502")
    press_cancel(task)
    shop.step()
    task.refresh_from_db()
    assert (task.status, shop.charge(task).state) == (Status.CANCELED, ChargeState.RESERVED)

    shop.step()

    task.refresh_from_db()
    assert (task.next_at, shop.jobs()[0].state) == (None, "canceled")
    assert money_of(shop, task) == (ChargeState.RELEASED, Basis.TERMS)


def test_t14_a_job_that_cannot_be_stopped_is_watched_and_its_late_clip_is_kept(shop: Shop):
    task = shop.sent()
    shop.here.advance(15)  # it is being made

    press_cancel(task)
    shop.step()
    task.refresh_from_db()
    assert (task.status, bool(task.next_at)) == (Status.CANCELED, True)
    assert shop.charge(task).state == ChargeState.RESERVED

    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert shop.charge(task).state == ChargeState.SETTLED


def test_t14_cancel_that_races_success_keeps_the_clip(shop: Shop):
    task = shop.made()

    press_cancel(task)
    shop.step()
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert shop.charge(task).state == ChargeState.SETTLED


def test_t14_a_cancelled_job_that_fails_gives_back_what_the_terms_say(shop: Shop):
    shop.here.fault("job", "provider_error")
    task = shop.sent()
    shop.here.advance(15)
    press_cancel(task)
    shop.step()

    shop.finish(task)

    assert (task.status, task.next_at) == (Status.CANCELED, None)
    expected = ChargeState.RESERVED if shop.connection.provider == "modelstream" else ChargeState.RELEASED
    assert shop.charge(task).state == expected


def test_t14_a_cancelled_job_nobody_hears_of_again_is_no_longer_asked_about_after_a_day(
    shop: Shop, times: Times
):
    task = shop.sent()
    shop.here.advance(15)
    press_cancel(task)
    shop.step()
    shop.here.listener.close()
    times.push(hours=20)
    shop.step()
    task.refresh_from_db()
    assert task.next_at is not None

    times.push(hours=5)
    shop.step()

    task.refresh_from_db()
    assert (task.status, task.next_at) == (Status.CANCELED, None)
    assert shop.charge(task).state == ChargeState.RESERVED


def test_t14_what_is_made_or_ready_is_past_stopping(shop: Shop):
    task = shop.made()
    shop.here.fault("result", "not_found")
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.SAVING

    assert not press_cancel(task)
    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert not press_cancel(task)


@pytest.mark.parametrize("name", ["modelstream"])
def test_t14_what_may_or_may_not_have_been_sent_cannot_be_called_off(shop: Shop):
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()

    assert not press_cancel(task)

    task.refresh_from_db()
    assert (task.status, shop.charge(task).state) == (Status.UNCERTAIN, ChargeState.RESERVED)


def test_t14_a_job_called_off_over_there_is_over_here(shop: Shop):
    shop.here.fault("job", "canceled")
    task = shop.sent()

    shop.finish(task)

    assert task.status in {Status.CANCELED, Status.FAILED}  # ModelStream calls it a failure
    assert task.next_at is None
