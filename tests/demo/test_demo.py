"""The demo's story is told through the same doors that people use."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from studio import demo
from studio.demo import story
from studio.lifecycle import succeed
from studio.models import GenerationTask, Note, ReviewStatus, Share, Shot, Status, User
from tests.factories import make_clip

pytestmark = pytest.mark.django_db


def drawn_at_once(tasks: list[GenerationTask]) -> None:
    """As a worker would leave them, without the minutes."""
    for task in tasks:
        rows = GenerationTask.objects.filter(pk=task.pk)
        rows.update(status=Status.SAVING, job_id=str(task.task_id), lease_token=task.task_id)
        task.refresh_from_db()
        clip = make_clip(duration=float(task.version.duration))
        clip.delete()  # `succeed` writes it down itself
        assert task.lease_token
        assert succeed(task, clip, task.lease_token)


def test_the_demo_tells_every_scene_with_its_notes_and_decisions():
    told = demo.tell(make=drawn_at_once)

    titles = Shot.objects.filter(project=told.project).values_list("title", "review_status")
    assert dict(titles) == {
        "Morning stretch": ReviewStatus.TO_REVIEW,
        "Seeds in the light": ReviewStatus.APPROVED,
        "Neighbours at the window": ReviewStatus.NEEDS_CHANGES,
        "First sun, four tries": ReviewStatus.TO_REVIEW,
    }
    remarks = [remark for scene in story.SCENES for part in scene.rounds for remark in part.remarks]
    assert Note.objects.threads().count() == len(remarks)
    assert Note.objects.exclude(drawing=[]).count() == 1


def test_its_people_have_one_password_that_is_told_once_and_its_link_opens(client):
    told = demo.tell(make=drawn_at_once)

    assert all(person.check_password(told.password) for person in told.people)
    assert Share.objects.get().project == told.project
    assert client.get(urlsplit(told.address).path).status_code == 200


def test_it_is_told_once():
    assert not demo.told_already()

    demo.tell(make=drawn_at_once)

    assert demo.told_already()
    assert User.objects.filter(email__endswith="@demo.example").count() == len(story.PEOPLE)


def test_a_draft_that_does_not_come_ends_it_with_a_sentence():
    with pytest.raises(demo.DraftFailed, match="did not come"):
        demo.tell(make=lambda tasks: None)
