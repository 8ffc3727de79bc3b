"""Private pictures, clips and sounds. Who may not see a thing gets the same 404 as for a missing one."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from studio import access
from studio.http import SignedInRequest
from studio.models import GenerationTask, MediaFile
from studio.storage import store
from studio.storage.answers import respond
from studio.storage.file_names import download_name

PREVIEWS = {"thumb", "display", "poster", "sprite", "filmstrip"}
PREVIEW_TYPES = {".webp": "image/webp", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
PLAYABLE_TYPES = {
    "mp4": "video/mp4",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
}
PLAYABLE_CODECS = {"h264", "av1", "vp9"}
UNPLAYABLE_SOUND = {"alac"}  # an m4a may hold it; only Safari plays it


@require_safe
def file_picture(request: SignedInRequest, file_id: UUID, variant: str) -> HttpResponseBase:
    """A library file: our own pictures of it, its sound and film where a browser can play it, or a download.

    The bytes that someone uploaded as a picture are never shown as they are: they only leave as a download (U-06).
    """
    file = access.file_for(request.user, file_id)
    stored = file.media
    if variant in PREVIEWS:
        return _preview(request, stored.previews, store.previews_path(stored.sha256), variant, stored.sha256)
    path = store.file_path(stored.sha256, stored.extension)
    if variant == "play" and is_playable(stored):
        return respond(
            request, path, content_type=PLAYABLE_TYPES[stored.extension], etag=f"{stored.sha256}-play"
        )
    if variant == "download":
        name = download_name(file.name, stored.extension)
        return respond(
            request,
            path,
            content_type="application/octet-stream",
            etag=f"{stored.sha256}-save",
            save_as=name,
        )
    raise Http404


@require_safe
def clip_media(request: SignedInRequest, task_id: UUID, variant: str) -> HttpResponseBase:
    """A finished clip: the film, our pictures of it, or a download."""
    task = access.task_for(request.user, task_id)
    clip = task.clip
    if variant == "cover" or variant == "first-frame" or variant.startswith("ref-"):
        return _ingredient(request, task, variant)
    if clip is None:
        raise Http404
    if variant == "video":
        return respond(request, clip.path, content_type="video/mp4", etag=clip.sha256)
    if variant == "download":
        return respond(
            request,
            clip.path,
            content_type="video/mp4",
            etag=f"{clip.sha256}-save",
            save_as=clip_file_name(task),
        )
    if variant in PREVIEWS:
        return _preview(request, clip.previews, clip.path.removesuffix(".mp4"), variant, clip.sha256)
    raise Http404


def _ingredient(request: SignedInRequest, task: GenerationTask, variant: str) -> HttpResponseBase:
    """The picture of what a take is made from. Who may see the take may see it, wherever the file lies today."""
    stored: MediaFile | None = None
    if variant == "cover":
        stored = task.cover
    elif variant == "first-frame":
        stored = task.version.first_frame.media if task.version.first_frame else None
    elif variant[4:].isdecimal():
        reference = (
            task.version.references.select_related("media").filter(position=int(variant[4:][:3])).first()
        )
        stored = reference.media if reference else None
    if stored is None:
        raise Http404
    return _preview(request, stored.previews, store.previews_path(stored.sha256), "thumb", stored.sha256)


def is_playable(stored: MediaFile) -> bool:
    """Whether browsers play the stored bytes as they are."""
    if stored.extension not in PLAYABLE_TYPES:
        return False
    if stored.kind == "audio":
        return stored.facts.get("audio_codec") not in UNPLAYABLE_SOUND
    return stored.facts.get("video_codec") in PLAYABLE_CODECS


def clip_file_name(task: GenerationTask) -> str:
    """A download's name that every computer takes: "Morning stretch v1 take 2.mp4"."""
    version = task.version
    return download_name(f"{version.shot.title} v{version.number} take {task.number}", "mp4")


def _preview(
    request: SignedInRequest, previews: dict[str, object], folder: str, variant: str, sha256: str
) -> HttpResponseBase:
    name = previews.get(variant)
    kind = PREVIEW_TYPES.get(f".{str(name).rpartition('.')[2]}")
    if not isinstance(name, str) or "/" in name or kind is None:
        raise Http404
    return respond(request, f"{folder}/{name}", content_type=kind, etag=f"{sha256}-{name}")
