"""The second step of signing in."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from studio.connections import vault
from studio.models import AuditEntry, User
from studio.people import second_step
from tests.factories import PASSWORD
from tests.people.conftest import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/you/second-step/"


def code_of(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def secret_on(page: str) -> str:
    found = re.search(r'class="second-step__secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def switch_on(user: User) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    client = signed_in(user)
    client.post(f"{PAGE}begin/")
    secret = secret_on(client.get(PAGE).content.decode())
    answer = client.post(f"{PAGE}on/", {"code": code_of(secret, steps=-1)})
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", answer.content.decode())
    return secret, codes


def give_password(user: User, *, goes_to: str = "/works/") -> Client:
    client = Client()
    client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD, "next": goes_to})
    return client


def is_in(client: Client) -> bool:
    return client.get("/you/").status_code == 200


def test_the_password_alone_opens_nothing_once_it_is_on(theo: User):
    switch_on(theo)

    client = give_password(theo)

    assert not is_in(client)


def test_the_code_opens_the_studio_and_leads_where_one_wanted_to_go(theo: User):
    secret, _ = switch_on(theo)
    client = give_password(theo, goes_to="/library/?q=fog")

    answer = client.post("/account/second-step/", {"code": code_of(secret)})

    assert answer["Location"] == "/library/?q=fog"
    assert is_in(client)


def test_a_code_works_once(theo: User):
    secret, _ = switch_on(theo)
    code = code_of(secret)
    give_password(theo).post("/account/second-step/", {"code": code})

    again = give_password(theo)
    answer = again.post("/account/second-step/", {"code": code})

    assert answer.status_code == 422
    assert not is_in(again)


def test_a_recovery_code_works_once(theo: User):
    _, codes = switch_on(theo)

    first, second = give_password(theo), give_password(theo)
    for client in (first, second):
        client.post("/account/second-step/?with=recovery", {"code": codes[0]})

    assert (len(codes), is_in(first), is_in(second)) == (8, True, False)
    assert second_step.codes_left(theo) == 7


def test_after_five_wrong_codes_there_is_a_pause_and_it_is_in_the_log(theo: User):
    secret, _ = switch_on(theo)
    client = give_password(theo)
    for _ in range(5):
        client.post("/account/second-step/", {"code": "000000"})

    answer = client.post("/account/second-step/", {"code": code_of(secret)})

    assert "Wait five minutes" in answer.content.decode()
    assert not is_in(client)
    assert AuditEntry.objects.filter(word="second_step_refused", actor=theo).count() == 5


def test_a_browser_that_is_trusted_is_not_asked_for_14_days(theo: User):
    secret, _ = switch_on(theo)
    client = give_password(theo)
    client.post("/account/second-step/", {"code": code_of(secret), "trust": "on"})
    client.post("/account/sign-out/")
    sent = {"login": theo.email, "password": PASSWORD}

    client.post("/account/sign-in/", sent)
    soon = is_in(client)
    client.post("/account/sign-out/")
    with time_machine.travel(timezone.now() + timezone.timedelta(days=15)):
        client.post("/account/sign-in/", sent)
        later = is_in(client)

    assert (soon, later) == (True, False)


def test_the_recovery_codes_are_shown_once_and_secrets_lie_encrypted(theo: User):
    secret, codes = switch_on(theo)

    page = signed_in(theo).get(PAGE).content.decode()

    kept = Authenticator.objects.get(user=theo, type="totp").data["secret"]
    assert codes[0] not in page
    assert secret not in page
    assert (kept == secret, vault.unlock(kept)) == (False, secret)


def test_looking_at_the_page_sets_nothing_up(theo: User):
    client = signed_in(theo)

    client.get(PAGE)

    assert second_step.IN_SESSION not in client.session
    assert not second_step.is_on(theo)


@pytest.mark.parametrize("act", ["begin", "on", "codes", "off"])
def test_a07_switching_wants_a_fresh_password(act: str, theo: User):
    client = signed_in(theo)
    client.post(f"{PAGE}begin/")
    if act in {"codes", "off"}:
        switch_on(theo)
    session = client.session
    session["signed_in_at"] -= 3600
    session.save()

    answer = client.post(f"{PAGE}{act}/", {"code": "123456"})

    assert answer["Location"].startswith("/account/password/?next=")
    assert second_step.is_on(theo) == (act in {"codes", "off"})


def test_a_wrong_first_code_switches_nothing_on(theo: User):
    client = signed_in(theo)
    client.post(f"{PAGE}begin/")

    answer = client.post(f"{PAGE}on/", {"code": "000000"})

    assert answer.status_code == 422
    assert "not the code the app shows" in answer.content.decode()
    assert not second_step.is_on(theo)


def test_an_owner_lets_somebody_in_whose_phone_is_gone(mara: User, theo: User):
    switch_on(theo)

    signed_in(mara).post(f"/team/people/{theo.pk}/let-in/")

    assert is_in(give_password(theo))
    assert AuditEntry.objects.filter(word="second_step_off", actor=mara).exists()


def test_the_code_is_drawn_as_squares_and_says_the_secret(theo: User):
    side, path = second_step.qr_path(second_step.address_of(theo, "JBSWY3DPEHPK3PXP"))

    assert side >= 25
    assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", path)


def test_without_a_password_there_is_no_second_step_to_try(client: Client):
    answer = client.get("/account/second-step/")

    assert answer["Location"] == "/account/sign-in/"


def test_whoever_runs_the_computer_lets_the_only_owner_in(mara: User):
    switch_on(mara)

    call_command("second_step_off", mara.email.upper())

    assert is_in(give_password(mara))
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("second_step_off", "nobody@studio.example")
