"""A picture as it should be seen: upright, in sRGB, free of metadata. Runs in the child."""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps

from studio.media.pictures import turn_of

TRANSPOSED = {
    (0, True): Image.Transpose.FLIP_LEFT_RIGHT,
    (90, False): Image.Transpose.ROTATE_270,
    (90, True): Image.Transpose.TRANSPOSE,
    (180, False): Image.Transpose.ROTATE_180,
    (180, True): Image.Transpose.FLIP_TOP_BOTTOM,
    (270, False): Image.Transpose.ROTATE_90,
    (270, True): Image.Transpose.TRANSVERSE,
}


def develop(picture: Image.Image, *, at_most: int | None = None) -> Image.Image:
    """A new picture, RGB or RGBA, whose longer side is `at_most` pixels or less. Carries nothing but pixels."""
    turn, profile = turn_of(picture), picture.info.get("icc_profile")
    if at_most is not None:
        if picture.format in ("JPEG", "MPO"):
            picture.draft(None, (at_most, at_most))
        picture.thumbnail((at_most, at_most), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture.load()
    upright = turned(picture.copy(), *turn)
    return _bare(_in_srgb(upright, profile))


def turned(picture: Image.Image, clockwise: int, mirrored: bool) -> Image.Image:
    """The picture after the turn it asked for."""
    how = TRANSPOSED.get((clockwise, mirrored))
    return picture if how is None else picture.transpose(how)


def flattened(picture: Image.Image, background: str) -> Image.Image:
    """RGB, with one colour behind what was see-through."""
    if picture.mode == "RGB":
        return picture
    under = Image.new("RGB", picture.size, background)
    under.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return under


def fitted(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture on exactly this box, black around it where the shapes differ."""
    return picture if picture.size == box else ImageOps.pad(picture, box, Image.Resampling.BILINEAR)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    wanted = "RGBA" if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info else "RGB"
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                mode = "RGB" if picture.mode in ("CMYK", "L") else picture.mode
                return _converted(picture, source, mode)
        except ImageCms.PyCMSError:
            pass  # a broken profile is no reason to show nothing
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert(wanted)
    return picture if picture.mode == wanted else picture.convert(wanted)


def _converted(picture: Image.Image, source: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    return picture if changed is None else changed


def _bare(picture: Image.Image) -> Image.Image:
    """Without the notes Pillow would write out again: EXIF, GPS, XMP, comments, profiles."""
    picture.info = {}
    picture.getexif().clear()
    return picture
