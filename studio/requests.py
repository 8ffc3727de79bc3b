"""From a frozen version to what a provider is asked: labels compiled, references addressed."""

from __future__ import annotations

from typing import cast

from studio import mentions
from studio.delivery.links import NotDelivered, Sender, callback_url
from studio.models import Attempt, GenerationTask, MediaFile, Reference
from studio.providers import pointing
from studio.providers.base import (
    Kind,
    Provider,
    ProviderError,
    Ratio,
    ReferenceInput,
    Resolution,
    ShotType,
    VideoRequest,
)


def video_request(task: GenerationTask, attempt: Attempt, provider: Provider) -> VideoRequest:
    """Everything the provider takes, and nothing that it lacks. The form has said what is left out.

    May hand files to the provider's own upload. Raises ProviderError, its fault naming the file it is about.
    """
    version, capability = task.version, provider.capability
    sender = Sender(attempt=attempt, provider=provider)
    references = list(version.references.select_related("media", "voice__media").order_by("position"))
    named = [mentions.Named(key=reference.key, kind=reference.kind) for reference in references]
    patterns = {"image": capability.image_label, "video": capability.video_label}
    first_frame = version.first_frame if capability.accepts_first_frame else None
    return VideoRequest(
        prompt=mentions.to_display(version.prompt, named, patterns),
        negative_prompt=version.negative_prompt,
        references=tuple(
            _input(reference, sender, takes_voice=capability.accepts_voice) for reference in references
        ),
        first_frame_url=_address(sender, first_frame.media, "first_frame") if first_frame else None,
        resolution=cast(Resolution, version.resolution),
        ratio=cast(Ratio, version.ratio),
        duration=version.duration,
        prompt_extend=version.prompt_extend if capability.accepts_prompt_extend else None,
        watermark=version.watermark if capability.accepts_watermark else None,
        seed=task.seed,
        shot_type=cast(ShotType, version.shot_type) if capability.accepts_shot_type else None,
        callback_url=callback_url(attempt, task.connection, capability),
    )


def fault_of(task: GenerationTask, provider: Provider, place: str) -> str:
    """The input that a provider's answer points at, by its key; nothing if that cannot be told."""
    attempt = task.attempts.order_by("number").last()
    if not place or provider.capability.is_free or attempt is None:
        return place
    try:
        return pointing.fault_in(place, video_request(task, attempt, provider))
    except ProviderError:
        return ""


def _input(reference: Reference, sender: Sender, *, takes_voice: bool) -> ReferenceInput:
    voice = reference.voice if takes_voice else None
    return ReferenceInput(
        kind=cast(Kind, reference.kind),
        url=_address(sender, reference.media, reference.key),
        name=reference.name,
        key=reference.key,
        voice_url=_address(sender, voice.media, f"voice:{reference.key}") if voice else None,
    )


def _address(sender: Sender, stored: MediaFile, fault: str) -> str:
    try:
        return sender.address(stored)
    except NotDelivered:
        raise
    except ProviderError as error:
        error.fault = error.fault or fault
        raise
