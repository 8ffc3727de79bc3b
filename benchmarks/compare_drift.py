"""How far apart two films of 15 seconds drift in Compare over three loops, as the screen shows them.

python -m benchmarks.compare_drift
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.rows import Row, show
from benchmarks.studio_server import Running, manage, studio

SECONDS, LOOPS = 15, 3
FPS = 30
WIDTH, HEIGHT = 1280, 720
# The clip's rows as a finished take leaves them; the bytes go where the product's own store puts them.
PLANT = """
import io
from pathlib import Path
from uuid import uuid4
from PIL import Image
from django.utils import timezone
from studio import media, mentions, recipes
from studio.storage import store
from studio.files import uploads
from studio.models import Clip, Connection, GenerationTask, Project, Status, User
owner, inbox = User.objects.filter(role="owner").first(), Project.objects.get(is_inbox=True)
drawn = io.BytesIO()
Image.new("RGB", (640, 480), (90, 120, 160)).save(drawn, "PNG")
sky = uploads.store_bytes(drawn.getvalue(), filename="sky.png", project=inbox, user=owner, use="picture")
key = mentions.new_key()
recipe = recipes.Recipe(title="Two films", prompt="{{{{ref:%s}}}} turns" % key, first_frame=None,
    references=(recipes.ReferenceChoice(key=key, file=sky, name="sky"),), settings=recipes.Settings(duration=15))
tasks = recipes.send(recipe, user=owner, project=inbox, shot=None, connection=Connection.objects.get(provider="local"),
    takes=2, token=uuid4())
for task, path in zip(tasks, {films!r}):
    clip_id = uuid4()
    copy = store.scratch_dir() / "clip.mp4"
    facts = media.check_clip(Path(path), copy)
    size, digest = copy.stat().st_size, store.sha256_of(copy)
    store.publish(copy, store.clip_path(clip_id))
    clip = Clip.objects.create(id=clip_id, path=store.clip_path(clip_id), sha256=digest, size_bytes=size,
        width=facts.width, height=facts.height, duration=facts.duration, fps=facts.fps, video_codec=facts.video_codec)
    GenerationTask.objects.filter(pk=task.pk).update(
        status=Status.SUCCEEDED, clip=clip, next_at=None, finished_at=timezone.now())
print(*[task.task_id for task in tasks])
"""
WATCH = """async (loops) => {
    const { clock } = document.querySelector("compare-room");
    const seen = [];
    let loop = 0;
    for (const { video } of clock.tracks) {
        const note = (now, frame) => {
            seen.push([video.dataset.slot, loop, frame.mediaTime, frame.expectedDisplayTime]);
            video.requestVideoFrameCallback(note);
        };
        video.requestVideoFrameCallback(note);
    }
    const over = new Promise((resolve) => clock.addEventListener("loop", () => (loop += 1) === loops && resolve()));
    await clock.play();
    await over;
    clock.stop();
    return seen;
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, studio() as running:
        films = [_film(Path(folder) / f"{name}.mp4", tint) for name, tint in (("a", 0), ("b", 60))]
        printed = manage(
            running.environment, "shell", "-v0", "-c", PLANT.format(films=[str(film) for film in films])
        )
        drifts = _drifts(_watch(running, *printed.split()[-2:]))
    same = 100 * drifts.count(0) / len(drifts)
    note = f"{len(drifts)} instants with a new frame of both, {same:.0f} % the same frame"
    show(
        Row(
            name="two films of 15 s over three loops, drift",
            value=max(drifts),
            unit="frames",
            limit=1,
            note=note,
        )
    )


def _film(path: Path, tint: int) -> Path:
    """A picture in motion: a bright bar that crosses it."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=FPS, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(SECONDS * FPS):
            dots = np.full((HEIGHT, WIDTH, 3), 60 + tint, dtype=np.uint8)
            dots[:, 8 * number % WIDTH :][:, :40] = 230
            frame = av.VideoFrame.from_ndarray(dots, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def _watch(running: Running, first: str, second: str) -> list[tuple[str, int, float, float]]:
    with sync_playwright() as playwright:
        path = os.environ.get("STUDIO_TEST_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": running.session, "url": running.url}])
        page = context.new_page()
        page.goto(f"{running.url}/compare/?a={first}&b={second}&sound=none")
        seen = page.evaluate(WATCH, LOOPS)
        browser.close()
    return [tuple(each) for each in seen]


def _drifts(seen: Iterable[tuple[str, int, float, float]]) -> list[int]:
    """Frames apart, whenever the screen showed a new frame of both at one instant."""
    at_once: dict[tuple[int, int], dict[str, int]] = {}
    for slot, loop, media_time, display in seen:
        at_once.setdefault((loop, round(display)), {})[slot] = round(media_time * FPS)
    return [abs(pair["a"] - pair["b"]) for pair in at_once.values() if len(pair) == 2]


if __name__ == "__main__":
    main()
