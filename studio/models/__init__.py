"""The nouns of the product, one file each."""

from studio.models.brief import Brief
from studio.models.charge import Basis, Charge, ChargeState
from studio.models.clip import Clip
from studio.models.connection import Connection, ConnectionKey, PauseReason
from studio.models.fix_job import FixJob
from studio.models.generation_task import Attempt, GenerationTask, Submission, Trouble
from studio.models.library import LibraryFile, MediaFile
from studio.models.person import User
from studio.models.project import Project
from studio.models.reference import Reference
from studio.models.shot import Shot, Version
from studio.models.status import Status
from studio.models.studio import Heartbeat, OwnerLink, Studio
from studio.models.task_event import TaskEvent
from studio.models.upload import Upload

__all__ = [
    "Attempt",
    "Basis",
    "Brief",
    "Charge",
    "ChargeState",
    "Clip",
    "Connection",
    "ConnectionKey",
    "FixJob",
    "GenerationTask",
    "Heartbeat",
    "LibraryFile",
    "MediaFile",
    "OwnerLink",
    "PauseReason",
    "Project",
    "Reference",
    "Shot",
    "Status",
    "Studio",
    "Submission",
    "TaskEvent",
    "Trouble",
    "Upload",
    "User",
    "Version",
]
