"""Where a key may be found: encrypted in one column, and in the requests to its own provider (K-01, K-03)."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from studio.connections import connecting, provider_accounts
from studio.models import Connection, ConnectionKey, GenerationTask, Status
from studio.models.person import Role
from studio.providers.base import Account
from tests.factories import make_user
from tests.paid.conftest import Shop, open_shop
from tests.simulators.faults import BEFORE, INSTEAD
from tests.simulators.here import running
from tests.simulators.options import NAMES

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

MARKERS = {
    "modelstream": "sk-marker-Zq8Lw3Pt5Xn7Vr2K-modelstream",
    "apiframe": "afk_marker_Yb4Hs6Jd9Fc1Mg3T_apiframe",
    "dashscope": "sk-marker-Ke2Ru7Wo5Ia9Np4B-dashscope",
}
PAGES = ("create", "works", "library", "files", "projects", "bin", "connections", "account")


def all_text_of_the_database() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text."""
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    yield f"{table}.{name}", raw.decode("utf-8", errors="replace")


def pages(tasks: list[GenerationTask]) -> Iterator[tuple[str, str]]:
    owner = Client()
    owner.force_login(make_user("Olga Owner", role=Role.OWNER))
    addresses = [reverse(f"studio:{name}") for name in PAGES]
    addresses += [reverse("studio:clip", args=[task.task_id]) for task in tasks]
    for address in addresses:
        answer = owner.get(address, follow=True)
        assert answer.status_code == 200, address
        yield address, answer.content.decode() + str(answer.headers)
    ready = [task for task in tasks if task.status == Status.SUCCEEDED]
    chosen = {"clip": [str(task.task_id) for task in ready]}
    export = owner.post(reverse("studio:clips-download"), chosen)
    content = export.getvalue() if not export.streaming else b"".join(export.streaming_content)
    yield "the export", content.decode("latin-1")
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name).decode("latin-1")


def go_through_everything(shop: Shop) -> list[GenerationTask]:
    """Success, every wrong answer to a create and to a question, a failure, an outage, a key that is refused."""
    made = shop.order()
    for what in sorted(INSTEAD | BEFORE):
        if what in ("hang", "refused"):
            continue
        shop.here.fault("create", what)
        made += shop.order()
    for what in ("html_502", "unknown_word", "garbage_200", "rate_limited", "forbidden", "not_found"):
        shop.here.fault("status", what, count=2)
    shop.here.fault("job", "provider_error")
    shop.here.fault("result", "cut", count=2)
    for _ in range(12):
        shop.step()
        provider_accounts.resume(shop.connection)
        shop.here.advance(60)
    shop.here.listener.close()
    shop.step()
    shop.here.listener.open()
    connecting.try_key(shop.connection)
    for task in made:
        task.refresh_from_db()
    return made


@pytest.mark.parametrize("name", NAMES)
def test_k01_after_everything_the_key_stands_nowhere(
    name: Any, addresses: None, transactional_db: None, tmp_path, caplog: pytest.LogCaptureFixture
):
    marker = MARKERS[name]
    with (
        caplog.at_level(logging.DEBUG),
        running(name, tmp_path, fetching="once", film_scale=0.25, keys=(marker,)) as here,
    ):
        shop = open_shop(here)
        tasks = go_through_everything(shop)

        assert {task.status for task in tasks} >= {Status.SUCCEEDED, Status.FAILED}
        found = [place for place, text in all_text_of_the_database() if marker in text]
        found += [place for place, text in pages(tasks) if marker in text]
        dump = io.StringIO()
        call_command("dumpdata", stdout=dump, natural_foreign=True)
        logged = "\n".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
        assert found == []
        assert marker not in dump.getvalue()
        assert marker not in logged
        assert marker not in caplog.text


@pytest.mark.parametrize("name", ["apiframe"])
def test_k01_no_object_shows_its_key_when_it_is_printed(shop: Shop):
    key = provider_accounts.current_key(shop.connection)
    provider = provider_accounts.provider_for(shop.connection)
    account = Account(key=MARKERS["apiframe"], base_url="https://api.apiframe.ai")
    secret = shop.here.simulator.options.accepted_keys[0]

    printed = " ".join(map(repr, [key, shop.connection, provider, account, vars(shop.connection)]))
    printed += str(key) + serializers.serialize("json", ConnectionKey.objects.all())

    assert MARKERS["apiframe"] not in printed
    assert secret not in printed


@pytest.mark.parametrize("name", ["dashscope"])
def test_k01_of_a_key_its_beginning_and_its_last_four_are_shown(shop: Shop):
    key = provider_accounts.current_key(shop.connection)
    secret = shop.here.simulator.options.accepted_keys[0]

    assert key is not None
    assert key.hint.endswith(secret[-4:])
    assert len(key.hint) < len(secret) / 2 + 4
    assert secret not in key.hint


@pytest.mark.parametrize("name", NAMES)
def test_k03_each_job_keeps_its_own_key_while_keys_are_rotated(
    name: Any, addresses: None, transactional_db: None, tmp_path
):
    """A job belongs to the key that made it, and is unknown to the other one."""
    first, second = "sk-the-first-key-0001", "sk-the-second-key-0002"
    with running(name, tmp_path, fetching="once", film_scale=0.25, keys=(first, second)) as here:
        shop = open_shop(here)
        old = shop.sent()
        provider_accounts.set_key(shop.connection, second)
        new = shop.sent()

        shop.finish(old)
        shop.finish(new)

        assert (old.status, new.status) == (Status.SUCCEEDED, Status.SUCCEEDED)
        assert [job.account for job in shop.jobs()] == [first, second]
        assert old.attempts.get().connection_key != new.attempts.get().connection_key


@pytest.mark.parametrize("name", ["dashscope"])
def test_k03_the_same_key_entered_again_is_the_same_key(shop: Shop):
    secret = shop.here.simulator.options.accepted_keys[0]

    provider_accounts.set_key(shop.connection, secret)

    assert ConnectionKey.objects.filter(connection=shop.connection).count() == 1


@pytest.mark.parametrize("name", NAMES)
def test_k03_disconnecting_while_a_job_runs_still_brings_its_clip_home(shop: Shop):
    running_one = shop.sent()
    waiting = shop.order()[0]

    connecting.disconnect(shop.connection, actor=make_user("Olga", role=Role.OWNER))
    shop.finish(running_one)

    waiting.refresh_from_db()
    assert running_one.status == Status.SUCCEEDED
    assert shop.creates() == 1
    assert Connection.objects.get(pk=shop.connection.pk).removed_at is not None
    assert waiting.status == Status.CANCELED
