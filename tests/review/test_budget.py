"""What a review page costs: queries, bytes of HTML, bytes of script; and the script of Compare and the guest page."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from r2v_site.static_files import small_bundle
from studio.models import Decision, Note, Status, Verdict
from tests.factories import make_file, make_recipe, make_task, make_tasks, make_user

STATIC = Path(__file__).resolve().parents[2] / "static"
KB = 1024
# What later.js fetches for an element of the page counts too.
SCRIPTS = {
    "review": (("js/app.js", "js/review.js", "js/library.js"), 48),
    "compare": (("js/app.js", "js/compare.js"), 48),
    "guest": (("js/guest.js",), 22),
}


@pytest.fixture
def busy_take(db):
    """A take with 500 notes, most with an answer, beside other versions, takes and decisions."""
    ada, bob = make_user(), make_user("Bob Maker")
    voiced = make_file(voice=make_file("audio"))
    recipe = make_recipe([voiced, make_file(), make_file("video")])
    task = make_task(Status.SUCCEEDED, user=ada, recipe=recipe)
    shot = task.version.shot
    for _ in range(3):
        make_tasks(user=ada, shot=shot, takes=2)
    Decision.objects.create(version=task.version, user=bob, verdict=Verdict.APPROVED, at=timezone.now())
    now = timezone.now()

    def note(number: int, **fields) -> Note:
        text = f"@Bob, the paw melts into the leaves here, for the {number}th time."
        return Note(shot=shot, task=task, author=(ada, bob)[number % 2], text=text, created_at=now, **fields)

    begun = Note.objects.bulk_create(
        [note(number, first_frame=number % 140, last_frame=number % 140 + 3) for number in range(250)]
    )
    Note.objects.bulk_create([note(number, parent=parent) for number, parent in enumerate(begun)])
    return task


def test_a_page_with_500_notes_takes_twelve_queries_and_120_kb(client, busy_take):
    client.force_login(make_user("Carla Cold"))

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("studio:review", args=[busy_take.task_id]))

    assert answer.status_code == 200
    assert len(asked) <= 12, "\n".join(query["sql"][:160] for query in asked)
    assert len(answer.content) <= 120 * KB


@pytest.mark.parametrize("page", SCRIPTS)
def test_all_scripts_of_the_page_fit(page: str):
    def read(name: str) -> str:
        return (STATIC / name).read_text(encoding="utf-8")

    names, limit = SCRIPTS[page]
    own = sum(len(gzip.compress(small_bundle(name, read).encode())) for name in names)
    htmx = len(gzip.compress((STATIC / "vendor" / "htmx.min.js").read_bytes()))

    assert own + htmx <= limit * KB
