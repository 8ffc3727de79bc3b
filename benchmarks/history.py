"""The history at 100 and at 1,000,000 takes: the same page, the same queries, nearly the same time.

python -m benchmarks.history [TAKES]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from uuid import uuid4

from benchmarks.rows import Row, show

FEW = 100
MANY = 1_000_000
TIMES = 15
PAGES = {
    "newest": "",
    "ready only": "?status=ready",
    "one project": "?project=00000000000000000000000000000005",
    "one project, ready": "?project=00000000000000000000000000000005&status=ready",
    "one person": "?person=3",
    "picks": "?pick=1",
    "last 7 days": "?date=week",
    "an old page": "?before={middle}",
}


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory(prefix="studio-history-") as folder:
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
    from studio.models import Submission, User

    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    owner = User.objects.filter(pk=1).first() or User.objects.create_user(
        "a@studio.example", name="Ada", role="owner"
    )
    submission = Submission.objects.create(token=uuid4(), user=owner)
    client = Client()
    client.force_login(owner)
    results = {}
    for count in (FEW, many):
        fill(count, submission.token.hex)
        results[count] = {
            name: _page(client, "/library/" + query.format(middle=count // 2))
            for name, query in PAGES.items()
        }
    _show(results[FEW], results[many], many)
    _show_search(owner)


def _page(client: object, address: str) -> tuple[float, int, bool]:
    """Median milliseconds, number of queries, and whether any of them counts."""
    from django.db import connection

    get = client.get  # type: ignore[attr-defined]
    asked: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        assert get(address).status_code == 200
    assert asked, "the queries were not seen"
    return _median(lambda: get(address)), len(asked), any("COUNT(" in sql for sql in asked)


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def _show(
    few: dict[str, tuple[float, int, bool]], many: dict[str, tuple[float, int, bool]], count: int
) -> None:
    full = few["newest"][0]
    for name, (milliseconds, queries, counts) in many.items():
        note = f"{milliseconds:.1f} ms against {full:.1f} ms for a full page of {FEW}; {queries} queries"
        show(
            Row(
                name=f"{name}, {count:,} against {FEW}",
                value=round(milliseconds / full, 2),
                unit="x",
                limit=1.3,
                note=note,
            )
        )
        if counts:
            show(Row(name=f"{name}: counts over takes", value=1, unit="queries", limit=0))
    most = max(queries for _, queries, _ in many.values())
    show(Row(name="queries of a page", value=most, unit="queries", limit=12))
    grown = max(many[name][1] - few[name][1] for name in many)
    show(Row(name="more queries than with few takes", value=grown, unit="queries", limit=0))


def _show_search(owner: object) -> None:
    from studio import history
    from studio.history import Filters

    for word in ("unicycle", "rain", "walk rai", "sho"):
        taken = _median(lambda word=word: history.page(history.visible_projects(owner), Filters(q=word)))  # type: ignore[misc, arg-type]
        show(Row(name=f"search “{word}”, newest first", value=round(taken, 1), unit="ms", limit=30))


if __name__ == "__main__":
    main()
