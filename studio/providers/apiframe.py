"""Apiframe: what its Wan 2.7 reference-to-video takes (contract, sections 1.2 and 3)."""

from __future__ import annotations

from decimal import Decimal

from studio.providers.base import Capability, PriceRule

CREDITS_PER_SECOND = Decimal(17)

CAPABILITY = Capability(
    name="apiframe",
    label="Apiframe",
    summary="Single or multi-shot, up to 10 s",
    price=PriceRule(unit="credits", per_second={"720p": CREDITS_PER_SECOND, "1080p": CREDITS_PER_SECOND}),
    accepts_first_frame=False,
    accepts_voice=False,
    max_duration=10,
    max_duration_with_video=10,
    negative_prompt_limit=2500,
    accepts_prompt_extend=False,
    accepts_watermark=False,
    accepts_shot_type=True,
    expected_seconds=120,
    poll_rhythm=((120, 10), (600, 15), (86_400, 30)),
    repeats_by_key=True,
    reasons={
        "first_frame": "Not used by Apiframe",
        "voice": "Not used by Apiframe",
        "prompt_extend": "ModelStream only. Your words are sent exactly as written.",
        "watermark": "ModelStream only. Apiframe adds no mark.",
    },
    notes={
        "duration": "Apiframe makes 2 to 10 seconds.",
        "resolution": "Same price for both here.",
        "voice": "Sound is made automatically.",
    },
)
