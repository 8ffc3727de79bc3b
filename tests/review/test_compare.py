"""Compare: which clips it shows, what its address keeps, what changed, and choosing among takes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db.models import F
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.compare import choosing, comparison
from studio.models import GenerationTask, Project, Role, Shot, Status, User, Version
from tests.factories import (
    inbox,
    make_clip,
    make_file,
    make_project,
    make_recipe,
    make_task,
    make_tasks,
    make_user,
)

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def client(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def address(*tasks: GenerationTask, **more: object) -> str:
    query = QueryDict(mutable=True)
    query.update({slot: str(task.task_id) for slot, task in zip("abcd", tasks, strict=False)})
    query.update({name: str(value) for name, value in more.items()})
    return f"{reverse('studio:compare')}?{query.urlencode()}"


def two_versions(user: User) -> tuple[GenerationTask, GenerationTask]:
    """The same shot with another sentence and picture quality."""
    file = make_file(name="Hazel")
    first = make_task(Status.SUCCEEDED, user=user, recipe=make_recipe([file], prompt="A slow walk at dusk"))
    recipe = make_recipe([file], prompt="A quick walk at dusk", settings={"resolution": "1080p"})
    return first, make_task(Status.SUCCEEDED, user=user, shot=first.version.shot, recipe=recipe)


def four_takes(user: User) -> list[GenerationTask]:
    tasks = make_tasks(user=user, takes=4)
    for task in tasks:
        GenerationTask.objects.filter(pk=task.pk).update(
            status=Status.SUCCEEDED, next_at=None, finished_at=timezone.now(), clip=make_clip()
        )
        task.refresh_from_db()
    Project.objects.filter(pk=tasks[0].project_id).update(
        clip_count=F("clip_count") + 4, clip_bytes=F("clip_bytes") + 4_000_000
    )
    return tasks


def press(client: Client, tasks: list[GenerationTask], act: str, past: str = "", **more: object):
    ids = [str(task.task_id) for task in tasks]
    return client.post(
        reverse("studio:compare-choose"), {"clip": ids, "act": act, "past": past}, headers=PARTIAL, **more
    )


def state(tasks: list[GenerationTask]) -> str:
    for task in tasks:
        task.refresh_from_db()
    return choosing.state_of(tasks)


def test_two_clips_stand_side_by_side_with_what_changed(client: Client, ada: User):
    first, second = two_versions(ada)

    page = client.get(address(first, second)).content.decode()

    assert page.count("<video") == 2
    assert "What changed from A to B" in page
    assert '<del><span class="visually-hidden">removed: </span>slow </del>' in page
    assert '<ins><span class="visually-hidden">added: </span>quick </ins>' in page
    assert "of 13 settings" in page


def test_equal_settings_are_folded_and_counted(client: Client, ada: User):
    first, second = two_versions(ada)

    page = client.get(address(first, second)).content.decode()

    changed = page.split("</h2>", 1)[1]
    assert "3 of 13 settings" in changed
    assert "Show the 10 that are the same" in changed


def test_a_lone_clip_is_held_against_the_version_before_it(client: Client, ada: User):
    first, second = two_versions(ada)

    from_new = client.get(address(second))
    from_old = client.get(address(first))

    assert from_new.headers["Location"] == address(first, second, view="side")
    assert from_old.headers["Location"] == address(first, second, view="side")


def test_a_clip_with_nothing_beside_it_still_shows(client: Client, ada: User):
    alone = make_task(Status.SUCCEEDED, user=ada)

    page = client.get(address(alone)).content.decode()

    assert page.count("<video") == 1
    assert "Add a clip" in page


def test_the_grid_of_a_lone_take_holds_all_takes_of_its_version(client: Client, ada: User):
    tasks = four_takes(ada)

    answer = client.get(address(tasks[2], view="grid"))

    assert answer.headers["Location"] == address(*tasks, view="grid")


def test_without_clips_the_page_says_how_to_begin(client: Client):
    answer = client.get(reverse("studio:compare"))

    assert answer.status_code == 200
    assert b"Choose what to compare" in answer.content


def test_a_clip_of_someone_elses_project_is_not_there(client: Client, ada: User):
    hidden = make_task(Status.SUCCEEDED, user=make_user("Carol"), project=make_project(is_open=False))
    own = make_task(Status.SUCCEEDED, user=ada)

    assert client.get(address(own, hidden)).status_code == 404
    assert client.get(f"{reverse('studio:compare')}?a={uuid4()}").status_code == 404


def test_a_take_that_is_still_being_made_says_so(client: Client, ada: User):
    ready, waiting = make_task(Status.SUCCEEDED, user=ada), make_task(Status.QUEUED, user=ada)

    page = client.get(address(ready, waiting)).content.decode()

    assert page.count("<video") == 1
    assert "compare-slot__missing" in page


def test_the_page_asks_the_same_number_of_questions_for_two_and_for_four_takes(
    client: Client, ada: User, django_assert_max_num_queries
):
    tasks = four_takes(ada)

    with django_assert_max_num_queries(16):
        client.get(address(*tasks[:2]))
    with django_assert_max_num_queries(16):
        client.get(address(*tasks))


def test_a_clip_of_the_project_is_found_by_its_title(client: Client, ada: User):
    first, second = two_versions(ada)
    other = make_task(Status.SUCCEEDED, user=ada, recipe=make_recipe(title="Night ride"))
    make_task(Status.SUCCEEDED, user=ada, recipe=make_recipe(title="Harbour"))

    page = client.get(address(first, second, find="night", at="b")).content.decode()

    assert address(first, other, view="side").replace("&", "&amp;") in page
    assert "Harbour" not in page


def test_a_third_clip_can_join_and_leave(client: Client, ada: User):
    tasks = four_takes(ada)

    page = client.get(address(*tasks[:3], against="c")).content.decode()

    assert "What changed from A to C" in page
    assert address(*tasks[:2], view="side").replace("&", "&amp;") in page
    assert "Add a fourth" in page


def test_the_address_keeps_everything_about_the_view():
    text = (
        f"a={uuid4()}&b={uuid4()}&view=wipe&sound=a&way=down&split=30&mix=80&blend=difference&beat=second"
        "&speed=0.5&frame=12&loop=0&offset_b=-3"
    )

    asked = comparison.read(QueryDict(text))

    assert asked.as_query() == text
    assert comparison.read(QueryDict(asked.as_query())) == asked


@pytest.mark.parametrize(
    "nonsense",
    [
        "view=x",
        "offset_b=1e9",
        "offset_b=٣",
        "split=-5",
        "speed=99",
        "frame=-1",
        "sound=z",
        "against=a",
        "at=q",
    ],
)
def test_nonsense_in_the_address_is_left_out(nonsense: str):
    both = f"a={uuid4()}&b={uuid4()}&view=side"

    asked = comparison.read(QueryDict(f"{both}&{nonsense}"))

    assert asked.as_query() in {both, f"{both}&split=0"}


def test_the_clip_of_a_slot_changes_and_its_offset_goes():
    asked = comparison.read(QueryDict(f"a={uuid4()}&b={uuid4()}&offset_a=2&offset_b=5"))
    other = uuid4()

    changed = asked.put("b", other)

    assert changed.clips["b"] == other
    assert changed.offsets == {"a": 2}


def test_four_takes_are_judged_in_two_presses(client: Client, ada: User):
    tasks = four_takes(ada)

    press(client, tasks, "pick 2")
    answer = press(client, tasks, "rest")

    assert state(tasks) == "2.134"
    assert "Takes 1, 3 and 4 are in the bin for 30 days." in answer.content.decode()


def test_every_press_can_be_taken_back_in_turn(client: Client, ada: User):
    tasks = four_takes(ada)
    press(client, tasks, "pick 2")
    press(client, tasks, "bin 3", past=".")
    answer = press(client, tasks, "rest", past=".,2.")

    assert answer.context["past"] == ".,2.,2.3"
    for past, expected in ((".,2.,2.3", "2.3"), (".,2.", "2."), (".", ".")):
        press(client, tasks, "back", past=past)
        assert state(tasks) == expected


def test_taking_back_gives_a_binned_pick_its_star_again(client: Client, ada: User):
    tasks = four_takes(ada)
    press(client, tasks, "pick 1")
    press(client, tasks, "bin 1")

    press(client, tasks, "back", past="1.")

    assert state(tasks) == "1."


def test_without_a_pick_nothing_goes_to_the_bin(client: Client, ada: User):
    tasks = four_takes(ada)

    answer = press(client, tasks, "rest")

    assert state(tasks) == "."
    assert "Pick one first" in answer.content.decode()


@pytest.mark.parametrize("act", ["bin 1", "pick 2", "unpick 1", "rest"])
def test_approved_takes_stay_and_say_so(client: Client, ada: User, act: str):
    tasks = four_takes(ada)
    press(client, tasks, "pick 1")
    Version.objects.filter(pk=tasks[0].version_id).update(locked_at=timezone.now())

    answer = press(client, tasks, act).content.decode()

    assert state(tasks) == "1."
    assert "approved" in answer
    assert "Approved, locked" in answer


def test_an_approved_version_without_a_pick_gets_one_and_then_keeps_it(client: Client, ada: User):
    tasks = four_takes(ada)
    Version.objects.filter(pk=tasks[0].version_id).update(locked_at=timezone.now())

    first = press(client, tasks, "pick 3").content.decode()
    second = press(client, tasks, "pick 1", past=".").content.decode()
    back = press(client, tasks, "back", past=".").content.decode()

    assert state(tasks) == "3."
    assert "Take 3 is the pick." in first
    assert "The pick of an approved version stays." in second
    assert "The pick of an approved version stays." in back


def test_the_answer_carries_the_takes_and_the_marks_and_no_film(client: Client, ada: User):
    tasks = four_takes(ada)

    answer = press(client, tasks, "bin 3").content.decode()

    assert "<video" not in answer
    assert answer.count("hx-swap-oob") == 4
    assert "In the bin for 30 days" in answer


def test_a_reviewer_looks_and_does_not_choose(client: Client):
    client.force_login(make_user("Rae", Role.REVIEWER))
    tasks = four_takes(make_user("Bob"))

    page = client.get(address(*tasks, view="grid"))
    answer = press(client, tasks, "bin 1")

    assert b'name="act"' not in page.content
    assert answer.status_code == 403
    assert state(tasks) == "."


def test_a_take_of_another_project_cannot_be_chosen(client: Client):
    hidden = four_takes(make_user("Carol"))
    Shot.objects.filter(pk=hidden[0].version.shot_id).update(project=(secret := make_project(is_open=False)))
    GenerationTask.objects.filter(pk__in=[task.pk for task in hidden]).update(project=secret)

    assert press(client, hidden, "pick 1").status_code == 404
    assert state(hidden) == "."


@pytest.mark.parametrize("act", ["", "pick 9", "pick", "bin 0", "drop tables", "pick 1; rest"])
def test_a_press_that_means_nothing_changes_nothing(client: Client, ada: User, act: str):
    tasks = four_takes(ada)

    answer = press(client, tasks, act, past="x,9.9,12.345")

    assert answer.status_code == 200
    assert state(tasks) == "."
    assert answer.context["past"] == ""


def test_without_scripts_a_press_leads_back_to_the_page(client: Client, ada: User):
    tasks = four_takes(ada)
    page = address(*tasks, view="grid")

    answer = client.post(
        reverse("studio:compare-choose"),
        {"clip": [str(task.task_id) for task in tasks], "act": "pick 2", "next": page},
    )

    assert answer.headers["Location"] == page
    assert state(tasks) == "2."


def test_a_prompt_full_of_markup_is_shown_as_words(client: Client, ada: User):
    first, _ = two_versions(ada)
    evil = make_recipe(prompt="<script>alert(1)</script> walks", title="<img src=x onerror=alert(1)>")
    second = make_task(Status.SUCCEEDED, user=ada, project=inbox(), recipe=evil)

    page = client.get(address(first, second)).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
