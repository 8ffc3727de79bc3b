"""From a frozen version to what a provider is asked: labels compiled, references addressed."""

from __future__ import annotations

from typing import cast

from studio import mentions, store
from studio.models import GenerationTask, MediaFile, Reference
from studio.providers.base import Capability, Kind, Ratio, ReferenceInput, Resolution, ShotType, VideoRequest


def video_request(task: GenerationTask, capability: Capability) -> VideoRequest:
    """Everything the provider takes, and nothing that it lacks. The form has said what is left out."""
    version = task.version
    references = list(version.references.select_related("media", "voice__media").order_by("position"))
    named = [mentions.Named(key=reference.key, kind=reference.kind) for reference in references]
    patterns = {"image": capability.image_label, "video": capability.video_label}
    first_frame = version.first_frame if capability.accepts_first_frame else None
    return VideoRequest(
        prompt=mentions.to_display(version.prompt, named, patterns),
        negative_prompt=version.negative_prompt,
        references=tuple(_input(reference, capability) for reference in references),
        first_frame_url=_url(first_frame.media) if first_frame else None,
        resolution=cast(Resolution, version.resolution),
        ratio=cast(Ratio, version.ratio),
        duration=version.duration,
        prompt_extend=version.prompt_extend if capability.accepts_prompt_extend else None,
        watermark=version.watermark if capability.accepts_watermark else None,
        seed=task.seed,
        shot_type=cast(ShotType, version.shot_type) if capability.accepts_shot_type else None,
    )


def _input(reference: Reference, capability: Capability) -> ReferenceInput:
    voice = reference.voice if capability.accepts_voice else None
    return ReferenceInput(
        kind=cast(Kind, reference.kind),
        url=_url(reference.media),
        name=reference.name,
        key=reference.key,
        voice_url=_url(voice.media) if voice else None,
    )


def _url(media: MediaFile) -> str:
    """A file URL for the provider on this machine. Paid providers get signed links instead."""
    return store.media_path(store.file_path(media.sha256, media.extension)).as_uri()
