"""Pictures as the encoder wants them: one plane of light and two half-size planes of colour (4:2:0, BT.709).

Working on planes instead of RGB is what makes drafts fast: 1.5 bytes a pixel instead of 4, and the conversion
is paid once per picture, not once per frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import av
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

Box = tuple[float, float, float, float]  # left, top, right, bottom
_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, kw_only=True)
class Planes:
    """A picture in three planes. Width and height are even."""

    y: Image.Image
    u: Image.Image
    v: Image.Image

    @property
    def size(self) -> tuple[int, int]:
        return self.y.size

    @classmethod
    def from_image(cls, image: Image.Image) -> Self:
        frame: av.VideoFrame = av.VideoFrame.from_image(image.convert("RGB"))  # type: ignore[no-untyped-call]
        return cls.from_frame(frame, image.size)

    @classmethod
    def from_frame(cls, frame: av.VideoFrame, size: tuple[int, int]) -> Self:
        """The frame scaled to `size`, in limited-range BT.709 whatever it came in."""
        scaled = frame.reformat(
            width=size[0],
            height=size[1],
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation="BICUBIC",
        )
        y, u, v = (
            Image.frombuffer("L", (plane.width, plane.height), bytes(plane), "raw", "L", plane.line_size, 1)
            for plane in scaled.planes
        )
        return cls(y=y, u=u, v=v)

    def to_frame(self) -> av.VideoFrame:
        frame = av.VideoFrame(*self.size, "yuv420p")
        for plane, image in zip(frame.planes, (self.y, self.u, self.v), strict=True):
            if plane.line_size != plane.width:
                padded = Image.new("L", (plane.line_size, plane.height))
                padded.paste(image)
                image = padded
            plane.update(image.tobytes())
        return frame

    def window(self, box: Box, size: tuple[int, int]) -> Planes:
        """What is seen through `box`, drawn at `size`. The box may lie between pixels, so slow moves glide."""
        box = (max(0.0, box[0]), max(0.0, box[1]), min(self.y.width, box[2]), min(self.y.height, box[3]))
        half_box = (box[0] / 2, box[1] / 2, box[2] / 2, box[3] / 2)
        half_size = (size[0] // 2, size[1] // 2)
        bilinear = Image.Resampling.BILINEAR
        return Planes(
            y=self.y.resize(size, bilinear, box=box),
            u=self.u.resize(half_size, bilinear, box=half_box),
            v=self.v.resize(half_size, bilinear, box=half_box),
        )

    def crop(self, left: int, top: int, size: tuple[int, int]) -> Planes:
        """A piece at even `left` and `top`, pixel for pixel."""
        box = (left, top, left + size[0], top + size[1])
        half = (box[0] // 2, box[1] // 2, box[2] // 2, box[3] // 2)
        return Planes(y=self.y.crop(box), u=self.u.crop(half), v=self.v.crop(half))

    def turned(self, degrees: int) -> Planes:
        """Turned anticlockwise by a multiple of 90 degrees."""
        turn = _TURNS.get(degrees % 360)
        if turn is None:
            return self
        return Planes(y=self.y.transpose(turn), u=self.u.transpose(turn), v=self.v.transpose(turn))

    def with_inset(self, other: Planes, left: int, top: int) -> Planes:
        """A copy with the other picture on it at even `left` and `top`."""
        copy = Planes(y=self.y.copy(), u=self.u.copy(), v=self.v.copy())
        copy.y.paste(other.y, (left, top))
        copy.u.paste(other.u, (left // 2, top // 2))
        copy.v.paste(other.v, (left // 2, top // 2))
        return copy

    def mix(self, other: Planes, amount: float) -> Planes:
        """This picture at 0, the other one at 1."""
        return Planes(
            y=Image.blend(self.y, other.y, amount),
            u=Image.blend(self.u, other.u, amount),
            v=Image.blend(self.v, other.v, amount),
        )


class Stamp:
    """A drawing with transparency that is put on many frames at the same place."""

    def __init__(self, drawing: Image.Image, *, left: int, top: int) -> None:
        """`drawing` is RGBA; `left` and `top` are rounded down to even numbers."""
        left, top = left - left % 2, top - top % 2
        width, height = drawing.width + drawing.width % 2, drawing.height + drawing.height % 2
        even = Image.new("RGBA", (width, height))
        even.paste(drawing)
        self._colour = Planes.from_image(even)
        self._mask = even.getchannel("A")
        self._half_mask = self._mask.reduce(2)
        self._at, self._half_at = (left, top), (left // 2, top // 2)

    def put_on(self, planes: Planes, opacity: float = 1.0) -> None:
        """Draw onto `planes`, which must not be shared with another frame."""
        mask, half = self._mask, self._half_mask
        if opacity < 1.0:
            faded = [round(level * opacity) for level in range(256)]
            mask, half = mask.point(faded), half.point(faded)
        planes.y.paste(self._colour.y, self._at, mask)
        planes.u.paste(self._colour.u, self._half_at, half)
        planes.v.paste(self._colour.v, self._half_at, half)
