"""Keys: who pastes them, which are refused and how, and that no answer ever shows one again."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from studio.connections import connecting, vault
from studio.connections.provider_accounts import current_key
from studio.models import Connection, ConnectionKey, Status, User
from studio.models.person import Role
from tests.factories import inbox, make_task, make_user
from tests.team.conftest import KEY, OTHER_KEY, an_hour_later, body, connected, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/team/connections/"
KEY_OF_MODELSTREAM = f"{PAGE}modelstream/key/"
BAD_KEYS = {
    "": "Paste the key first.",
    "   ": "Paste the key first.",
    "sk-zebra wood-0123456789": "A key has no spaces or line breaks in it.",
    "sk-zebrawood\n0123456789": "A key has no spaces or line breaks in it.",
    "sk-zebrawoöd-0123456789": "This has signs that no key has.",
    "sk-zebrawood\x07-0123456789": "This has signs that no key has.",
    "sk-zebrawood-" + "9" * 5000: "This is much longer than a key.",
    "sk-zeb": "This is too short for a key.",
}


def test_a_pasted_key_connects_the_provider(owner: Client):
    answer = owner.post(KEY_OF_MODELSTREAM, {"key": f" {KEY}\n"}, follow=True)

    account = Connection.objects.in_use().get(provider="modelstream")
    assert vault.unlock(current_key(account).secret) == KEY
    assert not account.is_from_environment
    assert "Not tried yet" in body(answer)
    assert "sk-••••••••••7f3a" in body(answer)


def test_the_chosen_host_is_where_the_key_goes(owner: Client):
    owner.post(f"{PAGE}dashscope/key/", {"key": KEY, "host": "https://dashscope.aliyuncs.com"})

    assert Connection.objects.get(provider="dashscope").base_url == "https://dashscope.aliyuncs.com"


@pytest.mark.parametrize("key", BAD_KEYS, ids=range(len(BAD_KEYS)))
def test_k01_a_bad_key_gets_a_sentence_and_is_not_shown_again(key: str, owner: Client):
    answer = owner.post(KEY_OF_MODELSTREAM, {"key": key})

    assert answer.status_code == 422
    assert BAD_KEYS[key] in body(answer)
    assert "zebra" not in body(answer)
    assert not ConnectionKey.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://provider.example",
        "https://",
        "https://a:b@provider.example",
        "https://provider.example/v1",
        "https://provider.example?x=1",
        "javascript:alert(1)",
        "https://[::1",
        "https://a:99999",
        "file:///etc/passwd",
    ],
)
def test_a_key_is_not_sent_to_just_any_address(address: str, owner: Client):
    answer = owner.post(f"{PAGE}dashscope/key/", {"key": KEY, "host": "other", "address": address})

    assert answer.status_code == 422
    assert KEY not in body(answer)
    assert not ConnectionKey.objects.exists()


def test_an_address_on_this_machine_is_for_developers_and_says_so(owner: Client, settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True

    owner.post(KEY_OF_MODELSTREAM, {"key": KEY, "host": "other", "address": "http://127.0.0.1:9/"})

    assert Connection.objects.get(provider="modelstream").base_url == "http://127.0.0.1:9"
    assert "Simulated" in body(owner.get(PAGE))


def test_k03_a_new_key_is_used_from_now_on_and_jobs_keep_the_old_one(owner: Client):
    account = connected(tested_at="2026-11-01T10:00Z", test_seconds=0.4)
    old = current_key(account)

    owner.post(KEY_OF_MODELSTREAM, {"key": OTHER_KEY})

    account.refresh_from_db()
    old.refresh_from_db()
    assert vault.unlock(current_key(account).secret) == OTHER_KEY
    assert old.retired_at is not None
    assert vault.unlock(old.secret) == KEY
    assert account.tested_at is None


def test_k03_the_address_stays_while_jobs_are_out_at_it(owner: Client):
    account = connected("dashscope", base_url="https://dashscope-intl.aliyuncs.com")
    make_task(Status.RUNNING, connection=account, next_at="2026-11-21T10:00Z")
    elsewhere = {"key": OTHER_KEY, "host": "https://dashscope.aliyuncs.com"}

    refused = owner.post(f"{PAGE}dashscope/key/", elsewhere)

    account.refresh_from_db()
    assert refused.status_code == 422
    assert "Clips are being made at the present address." in body(refused)
    assert account.base_url == "https://dashscope-intl.aliyuncs.com"
    assert vault.unlock(current_key(account).secret) == KEY


def test_a_key_of_the_environment_is_not_changed_here(owner: Client):
    account = connected(is_from_environment=True)

    page = body(owner.get(f"{PAGE}?replace=modelstream"))
    owner.post(KEY_OF_MODELSTREAM, {"key": OTHER_KEY})

    assert "MODELSTREAM_API_KEY" in page
    assert 'name="key"' not in page.partition('id="connection-apiframe"')[0]
    assert vault.unlock(current_key(account).secret) == KEY


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.MAKER, Role.REVIEWER])
def test_only_an_owner_touches_an_account(role: Role):
    account = connected()
    person = signed_in(make_user("Someone", role))
    before = Connection.objects.values_list().get(pk=account.pk)

    for act in ("key", "save", "test", "pause", "remove"):
        answer = person.post(
            f"{PAGE}modelstream/{act}/", {"key": OTHER_KEY, "pause": "on", "parallel_limit": "9"}
        )
        assert answer.status_code == 403
    assert person.post("/team/budgets/save/", {"month": "1"}).status_code == 403
    assert person.post(f"{PAGE}reach/").status_code == 403

    assert Connection.objects.values_list().get(pk=account.pk) == before
    assert ConnectionKey.objects.count() == 1


def test_a_producer_sees_how_it_goes_and_nothing_of_the_key(producer: Client, maker: Client):
    connected()

    page = body(producer.get(PAGE))

    assert "Not tried yet" in page
    assert "7f3a" not in page
    assert 'name="key"' not in page
    assert maker.get(PAGE).status_code == 403
    assert "Team" not in body(maker.get("/works/"))


def test_a_provider_that_is_not_there_is_not_found(owner: Client):
    assert owner.post(f"{PAGE}local/key/", {"key": KEY}).status_code == 404
    assert owner.post(f"{PAGE}nobody/key/", {"key": KEY}).status_code == 404
    assert owner.post(f"{PAGE}modelstream/test/").status_code == 404


def test_a07_an_old_session_types_the_password_first_and_the_key_is_not_kept(owner: Client, mara: User):
    an_hour_later(owner)

    answer = owner.post(KEY_OF_MODELSTREAM, {"key": KEY})
    confirming = answer["Location"]
    wrong = owner.post(confirming, {"password": "not this one"})
    right = owner.post(confirming, {"password": "slow dandelion breakfast"})

    assert confirming.startswith("/account/password/?next=%2Fteam%2Fconnections%2F")
    assert not ConnectionKey.objects.exists()
    assert KEY not in str(dict(owner.session))
    assert "This is not your password." in body(wrong)
    assert right["Location"] == "/team/connections/?replace=modelstream#connection-modelstream"
    assert owner.post(KEY_OF_MODELSTREAM, {"key": KEY}).status_code == 302
    assert ConnectionKey.objects.count() == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_w06_after_the_password_nobody_is_led_off_the_site(elsewhere: str, owner: Client):
    answer = owner.post(f"/account/password/?next={elsewhere}", {"password": "slow dandelion breakfast"})

    assert answer["Location"] == "/"


def test_a07_an_old_session_is_told_before_a_key_is_pasted(owner: Client):
    page = body(an_hour_later(owner).get(PAGE))

    assert "Type your password first" in page


def test_a05_only_the_fields_of_the_form_count(owner: Client):
    connected()
    stranger = {
        "key": OTHER_KEY,
        "provider": "apiframe",
        "is_from_environment": "on",
        "paused_at": "2026-01-01",
    }

    owner.post(KEY_OF_MODELSTREAM, stranger | {"base_url": "https://evil.example", "daily_cap": "9"})

    account = Connection.objects.in_use().exclude(provider="local").get()
    assert (account.provider, account.is_from_environment, account.paused_at) == ("modelstream", False, None)
    assert account.base_url == "https://api.modelstream.ai"
    assert account.daily_cap is None


def test_k01_a_fault_of_ours_does_not_tell_the_key(
    owner: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(connecting.provider_accounts, "connect", fail)
    owner.raise_request_exception = False

    answer = owner.post(KEY_OF_MODELSTREAM, {"key": KEY})

    assert answer.status_code == 500
    assert "went away" in caplog.text
    assert "zebrawood" not in body(answer) + caplog.text


def test_k01_a_key_is_in_no_page_message_log_or_row(
    owner: Client, producer: Client, desk, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)

    pages = [owner.post(KEY_OF_MODELSTREAM, {"key": KEY}, follow=True)]
    pages += [owner.post(KEY_OF_MODELSTREAM, {"key": f"{KEY} {KEY}"})]
    pages += [owner.post(f"{PAGE}modelstream/test/", follow=True), owner.get(f"{PAGE}?replace=modelstream")]
    pages += [owner.get(PAGE), producer.get(PAGE), owner.get("/"), owner.get(f"/projects/?p={inbox().pk}")]

    assert desk.asked == [KEY]
    rows = [str(row) for model in (Connection, ConnectionKey) for row in model.objects.values()]
    shown = [body(page) for page in pages] + [
        caplog.text,
        *rows,
        repr(current_key(Connection.objects.last())),
    ]
    assert not [text for text in shown if "zebrawood" in text]
    assert "connected a provider (provider modelstream, key sk-…7f3a)" in caplog.text
