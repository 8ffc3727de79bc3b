"""The nouns of the product, one file each."""

from studio.models.brief import Brief
from studio.models.clip import Clip
from studio.models.connection import Connection
from studio.models.fix_job import FixJob
from studio.models.generation_task import Attempt, GenerationTask, Submission
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
    "Brief",
    "Clip",
    "Connection",
    "FixJob",
    "GenerationTask",
    "Heartbeat",
    "LibraryFile",
    "MediaFile",
    "OwnerLink",
    "Project",
    "Reference",
    "Shot",
    "Status",
    "Studio",
    "Submission",
    "TaskEvent",
    "Upload",
    "User",
    "Version",
]
