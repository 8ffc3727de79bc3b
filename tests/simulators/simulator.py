"""What the three simulators share: the account, the jobs, the references, the results. No sockets here."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar
from urllib.parse import quote

from tests.simulators import films, references
from tests.simulators.clock import Clock
from tests.simulators.faults import Fault, Planned, Script
from tests.simulators.jobs import Jobs, Order, Tariff, Trouble
from tests.simulators.ledger import Ledger
from tests.simulators.options import Options
from tests.simulators.references import Came, Looked, Wanted
from tests.simulators.rows import Job
from tests.simulators.wire import Answer, Request


@dataclass(frozen=True, kw_only=True)
class View:
    """A job as one answer shows it; faults change the view, never the job."""

    job: Job
    state: str
    progress: int
    url: str
    is_expired: bool
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class Route:
    """What a request is about. `endpoint` is a place of `faults.Where`, or "" for an address that is not there."""

    endpoint: str
    job_id: str = ""


class Simulator(ABC):
    """One provider. A subclass knows its addresses, its bodies and its words."""

    troubles: ClassVar[Mapping[str, Trouble]]
    limited: ClassVar[tuple[str, ...]] = ("status", "list", "cancel")

    def __init__(self, options: Options) -> None:
        self.options = options
        self.base_url = ""
        self.ledger = Ledger(options.folder / "ledger.sqlite3")
        origin = self.ledger.clock_origin()
        self.clock = Clock(speed=options.speed, skew=options.skew, at=origin)
        self.ledger.keep_clock(self.clock.origin())
        self.script = Script()
        for planned in self.ledger.faults():
            self.script.add(planned)
        for key in options.accepted_keys:
            self.ledger.open_account(key, options.credits)
        self.jobs = Jobs(self.ledger, self.clock, self.script, options, self.tariff(), self.troubles)
        self._checks = ThreadPoolExecutor(max_workers=4, thread_name_prefix="references")
        self._asked: deque[float] = deque()
        self._rate_lock = threading.Lock()
        self.stopped = threading.Event()

    # What each provider says

    @abstractmethod
    def tariff(self) -> Tariff: ...

    @abstractmethod
    def route(self, method: str, path: str) -> Route: ...

    @abstractmethod
    def answer(self, request: Request, route: Route, fault: Fault | None) -> Answer:
        """Do what is asked and say so."""

    @abstractmethod
    def refuse(self, what: str, fault: Fault | None = None) -> Answer:
        """The body and status for a word of `faults.INSTEAD` or "no_address"."""

    @abstractmethod
    def wanted_in(self, job: Job) -> tuple[Wanted, ...]:
        """The references that an accepted body names."""

    @abstractmethod
    def reference_trouble(self, wanted: Wanted, looked: Looked) -> Trouble: ...

    def stored_files(self, job: Job) -> Mapping[str, bytes]:
        """Files of the provider's own upload that this job may use, by the address that names them."""
        return {}

    # The work

    def handle(self, request: Request, route: Route, fault: Fault | None) -> Answer:
        """Do what is asked. A create is kept whole, with its job, its price and its answer, or not at all."""
        if route.endpoint != "create":
            return self.answer(request, route, fault)
        with self.ledger.together():
            return self.answer(request, route, fault)

    def start(self) -> None:
        """Go on with what a former process left, and keep jobs moving until `stopped`."""
        for job in self.ledger.select_jobs("is_checked = 0 AND state IN ('queued', 'running')"):
            self.check_later(job.id)
        threading.Thread(target=self._keep_moving, name="clock", daemon=True).start()

    def _keep_moving(self) -> None:
        while not self.stopped.wait(0.05):
            self.jobs.tick()

    def stop(self) -> None:
        """Returns when no reference is fetched any more."""
        self.stopped.set()
        self._checks.shutdown(wait=True, cancel_futures=True)

    def next_fault(self, where: str, *, job: str = "", state: str = "") -> Fault | None:
        planned = self.script.next(where, now=self.clock.now(), job=job, state=state)
        if planned is None:
            return None
        self.ledger.keep_count(planned)
        return planned.fault

    def plan(self, fault: Fault) -> Planned:
        planned = self.ledger.keep_fault(fault, self.clock.now())
        self.script.add(planned)
        return planned

    def is_too_fast(self, endpoint: str) -> bool:
        """Count a query against the account's rate: so many within any one real second."""
        limit = self.options.queries_per_second
        if not limit or endpoint not in self.limited:
            return False
        now = time.monotonic()
        with self._rate_lock:
            while self._asked and self._asked[0] <= now - 1.0:
                self._asked.popleft()
            if len(self._asked) >= limit:
                return True
            self._asked.append(now)
        return False

    def record_create(
        self, request: Request, account: str, answer: Answer, *, job_id: str = "", is_new: bool = False,
        ignored: tuple[str, ...] = (),
    ) -> Answer:  # fmt: skip
        """Write down a create with its answer, and hand the answer on."""
        self.ledger.record(
            "creates",
            account=account,
            idempotency=request.headers.get("idempotency-key", ""),
            body=request.body.decode("utf-8", errors="replace"),
            status=answer.status,
            job_id=job_id,
            is_new=int(is_new),
            fault="",
            ignored=",".join(ignored),
        )
        return answer

    # References

    def check_later(self, job_id: str) -> None:
        self._checks.submit(self.check_references, job_id)

    def check_references(self, job_id: str) -> None:
        """Download what the job names, one after the other; the first that is no good ends the job."""
        job = self.jobs.known(job_id)
        wanted_ones = self.wanted_in(job) if self.options.fetching != "none" else ()
        stored = self.stored_files(job)
        clips: list[float] = []
        first_frame: tuple[int, int] | None = None
        for wanted in wanted_ones:
            looked = self._look(job, wanted, stored)
            if looked.problem:
                code, message = self.reference_trouble(wanted, looked)
                self.jobs.fail_soon(job_id, "reference", code, message)
                return
            if wanted.kind == "video":
                clips.append(looked.seconds)
            if wanted.role == "first_frame":
                first_frame = (looked.width, looked.height)
        width, height = films.size_of(job.resolution, job.ratio, first_frame)
        self.ledger.change_job(
            job_id, is_checked=1, width=width, height=height, clip_seconds=str(billed_clip_seconds(clips))
        )

    def _look(self, job: Job, wanted: Wanted, stored: Mapping[str, bytes]) -> Looked:
        if self.next_fault("reference", job=job.id) is not None:
            return Looked(problem="download", detail="as the script says")

        def record(wanted: Wanted, came: Came) -> None:
            self.ledger.record(
                "fetches", job_id=job.id, place=wanted.place, url=wanted.url[:500], method=came.method,
                status=came.status, size=came.size, content_type=came.content_type, problem=came.problem,
            )  # fmt: skip

        return references.look_at(wanted, fetching=self.options.fetching, record=record, stored=stored)

    # Jobs and results

    def accept(self, job_id: str, account: str, body: dict[str, object], order: Order, **more: object) -> Job:
        width, height = films.size_of(order.resolution, order.ratio)
        job = self.jobs.accept(job_id, account, body, order, width=width, height=height, **more)
        if not job.is_checked:
            self.check_later(job.id)
        return job

    def view(self, job: Job, fault: Fault | None) -> View:
        """The job as this answer shows it."""
        is_done = job.state == "succeeded"
        view = View(
            job=job,
            state=job.state,
            progress=self.jobs.progress(job),
            url=self.result_url(job) if is_done else "",
            is_expired=self.jobs.is_expired(job),
        )
        if fault is None:
            return view
        changes: dict[str, View] = {
            "unknown_word": replace(view, word="PONDERING"),
            "backwards": replace(view, state="queued", progress=0, url=""),
            "success_without_url": replace(view, url=""),
            "result_address": replace(view, url=fault.location),
        }
        return changes.get(fault.what, view)

    def result_url(self, job: Job) -> str:
        expires = int(self.clock.wall_of(job.ends + self.options.retention_seconds))
        signature = quote(f"simulated{job.number}+/=", safe="")
        query = f"Expires={expires}&OSSAccessKeyId=SIMULATED&Signature={signature}"
        return f"{self.base_url}/results/{job.id}/video.mp4?{query}"

    def result(self, job: Job) -> bytes:
        """The bytes of the clip: the right size and length, different for every job."""
        size = films.scaled((job.width, job.height), self.options.film_scale)
        path = films.film(self.options.films_folder, size, job.seconds)
        return films.own_copy(path.read_bytes(), job.id)


def billed_clip_seconds(clips: Sequence[float]) -> Decimal:
    """Each reference clip's seconds up to a cap that falls with their number (contract 4.5)."""
    if not clips:
        return Decimal(0)
    cap = (Decimal(5), Decimal("2.5"), Decimal("1.65"), Decimal("1.25"), Decimal(1))[len(clips) - 1]
    return sum((min(Decimal(str(round(seconds, 2))), cap) for seconds in clips), Decimal(0))
