"""The sample: two pictures that the product draws itself, a sentence that names both, and the draft made of them.

Brief and press have one name, worked out from the person and the project: whoever presses again, in another tab or
while the pictures are still being drawn, means the same draft (M-01).
"""

from __future__ import annotations

from uuid import UUID, uuid5

from studio import mentions
from studio.drafts import samples
from studio.files import uploads
from studio.media import ChildFailed
from studio.models import Brief, GenerationTask, LibraryFile, Project, Submission, User

TITLE = "A first draft"
NOT_DRAWN = (
    "The sample’s pictures could not be drawn on this server just now. Try again, or start with your own."
)


def latest(user: User, project: Project) -> tuple[UUID, GenerationTask | None]:
    """The name of the person's sample in this project, and its draft, None if it is not asked for yet.

    Once the draft was deleted, or other words were written before it was sent, the next sample has a name of its own.
    """
    number = 0
    while True:
        number += 1
        token = uuid5(project.pk, f"sample {number} {user.pk}")
        if not Submission.objects.filter(pk=token).exists():
            if not Brief.objects.filter(pk=token, revision__gt=0).exists():
                return token, None
        elif draft := _draft(user, token):
            return token, draft


def brief_of(token: UUID, user: User, project: Project) -> Brief:
    """The sample's brief, drawn if nobody did so yet. Two who draw it at once get the same one.

    Raises uploads.Refused.
    """
    if earlier := Brief.objects.filter(pk=token).first():
        return earlier
    files = [_file(sample, user, project) for sample in samples.SAMPLES]
    refs = [mentions.Named(key=key, kind="image") for key in mentions.new_keys(len(files))]
    tray = [
        {"key": ref.key, "file": str(file.pk), "voice": "", "name": file.name, "kind": "image"}
        for ref, file in zip(refs, files, strict=True)
    ]
    words = {"title": TITLE, "prompt": mentions.to_stored(samples.PROMPT, refs), "tray": tray}
    drawn = {"user": user, "project": project, "send_token": token, **words}
    return Brief.objects.get_or_create(pk=token, defaults=drawn)[0]


def _draft(user: User, token: UUID) -> GenerationTask | None:
    rows = GenerationTask.objects.visible_to(user).filter(submission=token, binned_at=None)
    return rows.select_related("version__shot").order_by("number").first()


def _file(sample: samples.Sample, user: User, project: Project) -> LibraryFile:
    try:
        content = sample.jpeg()
    except ChildFailed as error:
        raise uploads.Refused(NOT_DRAWN, code="not_drawn") from error
    return uploads.store_bytes(
        content, filename=sample.file_name, project=project, user=user, use="picture", name=sample.name
    )
