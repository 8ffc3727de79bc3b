"""A finished clip as the reviewing player takes it: addresses, shape, rate and number of frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse

from studio.models import GenerationTask
from studio.takes.cards import take_title
from studio.timecodes import frame_count, timecode

SHAPES = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0, "4:3": 4 / 3, "3:4": 3 / 4}


@dataclass(frozen=True, kw_only=True)
class Film:
    """Addresses are empty where there is no such picture. `start` is the frame to open on."""

    speeds: ClassVar[tuple[str, ...]] = ("0.1", "0.25", "0.5", "0.75", "1", "1.25", "1.5", "2")

    name: str
    src: str
    poster: str
    sprite: str
    width: int
    height: int
    fps: float
    frames: int
    start: int = 0

    @property
    def length(self) -> str:
        return timecode(self.frames, self.fps)

    @property
    def shape(self) -> str:
        """The nearest of the shapes that clips are made in, so that the page keeps its place free: "16:9"."""
        return min(SHAPES, key=lambda name: abs(SHAPES[name] - self.width / self.height))

    @property
    def rate(self) -> str:
        """ "25 fps", "29.97 fps"."""
        return f"{self.fps:.2f}".rstrip("0").rstrip(".") + " fps"


def film_of(task: GenerationTask, *, address: Callable[[str], str] | None = None, start: int = 0) -> Film:
    """The film of a take that has a clip. `address` gives where a variant of its media lies; else the studio's own."""
    clip = task.clip
    if clip is None:
        raise ValueError(f"Take {task.pk} has no clip.")

    def own(variant: str) -> str:
        return reverse("studio:clip-media", args=[task.task_id, variant])

    lies_at = address or own
    frames = frame_count(clip.duration, clip.fps)
    return Film(
        name=take_title(task),
        src=lies_at("video"),
        poster=lies_at("poster") if clip.previews.get("poster") else "",
        sprite=lies_at("sprite") if clip.previews.get("sprite") else "",
        width=clip.width,
        height=clip.height,
        fps=clip.fps,
        frames=frames,
        start=min(max(0, start), frames - 1),
    )
