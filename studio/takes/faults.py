"""The input a failed take points at: how it is called, its picture, and what the button about it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from studio import media, mentions
from studio.connections.provider_accounts import capability_named
from studio.models import GenerationTask, Reference, Status
from studio.providers.base import ErrorCategory

FIRST_FRAME, PROMPT, VOICE = "first_frame", "prompt", "voice"

LEADS: dict[str, str] = {
    ErrorCategory.INVALID_INPUT: "{provider} couldn’t use {fault}.",
    ErrorCategory.MEDIA_UNREACHABLE: "{provider} couldn’t open {fault}.",
    ErrorCategory.MODERATION: "{provider} declined {fault}.",
}
FIRST_SECONDS, A_LITTLE = 3, 0.5
FIRST = media.FixChoices(start=0.0, end=float(FIRST_SECONDS))
STOPPED = "{provider} stopped at {fault}."


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`key` is what the take keeps; `label` names it inside a sentence ("Video 1", "the first frame"); `name` is
    the file's; `variant` is which of the take's media shows it, if any; `place` is where Create shows it.
    `is_spare`: the rest can be sent without it. `is_long`: its first seconds alone can be tried.
    """

    key: str
    label: str
    act: str
    safe: str
    name: str = ""
    variant: str = ""
    place: str = ""
    is_spare: bool = False
    is_long: bool = False

    @property
    def title(self) -> str:
        """The label where it stands alone: "The first frame"."""
        return self.label[:1].upper() + self.label[1:]

    def lead(self, category: str, provider: str) -> str:
        """What happened, with the input in it."""
        return LEADS.get(category, STOPPED).format(provider=provider, fault=self.label)


def fault_of(task: GenerationTask) -> Fault | None:
    """The input that a failure points at; nothing where it points at none, or where the version lacks it.

    Asks for the version's references unless `preload` has fetched them.
    """
    if task.status != Status.FAILED or not task.fault:
        return None
    if task.fault == PROMPT:
        return Fault(
            key=PROMPT,
            label="this prompt",
            act="Edit the prompt",
            safe="References and settings kept.",
            place="prompt",
        )
    if task.fault == FIRST_FRAME:
        return _first_frame(task)
    return _reference(task)


def preload(tasks: Iterable[GenerationTask]) -> None:
    """Fetch what `fault_of` needs for all of them in one query, or in none if nothing points anywhere."""
    preload_all(task for task in tasks if task.fault and task.status == Status.FAILED)


def preload_all(tasks: Iterable[GenerationTask]) -> None:
    """Fetch the references of these takes with their files, in one query or in none."""
    rows = Reference.objects.select_related("file", "media", "voice__media").order_by("position")
    prefetch_related_objects([task.version for task in tasks], Prefetch("references", rows))


def _first_frame(task: GenerationTask) -> Fault | None:
    first_frame = task.version.first_frame
    if first_frame is None:
        return None
    return Fault(
        key=FIRST_FRAME,
        label="the first frame",
        act="Change the first frame",
        safe="References, prompt and settings kept.",
        name=first_frame.name,
        variant="first-frame" if first_frame.media.previews.get("thumb") else "",
        place="first_frame",
        is_spare=True,
    )


def _reference(task: GenerationTask) -> Fault | None:
    preload([task])
    references = list(task.version.references.all())
    is_voice = task.fault.startswith(f"{VOICE}:")
    key = task.fault.removeprefix(f"{VOICE}:")
    found = next((each for each in references if each.key == key), None)
    if found is None or (is_voice and found.voice is None):
        return None
    label = mentions.labels([mentions.Named(key=each.key, kind=each.kind) for each in references])[key]
    return Fault(
        key=task.fault,
        label=f"the voice of {label}" if is_voice else label,
        act=f"Change the voice of {label}" if is_voice else f"Replace {label}",
        safe=_safe(len(references), is_voice=is_voice),
        name=found.voice.name if is_voice and found.voice else found.name,
        variant=f"ref-{found.position}" if found.media.previews.get("thumb") else "",
        place=f"tile-{key}",
        is_spare=is_voice or _do_without(task, references, found),
        is_long=not is_voice and _has_first_seconds(found),
    )


def _do_without(task: GenerationTask, references: Sequence[Reference], found: Reference) -> bool:
    """Whether the provider still gets what it needs."""
    capability = capability_named(task.provider)
    return capability is not None and bool(
        {each.kind for each in references if each is not found} & capability.needs
    )


def _has_first_seconds(found: Reference) -> bool:
    """A clip that is longer, and can be read."""
    if found.kind != "video" or found.file.deleted_at:
        return False
    facts = found.media.measured
    is_longer = facts.seconds > FIRST_SECONDS + A_LITTLE
    return is_longer and bool(media.plan_fix(facts, media.Use.CLIP, choices=FIRST).steps)


def _safe(count: int, *, is_voice: bool) -> str:
    if is_voice:
        return "The references, the prompt and all settings are kept."
    others = "The other references, the prompt" if count > 1 else "The prompt"
    return f"{others} and all settings are kept."
