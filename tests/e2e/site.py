"""Every kind of page there is, with something on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from tests.e2e.studio_process import LiveStudio

SHARE = """
import json
from django.utils import timezone
from studio import notes, sharing
from studio.models import GenerationTask, User
task = GenerationTask.objects.get(task_id={task!r})
owner = User.objects.filter(role="owner").first()
ends_at = timezone.now() + sharing.LASTS
def make(**terms):
    terms = sharing.Terms(title="Opening shots", message="Watch it.", ends_at=ends_at, **terms)
    return sharing.make(by=owner, project=task.project, tasks=[task], terms=terms)
notes.write(task, author=owner, text="Lovely light", first_frame=3)
made, locked = make(may_download=True, shows_making=True), make(password="dandelion clock")
print(json.dumps(dict(share=str(made.share.pk), token=made.token, locked=locked.token)))
"""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`path` may use {clip}, the sample; {file}, the newest one; {share}, {token} and {locked} of share links; in a
    troubled studio {failed} and {uncertain}.
    """

    name: str
    path: str
    is_signed_in: bool = True
    status: int = 200


KINDS = (
    Kind(name="sign-in", path="/account/sign-in/", is_signed_in=False),
    Kind(name="forgot", path="/account/forgot/", is_signed_in=False),
    Kind(name="dead-link", path="/welcome/nothing/", is_signed_in=False, status=404),
    Kind(name="dead-invitation", path="/join/nothing/", is_signed_in=False, status=404),
    Kind(name="new-password", path="/account/new-password/1-nothing/", is_signed_in=False),
    Kind(name="create", path="/"),
    Kind(name="works", path="/works/"),
    Kind(name="library", path="/library/"),
    Kind(name="library-empty", path="/library/?q=nothing-has-these-words"),
    Kind(name="clip", path="/clips/{clip}/"),
    Kind(name="board", path="/board/"),
    Kind(name="board-question", path="/board/move/?clip={clip}&to=needs_changes"),
    Kind(name="inbox", path="/inbox/"),
    Kind(name="inbox-done", path="/inbox/?show=done"),
    Kind(name="review", path="/review/{clip}/"),
    Kind(name="review-details", path="/review/{clip}/#review-details"),
    Kind(name="compare", path="/compare/?a={clip}&b={clip}&view=side"),
    Kind(name="compare-wipe", path="/compare/?a={clip}&b={clip}&view=wipe"),
    Kind(name="compare-overlap", path="/compare/?a={clip}&b={clip}&view=overlap"),
    Kind(name="compare-grid", path="/compare/?a={clip}&b={clip}&view=grid"),
    Kind(name="compare-nothing", path="/compare/"),
    Kind(name="bin", path="/bin/"),
    Kind(name="words", path="/create/words/"),
    Kind(name="files", path="/library/files/"),
    Kind(name="file", path="/library/files/{file}/"),
    Kind(name="fix", path="/library/files/{file}/fix/?use=picture"),
    Kind(name="projects", path="/projects/"),
    Kind(name="share-links", path="/team/shares/"),
    Kind(name="share-link", path="/shares/{share}/"),
    Kind(name="share-new", path="/shares/new/?clip={clip}"),
    Kind(name="guest", path="/s/{token}/", is_signed_in=False),
    Kind(name="guest-password", path="/s/{locked}/password/", is_signed_in=False),
    Kind(name="guest-dead-link", path="/s/nothing/", is_signed_in=False, status=404),
    Kind(name="account", path="/you/"),
    Kind(name="connections", path="/team/connections/?change=budgets"),
    Kind(name="people", path="/team/people/?invite=1"),
    Kind(name="second-step", path="/you/second-step/"),
    Kind(name="password-again", path="/account/password/?next=/team/connections/"),
    Kind(name="first-run", path="/first/"),
    Kind(name="not-found", path="/nothing/", status=404),
)
TROUBLED = (
    Kind(name="create-paid", path="/"),
    Kind(name="works-with-troubles", path="/works/"),
    Kind(name="library-with-troubles", path="/library/"),
    Kind(name="clip-failed", path="/clips/{failed}/"),
    Kind(name="clip-uncertain", path="/clips/{uncertain}/#looked-number"),
    Kind(name="connections-connected", path="/team/connections/"),
)


@dataclass(frozen=True, kw_only=True)
class TroubledStudio:
    """A studio with paid providers that do badly, its owner's cookies, and the takes that its paths name."""

    studio: LiveStudio
    cookies: dict[str, Any]
    takes: dict[str, str]

    def address(self, kind: Kind) -> str:
        return self.studio.base_url + kind.path.format(**self.takes)


def address(studio: LiveStudio, kind: Kind) -> str:
    file = studio.rows("SELECT id FROM studio_libraryfile ORDER BY created_at DESC")[0][0]
    links = share_links(studio) if kind.name.startswith(("share", "guest")) else {}
    return studio.base_url + kind.path.format(clip=studio.sample_id, file=UUID(file), **links)


@cache
def share_links(studio: LiveStudio) -> dict[str, str]:
    """A share link with a comment, its id and its token; and the token of one with a password."""
    links: dict[str, str] = json.loads(studio.python(SHARE.format(task=studio.sample_id)).splitlines()[-1])
    return links
