"""What the model takes (providers' contract, section 4.3). A provider may be stricter, never laxer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MB = 1024 * 1024


class Use(StrEnum):
    """How a file is to be used."""

    PICTURE = "picture"
    CLIP = "clip"
    VOICE = "voice"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Sides in pixels, sizes in bytes, lengths in seconds; `ratio` is the longer side over the shorter."""

    picture_formats: tuple[str, ...] = ("jpeg", "png", "bmp", "webp")
    picture_side_min: int = 240
    picture_side_max: int = 8000
    picture_ratio: float = 8.0
    picture_bytes: int = 20 * MB
    clip_formats: tuple[str, ...] = ("mp4", "mov")
    clip_codecs: tuple[str, ...] = ("h264",)
    clip_side_min: int = 240
    clip_side_max: int = 4096
    clip_ratio: float = 8.0
    clip_seconds_min: float = 1.0
    clip_seconds_max: float = 30.0
    clip_bytes: int = 100 * MB
    voice_formats: tuple[str, ...] = ("wav", "mp3")
    voice_seconds_min: float = 1.0
    voice_seconds_max: float = 10.0
    voice_bytes: int = 15 * MB

    def side_range(self, use: Use) -> tuple[int, int]:
        if use is Use.CLIP:
            return self.clip_side_min, self.clip_side_max
        return self.picture_side_min, self.picture_side_max

    def seconds_range(self, use: Use) -> tuple[float, float]:
        if use is Use.VOICE:
            return self.voice_seconds_min, self.voice_seconds_max
        return self.clip_seconds_min, self.clip_seconds_max

    def ratio(self, use: Use) -> float:
        return self.clip_ratio if use is Use.CLIP else self.picture_ratio

    def bytes_max(self, use: Use) -> int:
        return {Use.PICTURE: self.picture_bytes, Use.CLIP: self.clip_bytes, Use.VOICE: self.voice_bytes}[use]

    def formats(self, use: Use) -> tuple[str, ...]:
        return {
            Use.PICTURE: self.picture_formats,
            Use.CLIP: self.clip_formats,
            Use.VOICE: self.voice_formats,
        }[use]


MODEL_LIMITS = Limits()
