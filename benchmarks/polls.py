"""What a poll costs the processor, beside an empty view in the same run: unchanged, and with 8 changed cards.

python -m benchmarks.polls
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from uuid import uuid4

from benchmarks.rows import Row, show

CARDS = 8
TIMES = 200
ROUNDS = 5


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="studio-polls-") as folder:
        os.environ |= {
            "STUDIO_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "r2v_site.settings",
            "STUDIO_DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/studio.sqlite3",
        }
        import django

        django.setup()
        _measure()


def _measure() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from benchmarks.many_tasks import fill
    from studio import changes, conductor
    from studio.models import GenerationTask, Submission, User

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["testserver"]
    settings.ROOT_URLCONF = "benchmarks.empty_views"
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("a@studio.example", name="Ada", role="owner")
    submission = Submission.objects.create(token=uuid4(), user=owner)
    fill(100, submission.token.hex)
    tasks = GenerationTask.objects.order_by("-pk")
    tasks.filter(status="queued").update(status="canceled", next_at=None, finished_at=timezone.now())
    newest = list(tasks.filter(status="succeeded").values_list("pk", flat=True)[:CARDS])
    GenerationTask.objects.filter(pk__in=newest).update(revision=changes.next_revision())
    conductor.beat(timezone.now())
    signed_in = Client()
    signed_in.force_login(owner)
    seen, capability = changes.latest_revision(), changes.poll_capability("x")
    address = reverse("studio:poll-works")
    quiet: dict[str, str | int] = {"page": "works", "seen": seen, "worker": 1, "cap": capability}
    loud = quiet | {"seen": seen - 1, "newest": 10**6}
    assert signed_in.get(address, quiet).status_code == 204
    answer = signed_in.get(address, loud)
    shown = answer.content.count(b'class="task-card"')
    assert shown == CARDS, (shown, answer.status_code)
    connection.ensure_connection()
    empty = cpu_seconds(through_wsgi("/empty/", MIDDLEWARE=[]))
    unchanged = cpu_seconds(through_wsgi(address, quiet))
    full = cpu_seconds(lambda: signed_in.get("/empty/"))
    show(Row(name="empty Django view, no middleware", value=round(1e6 * empty), unit="µs CPU"))
    show(Row(name="empty view, full middleware, signed in", value=round(1e6 * full), unit="µs CPU"))
    show(
        Row(
            name="unchanged poll against an empty view",
            value=round(unchanged / empty, 2),
            unit="x",
            limit=2,
            note=f"{1e6 * unchanged:.0f} µs",
        )
    )
    changed = cpu_seconds(lambda: signed_in.get(address, loud))
    note = f"{1e6 * changed:.0f} µs, {len(answer.content)} bytes"
    show(
        Row(
            name=f"poll with {CARDS} changed cards",
            value=round(changed / full, 2),
            unit="x",
            limit=12,
            note=note,
        )
    )


def through_wsgi(
    path: str, query: Mapping[str, str | int] | None = None, **settings: object
) -> Callable[[], None]:
    """One request as the web server makes it: the WSGI application called with a ready environment."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory, override_settings

    with override_settings(**settings):
        application = WSGIHandler()
    environment = RequestFactory().get(path, query).environ

    def ask() -> None:
        response = application(dict(environment), _begin)
        b"".join(response)
        response.close()

    return ask


def _begin(status: str, headers: list[tuple[str, str]], error: object = None, /) -> Callable[[bytes], object]:
    return bytes


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call: the best round, because other programs share the machine."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(TIMES):
            work()
        best = min(best, (time.process_time() - start) / TIMES)
    return best


if __name__ == "__main__":
    main()
