"""The nouns of the product, one file each."""

from studio.models.audit_entry import AuditEntry
from studio.models.brief import Brief
from studio.models.charge import Basis, Charge, ChargeState
from studio.models.clip import Clip
from studio.models.connection import Connection, ConnectionKey, PauseReason
from studio.models.decision import Decision, Verdict
from studio.models.fix_job import FixJob
from studio.models.generation_task import Attempt, GenerationTask, Submission, Trouble
from studio.models.invitation import Invitation
from studio.models.library import LibraryFile, MediaFile
from studio.models.note import Note, NoteEdit, NoteMention
from studio.models.notice import Notice
from studio.models.person import Role, User
from studio.models.project import Project
from studio.models.reference import Reference
from studio.models.share import Guest, Share, ShareItem, ShareView
from studio.models.shot import ReviewStatus, Shot, Version
from studio.models.status import Status
from studio.models.studio import Heartbeat, OwnerLink, Studio
from studio.models.task_event import TaskEvent
from studio.models.upload import Upload
from studio.models.wording import Wording

__all__ = [
    "Attempt",
    "AuditEntry",
    "Basis",
    "Brief",
    "Charge",
    "ChargeState",
    "Clip",
    "Connection",
    "ConnectionKey",
    "Decision",
    "FixJob",
    "GenerationTask",
    "Guest",
    "Heartbeat",
    "Invitation",
    "LibraryFile",
    "MediaFile",
    "Note",
    "NoteEdit",
    "NoteMention",
    "Notice",
    "OwnerLink",
    "PauseReason",
    "Project",
    "Reference",
    "ReviewStatus",
    "Role",
    "Share",
    "ShareItem",
    "ShareView",
    "Shot",
    "Status",
    "Studio",
    "Submission",
    "TaskEvent",
    "Trouble",
    "Upload",
    "User",
    "Verdict",
    "Version",
    "Wording",
]
