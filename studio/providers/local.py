"""The free draft: rendered on this server from the references themselves."""

from __future__ import annotations

from pathlib import Path

from studio.providers.base import Capability, ErrorCategory, PriceRule, ProviderError, Snapshot, VideoRequest

CAPABILITY = Capability(
    name="local",
    label="Free draft",
    summary="An animatic of your references, up to 15 s",
    price=PriceRule(unit="free"),
    accepts_prompt_extend=False,
    accepts_watermark=False,
    expected_seconds=8,
    poll_rhythm=((86_400, 1),),
    can_cancel=True,
    repeats_by_key=True,
    delivery="path",
    reasons={
        "prompt_extend": "A draft shows your words exactly as written.",
        "watermark": "A draft carries its own mark.",
        "shot_type": "A draft cuts by your Shot marks.",
    },
)


class LocalDrafts:
    """Jobs lie in folders under `jobs_dir`."""

    name = "local"
    capability = CAPABILITY

    def __init__(self, *, jobs_dir: Path) -> None:
        self._jobs_dir = jobs_dir

    def submit(self, request: VideoRequest, *, key: str) -> str:
        raise ProviderError(ErrorCategory.PROVIDER_BUSY, "Drafts are not ready yet.")

    def fetch(self, job_id: str) -> Snapshot:
        raise ProviderError(ErrorCategory.EXPIRED, "There is no such draft.")

    def cancel(self, job_id: str) -> bool:
        return True

    def forget(self, job_id: str) -> None:
        """Nothing is kept."""
