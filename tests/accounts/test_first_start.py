"""How a studio gets its owner."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from studio.models import OwnerLink, Studio, User
from studio.models.person import Role
from studio.people import first_start
from tests.factories import PASSWORD, make_user

FORM = {"studio_name": "Kestrel & Wren", "name": "Mara Lindqvist", "email": "mara@kestrel.example"}
FIELDS = FORM | {"password": PASSWORD}


def token_of(link: str | None) -> str:
    assert link
    return link.rstrip("/").rpartition("/")[2]


@pytest.mark.django_db
class TestTheLink:
    def test_it_carries_256_bits_and_only_its_hash_is_kept(self):
        token = token_of(first_start.owner_link())

        assert len(token) >= 43
        assert token not in str(OwnerLink.objects.values())
        assert len(OwnerLink.objects.get().token_sha256) == 64

    def test_it_names_the_address_of_the_settings(self, settings):
        settings.SITE_URL = "https://studio.example"

        assert (first_start.owner_link() or "").startswith("https://studio.example/welcome/")

    def test_a_new_one_ends_the_earlier_one(self, client: Client):
        old = token_of(first_start.owner_link())
        first_start.owner_link()

        assert client.get(f"/welcome/{old}/").status_code == 404

    def test_it_is_over_after_an_hour(self, client: Client):
        token = token_of(first_start.owner_link())
        OwnerLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        answer = client.get(f"/welcome/{token}/")

        assert answer.status_code == 404
        assert "This link is over" in answer.content.decode()

    def test_opening_it_does_not_use_it_up(self, client: Client):
        token = token_of(first_start.owner_link())

        answers = [client.get(f"/welcome/{token}/").status_code for _ in range(3)]

        assert answers == [200, 200, 200]

    def test_there_is_none_when_there_is_an_owner(self):
        make_user(role=Role.OWNER)

        assert first_start.owner_link() is None
        with pytest.raises(CommandError, match="changepassword"):
            call_command("owner_link")


@pytest.mark.django_db
class TestTheWelcome:
    def test_it_makes_the_owner_names_the_studio_and_signs_in(self, client: Client):
        token = token_of(first_start.owner_link())

        answer = client.post(f"/welcome/{token}/", FIELDS)

        owner = User.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, "/first/")
        assert (owner.role, owner.name, owner.check_password(PASSWORD)) == (Role.OWNER, FORM["name"], True)
        assert Studio.objects.get().name == "Kestrel & Wren"
        assert client.session["_auth_user_id"] == str(owner.pk)

    def test_it_works_once(self, client: Client):
        token = token_of(first_start.owner_link())
        client.post(f"/welcome/{token}/", FIELDS)

        again = Client().post(f"/welcome/{token}/", FIELDS | {"email": "eve@evil.example"})

        assert again.status_code == 404
        assert User.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("password", "short", "12 characters"),
            ("password", "mara@kestrel.example", "too similar"),
            ("password", "q1w2e3r4t5y6", "too common"),
            ("email", "mara@", "half an address"),
            ("name", "", "Your name is missing"),
            ("studio_name", "x" * 81, "80 characters"),
        ],
    )
    def test_a_field_that_will_not_do_says_so_and_the_link_stays_open(
        self, client: Client, field: str, value: str, sentence: str
    ):
        token = token_of(first_start.owner_link())

        answer = client.post(f"/welcome/{token}/", FIELDS | {field: value})

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert client.get(f"/welcome/{token}/").status_code == 200

    def test_fields_it_does_not_ask_for_change_nothing(self, client: Client):
        token = token_of(first_start.owner_link())

        client.post(f"/welcome/{token}/", FIELDS | {"role": "reviewer", "is_active": "", "id": "77"})

        owner = User.objects.get()
        assert (owner.role, owner.is_active, owner.pk == 77) == (Role.OWNER, True, False)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_who_open_the_link_at_once_one_becomes_the_owner():
    token = token_of(first_start.owner_link())
    outcomes: list[str] = []

    def take(number: int) -> None:
        try:
            fields = {
                "studio_name": "S",
                "name": "N",
                "email": f"n{number}@studio.example",
                "password": PASSWORD,
            }
            first_start.take_over(token, **fields)
            outcomes.append("owner")
        except first_start.LinkNotOpen:
            outcomes.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["over"] * 7 + ["owner"]
    assert User.objects.filter(role=Role.OWNER).count() == 1


@pytest.mark.django_db
class TestTheOwnerOfTheSettings:
    @pytest.fixture(autouse=True)
    def owner_in_settings(self, settings):
        settings.OWNER_EMAIL, settings.OWNER_PASSWORD = "ada@studio.example", PASSWORD

    def test_is_made_and_no_link_is_needed(self):
        assert first_start.owner_link() is None
        assert User.objects.get().check_password(PASSWORD)

    def test_never_changes_an_owner_who_is_here(self, settings):
        first_start.owner_link()
        settings.OWNER_PASSWORD = "another dandelion breakfast"

        first_start.owner_link()

        assert User.objects.get().check_password(PASSWORD)

    def test_with_a_weak_password_is_not_made(self, settings):
        settings.OWNER_PASSWORD = "letmein"

        assert first_start.owner_link()
        assert not User.objects.exists()
