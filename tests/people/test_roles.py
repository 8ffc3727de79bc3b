"""Who changes whom, who leaves, and that there is always an owner."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from studio import audit, people
from studio.access import RIGHTS, May
from studio.models import AuditEntry, Charge, GenerationTask, User
from studio.models.person import Role
from tests.factories import PASSWORD, make_project, make_task, make_user
from tests.people.conftest import signed_in

pytestmark = pytest.mark.django_db
OLD = 60 * 60
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")


def with_an_old_password(user: User) -> Client:
    client = signed_in(user)
    session = client.session
    session["signed_in_at"] -= OLD
    session.save()
    return client


def test_a_role_is_changed_and_told(priya: User, theo: User):
    signed_in(priya).post(f"/team/people/{theo.pk}/role/", {"role": "reviewer"})

    theo.refresh_from_db()
    told = AuditEntry.objects.get(word="role_changed")
    assert theo.role == Role.REVIEWER
    assert (told.actor, told.facts) == (
        priya,
        {"person": theo.pk, "before": "maker", "role": "reviewer"},
    )
    assert list(audit.broken_links()) == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_an_owner_makes_owners(role: Role, theo: User):
    with pytest.raises(PermissionDenied):
        people.change_role(make_user("Other", role), theo, Role.OWNER)


def test_only_an_owner_changes_or_removes_an_owner(mara: User, priya: User):
    make_user("Second", Role.OWNER)

    for act in (lambda: people.change_role(priya, mara, Role.MAKER), lambda: people.remove(priya, mara)):
        with pytest.raises(PermissionDenied):
            act()


def test_the_last_owner_stays(mara: User):
    for act in (lambda: people.change_role(mara, mara, Role.MAKER), lambda: people.remove(mara, mara)):
        with pytest.raises(people.Refused):
            act()

    mara.refresh_from_db()
    assert (mara.role, mara.is_active) == (Role.OWNER, True)


def test_an_owner_who_was_removed_does_not_count_as_one(mara: User):
    second = make_user("Second", Role.OWNER)
    people.remove(mara, second)

    with pytest.raises(people.Refused):
        people.remove(mara, mara)


def test_a04_the_next_request_of_a_lowered_person_obeys(mara: User, priya: User):
    client = signed_in(priya)
    assert client.get("/team/people/").status_code == 200

    people.change_role(mara, priya, Role.MAKER)

    assert client.get("/team/people/").status_code == 403


def test_a04_a_removed_person_is_out_at_once_and_what_they_made_stays(mara: User, theo: User):
    task, client = make_task(user=theo), signed_in(theo)

    signed_in(mara).post(f"/team/people/{theo.pk}/remove/")

    assert client.get("/you/").status_code == 302
    assert client.get(f"/media/clips/{task.task_id}/video").status_code == 302
    assert not Client().login(email=theo.email, password=PASSWORD)
    assert GenerationTask.objects.get(pk=task.pk).created_by == theo


def test_a07_roles_and_removal_want_a_fresh_password(mara: User, theo: User):
    client = with_an_old_password(mara)

    answers = [
        client.post(f"/team/people/{theo.pk}/role/", {"role": "producer"}),
        client.post(f"/team/people/{theo.pk}/remove/"),
        client.post(f"/team/people/{theo.pk}/let-in/"),
        client.post("/team/people/invite/", {"email": "new@studio.example", "role": "owner"}),
        client.post("/you/leave/"),
    ]

    theo.refresh_from_db()
    assert {answer["Location"].split("?")[0] for answer in answers} == {"/account/password/"}
    assert (theo.role, theo.is_active) == (Role.MAKER, True)


def test_leaving_signs_out_and_says_so(theo: User, mara: User):
    client = signed_in(theo)

    answer = client.post("/you/leave/")

    assert "You have left" in answer.content.decode()
    assert client.get("/you/").status_code == 302


def test_closing_a_project_hides_it_from_those_who_are_not_in_it(priya: User, theo: User):
    project = make_project("Night Launch")
    ines = make_user("Ines Duarte", Role.REVIEWER)

    signed_in(priya).post(
        f"/projects/{project.pk}/members/", {"open_to": "some", "members": [ines.pk], "next": "/projects/"}
    )

    shown = {who: b"Night Launch" in signed_in(who).get("/projects/").content for who in (priya, theo, ines)}
    assert shown == {priya: True, theo: False, ines: True}


def test_the_inbox_cannot_be_closed(priya: User):
    inbox = make_project().__class__.objects.get(is_inbox=True)

    with pytest.raises(people.Refused):
        people.set_members(priya, inbox, is_open=False, members=[])


def test_here_now_is_noted_by_pages_and_not_by_polls(mara: User):
    client = signed_in(mara)
    client.get("/poll/works/")
    mara.refresh_from_db()
    by_poll = mara.seen_at

    client.get("/works/")

    mara.refresh_from_db()
    assert by_poll is None
    assert people.is_here_now(mara, timezone.now())


def test_here_now_is_written_once_a_minute_at_most(mara: User):
    client = signed_in(mara)
    client.get("/works/")
    mara.refresh_from_db()
    first = mara.seen_at

    client.get("/works/")

    mara.refresh_from_db()
    assert mara.seen_at == first


def test_the_list_takes_few_queries_however_many_they_are(mara: User, django_assert_max_num_queries):
    for number in range(30):
        make_user(f"Maker {number}")

    with django_assert_max_num_queries(3):
        assert len(people.listed(timezone.now())) == 31


def test_every_right_that_a_template_asks_for_is_in_the_table():
    tags = [
        tag for path in TEMPLATES.rglob("*.html") for tag in TAG.findall(path.read_text(encoding="utf-8"))
    ]
    asked = {word for tag in tags for word in re.findall(r"\bmay\.(\w+)", tag)}

    assert asked <= {right.value for right in May}
    assert set(RIGHTS) == set(Role)
    assert not [tag for tag in tags if re.search(r"user\.(may_|is_owner|role)", tag)]


def test_what_somebody_spent_is_theirs_alone(mara: User):
    assert Charge.objects.count() == 0
    assert {each.spent for each in people.listed(timezone.now())} == {0}
