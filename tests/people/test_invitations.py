"""A link that lets one person join, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from studio import people
from studio.models import AuditEntry, Invitation, User
from studio.models.person import Role
from studio.people import invitations
from tests.factories import PASSWORD, make_project, make_user
from tests.people.conftest import signed_in

pytestmark = pytest.mark.django_db
INES = "ines@puffling.example"
JOINING = {"name": "Ines Duarte", "password": PASSWORD}


def word_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


@pytest.fixture
def word(priya: User) -> str:
    return word_of(invitations.invite(priya, email=INES, role=Role.REVIEWER, projects=[])[1])


def join(word: str, **fields: str):
    return Client().post(f"/join/{word}/", JOINING | fields)


def test_a08_a_link_carries_256_bits_and_only_its_hash_is_kept(word: str):
    assert len(word) >= 43
    assert word not in str(Invitation.objects.values())
    assert word not in str(AuditEntry.objects.values())


def test_a08_a_link_names_the_address_of_the_settings_and_never_the_host(mara: User, settings):
    settings.SITE_URL = "https://studio.example"
    settings.ALLOWED_HOSTS = ["*"]

    answer = signed_in(mara).post(
        "/team/people/invite/", {"email": INES, "role": "maker"}, headers={"host": "evil.example"}
    )

    link = re.search(r"data-copy>([^<]+)<", answer.content.decode())
    assert link is not None
    assert link[1].startswith("https://studio.example/join/")


def test_the_link_is_shown_once(mara: User):
    client = signed_in(mara)

    first = client.post("/team/people/invite/", {"email": INES, "role": "maker"}).content.decode()

    assert "/join/" in first
    assert "/join/" not in client.get("/team/people/").content.decode()


def test_joining_makes_the_person_who_was_invited_and_signs_in(priya: User):
    project = make_project("Night Launch", is_open=False)
    project.members.add(priya)
    _, link = invitations.invite(priya, email=INES, role=Role.REVIEWER, projects=[project])
    client = Client()

    page = client.get(f"/join/{word_of(link)}/").content.decode()
    answer = client.post(f"/join/{word_of(link)}/", JOINING | {"role": "owner", "email": "x@evil.example"})

    ines = User.objects.get(email=INES)
    assert "Priya Nair" in page
    assert "Night Launch" in page
    assert answer.status_code == 302
    assert (ines.name, ines.role, list(ines.projects.all())) == ("Ines Duarte", Role.REVIEWER, [project])
    assert client.get("/you/").status_code == 200


def test_a08_a_link_works_once(word: str):
    join(word)

    again = join(word, name="Eve")

    assert again.status_code == 404
    assert list(User.objects.filter(email=INES).values_list("name", flat=True)) == ["Ines Duarte"]


def test_a08_a_link_ends_after_seven_days(word: str):
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert Client().get(f"/join/{word}/").status_code == 404


def test_opening_a_link_does_not_use_it_up(word: str):
    assert [Client().get(f"/join/{word}/").status_code for _ in range(3)] == [200, 200, 200]


def test_sending_it_again_replaces_it(priya: User, word: str):
    new = word_of(invitations.send_again(priya, Invitation.objects.get()))

    assert Client().get(f"/join/{word}/").status_code == 404
    assert Client().get(f"/join/{new}/").status_code == 200


def test_inviting_the_same_address_anew_replaces_it_too(priya: User, word: str):
    invitations.invite(priya, email=INES.upper(), role=Role.MAKER, projects=[])

    assert Client().get(f"/join/{word}/").status_code == 404
    assert len(invitations.waiting()) == 1


def test_every_dead_link_gives_the_same_answer(priya: User, word: str):
    used = word_of(invitations.invite(priya, email="a@studio.example", role=Role.MAKER, projects=[])[1])
    join(used)
    invitation = Invitation.objects.get(email=INES)
    signed_in(priya).post(f"/team/people/invited/{invitation.pk}/revoke/")

    answers = [Client().get(f"/join/{dead}/") for dead in (word, used, "never-was", "x" * 400)]
    bodies = {re.sub(rb'data-csrf="\w+"', b"", answer.content) for answer in answers}

    assert len(bodies) == 1


def test_nobody_is_invited_who_is_here(priya: User, theo: User):
    answer = signed_in(priya).post("/team/people/invite/", {"email": theo.email, "role": "maker"})

    assert answer.status_code == 422
    assert "has this address already" in answer.content.decode()


def test_a_producer_invites_no_owner(priya: User):
    answer = signed_in(priya).post("/team/people/invite/", {"email": INES, "role": "owner"})

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_weak_password_is_said_and_the_link_stays(word: str):
    assert join(word, password="short").status_code == 422
    assert Client().get(f"/join/{word}/").status_code == 200


def test_a_link_that_a_removed_person_copied_is_dead(mara: User, priya: User, word: str):
    people.remove(mara, priya)

    assert Client().get(f"/join/{word}/").status_code == 404


def test_somebody_who_was_removed_comes_back_to_their_own_account(mara: User, theo: User):
    people.remove(mara, theo)
    link = invitations.invite(mara, email=theo.email, role=Role.REVIEWER, projects=[])[1]

    join(word_of(link))

    theo.refresh_from_db()
    assert (theo.is_active, theo.role, theo.name) == (True, Role.REVIEWER, "Ines Duarte")


def test_it_is_mailed_where_the_studio_sends_mail(priya: User, settings, django_capture_on_commit_callbacks):
    settings.CAN_MAIL = True
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}

    with django_capture_on_commit_callbacks(execute=True):
        _, link = invitations.invite(priya, email=INES, role=Role.MAKER, projects=[])

    assert mail.outbox[0].to == [INES]
    assert link in mail.outbox[0].body
    assert "Priya Nair invites you" in mail.outbox[0].subject


def test_w09_a_name_cannot_add_a_line_to_the_mail(settings, django_capture_on_commit_callbacks):
    settings.CAN_MAIL = True
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    eve = make_user("Eve\nBcc: all@studio.example", Role.PRODUCER)

    with django_capture_on_commit_callbacks(execute=True):
        invitations.invite(eve, email=INES, role=Role.MAKER, projects=[])

    assert mail.outbox[0].recipients() == [INES]
    assert "\n" not in mail.outbox[0].subject
