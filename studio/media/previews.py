"""The pictures of a file that browsers get: our own, re-encoded, upright, in sRGB, without any metadata."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from studio.media.child import MB, ChildLimits, run_child
from studio.media.facts import Facts

PREVIEWING = ChildLimits(
    memory_bytes=1536 * MB, cpu_seconds=90, wall_seconds=120.0, file_bytes=64 * MB, niceness=5
)


@dataclass(frozen=True, kw_only=True)
class Previews:
    """File names inside the folder that was given; None where the file has no such thing.

    `thumb` 480 px and `display` 1600 px at most; `poster` 1280 px; `sprite` 20 frames, 5 across and 4 down, row
    by row; `filmstrip` 10 frames in a row, 96 px high; `peaks` 48 loudnesses from 0 to 1 (empty: no sound).
    """

    thumb: str | None = None
    display: str | None = None
    poster: str | None = None
    sprite: str | None = None
    filmstrip: str | None = None
    peaks: tuple[float, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `from_dict` reads them again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "peaks": tuple(data.get("peaks", ()))})


def make_previews(path: Path, facts: Facts, out_dir: Path) -> Previews:
    """Write the previews of a file into `out_dir` (made if missing).

    Raises ChildFailed or UnreadableMedia; nothing depends on previews, so callers go on with a placeholder.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    limits = replace(PREVIEWING, read=(path,), write=(out_dir,))
    payload = {"path": str(path.resolve()), "facts": facts.to_dict(), "out_dir": str(out_dir.resolve())}
    module = "picture_previews" if facts.kind == "image" else "clip_previews"
    return Previews.from_dict(run_child(f"studio.media.{module}:run", payload, limits=limits))
