"""What a draft is made of, and how large, long and varied it shall be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from studio.providers.base import Kind, ReferenceInput, VideoRequest

FPS = 30
MIN_SECONDS, MAX_SECONDS, MAX_SECONDS_WITH_CLIP = 2, 15, 10  # a draft is never longer than the clip can be
MAX_SOURCES = 5
_FILE_ENDING = re.compile(r"(?<=.)\.(jpe?g|png|bmp|webp|hei[cf]|mp4|mov|webm|mkv)$", re.IGNORECASE)

# Pixels by size and shape (contract, section 4.3).
SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "720p": {
        "16:9": (1280, 720),
        "9:16": (720, 1280),
        "1:1": (960, 960),
        "4:3": (1104, 832),
        "3:4": (832, 1104),
    },
    "1080p": {
        "16:9": (1920, 1080),
        "9:16": (1080, 1920),
        "1:1": (1440, 1440),
        "4:3": (1648, 1248),
        "3:4": (1248, 1648),
    },
}


class DraftProblem(Exception):
    """This draft cannot be made as asked. The text is a sentence for people, `fault` the input it points at."""

    def __init__(self, sentence: str, *, fault: str = "") -> None:
        super().__init__(sentence)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Source:
    """A picture or clip of the draft. `label` is how the prompt names it, `name` how people know it, `key` how
    the request knows it."""

    kind: Kind
    path: Path
    label: str
    name: str = ""
    voice: Path | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class DraftRequest:
    """Everything one draft needs. The same request always gives the same film."""

    prompt: str
    sources: tuple[Source, ...]
    first_frame: Path | None
    width: int
    height: int
    seconds: int
    seed: int

    @property
    def frames(self) -> int:
        return self.seconds * FPS

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file the draft reads."""
        paths = [path for source in self.sources for path in (source.path, source.voice)]
        return tuple(path for path in (self.first_frame, *paths) if path is not None)

    def to_dict(self) -> dict[str, Any]:
        return {
            "prompt": self.prompt,
            "sources": [_source_to_dict(source) for source in self.sources],
            "first_frame": str(self.first_frame) if self.first_frame else None,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DraftRequest:
        return cls(
            prompt=data["prompt"],
            sources=tuple(_source_from_dict(source) for source in data["sources"]),
            first_frame=_path(data["first_frame"]),
            width=data["width"],
            height=data["height"],
            seconds=data["seconds"],
            seed=data["seed"],
        )


def draft_request(video: VideoRequest) -> DraftRequest:
    """The draft of a request that addresses its files by file URLs. Raises DraftProblem."""
    if not video.references and not video.first_frame_url:
        raise DraftProblem("Add at least one picture or clip: a draft is made of nothing else.")
    if len(video.references) > MAX_SOURCES:
        raise DraftProblem(
            f"A draft takes up to {MAX_SOURCES} pictures and clips; {len(video.references)} came."
        )
    with_clip = any(reference.kind == "video" for reference in video.references)
    longest = MAX_SECONDS_WITH_CLIP if with_clip else MAX_SECONDS
    if not MIN_SECONDS <= video.duration <= longest:
        raise DraftProblem(
            f"A draft {'with a clip ' if with_clip else ''}can be {MIN_SECONDS} to {longest} seconds long; "
            f"{video.duration} was asked for."
        )
    width, height = _size(video.resolution, video.ratio)
    return DraftRequest(
        prompt=video.prompt,
        sources=_sources(video.references),
        first_frame=_local_file(video.first_frame_url, "The first frame", "first_frame")
        if video.first_frame_url
        else None,
        width=width,
        height=height,
        seconds=video.duration,
        seed=video.seed or 0,
    )


def _size(resolution: str, ratio: str) -> tuple[int, int]:
    try:
        return SIZES[resolution.lower()][ratio]
    except KeyError:
        raise DraftProblem(f"A draft cannot be made at {resolution} in the shape {ratio}.") from None


def _sources(references: tuple[ReferenceInput, ...]) -> tuple[Source, ...]:
    counts = {"image": 0, "video": 0}
    sources = []
    for reference in references:
        counts[reference.kind] += 1
        label, key = f"{reference.kind.capitalize()} {counts[reference.kind]}", reference.key
        voice, voice_key = f"The voice of {label}", f"voice:{key}"
        sources.append(
            Source(
                kind=reference.kind,
                path=_local_file(reference.url, label, key),
                label=label,
                name=_FILE_ENDING.sub("", reference.name.strip()),
                voice=_local_file(reference.voice_url, voice, voice_key) if reference.voice_url else None,
                key=key,
            )
        )
    return tuple(sources)


def _local_file(url: str, what: str, key: str) -> Path:
    parts = urlsplit(url)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or not path.is_file():
        raise DraftProblem(f"{what} is no longer there. Add it again.", fault=key)
    return path


def _source_to_dict(source: Source) -> dict[str, Any]:
    return {
        "kind": source.kind,
        "path": str(source.path),
        "label": source.label,
        "name": source.name,
        "voice": str(source.voice) if source.voice else None,
        "key": source.key,
    }


def _source_from_dict(data: dict[str, Any]) -> Source:
    return Source(
        kind=data["kind"],
        path=Path(data["path"]),
        label=data["label"],
        name=data["name"],
        voice=_path(data["voice"]),
        key=data.get("key", ""),
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
