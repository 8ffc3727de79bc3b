"""In a child: find one exact frame of a finished clip and write it as a PNG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from av.container.input import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream
from PIL import Image

from studio.media import streams
from studio.media.errors import UnreadableMedia
from studio.media.sniff import sniff

HD_HEIGHT = 720
UNDECLARED = 2  # AVCOL_SPC_UNSPECIFIED


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    path, out = Path(payload["path"]), Path(payload["out"])
    with streams.opened(path, sniff(path).opener) as container:
        stream = streams.moving_picture(container)
        frame = _on_screen(container, stream, float(payload["seconds"])) if stream else None
        if frame is None:
            raise UnreadableMedia("unreadable", streams.UNREADABLE)
        picture = _as_browsers_show_it(frame)
    picture.save(out, format="PNG", compress_level=3)
    return {"path": str(out)}


def _as_browsers_show_it(frame: VideoFrame) -> Image.Image:
    """In the colours a film declares. One that declares none is read by its size, as browsers do."""
    is_undeclared_hd = frame.colorspace == UNDECLARED and frame.height >= HD_HEIGHT
    source = Colorspace.ITU709 if is_undeclared_hd else None
    picture: Image.Image = frame.reformat(format="rgb24", src_colorspace=source).to_image()  # type: ignore[no-untyped-call]
    return picture


def _on_screen(container: InputContainer, stream: VideoStream, seconds: float) -> VideoFrame | None:
    """The last frame that begins at or before the moment; decoding starts at the keyframe before it."""
    base = stream.time_base
    if base is None:
        return None
    target = (stream.start_time or 0) + int(seconds / base + 0.5)
    container.seek(target, stream=stream, backward=True)
    shown: VideoFrame | None = None
    try:
        for frame in container.decode(stream):
            if shown is not None and frame.pts is not None and frame.pts > target:
                break
            shown = frame
    except FFmpegError:
        return shown
    return shown
