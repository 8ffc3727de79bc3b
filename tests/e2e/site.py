"""Every kind of page there is, with something on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.e2e.studio_process import LiveStudio


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`path` may use {clip} and {file}, the newest of each; in a troubled studio {failed} and {uncertain}."""

    name: str
    path: str
    is_signed_in: bool = True
    status: int = 200


KINDS = (
    Kind(name="sign-in", path="/account/sign-in/", is_signed_in=False),
    Kind(name="forgot", path="/account/forgot/", is_signed_in=False),
    Kind(name="dead-link", path="/welcome/nothing/", is_signed_in=False, status=404),
    Kind(name="new-password", path="/account/new-password/1-nothing/", is_signed_in=False),
    Kind(name="create", path="/"),
    Kind(name="works", path="/works/"),
    Kind(name="library", path="/library/"),
    Kind(name="library-empty", path="/library/?q=nothing-has-these-words"),
    Kind(name="clip", path="/clips/{clip}/"),
    Kind(name="bin", path="/bin/"),
    Kind(name="files", path="/library/files/"),
    Kind(name="file", path="/library/files/{file}/"),
    Kind(name="fix", path="/library/files/{file}/fix/?use=picture"),
    Kind(name="projects", path="/projects/"),
    Kind(name="account", path="/you/"),
    Kind(name="connections", path="/team/connections/?change=budgets"),
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
    return studio.base_url + kind.path.format(clip=studio.task_ids()[-1], file=UUID(file))
