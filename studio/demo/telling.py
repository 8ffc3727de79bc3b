"""Telling the demo's story through the same doors that people use, so that it is as real as their work."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from studio import mentions, notes, recipes, reviews, sharing
from studio.connections.provider_accounts import free_draft
from studio.demo import story
from studio.drafts import samples
from studio.files import uploads
from studio.models import GenerationTask, LibraryFile, Project, Shot, Status, User


class DraftFailed(Exception):
    """A draft of the story did not come."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """`address` is the share link, known only now. `password` is that of every demo person."""

    project: Project
    people: tuple[User, ...]
    password: str
    address: str


def told_already() -> bool:
    return User.objects.filter(email__in=[person.email for person in story.PEOPLE.values()]).exists()


def tell(*, make: Callable[[list[GenerationTask]], None]) -> Told:
    """Make the people, the project and every scene. `make` brings queued takes to their end. Raises DraftFailed."""
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        cast = {name: _person(person, password) for name, person in story.PEOPLE.items()}
        project = Project.objects.create(name=story.PROJECT, created_by=cast["priya"])
    files = [_file(sample, cast["mara"], project) for sample in samples.SAMPLES]
    shots = [_scene(scene, cast, project, files, make) for scene in story.SCENES]
    terms = sharing.default_terms(story.SHARE_TITLE, timezone.now())
    made = sharing.make(by=cast["priya"], project=project, terms=_with_message(terms), shots=shots[:3])
    return Told(project=project, people=tuple(cast.values()), password=password, address=made.address)


def _person(person: story.Person, password: str) -> User:
    return User.objects.create_user(person.email, password, name=person.name, role=person.role)


def _file(sample: samples.Sample, user: User, project: Project) -> LibraryFile:
    return uploads.store_bytes(
        sample.jpeg(), filename=sample.file_name, project=project, user=user, use="picture", name=sample.name
    )


def _scene(
    scene: story.Scene,
    cast: dict[str, User],
    project: Project,
    files: list[LibraryFile],
    make: Callable[[list[GenerationTask]], None],
) -> Shot:
    shot: Shot | None = None
    for part in scene.rounds:
        tasks = recipes.send(
            _recipe(scene, part, files),
            user=cast[part.by],
            project=project,
            shot=shot,
            connection=free_draft(),
            takes=part.takes,
            token=uuid4(),
        )
        make(tasks)
        first = _ready(tasks)
        shot = first.version.shot
        for remark in part.remarks:
            _say(remark, first, cast)
        for opinion in part.opinions:
            reviews.decide(
                first.version, user=cast[opinion.by], verdict=opinion.verdict, sentence=opinion.sentence
            )
    if shot is None:
        raise DraftFailed(f"“{scene.title}” has no version.")
    return shot


def _recipe(scene: story.Scene, part: story.Round, files: list[LibraryFile]) -> recipes.Recipe:
    refs = [mentions.Named(key=key, kind="image") for key in mentions.new_keys(len(files))]
    choices = [
        recipes.ReferenceChoice(key=ref.key, file=file, name=file.name)
        for ref, file in zip(refs, files, strict=True)
    ]
    return recipes.Recipe(
        title=scene.title,
        prompt=mentions.to_stored(part.prompt, refs),
        references=tuple(choices),
        first_frame=None,
        settings=recipes.Settings(duration=part.seconds, ratio=part.ratio),
    )


def _ready(tasks: list[GenerationTask]) -> GenerationTask:
    """The first of them, with its clip."""
    first = GenerationTask.objects.select_related("version__shot", "clip", "project").get(pk=tasks[0].pk)
    if first.status != Status.SUCCEEDED:
        raise DraftFailed(f"{first} did not come: {first.error_message or first.status}.")
    return first


def _say(remark: story.Remark, task: GenerationTask, cast: dict[str, User]) -> None:
    note = notes.write(
        task,
        author=cast[remark.by],
        text=remark.text,
        first_frame=remark.frame,
        last_frame=remark.until,
        drawing=remark.drawing,
        is_team_only=remark.is_team_only,
    )
    for name, text in remark.answers:
        notes.answer(note, author=cast[name], text=text)
    if remark.is_done:
        notes.mark_done(note, cast[remark.by])


def _with_message(terms: sharing.Terms) -> sharing.Terms:
    return sharing.Terms(title=terms.title, ends_at=terms.ends_at, message=story.SHARE_MESSAGE)
