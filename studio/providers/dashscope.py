"""Alibaba Model Studio (DashScope), the origin of the model: what it takes (contract, sections 1.2 and 4)."""

from __future__ import annotations

from studio.providers.base import Capability, PriceRule

CAPABILITY = Capability(
    name="dashscope",
    label="DashScope",
    summary="Voice, first frame, up to 15 s",
    price=PriceRule(unit="usd", per_second={"720p": None, "1080p": None}, bills_reference_clips=True),
    max_duration=15,
    max_duration_with_video=10,
    accepts_shot_type=False,
    expected_seconds=150,
    poll_rhythm=((600, 15), (86_400, 30)),
    can_cancel=True,  # as long as the job waits in its queue
    reasons={"shot_type": "Apiframe only. DashScope decides from your prompt."},
    notes={"references": "Seconds of reference clips are charged too."},
)
