"""Coming in: one answer, one time, enough tries for people and too few for machines."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client

from studio.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/account/sign-in/"


class CountingHasher(MD5PasswordHasher):
    """How often a password was hashed: the dear part of signing in."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt)


NO_MATCH = "That e-mail and password don’t belong together."


def attempt(client: Client, email: str, password: str = "wrong horse battery", **more: object):
    return client.post(ADDRESS, {"login": email, "password": password} | more.pop("fields", {}), **more)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_studio(client: Client):
    user = make_user()

    answer = attempt(client, user.email, PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_capitals_in_the_address_do_not_matter(client: Client):
    user = make_user()

    attempt(client, user.email.upper(), PASSWORD)

    assert is_signed_in(client)


def test_a_session_gets_a_new_id_when_someone_signs_in(client: Client):
    user = make_user()
    client.get(ADDRESS)
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key

    attempt(client, user.email, PASSWORD)

    assert client.session.session_key != before


def test_unknown_wrong_and_disabled_get_the_same_answer(client: Client):
    known, disabled = make_user(), make_user(is_active=False)

    pages = [
        attempt(client, known.email),
        attempt(client, "nobody@studio.example"),
        attempt(client, disabled.email, PASSWORD),
    ]

    bodies = {
        page.content.decode()
        .replace(email, "")
        .split("<main")[1]
        .replace(page.context["csrf_token"].__str__(), "")
        for page, email in zip(pages, [known.email, "nobody@studio.example", disabled.email], strict=True)
    }
    assert len(bodies) == 1
    assert NO_MATCH in bodies.pop()
    assert {page.status_code for page in pages} == {200}


@pytest.mark.parametrize("who", ["wrong password", "unknown address", "disabled account"])
def test_every_refusal_hashes_once_so_that_it_takes_the_same_time(
    client: Client, settings, monkeypatch, who: str
):
    settings.PASSWORD_HASHERS = ["tests.accounts.test_signing_in.CountingHasher"]
    emails = {
        "wrong password": make_user().email,
        "unknown address": "nobody@studio.example",
        "disabled account": make_user(is_active=False).email,
    }
    CountingHasher.count = 0

    attempt(client, emails[who])

    assert CountingHasher.count == 1


def test_the_sixth_wrong_password_from_one_place_waits(client: Client):
    user = make_user()
    for _ in range(5):
        attempt(client, user.email)

    answer = attempt(client, user.email, PASSWORD)

    assert "Too many tries from here" in answer.content.decode()
    assert not is_signed_in(client)


def test_nobody_can_lock_the_owner_out_from_elsewhere(client: Client):
    user = make_user()
    for _ in range(8):
        attempt(client, user.email, REMOTE_ADDR="198.51.100.7")

    attempt(client, user.email, PASSWORD, REMOTE_ADDR="203.0.113.9")

    assert is_signed_in(client)


def test_one_address_cannot_try_many_accounts(client: Client):
    for number in range(20):
        attempt(client, f"person{number}@studio.example")

    answer = attempt(client, "person20@studio.example")

    assert "Too many tries from here" in answer.content.decode()


def test_tries_are_remembered_by_every_process(client: Client):
    user = make_user()
    for _ in range(5):
        attempt(client, user.email)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM studio_cache WHERE cache_key LIKE %s", ["%login_failed%"])
        assert cursor.fetchone()[0] >= 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "http://testserver.evil.example/",
        "%2f%2fevil.example",
        "data:text/html,x",
        "evil.example",
    ],
)
def test_nothing_leads_to_another_site_after_signing_in(client: Client, elsewhere: str):
    user = make_user()

    answer = attempt(client, user.email, PASSWORD, fields={"next": elsewhere})

    assert answer["Location"] == "/"


def test_one_comes_back_to_the_page_one_wanted(client: Client):
    user = make_user()
    wanted = "/library/?q=fog"

    asked = client.get(wanted)
    answer = attempt(client, user.email, PASSWORD, fields={"next": wanted})

    assert asked["Location"] == "/account/sign-in/?next=/library/%3Fq%3Dfog"
    assert answer["Location"] == wanted


def test_staying_signed_in_lasts_14_days_otherwise_until_the_browser_closes(client: Client):
    user = make_user()

    attempt(client, user.email, PASSWORD, fields={"remember": "on"})
    stays = client.cookies["sessionid"]["max-age"]
    other = Client()
    attempt(other, user.email, PASSWORD)

    assert 14 * 86_400 - 60 < stays <= 14 * 86_400
    assert other.cookies["sessionid"]["max-age"] == ""


def test_signing_out_takes_a_press(client: Client):
    client.force_login(make_user())

    looked = client.get("/account/sign-out/")
    still = is_signed_in(client)
    client.post("/account/sign-out/")

    assert (looked.status_code, still, is_signed_in(client)) == (405, True, False)


@pytest.mark.parametrize("page", ["signup", "email", "reauthenticate", "inactive", "confirm-email", "login"])
def test_pages_that_the_studio_does_not_offer_do_not_exist(client: Client, page: str):
    assert client.get(f"/account/{page}/").status_code == 404


def test_a_removed_person_is_out_with_the_next_request(client: Client):
    user = make_user()
    client.force_login(user)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/you/").status_code == 302
