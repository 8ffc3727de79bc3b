"""Accounts named in the environment are connected when the studio starts."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from r2v_site.env import ProviderAccount
from studio.connections import vault
from studio.connections.provider_accounts import current_key
from studio.management import database
from studio.management.commands import run, web
from studio.models import Connection, ConnectionKey
from tests.team.conftest import KEY, OTHER_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(settings) -> None:
    """MODELSTREAM_API_KEY is set, the others are not."""
    account = ProviderAccount(key=KEY, base_url="")
    settings.PROVIDER_ACCOUNTS = {"modelstream": account, "apiframe": None, "dashscope": None}


def test_the_named_account_is_connected_and_marked(named: None):
    database.connect_named_accounts()

    account = Connection.objects.in_use().get(provider="modelstream")
    assert account.is_from_environment
    assert vault.unlock(current_key(account).secret) == KEY


def test_starting_again_changes_nothing(named: None):
    database.connect_named_accounts()
    before = list(Connection.objects.values_list())

    database.connect_named_accounts()

    assert list(Connection.objects.values_list()) == before
    assert ConnectionKey.objects.count() == 1


def test_a_key_changed_there_is_used_after_the_start(named: None, settings):
    database.connect_named_accounts()
    settings.PROVIDER_ACCOUNTS = {"modelstream": ProviderAccount(key=OTHER_KEY, base_url="")}

    database.connect_named_accounts()

    assert vault.unlock(current_key(Connection.objects.get(provider="modelstream")).secret) == OTHER_KEY


def test_an_account_taken_out_of_the_environment_stays_and_can_be_changed(named: None, settings):
    database.connect_named_accounts()
    settings.PROVIDER_ACCOUNTS = {"modelstream": None}

    database.connect_named_accounts()

    assert not Connection.objects.in_use().get(provider="modelstream").is_from_environment


def test_nothing_is_connected_before_the_tables_are_there(named: None, monkeypatch):
    monkeypatch.setattr(database, "missing_migrations", lambda: 3)

    database.connect_named_accounts()

    assert not Connection.objects.filter(provider="modelstream").exists()


def test_run_connects_while_it_prepares(named: None):
    command = run.Command(stdout=io.StringIO())

    command._prepare_database()

    assert Connection.objects.in_use().filter(provider="modelstream").exists()


def test_web_connects_before_it_serves(named: None, monkeypatch):
    monkeypatch.setattr(web.health, "is_port_free", lambda *_: True)
    monkeypatch.setattr(web.static_build, "build_if_changed", lambda: None)
    monkeypatch.setattr(web.connections, "close_all", lambda: None)
    monkeypatch.setattr(web.os, "chdir", lambda _: None)
    monkeypatch.setattr(web.os, "execv", lambda *_: None)

    call_command("web")

    assert Connection.objects.in_use().filter(provider="modelstream").exists()
