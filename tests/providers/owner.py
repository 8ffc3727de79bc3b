"""A process that owns free drafts, to be killed: submits one, says so, and keeps asking about it.

python -m tests.providers.owner JOBS_DIR PICTURE KEY
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from studio.providers.base import ReferenceInput, VideoRequest
from studio.providers.local import LocalDrafts


def main() -> None:
    jobs_dir, picture, key = sys.argv[1:]
    drafts = LocalDrafts(Path(jobs_dir))
    reference = ReferenceInput(kind="image", url=Path(picture).as_uri())
    print("ready", flush=True)
    job_id = drafts.submit(
        VideoRequest(prompt="Image 1 holds on.", references=(reference,), duration=2, seed=4), key=key
    )
    print(job_id, flush=True)
    while True:
        snapshot = drafts.fetch(job_id)
        print(snapshot.state, snapshot.progress, flush=True)
        time.sleep(0.02)


if __name__ == "__main__":
    main()
