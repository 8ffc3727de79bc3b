"""What the cards of one page are told from, beyond their rows: read for all of them in a fixed number of queries.

Each question is asked only where a card of the page needs its answer; free drafts need none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from studio import delivery, mentions, money
from studio.connections.provider_accounts import capability_for
from studio.models import (
    Attempt,
    Charge,
    Connection,
    GenerationTask,
    PauseReason,
    Status,
    TaskEvent,
    Trouble,
    User,
)
from studio.models.person import Role
from studio.takes import faults
from studio.words import Handing, Offer

FAILURES = {Status.FAILED, Status.EXPIRED, Status.CANCELED}


@dataclass(frozen=True, kw_only=True)
class Around:
    """Rows by the key of their task. `accounts` are those that something new can be sent to."""

    charges: Mapping[int, list[Charge]] = field(default_factory=dict)
    attempts: Mapping[int, Attempt] = field(default_factory=dict)
    events: Mapping[int, list[TaskEvent]] = field(default_factory=dict)
    accounts: Sequence[Connection] = ()
    owners: Sequence[User] = ()

    def charges_of(self, task: GenerationTask) -> tuple[Charge, ...]:
        return tuple(self.charges.get(task.pk, ()))

    def canceled_by(self, task: GenerationTask) -> str:
        """Who cancelled it, by the last event that has somebody's name."""
        names = [event.actor.get_short_name() for event in self.events.get(task.pk, ()) if event.actor]
        return names[-1] if names and task.status == Status.CANCELED else ""

    def picked_up(self, task: GenerationTask) -> tuple[str, ...]:
        """The inputs that the provider fetched from here, by the names the prompt has for them."""
        if task.status != Status.UNCERTAIN:
            return ()
        fetched = [str(event.facts.get("file", "")) for event in self.events.get(task.pk, ())]
        return names_of(task, fetched)

    def handing(self, task: GenerationTask) -> Handing | None:
        """How far its files are, where they go to the provider's own upload."""
        attempt = self.attempts.get(task.pk)
        if task.status != Status.SUBMITTING or attempt is None or not attempt.uploads:
            return None
        files = _files_of(task)
        total = len({sha256 for sha256, _, _ in files}) + bool(task.version.first_frame_id)
        coming = next(((name, size) for sha256, name, size in files if sha256 not in attempt.uploads), None)
        name, size = coming or ("the first frame", 0)
        return Handing(done=len(attempt.uploads), total=total, name=name, size_bytes=size)

    def offers(self, task: GenerationTask) -> tuple[Offer, ...]:
        """The other accounts that could make this version, with what it would cost there."""
        if not _wants_others(task):
            return ()
        return tuple(
            Offer(
                provider=account.provider,
                label=capability_for(account).label,
                price=price_at(task, account),
            )
            for account in self.accounts
            if account.pk != task.connection_id and _can_take(account, task)
        )

    def price(self, task: GenerationTask) -> money.Price | None:
        """What another attempt costs now."""
        if task.is_draft or task.status not in FAILURES:
            return None
        return price_at(task, task.connection)


def around(tasks: Iterable[GenerationTask]) -> Around:
    paid = [task for task in tasks if not task.is_draft]
    if not paid:
        return Around()
    unsure = [task for task in paid if task.status in {Status.UNCERTAIN, Status.SUBMITTING}]
    _preload_references(paid)
    return Around(
        charges=_by_task(Charge.objects.filter(task__in=paid).order_by("opened_at", "pk")),
        attempts=_latest(unsure),
        events=_events(paid),
        accounts=_accounts(paid),
        owners=_owners(paid),
    )


def price_at(task: GenerationTask, account: Connection) -> money.Price:
    """The price of the take's version at an account. Asks for nothing that `around` has not fetched."""
    version, capability = task.version, capability_for(account)
    clips = _clip_seconds(task) if capability.price.bills_reference_clips else []
    return money.price(
        capability,
        account,
        resolution=version.resolution,
        duration=version.duration,
        clip_seconds=clips,
    )


def names_of(task: GenerationTask, fetched: Sequence[str]) -> tuple[str, ...]:
    """ "Image 1", "the voice of Image 1", "the first frame" for files by their SHA-256, in the order of the tray."""
    references = list(task.version.references.all())
    labels = mentions.labels([mentions.Named(key=each.key, kind=each.kind) for each in references])
    names: dict[str, str] = {}
    for each in references:
        names.setdefault(each.media.sha256, labels[each.key])
        if each.voice:
            names.setdefault(each.voice.media.sha256, f"the voice of {labels[each.key]}")
    known = [name for sha256, name in names.items() if sha256 in fetched]
    has_frame = any(sha256 and sha256 not in names for sha256 in fetched)
    return (*known, "the first frame") if has_frame else tuple(known)


def _preload_references(tasks: Sequence[GenerationTask]) -> None:
    """For the names of files, for the input at fault, and where the price depends on clips."""
    faults.preload_all([task for task in tasks if _wants_references(task)])


def _wants_references(task: GenerationTask) -> bool:
    if task.status in {Status.UNCERTAIN, Status.SUBMITTING} or _wants_others(task):
        return True
    return task.status in FAILURES and (
        bool(task.fault) or capability_for(task.connection).price.bills_reference_clips
    )


def _wants_others(task: GenerationTask) -> bool:
    """Whether its card offers another account."""
    if task.status == Status.QUEUED:
        return bool(task.trouble) or task.connection.paused_at is not None
    return task.status == Status.FAILED and task.error_category in ELSEWHERE


def _by_task(charges: Iterable[Charge]) -> dict[int, list[Charge]]:
    found: dict[int, list[Charge]] = {}
    for charge in charges:
        if charge.task_id is not None:
            found.setdefault(charge.task_id, []).append(charge)
    return found


def _latest(tasks: Sequence[GenerationTask]) -> dict[int, Attempt]:
    if not tasks:
        return {}
    return {attempt.task_id: attempt for attempt in Attempt.objects.filter(task__in=tasks).order_by("number")}


def _events(tasks: Sequence[GenerationTask]) -> dict[int, list[TaskEvent]]:
    """What was picked up of the uncertain ones, and who cancelled the others."""
    wanted = [task for task in tasks if task.status in {Status.UNCERTAIN, Status.CANCELED}]
    found: dict[int, list[TaskEvent]] = {}
    if wanted:
        told = Q(word="picked_up") | Q(word="cancel_requested") | Q(word="", to_status=Status.CANCELED)
        rows = TaskEvent.objects.filter(told, task__in=wanted).select_related("actor").order_by("pk")
        for event in rows:
            found.setdefault(event.task_id, []).append(event)
    return found


def _accounts(tasks: Sequence[GenerationTask]) -> list[Connection]:
    if not any(_wants_others(task) for task in tasks):
        return []
    return [each for each in Connection.objects.sending().order_by("pk") if not capability_for(each).is_free]


def _owners(tasks: Sequence[GenerationTask]) -> list[User]:
    def is_keyless(task: GenerationTask) -> bool:
        return task.is_active and (
            task.trouble == Trouble.KEY or task.connection.pause_reason == PauseReason.KEY
        )

    if not any(is_keyless(task) for task in tasks):
        return []
    return list(User.objects.filter(role=Role.OWNER, is_active=True).order_by("pk")[:5])


def _clip_seconds(task: GenerationTask) -> list[float]:
    return [
        float(each.media.facts.get("duration") or 0)
        for each in task.version.references.all()
        if each.kind == "video"
    ]


def _can_take(account: Connection, task: GenerationTask) -> bool:
    """Whether the files of the version are of a kind it takes, and can reach it."""
    capability = capability_for(account)
    media = [each.media for each in task.version.references.all()]
    return any(each.kind in capability.needs for each in media) and all(
        delivery.way_for(capability, each.kind, each.size_bytes) for each in media
    )


def _files_of(task: GenerationTask) -> list[tuple[str, str, int]]:
    """(SHA-256, name, bytes) in the order they are handed over."""
    files = []
    for each in task.version.references.all():
        files.append((each.media.sha256, each.name, each.media.size_bytes))
        if each.voice:
            files.append((each.voice.media.sha256, each.voice.name, each.voice.media.size_bytes))
    return files


ELSEWHERE = {"balance", "rate_limited", "provider_busy", "not_sent"}
