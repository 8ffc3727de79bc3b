"""Ada's private project with one of everything, Carol who must not see it, and a map of all tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import notes, sharing
from studio.models import (
    Brief,
    GenerationTask,
    Invitation,
    LibraryFile,
    Note,
    Project,
    Share,
    Status,
    Upload,
    User,
)
from studio.models.fix_job import FixJob
from studio.models.person import Role
from studio.people import first_start, invitations
from tests.access import table
from tests.factories import inbox, make_file, make_project, make_recipe, make_task, make_user

# When somebody last opened a page is noted on purpose.
NOT_KEPT = {("studio_user", "seen_at")}
NOT_CONTENT = {"django_session", "studio_heartbeat"}


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One of everything, in a project that only Ada sees. All of it is called "Zebrawood"."""

    ada: User
    project: Project
    clip: GenerationTask
    brief: Brief
    file: LibraryFile
    upload: Upload
    job: FixJob
    note: Note
    priya: User
    invitation: Invitation
    word: str
    share: Share

    def ids(self) -> dict[str, str]:
        """By the names that addresses use."""
        return {
            "task_id": str(self.clip.task_id),
            "brief_id": str(self.brief.pk),
            "file_id": str(self.file.pk),
            "project_id": str(self.project.pk),
            "upload_id": str(self.upload.pk),
            "job_id": str(self.job.pk),
            "note_id": str(self.note.note_id),
            "share_id": str(self.share.pk),
        }

    def fill(self, sends: dict[str, str]) -> dict[str, str]:
        """A form's fields with the ids of these things in them."""
        values = {
            "clip": self.clip.task_id,
            "file": self.file.pk,
            "job": self.job.pk,
            "project": self.project.pk,
            "inbox": inbox().pk,
        }
        return {name: str(text).format(**values) for name, text in sends.items()}


@pytest.fixture
def secret(db: None) -> Secret:
    ada = make_user()
    project = make_project("Zebrawood", is_open=False)
    project.members.add(ada)
    file = make_file(project=project, name="Zebrawood picture", added_by=ada)
    task = make_task(
        Status.SUCCEEDED, user=ada, project=project, recipe=make_recipe([file], title="Zebrawood at dusk")
    )
    Project.objects.filter(pk=project.pk).update(clip_count=1, clip_bytes=task.clip.size_bytes)
    soon = timezone.now() + timedelta(hours=1)
    priya = make_user("Priya Nair", Role.PRODUCER)
    invitation, link = invitations.invite(
        priya, email="ines@studio.example", role=Role.REVIEWER, projects=[project]
    )
    return Secret(
        ada=ada,
        priya=priya,
        invitation=invitation,
        word=link.split("/")[-2],
        project=project,
        clip=task,
        brief=Brief.objects.create(
            user=ada, project=project, title="Zebrawood draft", prompt="Zebrawood hums"
        ),
        file=file,
        upload=Upload.objects.create(
            user=ada, project=project, filename="zebrawood.png", size_bytes=9, expires_at=soon
        ),
        job=FixJob.objects.create(file=file, use="picture", asked_by=ada),
        note=notes.write(task, author=ada, text="Zebrawood creaks", first_frame=3),
        share=sharing.make(
            by=ada, project=project, terms=sharing.default_terms("Zebrawood", timezone.now()), tasks=[task]
        ).share,
    )


@pytest.fixture
def carol(secret: Secret) -> Client:
    client = Client()
    client.force_login(make_user("Carol Stranger"))
    return client


@pytest.fixture
def ada(secret: Secret) -> Client:
    client = Client()
    client.force_login(secret.ada)
    session = client.session
    session["project"] = str(secret.project.pk)
    session.save()
    return client


@pytest.fixture
def address(secret: Secret) -> Callable[..., str]:
    """The address of a name, with the ids of the secret things, or with ids that no thing has."""

    def build(name: str, *, is_missing: bool = False) -> str:
        known = {name: str(uuid4()) for name in secret.ids()} if is_missing else secret.ids()
        known |= {"variant": "thumb", "uidb36": "1", "key": "set-password"}
        known |= {"attempt_key": str(uuid4()), "sha256": "0" * 64, "signature": "forged", "extension": "png"}
        known |= {"provider": "apiframe"}
        known |= {"question": "nobody-asked"}
        known |= {"token": "nobody-was-sent-this"}
        known |= {"person_id": secret.priya.pk, "invitation_id": secret.invitation.pk, "device_id": "1"}
        if name == "studio:join":
            known["token"] = "missing" if is_missing else secret.word
        if name == "studio:owner-welcome":
            known["token"] = "missing" if is_missing else (first_start.owner_link() or "").split("/")[-2]
        return reverse(name, kwargs={each: known[each] for each in table.parameters(name)})

    return build


@pytest.fixture
def content() -> Callable[[], dict[str, list[tuple[object, ...]]]]:
    """Every row of every table that holds something of the studio's."""

    def rows(model: type[Model]) -> Iterable[tuple[object, ...]]:
        table = model._meta.db_table
        kept = [f.attname for f in model._meta.concrete_fields if (table, f.name) not in NOT_KEPT]
        return model._default_manager.values_list(*kept)

    def read() -> dict[str, list[tuple[object, ...]]]:
        models = [model for model in apps.get_models() if model._meta.db_table not in NOT_CONTENT]
        return {model._meta.db_table: sorted(rows(model), key=str) for model in models}

    return read
