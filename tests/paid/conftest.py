"""A studio and a simulated provider that reach each other over real sockets, with both clocks pushed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from studio import conductor, invariants, money, tasks
from studio.connections import provider_accounts
from studio.connections.provider_accounts import capability_for
from studio.models import Charge, Connection, GenerationTask, LibraryFile
from studio.providers import http
from tests.factories import make_file, make_recipe, make_tasks, make_user
from tests.kill.picture import stored_picture
from tests.simulators.here import Here, running
from tests.simulators.options import NAMES, Name
from tests.waiting import wait_until


@dataclass
class Shop:
    """One provider's simulator, and the studio's connection to it."""

    here: Here
    connection: Connection

    def order(self, *, takes: int = 1, **recipe: Any) -> list[GenerationTask]:
        """Takes as the form sends them, their money set aside, from one real picture unless told otherwise."""
        recipe.setdefault("files", [picture()])
        made = make_tasks(
            user=make_user(), takes=takes, recipe=make_recipe(**recipe), connection=self.connection
        )
        for task in made:
            if not task.charges.exists():
                version, capability = task.version, capability_for(self.connection)
                money.reserve([task], money.price_of_version(version, self.connection, capability))
        return made

    def step(self) -> int:
        """One round of the conductor with everything due, its steps run in place.

        A fetch of a reference or a callback may hold a take's row for a moment, and a claim passes over such a row: so
        it is looked for until two looks in a row find nothing.
        """
        now = timezone.now()
        GenerationTask.objects.filter(next_at__gt=now).update(next_at=now)
        claims: list[tuple[int, UUID]] = []
        in_vain = 0
        while in_vain < 2:
            Connection.objects.update(quiet_until=None, query_window=0)
            with transaction.atomic():
                list(GenerationTask.objects.select_for_update().values_list("pk"))
            more = conductor.claim_due(now, at_most=50)
            claims += more
            in_vain = 0 if more else in_vain + 1
        for pk, token in claims:
            tasks.advance.func(pk, str(token))
        return len(claims)

    def waits(self, task: GenerationTask) -> tuple[str, str]:
        """The take's status and trouble after one step."""
        self.step()
        task.refresh_from_db()
        return task.status, task.trouble

    def round(self) -> int:
        """One honest round of the conductor: only what is due by the clock."""
        claims = conductor.claim_due(timezone.now(), at_most=50)
        for pk, token in claims:
            tasks.advance.func(pk, str(token))
        return len(claims)

    def sent(self, **recipe: Any) -> GenerationTask:
        """One take that the provider has accepted."""
        task = self.order(**recipe)[0]
        self.step()
        task.refresh_from_db()
        assert task.job_id, (task.status, task.error_detail)
        return task

    def made(self, **recipe: Any) -> GenerationTask:
        """One take that the provider has made, and that nobody has asked about since."""
        task = self.sent(**recipe)
        wait_until(lambda: self.jobs()[-1].is_checked)
        self.here.advance(600)
        self.here.simulator.result(self.jobs()[-1])  # drawn now, so that no test waits for it
        return task

    def finish(self, task: GenerationTask, *, rounds: int = 12) -> GenerationTask:
        """Rounds until the take rests, the provider's clock pushed in between."""
        for _ in range(rounds):
            self.step()
            wait_until(lambda: all(job.is_checked for job in self.jobs() if job.is_open))
            self.here.advance(30)
            task.refresh_from_db()
            if task.next_at is None:
                break
        return task

    def jobs(self) -> list[Any]:
        return self.here.simulator.ledger.jobs()

    def charge(self, task: GenerationTask) -> Charge:
        return task.charges.latest("pk")

    def creates(self) -> int:
        return len(self.here.simulator.ledger.creates())


@dataclass
class Times:
    """The clock of this process, and with it that of the simulators in it."""

    traveller: time_machine.Traveller

    def push(self, **much: float) -> None:
        """Forward by so much, for example `hours=12`."""
        self.traveller.shift(timedelta(**much))


@pytest.fixture
def times() -> Iterator[Times]:
    """A clock that goes on by itself and can be pushed."""
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield Times(traveller)


def picture() -> LibraryFile:
    """The same file every time, as one of a library is used for many takes."""
    known = LibraryFile.objects.filter(name="rider").first()
    return known or make_file(name="rider", media=stored_picture(), added_by=make_user("Filer"))


@pytest.fixture
def addresses(settings: Any, live_server: Any) -> None:
    """Links of the studio lead to the test's own server; providers may be on this machine."""
    settings.PUBLIC_URL = live_server.url
    settings.ALLOW_PRIVATE_ADDRESSES = True
    settings.ALLOWED_HOSTS = ["*"]


# The three differ on the wire. On PostgreSQL, after all of them on SQLite, the one that also calls back is enough.
IS_SQLITE = connection.vendor == "sqlite"


@pytest.fixture(params=NAMES if IS_SQLITE else ["apiframe"])
def name(request: pytest.FixtureRequest) -> Name:
    chosen: Name = request.param
    return chosen


@pytest.fixture
def shop(name: Name, addresses: None, transactional_db: None, tmp_path: Path) -> Iterator[Shop]:
    """A connected provider. Afterwards every invariant holds, whatever the test did."""
    with running(name, tmp_path, fetching="once", film_scale=0.25) as here:
        yield open_shop(here)
        assert invariants.broken() == []


def open_shop(here: Here) -> Shop:
    options = here.simulator.options
    account = provider_accounts.connect(
        options.name,
        options.accepted_keys[0],
        base_url=here.simulator.base_url,
        price_720p=Decimal("0.10"),
        price_1080p=Decimal("0.15"),
        credits_price=Decimal("10"),
        parallel_limit=50,
    )
    return Shop(here=here, connection=account)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of silence is half a second here."""
    monkeypatch.setattr(http, "LOOK_SECONDS", 0.5)
