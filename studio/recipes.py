"""From a checked recipe to a frozen version and its takes. One press makes one set of tasks.

The token of the form is committed first, in the same transaction as the tasks: a second press, another tab
or a replayed request finds the row and gets the first one's tasks (M-01). Their money is set aside in it too:
no take is ever queued without its charge.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from studio import changes, crash_points, money, search
from studio.connections.provider_accounts import capability_for, hold
from studio.models import (
    Connection,
    GenerationTask,
    LibraryFile,
    MediaFile,
    Project,
    Reference,
    Shot,
    Submission,
    TaskEvent,
    User,
    Version,
)
from studio.providers.base import Capability
from studio.takes import estimates

TAKES_AT_MOST = 4


@dataclass(frozen=True, kw_only=True)
class ReferenceChoice:
    """One place of the tray: the identity that mentions point at, the file, the voice that rides along."""

    key: str
    file: LibraryFile
    name: str
    voice: LibraryFile | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a recipe as they are frozen. `duration` is whole seconds."""

    negative_prompt: str = ""
    resolution: str = "720p"
    ratio: str = "16:9"
    duration: int = 5
    prompt_extend: bool = True
    watermark: bool = False
    shot_type: str = "single"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A checked form. `prompt` holds mentions as identities. `seed` None means a new one for each take."""

    title: str
    prompt: str
    references: tuple[ReferenceChoice, ...]
    first_frame: LibraryFile | None
    settings: Settings
    seed: int | None = None

    def fingerprint(self) -> str:
        """SHA-256 over everything that is sent, and nothing else."""
        sent = {
            "prompt": self.prompt,
            "references": [
                [r.key, r.file.media_id, r.voice.media_id if r.voice else None] for r in self.references
            ],
            "first_frame": self.first_frame.media_id if self.first_frame else None,
            "settings": asdict(self.settings),
        }
        return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()


def send(
    recipe: Recipe,
    *,
    user: User,
    project: Project,
    shot: Shot | None,
    connection: Connection,
    takes: int,
    token: UUID,
    also: Sequence[Connection] = (),
) -> list[GenerationTask]:
    """Freeze the recipe and queue its takes: as many at each of `also`, four in all at most.

    The same token always answers with the first press's tasks. Raises money.NotSetAside if a limit would be passed
    or an account was disconnected: then nothing was queued, nothing set aside, and the token is as good as new.
    """
    accounts = (connection, *also)
    try:
        with transaction.atomic():
            submission = Submission.objects.create(token=token, user=user)
            hold(accounts)
            each = min(takes, TAKES_AT_MOST // len(accounts))
            tasks = _queue(recipe, user, project, shot, accounts, each, submission)
            crash_points.reach("c01")
        crash_points.reach("c02")
        return tasks
    except IntegrityError:
        earlier = list(GenerationTask.objects.filter(submission=token, created_by=user).order_by("number"))
        if not earlier:
            raise
        return earlier


def _queue(
    recipe: Recipe,
    user: User,
    project: Project,
    shot: Shot | None,
    accounts: Sequence[Connection],
    takes: int,
    submission: Submission,
) -> list[GenerationTask]:
    revision = changes.next_revision()
    shot = _titled(recipe, shot, project, user)
    version, number = _version(recipe, shot, user, takes * len(accounts))
    now = timezone.now()
    lots: list[money.Lot] = []
    for account in accounts:
        made = _takes(recipe, version, account, takes, number, submission, now=now, revision=revision)
        number += takes
        lots.append((made, money.price_of_version(version, account, capability_for(account))))
    money.reserve_together(lots)
    for tasks, each in lots:
        _remember(tasks, user, {"takes": takes * len(accounts), **each.facts()})
    used = [r.file.pk for r in recipe.references] + [r.voice.pk for r in recipe.references if r.voice]
    used += [recipe.first_frame.pk] if recipe.first_frame else []
    LibraryFile.objects.filter(pk__in=used).update(used_at=now)
    return [task for tasks, _ in lots for task in tasks]


def _titled(recipe: Recipe, shot: Shot | None, project: Project, user: User) -> Shot:
    """The shot that the takes belong to, under the recipe's title: a new one if it was moved out of the project.

    Where it is now is perhaps nothing that this person may see, or spend the money of. Who calls it holds the change
    counter, so that nobody moves it meanwhile.
    """
    here = Shot.objects.filter(pk=shot.pk, project=project).first() if shot else None
    if here is None:
        return Shot.objects.create(project=project, title=recipe.title, created_by=user)
    if here.title != recipe.title:
        Shot.objects.filter(pk=here.pk).update(title=recipe.title)
        here.title = recipe.title
        search.remember_shot(here)
    return here


def _takes(
    recipe: Recipe,
    version: Version,
    connection: Connection,
    takes: int,
    first_number: int,
    submission: Submission,
    *,
    now: datetime,
    revision: int,
) -> list[GenerationTask]:
    """Takes of one account, saved."""
    capability = capability_for(connection)
    expected = estimates.expected_seconds(
        capability, resolution=recipe.settings.resolution, duration=recipe.settings.duration
    )
    tasks = [
        GenerationTask(
            project=version.shot.project,
            version=version,
            connection=connection,
            provider=connection.provider,
            submission=submission,
            number=first_number + index,
            seed=recipe.seed if recipe.seed is not None else new_seed(capability),
            cover=_cover(recipe),
            created_by=submission.user,
            created_at=now,
            next_at=now,
            expected_seconds=expected,
            revision=revision,
        )
        for index in range(takes)
    ]
    for task in tasks:
        task.save(force_insert=True)
    return tasks


def _remember(tasks: Sequence[GenerationTask], user: User, facts: dict[str, object]) -> None:
    """Write the first line of each take's story, and its words for the search."""
    for task in tasks:
        TaskEvent.objects.create(
            task=task, at=task.created_at, to_status=task.status, actor=user, facts=facts
        )
        search.remember(task)


def _version(recipe: Recipe, shot: Shot, user: User, takes: int) -> tuple[Version, int]:
    """The shot's latest version if the recipe is the same and has room, else a new one; the first number.

    An approved version stays as it is: the same recipe again is a new version, which nobody has decided about.
    Who calls it holds the change counter. A lock on the latest version would not do: who waited for that one gets it,
    and not the newer one that was made meanwhile.
    """
    fingerprint = recipe.fingerprint()
    latest = shot.versions.order_by("-number").first()
    if latest and latest.fingerprint == fingerprint and latest.locked_at is None:
        highest = latest.tasks.aggregate(highest=Max("number"))["highest"] or 0
        if highest + takes <= TAKES_AT_MOST:
            return latest, highest + 1
    version = Version.objects.create(
        shot=shot,
        number=latest.number + 1 if latest else 1,
        prompt=recipe.prompt,
        first_frame=recipe.first_frame,
        fingerprint=fingerprint,
        created_by=user,
        **asdict(recipe.settings),
    )
    Reference.objects.bulk_create(
        Reference(
            version=version,
            key=choice.key,
            position=position,
            kind=choice.file.kind,
            name=choice.name,
            file=choice.file,
            media=choice.file.media,
            voice=choice.voice,
        )
        for position, choice in enumerate(recipe.references)
    )
    return version, 1


def new_seed(capability: Capability) -> int:
    return secrets.randbelow(capability.max_seed + 1)


def _cover(recipe: Recipe) -> MediaFile | None:
    """The picture that stands for the clip until it has its own."""
    if recipe.first_frame:
        return recipe.first_frame.media
    return recipe.references[0].file.media if recipe.references else None
