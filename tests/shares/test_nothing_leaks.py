"""What belongs to the studio stays in it: nothing is on a guest's page, in its parts, its poll or its headers."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from studio import notes, reviews
from studio.models import Note, Project
from studio.models.person import Role
from tests.factories import make_account, make_file, make_recipe, make_task, make_user
from tests.shares.conftest import on_disk, ready

pytestmark = pytest.mark.django_db

MARKERS = (
    "PROMPTMARK",
    "NEGATIVEMARK",
    "FILEMARK",
    "TEAMNOTEMARK",
    "EARLIERNOTEMARK",
    "OTHERGUESTMARK",
    "PROJECTMARK",
    "PersonMark",
    "TEAMREASONMARK",
    "modelstream",
    "ModelStream",
    "987654321",
    "0.15",
    "per second",
)


@pytest.fixture
def everything(world):
    """A take with a secret in every place that a page could show by mistake."""
    Project.objects.filter(pk=world.project.pk).update(name="PROJECTMARK")
    pia = make_user("PersonMark Nordin", Role.PRODUCER, email="personmark@studio.example")
    file = make_file(project=world.project, name="FILEMARK", added_by=pia)
    recipe = make_recipe(
        [file],
        title="Morning stretch",
        prompt="PROMPTMARK walks",
        settings={"negative_prompt": "NEGATIVEMARK"},
    )
    account = make_account("modelstream", price_720p="0.15")
    earlier = on_disk(ready(pia, world.project, "Morning stretch"))
    take = make_task(
        "succeeded", user=pia, project=world.project, shot=earlier.version.shot, recipe=recipe, seed=987654321
    )
    type(take).objects.filter(pk=take.pk).update(connection=account, provider="modelstream")
    take = on_disk(take)
    notes.write(take, author=pia, text="TEAMNOTEMARK", first_frame=1, is_team_only=True)
    notes.write(earlier, author=pia, text="EARLIERNOTEMARK", first_frame=1)
    reviews.decide(take.version, user=pia, verdict="needs_changes", sentence="TEAMREASONMARK")
    return take


def seen_by(answer) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n{b''.join(answer).decode(errors='replace')}"


def test_no_word_of_the_studios_own_reaches_a_guest(world, everything, outside, say):
    other = world.share(everything)
    say(other, everything, text="OTHERGUESTMARK", name="OTHERGUESTMARK", client=Client())
    shared = world.share(everything, may_download=True)
    poll = shared.poll(outside)
    htmx = {"HX-Request": "true"}

    shown = [seen_by(outside.get(shared.page))]
    shown.append(seen_by(say(shared, everything, text="Lovely", at="0:01")))
    shown.append(seen_by(say(shared, everything, text="Lovely", at="0:01", name="Elin")))
    form = {"clip": str(everything.task_id), "text": "Again", "verdict": "approved"}
    shown += [
        seen_by(outside.post(f"{shared.page}{where}/", form, headers=htmx)) for where in ("notes", "decide")
    ]
    notes.answer(Note.objects.get(text="Lovely"), author=world.mara, text="Thank you")
    shown += [seen_by(outside.get(address)) for address in (poll, shared.page)]
    variants = ("video", "poster", "sprite", "download", "filmstrip")
    shown += [seen_by(outside.get(shared.media(everything, variant))) for variant in variants]

    assert "Thank you" in shown[-6]
    for marker in MARKERS:
        assert not [text for text in shown if marker in text], marker
    assert not any(marker in str(each.message()) for each in mail.outbox for marker in MARKERS)


def test_how_it_was_made_is_told_where_it_is_switched_on_and_the_price_never(world, everything, outside):
    shared = world.share(everything, shows_making=True)

    page = outside.get(shared.page).content.decode()

    assert "PROMPTMARK walks" in page
    assert "Image 1: FILEMARK" in page
    assert "ModelStream" in page
    for marker in ("NEGATIVEMARK", "TEAMNOTEMARK", "0.15", "PersonMark", "PROJECTMARK", "EARLIERNOTEMARK"):
        assert marker not in page
