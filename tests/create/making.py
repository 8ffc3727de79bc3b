"""A brief with references, and the form that its page would post."""

from __future__ import annotations

from typing import Any

from studio import mentions
from studio.briefs.tray import tray_of
from studio.briefs.values import values_of
from studio.models import Brief, LibraryFile, User
from tests.factories import inbox, make_file, make_media_file, make_user

TOO_SMALL = {"width": 180, "height": 180}
CLIP_FACTS = {
    "width": 1280,
    "height": 720,
    "fps": 30.0,
    "video_codec": "h264",
    "audio_codec": "aac",
    "pixel_format": "yuv420p",
}


def make_clip_file(**fields: Any) -> LibraryFile:
    """A five-second clip that every provider takes."""
    return make_file("video", media=make_media_file("video", facts=CLIP_FACTS), **fields)


def make_brief(
    user: User | None = None,
    files: list[LibraryFile] | None = None,
    *,
    prompt: str | None = None,
    **fields: Any,
) -> Brief:
    """`prompt` as people read it: "Image 1 walks"."""
    user = user or make_user()
    files = [make_file(name="rider")] if files is None else files
    keys = [f"key{number:03}" for number, _ in enumerate(files, start=1)]
    refs = [mentions.Named(key=key, kind=file.kind) for key, file in zip(keys, files, strict=True)]
    display = ("Image 1 walks into the light" if files else "") if prompt is None else prompt
    return Brief.objects.create(
        user=user,
        project=fields.pop("project", None) or inbox(),
        prompt=mentions.to_stored(display, refs),
        tray=[
            {"key": ref.key, "file": str(file.pk), "voice": "", "name": file.name, "kind": file.kind}
            for ref, file in zip(refs, files, strict=True)
        ],
        **fields,
    )


def form_of(brief: Brief, **changes: Any) -> dict[str, Any]:
    """What the page of this brief posts, with changes. None takes a field out."""
    tray = tray_of(brief, brief.user)
    posted = {
        "title": brief.title,
        "prompt": mentions.to_display(brief.prompt, tray.numbered, gone=tray.gone),
        "negative_prompt": brief.negative_prompt,
        "tray_keys": tray.keys,
        "revision": str(brief.revision),
        "send_token": str(brief.send_token),
        "page": "a-page",
    }
    posted |= {name: value for name, value in values_of(brief).items() if not isinstance(value, bool)}
    posted |= {name: "on" for name, value in values_of(brief).items() if value is True}
    return {name: value for name, value in (posted | changes).items() if value is not None}
