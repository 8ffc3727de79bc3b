"""What is known about a file after looking at its bytes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

Kind = Literal["image", "video", "audio"]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Facts read from the bytes, never from a name or a header's claim where the content can be asked.

    Sides are in pixels as displayed, upright. `rotation` is the clockwise turn (0, 90, 180, 270) that the file
    asks for; `mirrored` that it wants to be flipped as well. Times are in seconds: `duration` is measured from
    what could be read, `claimed_seconds` is what the file says of itself. `truncated`: its end is missing.
    `damaged`: some part in the middle cannot be decoded.
    """

    kind: Kind
    format: str
    mime: str
    size_bytes: int
    width: int | None = None
    height: int | None = None
    rotation: int = 0
    mirrored: bool = False
    has_alpha: bool = False
    see_through: bool = False
    animated: bool = False
    duration: float | None = None
    claimed_seconds: float | None = None
    readable_seconds: float | None = None
    truncated: bool = False
    damaged: bool = False
    fps: float | None = None
    video_codec: str = ""
    pixel_format: str = ""
    hdr: bool = False
    audio_codec: str = ""
    has_audio: bool = False
    sample_rate: int | None = None
    channels: int | None = None
    silent: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The facts again; keys of later versions are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height, zero where there is no picture."""
        return self.width or 0, self.height or 0

    @property
    def seconds(self) -> float:
        """How long the usable part is; 0 for pictures."""
        if self.truncated and self.readable_seconds is not None:
            return self.readable_seconds
        return self.duration or 0.0
