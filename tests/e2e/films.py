"""Films whose every frame carries its own number, as blocks that survive encoding, and takes that have them."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Locator

from tests.e2e.planting import plant_ready
from tests.e2e.studio_process import LiveStudio

WIDTH, HEIGHT = 640, 360
BITS = 10
BLOCK = WIDTH // BITS
# Number in the upper band, its opposite in the lower one: a blend of two frames then reads as none.
BANDS = (slice(0, 64), slice(64, 128))
RATES = {
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30_000, 1001),
    "30": Fraction(30),
}
READ = """async (film, [bits, block]) => {
    while (film.seeking) await new Promise((resolve) => film.addEventListener("seeked", resolve, { once: true }));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [film.videoWidth, film.videoHeight];
    const paper = canvas.getContext("2d");
    paper.drawImage(film, 0, 0);
    const dots = paper.getImageData(0, 0, canvas.width, canvas.height).data;
    return [32, 96].map((y) => Array.from({ length: bits }, (_, bit) =>
        dots[4 * (y * canvas.width + bit * block + block / 2)]));
}"""


def numbered_film(path: Path, *, rate: Fraction, frames: int) -> Path:
    """A film with frames that depend on each other in both directions, as providers send them."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=rate, options={"bf": "2", "g": "48"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = 1 / rate
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            frame.pts = number
            frame.time_base = 1 / rate
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def picture(number: int) -> NDArray[np.uint8]:
    """The frame of this number: its bits in blocks, and the number to read for people."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (60, 70, 80))
    draw = ImageDraw.Draw(image)
    draw.text((WIDTH // 2 - 60, HEIGHT // 2), str(number), fill=(240, 240, 240), font_size=96)
    dots = np.array(image)
    for bit in range(BITS):
        is_set = bool(number >> bit & 1)
        columns = slice(bit * BLOCK, (bit + 1) * BLOCK)
        dots[BANDS[0], columns] = 235 if is_set else 20
        dots[BANDS[1], columns] = 20 if is_set else 235
    return dots


def number_in(bands: list[list[float]]) -> int | None:
    """The number in the brightness of the two bands' blocks; None if they do not agree."""
    upper, lower = ([value > 128 for value in band] for band in bands)
    if any(one == other for one, other in zip(upper, lower, strict=True)):
        return None
    return sum(1 << bit for bit, is_set in enumerate(upper) if is_set)


def number_of_picture(dots: NDArray[np.uint8]) -> int | None:
    """The number in a picture of the frame, at full size."""
    centres = [bit * BLOCK + BLOCK // 2 for bit in range(BITS)]
    return number_in([[float(dots[y, x, 0]) for x in centres] for y in (32, 96)])


def number_shown(video: Locator) -> int | None:
    """The number of the frame that a <video> shows, once it has arrived there."""
    return number_in(video.evaluate(READ, [BITS, BLOCK]))


def wait_for(player: Locator, what: str) -> None:
    """Until `what`, a function of the element, says yes."""
    player.page.wait_for_function(what, arg=player.element_handle())


def number_on_screen(picture: Locator) -> int | None:
    """The same from a photograph of the page, with whatever the browser put between film and eye."""
    photo = Image.open(io.BytesIO(picture.screenshot())).convert("RGB").resize((WIDTH, HEIGHT))
    return number_of_picture(np.asarray(photo))


def plant_films(studio: LiveStudio, films: dict[str, Path]) -> dict[str, str]:
    """A ready take for each film, by title, through the product's own check and previews; their ids."""
    return {title: plant_ready(studio, film, title)[0] for title, film in films.items()}
