"""A failure names the input at fault with its picture, says what it cost, and leads to the place to put it right."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.briefs import blame
from studio.models import Brief, FixJob, Status
from studio.providers.base import ErrorCategory
from studio.takes import faults
from tests.factories import make_file, make_media_file, make_recipe, make_task, make_user

pytestmark = pytest.mark.django_db
WITH_THUMB = {"previews": {"thumb": "thumb.webp"}}


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


def failed(ada, at: int = 1, **fields):
    """A take of a picture and a clip that failed at one of them."""
    files = [
        make_file(media=make_media_file(**WITH_THUMB), name="Harbour"),
        make_file("video", media=make_media_file("video", **WITH_THUMB), name="Stretch block-out"),
    ]
    recipe = make_recipe(files)
    told = {
        "error_category": ErrorCategory.INVALID_INPUT,
        "error_message": "Video 1 can’t be used. It ends early.",
    }
    return make_task(
        Status.FAILED, user=ada, recipe=recipe, **({"fault": recipe.references[at].key} | told | fields)
    )


def works(client) -> str:
    return client.get(reverse("studio:works")).content.decode()


def test_the_card_shows_the_reference_at_fault_by_name_and_picture(client, ada):
    task = failed(ada)

    html = works(client)

    assert reverse("studio:clip-media", args=[task.task_id, "ref-1"]) in html
    assert 'alt="Video 1, Stretch block-out"' in html
    assert "Replace Video 1" in html
    assert "<b>Video 1 can’t be used.</b> It ends early." in html


def test_the_card_says_what_is_safe_and_what_it_cost(client, ada):
    failed(ada)

    html = works(client)

    assert "The other references, the prompt and all settings are kept." in html
    assert "Free drafts cost nothing." in html


def test_codes_are_folded_away_and_can_be_copied(client, ada):
    task = failed(ada, error_detail="cut: moov atom not found")

    html = works(client)

    folded = html[html.index('<details class="more-detail">') :]
    assert "<copy-text>" in folded
    assert f"Task {task.task_id}" in folded
    assert "cut: moov atom not found" in folded


def test_a_take_that_is_fine_has_no_codes(client, ada):
    make_task(Status.SUCCEEDED, user=ada)

    assert "more-detail" not in works(client)


@pytest.mark.parametrize("fault", ["nobody", "voice:nobody", "first_frame", ""])
def test_a_fault_that_the_version_lacks_is_told_without_one(client, ada, fault):
    failed(ada, fault=fault)

    html = works(client)

    assert "Change the brief" in html
    assert "ref-" not in html


def test_a_fault_in_the_prompt_leads_to_the_prompt(client, ada):
    task = failed(ada, fault="prompt")

    answer = client.post(reverse("studio:clip-remix", args=[task.task_id]))

    assert answer["Location"].endswith("#prompt")


def test_the_voice_at_fault_is_not_blamed_on_its_picture(ada):
    task = failed(ada)
    reference = task.version.references.get(position=1)
    reference.voice = make_file("audio", name="Hazel, sleepy")
    reference.save()
    task.fault = f"voice:{reference.key}"

    fault = faults.fault_of(task)

    assert (fault.act, fault.name) == ("Change the voice of Video 1", "Hazel, sleepy")


def test_a_paid_provider_is_quoted_with_the_reference_it_could_not_open():
    fault = faults.Fault(key="a1b2c3", label="Image 2", act="Replace Image 2", safe="")

    assert fault.lead(ErrorCategory.MEDIA_UNREACHABLE, "ModelStream") == "ModelStream couldn’t open Image 2."


def test_the_number_of_queries_does_not_grow_with_failures(client, ada, django_assert_max_num_queries):
    failed(ada)
    with CaptureQueriesContext(connection) as one:
        works(client)
    for _ in range(3):
        failed(ada)

    with django_assert_max_num_queries(len(one)):
        works(client)


def test_the_button_opens_create_at_the_reference_that_stopped_it(client, ada):
    task = failed(ada, at=0)

    answer = client.post(reverse("studio:clip-remix", args=[task.task_id]))

    brief = Brief.objects.get()
    assert answer["Location"] == f"{reverse('studio:brief', args=[brief.pk])}#tile-{task.fault}"
    html = client.get(reverse("studio:brief", args=[brief.pk])).content.decode()
    assert "<b>The last try stopped here.</b> Video 1 can’t be used. It ends early." in html
    assert html.count("data-blamed") == 2  # the tile and its note
    assert f'name="file-replace:{task.fault}" data-place="replace:{task.fault}"' in html


@pytest.mark.parametrize("act", ["put replace:{key} {file}", "remove {key}"])
def test_the_blame_goes_with_the_reference(client, ada, act):
    task = failed(ada, at=0)
    client.post(reverse("studio:clip-remix", args=[task.task_id]))
    brief = Brief.objects.get()
    line = act.format(key=task.fault, file=make_file(name="Another").pk)

    client.post(reverse("studio:brief-tray", args=[brief.pk]), {"act": line})

    brief.refresh_from_db()
    assert blame.standing(brief) is None
    assert "data-blamed" not in client.get(reverse("studio:brief", args=[brief.pk])).content.decode()


def test_a_remix_of_a_fine_take_blames_nothing(client, ada):
    task = make_task(Status.SUCCEEDED, user=ada)

    answer = client.post(reverse("studio:clip-remix", args=[task.task_id]))

    assert answer["Location"] == reverse("studio:brief", args=[Brief.objects.get().pk])


def remix(client, task, **values):
    return client.post(reverse("studio:clip-remix", args=[task.task_id]), values)


def test_going_without_the_input_at_fault_opens_the_brief_ready_to_send(client, ada):
    task = failed(ada)
    key = task.fault
    task.version.prompt = task.version.prompt.replace(f"{{{{ref:{key}}}}}", "everyone")
    task.version.save()
    assert "Go without it" in works(client)

    answer = remix(client, task, without=key)

    brief = Brief.objects.get()
    assert answer["Location"] == reverse("studio:brief", args=[brief.pk])
    assert [entry["name"] for entry in brief.tray] == ["Harbour"]
    page = client.get(answer["Location"]).content.decode()
    assert page.count("Removed Stretch block-out.") == 1
    assert 'aria-invalid="true"' not in page


def test_a_prompt_that_still_names_what_was_left_out_is_opened_at_its_words(client, ada):
    task = failed(ada)

    answer = remix(client, task, without=task.fault)

    assert answer["Location"].endswith("#prompt")


def test_what_the_provider_cannot_do_without_is_not_offered_to_be_left_out(client, ada):
    task = failed(ada, at=0, provider="modelstream")

    fault = faults.fault_of(task)

    assert (fault.title, fault.is_spare) == ("Image 1", False)
    assert faults.fault_of(failed(ada, at=1, provider="modelstream")).is_spare


def test_the_voice_and_the_first_frame_can_always_be_left_out(client, ada):
    task = failed(ada, fault="first_frame")
    task.version.first_frame = make_file(name="Pier at dawn")
    task.version.save()

    remix(client, task, without="first_frame")

    brief = Brief.objects.get()
    assert (brief.first_frame, len(brief.tray)) == ("", 2)


def test_the_first_three_seconds_of_a_clip_take_its_place_once_they_are_copied(client, ada):
    task = failed(ada)
    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()
    assert "Use its first 3 seconds" in page
    assert "Use its first 3 seconds" not in works(client)

    answer = remix(client, task, first=task.fault)

    job = FixJob.objects.get()
    assert answer["Location"] == reverse("studio:fix-job", args=[job.pk])
    assert (job.choices["start"], job.choices["end"]) == (0.0, 3.0)
    assert (job.brief, job.place) == (Brief.objects.get(), f"replace:{task.fault}")
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("fields", [{"error_category": ErrorCategory.MODERATION}, {"fault": "prompt"}])
def test_first_seconds_are_offered_only_where_the_clip_itself_stood_in_the_way(client, ada, fields):
    task = failed(ada, **fields)

    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert "Use its first 3 seconds" not in page


def test_a_clip_of_three_seconds_has_no_first_three_seconds(ada):
    task = failed(ada)
    reference = task.version.references.get(position=1)
    reference.media.facts["duration"] = 3.2
    reference.media.save()

    assert not faults.fault_of(task).is_long


def test_a_press_that_names_another_input_only_opens_the_brief(client, ada):
    task = failed(ada)
    other = task.version.references.get(position=0).key

    remix(client, task, without=other, first=other)

    assert len(Brief.objects.get().tray) == 2
    assert not FixJob.objects.exists()
