"""A review page among 5,000 and among 5,000,000 notes, and its poll while nothing changes.

python -m benchmarks.review [NOTES]
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from benchmarks.polls import cpu_seconds, through_wsgi
from benchmarks.rows import Row, show

FEW = 5_000
MANY = 5_000_000
TAKES = 2_000
ON_THE_PAGE = 500
TIMES = 15
# Takes after the first share all other notes. Every second note answers the one before it.
NOTES = """
WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
INSERT INTO studio_note (id, note_id, shot_id, task_id, parent_id, author_id, text, first_frame, last_frame, drawing,
    is_team_only, created_at, revision)
SELECT i, printf('%032x', i), version.shot_id, task.id, CASE WHEN i % 2 = 0 THEN i - 1 END, 1,
    'The paw melts into the leaves here, once more', CASE WHEN i % 2 THEN i % 140 END,
    CASE WHEN i % 2 THEN i % 140 END, '[]', 0, '2026-01-01', 0
FROM n JOIN studio_generationtask task ON task.id = {take}
JOIN studio_version version ON version.id = task.version_id
"""


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory(prefix="studio-review-") as folder:
        os.environ |= {
            "STUDIO_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "r2v_site.settings",
            "STUDIO_DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/studio.sqlite3",
        }
        import django

        django.setup()
        _measure(many)


def _measure(many: int) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from benchmarks.many_tasks import fill
    from studio.models import GenerationTask, Submission, User

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["testserver"]
    settings.ROOT_URLCONF = "benchmarks.empty_views"
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("a@studio.example", name="Ada", role="owner")
    fill(TAKES, Submission.objects.create(token=uuid4(), user=owner).token.hex)
    ready = list(GenerationTask.objects.filter(status="succeeded").order_by("pk"))
    client = Client()
    client.force_login(owner)
    address = f"/review/{ready[0].task_id}/"
    _write(ready[0].pk, 1, ON_THE_PAGE)
    figures = {}
    for count in (FEW, many):
        _spread([task.pk for task in ready[1:]], count)
        figures[count] = _page(client, address)
    _show(figures[FEW], figures[many], many)
    _show_poll(client, address)


def _write(take: int, first: int, last: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(NOTES.format(take=take, first=first, last=last))


def _spread(takes: list[int], count: int) -> None:
    """As many notes in all, evenly over the takes, in whole threads."""
    from studio.models import Note

    first = Note.objects.count() + 1
    share = max(2, (count - first + 1) // len(takes) // 2 * 2)
    for take in takes:
        if first > count:
            break
        _write(take, first, min(count, first + share - 1))
        first += share


def _page(client: Any, address: str) -> tuple[float, int, int]:
    """Milliseconds (the best, because other programs share the machine), number of queries, bytes of HTML."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = client.get(address)
    assert answer.status_code == 200
    return _best(lambda: client.get(address)), len(asked), len(answer.content)


def _best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken)


def _show(few: tuple[float, int, int], many: tuple[float, int, int], count: int) -> None:
    note = f"{many[0]:.1f} ms against {few[0]:.1f} ms"
    name = f"review page, {count:,} notes in all against {FEW:,}"
    show(Row(name=name, value=round(many[0] / few[0], 2), unit="x", limit=1.3, note=note))
    show(
        Row(
            name=f"queries of a review page with {ON_THE_PAGE} notes", value=many[1], unit="queries", limit=12
        )
    )
    kilobytes = round(many[2] / 1024, 1)
    show(Row(name=f"HTML of a review page with {ON_THE_PAGE} notes", value=kilobytes, unit="KB", limit=120))


def _show_poll(client: Any, address: str) -> None:
    """Processor time of an unchanged poll, beside an empty view in the same run."""
    from django.urls import reverse

    found = re.search(r'data-query="([^"]+)" data-cap="([^"]+)"', client.get(address).content.decode())
    assert found
    query = dict(parse_qsl(unescape(f"{found[1]}&cap={found[2]}")))
    assert client.get(reverse("studio:poll-review"), query).status_code == 204
    empty = cpu_seconds(through_wsgi("/empty/", MIDDLEWARE=[]))
    unchanged = cpu_seconds(through_wsgi(reverse("studio:poll-review"), query))
    note = f"{1e6 * unchanged:.0f} µs against {1e6 * empty:.0f} µs"
    name = "unchanged poll of a review page, against an empty view"
    show(Row(name=name, value=round(unchanged / empty, 2), unit="x", limit=2.0, note=note))


if __name__ == "__main__":
    main()
