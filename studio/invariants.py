"""What must hold whatever happened: after every kill, every restart, every night (THREATS, invariants 1 to 7).

Each function yields a sentence for everything that is broken and nothing while all is well. They only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Sum

from studio import loose_clips
from studio.lifecycle import MOVES
from studio.models import Attempt, Clip, GenerationTask, Project, Status, TaskEvent
from studio.models.status import ACTIVE
from studio.money import ledger
from studio.storage import contents, store

AT_A_TIME = 500


@dataclass(frozen=True, kw_only=True)
class Invariant:
    number: int
    promise: str
    broken: Callable[[], Iterator[str]]


def broken() -> list[str]:
    """Everything that is broken, as sentences with the invariant's number in front."""
    return [f"({rule.number}) {sentence}" for rule in INVARIANTS for sentence in rule.broken()]


def _one_create_per_attempt() -> Iterator[str]:
    """A job belongs to one attempt, and a new attempt begins only when the one before it has ended."""
    shared = Attempt.objects.exclude(job_id="").values("job_id").annotate(uses=Count("pk")).filter(uses__gt=1)
    for row in shared:
        yield f"job {row['job_id']} belongs to {row['uses']} attempts"
    later = Attempt.objects.filter(task=OuterRef("task"), number__gt=OuterRef("number"))
    for attempt in Attempt.objects.filter(Exists(later), job_id="", outcome="").iterator():
        yield f"attempt {attempt.number} of task {attempt.task_id} has no answer, and another one was sent"


def _accepted_jobs_are_linked() -> Iterator[str]:
    """Every job of a task has its attempt; a lost answer is visible as `uncertain`."""
    linked = Attempt.objects.filter(task=OuterRef("pk"), job_id=OuterRef("job_id"))
    for task in GenerationTask.objects.exclude(job_id="").exclude(Exists(linked)).iterator():
        yield f"task {task.task_id} has job {task.job_id}, and no attempt of it has"
    latest = Attempt.objects.filter(task=OuterRef("pk")).order_by("-number")
    silent = GenerationTask.objects.annotate(
        last_outcome=latest.values("outcome")[:1], last_job=latest.values("job_id")[:1]
    ).filter(last_outcome="", last_job="")
    for task in silent.exclude(status__in=[Status.SUBMITTING, Status.UNCERTAIN]).iterator():
        yield f"task {task.task_id} is {task.status}, and its last attempt never got an answer"


def _nothing_rests() -> Iterator[str]:
    """What is under way has a next time."""
    for task in GenerationTask.objects.filter(status__in=ACTIVE, next_at=None).iterator():
        yield f"task {task.task_id} is {task.status} and has no next time"


def _statuses_follow_the_graph() -> Iterator[str]:
    """The events of a task form one path along the arrows, and end where the task is."""
    stands: dict[int, str] = {}
    events = TaskEvent.objects.order_by("task_id", "pk").values_list("task_id", "from_status", "to_status")
    for task_id, came_from, to in events.iterator(chunk_size=AT_A_TIME):
        known = stands.get(task_id, "")
        if came_from != known:
            yield f"task row {task_id} went from {came_from or 'nothing'}, and was {known or 'nothing'}"
        if came_from and came_from != to and to not in MOVES[came_from]:
            yield f"task row {task_id} went from {came_from} to {to}, which is no arrow"
        stands[task_id] = to
    for pk, status in GenerationTask.objects.values_list("pk", "status").iterator(chunk_size=AT_A_TIME):
        if stands.get(pk) != status:
            yield f"task row {pk} is {status}, and its events end at {stands.get(pk, 'nothing')}"


def _no_money_is_lost() -> Iterator[str]:
    """Reserved is settled, released or still reserved, to the cent. Clips are tallied like money: to the byte."""
    yield from ledger.unbalanced()
    ready = GenerationTask.objects.outside_bin().filter(status=Status.SUCCEEDED).order_by()
    sums = ready.values("project").annotate(clips=Count("pk"), size=Sum("clip__size_bytes"))
    found = {row["project"]: (row["clips"], row["size"]) for row in sums}
    for project in Project.objects.all():
        clips, size = found.get(project.pk, (0, 0))
        if (project.clip_count, project.clip_bytes) != (clips, size):
            tally = f"tallies {project.clip_count} clips of {project.clip_bytes} bytes"
            yield f"project {project.pk} {tally}, and has {clips} of {size}"


def _ready_clips_are_whole() -> Iterator[str]:
    """Length and SHA-256 of every clip that is shown as ready."""
    ready = GenerationTask.objects.filter(status=Status.SUCCEEDED).select_related("clip")
    for task in ready.iterator(chunk_size=AT_A_TIME):
        clip = task.clip
        if clip is None:
            yield f"task {task.task_id} is ready and has no clip"
            continue
        path = store.media_path(clip.path)
        if not path.is_file() or path.stat().st_size != clip.size_bytes:
            yield f"clip {clip.path} is not there as long as it was"
        elif store.sha256_of(path) != clip.sha256:
            yield f"clip {clip.path} has other bytes than it had"


def _files_and_rows_match() -> Iterator[str]:
    """No file without a row, no row without a file. A note of a deletion, or a take being saved, counts as a row."""
    for file in contents.without_file():
        yield f"{contents.relative_path(file)} has a row and no file"
    for clip in Clip.objects.iterator(chunk_size=AT_A_TIME):
        is_gone = not store.media_path(clip.path).is_file()
        if is_gone and Clip.objects.filter(pk=clip.pk).exists():
            yield f"{clip.path} has a row and no file"
    for path in _clips_without_row():
        yield f"{path} is a file without a row"
    for left in contents.without_row():
        yield f"{left.name} is a file without a row"


def _clips_without_row() -> list[str]:
    """The files are listed first and the rows last, so that a clip that comes or goes meanwhile is no finding."""
    root = Path(settings.MEDIA_DIR)
    stored = {path.relative_to(root).with_suffix(".mp4").as_posix() for path in root.glob("clips/*/*")}
    saving = GenerationTask.objects.filter(status=Status.SAVING).values_list("task_id", flat=True)
    known = {store.clip_path(task_id) for task_id in saving} | loose_clips.noted()
    return sorted(stored - known - set(Clip.objects.values_list("path", flat=True)))


INVARIANTS = (
    Invariant(number=1, promise="at most one create for each attempt", broken=_one_create_per_attempt),
    Invariant(
        number=2,
        promise="every accepted job is linked, or shown as uncertain",
        broken=_accepted_jobs_are_linked,
    ),
    Invariant(number=3, promise="nothing rests without a next time", broken=_nothing_rests),
    Invariant(number=4, promise="statuses move only along the graph", broken=_statuses_follow_the_graph),
    Invariant(number=5, promise="every sum adds up", broken=_no_money_is_lost),
    Invariant(number=6, promise="ready means the file is whole", broken=_ready_clips_are_whole),
    Invariant(number=7, promise="every file has its row, every row its file", broken=_files_and_rows_match),
)
