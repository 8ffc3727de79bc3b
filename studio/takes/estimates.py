"""How long a clip will take, learned from this studio's own runs."""

from __future__ import annotations

from statistics import median

from studio.models import GenerationTask, Status
from studio.providers.base import Capability

RUNS_TO_LEARN_FROM = 40
RUNS_NEEDED = 3


def expected_seconds(capability: Capability, *, resolution: str, duration: int) -> int:
    """Seconds from start to ready: the median of recent runs, scaled to this clip's work where none was alike.

    The work of a clip grows with its seconds and pixels, so runs of other lengths are scaled by seconds, and of
    the other picture quality by 2.25 (the ratio of 1080P to 720P pixels). Before the third run it is the
    provider's own figure.
    """
    rows = (
        GenerationTask.objects.filter(
            provider=capability.name, status=Status.SUCCEEDED, making_seconds__isnull=False
        )
        .order_by("-finished_at")
        .values_list("making_seconds", "version__resolution", "version__duration")[:RUNS_TO_LEARN_FROM]
    )
    runs = [(seconds or 0.0, res, length) for seconds, res, length in rows]
    alike = [seconds for seconds, res, length in runs if (res, length) == (resolution, duration)]
    if len(alike) >= RUNS_NEEDED:
        return round(median(alike)) or 1
    if len(runs) >= RUNS_NEEDED:
        scaled = [seconds * _work(resolution, duration) / _work(res, length) for seconds, res, length in runs]
        return round(median(scaled)) or 1
    return capability.expected_seconds


def _work(resolution: str, duration: int) -> float:
    return duration * (2.25 if resolution == "1080p" else 1.0)
