"""Repairing a still picture. Runs in the child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter, ImageOps

from studio.media import bombs, canvas, looking, pictures
from studio.media.findings import FixKind
from studio.media.layout import Layout, lay_out
from studio.media.limits import Use
from studio.media.orders import Order
from studio.media.sniff import sniff

LOSSLESS_SOURCES = ("png", "bmp")
QUALITIES = (95, 90, 85, 80, 70, 60)
PAD_COLOURS = {"white": "#ffffff", "black": "#000000"}


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    order = Order.read(payload)
    picture = _opened(order)
    report(0.3)
    picture = _turned(picture, order)
    if picture.mode == "RGBA" and _shall_be_solid(order):
        picture = canvas.flattened(picture, order.choices.background)
    layout = _layout(picture, order)
    if layout.scaled != picture.size:
        picture = picture.resize(layout.scaled, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if layout.pads:
        picture = padded(picture, layout, order.choices.pad)
    report(0.7)
    name = _save(picture, order)
    return {"name": name, "facts": looking.look(order.out_dir / name).to_dict()}


def _shall_be_solid(order: Order) -> bool:
    """Unused transparency is left out on the way, unless it is what a person wanted to keep."""
    unused = not order.facts.see_through and FixKind.DROP_ALPHA not in order.choices.skip
    return unused or FixKind.FLATTEN in order.kinds


def padded(picture: Image.Image, layout: Layout, pad: str) -> Image.Image:
    """The picture in the middle of its canvas; around it one colour, or itself, large and out of focus."""
    if pad == "soft":
        ground = _soft_ground(picture.convert("RGB"), layout.canvas)
    else:
        ground = Image.new("RGB", layout.canvas, PAD_COLOURS[pad])
    place = ((layout.canvas[0] - picture.width) // 2, (layout.canvas[1] - picture.height) // 2)
    ground.paste(picture, place, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return ground


def _soft_ground(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Blurred at an eighth of the size: nobody sees the difference, and it takes a sixty-fourth of the time."""
    small = (max(size[0] // 8, 16), max(size[1] // 8, 16))
    blurred = ImageOps.fit(picture, small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(6))
    return blurred.resize(size, Image.Resampling.BICUBIC)


def _opened(order: Order) -> Image.Image:
    """Upright by its own mark, in sRGB. (A mark that shall be kept is undone again in `_turned`.)"""
    sniffed = sniff(order.path)
    bombs.check_file(order.path, sniffed.format)
    with pictures.opened(order.path, sniffed) as picture:
        largest = order.limits.picture_side_max
        if max(picture.size) > largest and FixKind.SHRINK in order.kinds:
            return canvas.develop(picture, at_most=largest)
        return canvas.develop(picture)


def _turned(picture: Image.Image, order: Order) -> Image.Image:
    already = order.facts.rotation
    return canvas.turned(picture, (order.turn() - already) % 360, mirrored=False)


def _layout(picture: Image.Image, order: Order) -> Layout:
    wanted = lay_out(*picture.size, Use.PICTURE, order.limits)
    if FixKind.PAD not in order.kinds:
        wanted = Layout(scaled=wanted.scaled, canvas=wanted.scaled)
    if not order.kinds & {FixKind.SHRINK, FixKind.ENLARGE, FixKind.PAD}:
        wanted = Layout(scaled=picture.size, canvas=picture.size)
    return wanted


def _save(picture: Image.Image, order: Order) -> str:
    """PNG for what came without loss, if it fits; else JPEG, at the best quality that fits."""
    most = order.limits.picture_bytes
    if picture.mode == "RGBA" or order.facts.format in LOSSLESS_SOURCES:
        png = order.out_dir / "fixed.png"
        picture.save(png, compress_level=6)
        if picture.mode == "RGBA" or png.stat().st_size <= most:
            return png.name
        png.unlink()
    return _save_jpeg(picture.convert("RGB"), order.out_dir / "fixed.jpg", most=most)


def _save_jpeg(picture: Image.Image, path: Path, *, most: int) -> str:
    for quality in QUALITIES:
        picture.save(path, quality=quality, subsampling=0 if quality > 90 else 2)
        if path.stat().st_size <= most:
            return path.name
    half = (max(picture.width * 3 // 4, 1), max(picture.height * 3 // 4, 1))
    return _save_jpeg(picture.resize(half, Image.Resampling.LANCZOS), path, most=most)
