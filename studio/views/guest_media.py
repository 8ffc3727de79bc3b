"""Every byte of a share link: film, poster, sprite and download, each request through the same door (L-03)."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from studio.guests.visit import Visit
from studio.models import ShareView
from studio.sharing import visits as share_views
from studio.sharing.clips import clip_of
from studio.sharing.door import is_still_open
from studio.storage.answers import respond
from studio.storage.file_names import download_name
from studio.views.guest_door import guest_view
from studio.views.media import PREVIEW_TYPES

PICTURES = {"poster", "sprite"}


@require_safe
@guest_view
def guest_media(
    request: HttpRequest, visit: Visit, token: str, task_id: UUID, variant: str
) -> HttpResponseBase:
    """One file of one clip that the link shows. What it does not show, or not allow, is not there."""
    task = clip_of(visit.share, task_id)
    clip = task.clip if task else None
    if task is None or clip is None:
        raise Http404
    answer = partial(respond, request, may_go_on=partial(is_still_open, visit))
    if variant == "video":
        share_views.count(request, visit, ShareView.What.WATCHED, task)
        return answer(clip.path, content_type="video/mp4", etag=f"{clip.sha256}-guest")
    if variant == "download" and visit.share.may_download:
        share_views.count(request, visit, ShareView.What.DOWNLOADED, task)
        name = download_name(task.version.shot.title, "mp4")
        return answer(clip.path, content_type="video/mp4", etag=f"{clip.sha256}-saved", save_as=name)
    if variant in PICTURES:
        name = str(clip.previews.get(variant) or "")
        kind = PREVIEW_TYPES.get(f".{name.rpartition('.')[2]}")
        if name and "/" not in name and kind:
            folder = clip.path.removesuffix(".mp4")
            return answer(f"{folder}/{name}", content_type=kind, etag=f"{clip.sha256}-{name}")
    raise Http404
