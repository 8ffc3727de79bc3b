"""How long a session lasts, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def ada(client: Client):
    user = make_user()
    client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD, "remember": "on"})
    return user


def is_in(client: Client) -> bool:
    return client.get("/you/").status_code == 200


def test_it_ends_after_12_idle_hours_and_says_so(client: Client, ada):
    with time_machine.travel(timezone.now() + 13 * HOUR):
        answer = client.get("/you/", follow=True)

    assert answer.redirect_chain[-1][0] == "/account/sign-in/?next=/you/"
    assert "after 12 hours without a visit" in answer.content.decode()
    assert "What you were writing is kept" in answer.content.decode()


def test_use_keeps_it_alive_for_14_days_and_no_longer(client: Client, ada):
    start = timezone.now()
    seen = {}
    for hours in range(11, 15 * 24, 11):
        with time_machine.travel(start + hours * HOUR):
            seen[hours] = is_in(client)

    assert all(was_in for hours, was_in in seen.items() if hours < 14 * 24)
    assert not any(was_in for hours, was_in in seen.items() if hours > 14 * 24)


def test_a_page_left_open_does_not_keep_itself_signed_in(client: Client, ada):
    start = timezone.now()
    for minutes in range(0, 13 * 60, 50):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            client.get("/poll/works/")

    with time_machine.travel(start + 12.5 * HOUR):
        assert not is_in(client)


def test_reading_pages_writes_the_session_at_most_every_ten_minutes(
    client: Client, ada, django_assert_num_queries
):
    before = Session.objects.get(pk=client.session.session_key).session_data
    client.get("/you/")
    client.get("/you/")

    assert Session.objects.get(pk=client.session.session_key).session_data == before


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client, ada):
    elsewhere = Client()
    elsewhere.force_login(ada)
    before = client.session.session_key

    answer = client.post("/you/password/", {"old": PASSWORD, "new": "quick marigold supper"})

    assert answer.status_code == 302
    assert (is_in(client), is_in(elsewhere)) == (True, False)
    assert client.session.session_key != before


def test_a_new_password_takes_the_present_one(client: Client, ada):
    answer = client.post("/you/password/", {"old": "guessed it maybe", "new": "quick marigold supper"})

    ada.refresh_from_db()
    assert answer.status_code == 422
    assert "This is not your present password." in answer.content.decode()
    assert ada.check_password(PASSWORD)


def test_other_devices_can_be_signed_out(client: Client, ada):
    elsewhere = Client()
    elsewhere.force_login(ada)

    client.post("/you/devices/")

    assert (is_in(client), is_in(elsewhere)) == (True, False)


def test_a_fragment_after_the_session_ended_is_never_a_sign_in_page(client: Client):
    answer = client.get("/you/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (401, b"You were signed out.")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client):
    answer = client.post("/you/name/", {"name": "Ada"}, headers={"referer": "http://testserver/you/"})

    assert answer["Location"] == "/account/sign-in/?next=%2Fyou%2F"


def test_a_form_from_elsewhere_leads_to_the_front_page(client: Client):
    answer = client.post("/you/name/", {"name": "Ada"}, headers={"referer": "https://evil.example/you/"})

    assert answer["Location"] == "/account/sign-in/?next=%2F"
