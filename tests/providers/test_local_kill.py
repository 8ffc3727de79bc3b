"""Kill -9 the process that owns the drafts, at any moment: each is drawn to its end, once, after the restart."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from PIL import Image

from studio.providers.base import ReferenceInput, State, VideoRequest
from studio.providers.local import LocalDrafts
from tests.waiting import wait_until

pytestmark = pytest.mark.kill


def kill_owner(jobs: Path, picture: Path, *, after: float) -> str:
    """Start an owner, kill it `after` seconds from its first word; the job's id if it came to that."""
    owner = subprocess.Popen(
        [sys.executable, "-m", "tests.providers.owner", str(jobs), str(picture), "key"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    time.sleep(after)
    owner.send_signal(signal.SIGKILL)
    said, _ = owner.communicate()
    return said.partition("\n")[0]


@pytest.mark.parametrize("seed", range(5))
def test_a_draft_survives_its_owner(tmp_path: Path, seed: int) -> None:
    jobs, picture = tmp_path / "jobs", tmp_path / "a.png"
    Image.effect_noise((640, 360), 60).convert("RGB").save(picture)
    chance = random.Random(seed)

    ids = {kill_owner(jobs, picture, after=chance.uniform(0, 1.2)) for _ in range(2)} - {""}
    drafts = LocalDrafts(jobs)
    again = drafts.submit(
        VideoRequest(
            prompt="Image 1 holds on.",
            references=(ReferenceInput(kind="image", url=picture.as_uri()),),
            duration=2,
            seed=4,
        ),
        key="key",
    )

    assert ids <= {again}
    assert wait_until(lambda: drafts.fetch(again).state == State.SUCCEEDED, seconds=60)
    clip = Path(drafts.fetch(again).video_url.removeprefix("file://"))
    drawn_at = clip.stat().st_mtime_ns
    with av.open(str(clip)) as container:
        assert len(list(container.decode(video=0))) == 60
    assert [path.name for path in jobs.iterdir() if not path.name.startswith(".new-")] == [again]
    assert [path.name for path in clip.parent.glob("*.mp4")] == ["draft.mp4"]
    assert drafts.submit(
        VideoRequest(prompt="", references=(ReferenceInput(kind="image", url=picture.as_uri()),)), key="key"
    )
    assert drafts.fetch(again).state == State.SUCCEEDED
    assert clip.stat().st_mtime_ns == drawn_at
