"""Callbacks make us look sooner and say nothing themselves; whatever is wrong with one, nothing happens (T-16)."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from studio import delivery
from studio.connections import provider_accounts
from studio.models import GenerationTask, Status
from tests.paid.conftest import Shop, open_shop
from tests.simulators.apiframe_webhooks import signed
from tests.simulators.here import running
from tests.simulators.options import KEYS
from tests.simulators.rows import Told
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.parametrize("name", ["apiframe"]),
]
KEY = KEYS["apiframe"]


def far_away(shop: Shop) -> GenerationTask:
    """A take whose next look is ten minutes off, so that only a callback can bring it nearer."""
    task = shop.sent()
    assert wait_until(lambda: shop.jobs()[0].is_checked)
    task.next_at = timezone.now() + timedelta(minutes=10)
    task.save(update_fields=["next_at"])
    return task


def is_near(task: GenerationTask) -> bool:
    return GenerationTask.objects.filter(pk=task.pk, next_at__lte=timezone.now()).exists()


def told(shop: Shop) -> list[Told]:
    return shop.here.simulator.ledger.webhooks()


def address(task: GenerationTask) -> str:
    attempt = task.attempts.latest("number")
    capability = provider_accounts.capability_for(task.connection)
    return delivery.callback_url(attempt, task.connection, capability)


def call(task: GenerationTask, body: object, *, key: str = KEY, to: str = "", is_hex: bool = False) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = signed(raw, key, is_hex=is_hex)
    return post(to or address(task), raw, signature)


def post(to: str, raw: bytes, signature: str) -> int:
    answer = Client().post(
        to, raw, content_type="application/json", headers={"X-Webhook-Signature": signature}
    )
    return answer.status_code


def test_t16_a_genuine_callback_brings_the_next_look_to_now_and_the_clip_home(shop: Shop):
    task = far_away(shop)
    before = GenerationTask.objects.get(pk=task.pk).revision

    shop.here.advance(600)

    assert wait_until(lambda: is_near(task))
    assert GenerationTask.objects.get(pk=task.pk).revision > before  # the pages hear of it
    assert shop.round() == 1
    task.refresh_from_db()
    assert task.status == Status.SUCCEEDED
    assert [letter.status for letter in told(shop)] == [204]
    assert task.events.filter(word="called_back").count() == 1


@pytest.mark.parametrize("is_hex", [False, True])
def test_t16_both_known_ways_to_sign_are_accepted(shop: Shop, tmp_path, is_hex: bool):
    task = far_away(shop)

    assert call(task, {"event": "completed", "jobId": task.job_id}, is_hex=is_hex) == 204

    assert is_near(task)


def test_t16_a_simulator_that_signs_in_the_other_way_is_understood(
    name, addresses, transactional_db, tmp_path
):
    with running("apiframe", tmp_path, fetching="once", film_scale=0.25, hex_signatures=True) as here:
        shop = open_shop(here)
        task = far_away(shop)

        here.advance(600)

        assert wait_until(lambda: is_near(task))


def test_t16_without_any_callback_the_clip_comes_by_asking(shop: Shop):
    shop.here.fault("webhook", "absent", count=None)
    task = shop.order()[0]

    shop.finish(task)

    assert (task.status, told(shop)) == (Status.SUCCEEDED, [])


@pytest.mark.parametrize("what", ["twice", "replayed"])
def test_t16_a_callback_that_comes_twice_changes_nothing_the_second_time(shop: Shop, what: str):
    shop.here.fault("webhook", what)
    task = far_away(shop)
    shop.here.advance(600)
    assert wait_until(lambda: told(shop))
    shop.finish(task)
    assert task.status == Status.SUCCEEDED

    assert wait_until(lambda: len(told(shop)) == 2)

    task.refresh_from_db()
    assert {letter.status for letter in told(shop)} == {204}
    assert (task.status, task.next_at) == (Status.SUCCEEDED, None)
    assert task.events.filter(word="called_back").count() == 1


def test_t16_a_callback_that_comes_too_early_is_not_believed(shop: Shop):
    shop.here.fault("webhook", "early")
    task = far_away(shop)
    shop.here.advance(15)
    assert wait_until(lambda: told(shop))

    shop.round()

    task.refresh_from_db()
    assert (task.status, task.clip) == (Status.RUNNING, None)
    shop.finish(task)
    assert task.status == Status.SUCCEEDED


@pytest.mark.parametrize("what", ["forged", "foreign", "foreign_job"])
def test_t16_a_callback_that_does_not_prove_itself_does_nothing(shop: Shop, what: str):
    shop.here.fault("webhook", what)
    task = far_away(shop)

    shop.here.advance(600)

    assert wait_until(lambda: told(shop))
    assert [letter.status for letter in told(shop)] == [404]
    attempt = task.attempts.get()
    assert (is_near(task), attempt.callback_at) == (False, None)
    assert task.events.filter(word="called_back").count() == 0


def lost(shop: Shop) -> GenerationTask:
    """A take whose create was received, and whose answer never came."""
    shop.here.fault("webhook", "absent", count=None)
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    assert wait_until(lambda: shop.jobs()[0].is_checked)
    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    return task


def test_t16_a_callback_about_a_job_that_nobody_knows_finds_no_lost_one(shop: Shop):
    task = lost(shop)

    assert call(task, {"event": "completed", "jobId": str(uuid4())}) == 404

    task.refresh_from_db()
    assert (task.status, task.attempts.get().job_id) == (Status.UNCERTAIN, "")
    shop.finish(task)
    assert (task.status, task.job_id) == (Status.SUCCEEDED, shop.jobs()[0].id)


def test_t16_a_callback_about_a_job_that_cannot_be_read_now_only_makes_us_look(shop: Shop):
    task = lost(shop)
    GenerationTask.objects.filter(pk=task.pk).update(next_at=timezone.now() + timedelta(minutes=10))
    shop.here.fault("status", "html_502")

    assert call(task, {"event": "completed", "jobId": shop.jobs()[0].id}) == 204

    task.refresh_from_db()
    assert (task.status, task.attempts.get().job_id) == (Status.UNCERTAIN, "")
    assert is_near(task)


def test_t16_one_changed_byte_breaks_the_proof(shop: Shop):
    task = far_away(shop)
    raw = json.dumps({"event": "completed", "jobId": task.job_id}).encode()

    assert post(address(task), raw + b" ", signed(raw, KEY)) == 404
    assert post(address(task), raw, "") == 404
    assert post(address(task), raw, signed(raw, KEY).removeprefix("sha256=")) == 404
    assert not is_near(task)


def test_t16_the_address_of_another_attempt_proves_nothing(shop: Shop):
    mine, other = far_away(shop), shop.sent()
    body = {"event": "completed", "jobId": mine.job_id}

    assert call(mine, body, to=address(other)) == 404
    guessed = address(mine).replace(str(mine.attempts.get().key), str(uuid4()))
    assert call(mine, body, to=guessed) == 404
    assert call(mine, body, to=address(mine)[:-2] + "x/") == 404
    assert call(mine, body, to=address(mine).replace("/apiframe/", "/dashscope/")) == 404
    assert not is_near(mine)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff\xfe", b"[" * 50_000, b"null", b'{"jobId": 7}'])
def test_t16_a_signed_body_that_makes_no_sense_does_nothing(shop: Shop, raw: bytes):
    task = far_away(shop)

    assert call(task, raw) == 404

    assert not is_near(task)


def test_t16_a_body_without_end_is_not_read(shop: Shop):
    task = far_away(shop)
    raw = json.dumps({"jobId": task.job_id, "padding": "a" * 200_000}).encode()

    assert call(task, raw) == 404


def test_t16_only_a_post_is_answered(shop: Shop):
    task = far_away(shop)

    assert Client().get(address(task)).status_code == 405


def test_t16_each_job_is_checked_with_its_own_key(shop: Shop):
    task = far_away(shop)
    provider_accounts.set_key(shop.connection, "afk_another_key_0002")
    body = {"event": "completed", "jobId": task.job_id}

    assert call(task, body, key="afk_another_key_0002") == 404
    assert call(task, body, key=KEY) == 204
    assert is_near(task)
