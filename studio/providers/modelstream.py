"""ModelStream: what its Wan 2.7 reference-to-video takes (contract, sections 1.2 and 2)."""

from __future__ import annotations

from studio.providers.base import Capability, PriceRule

CAPABILITY = Capability(
    name="modelstream",
    label="ModelStream",
    summary="Voice, first frame, up to 15 s",
    price=PriceRule(unit="usd", per_second={"720p": None, "1080p": None}),
    needs=frozenset({"image"}),  # its own form marks a picture as required
    max_duration=15,
    max_duration_with_video=10,
    accepts_shot_type=False,
    expected_seconds=90,
    poll_rhythm=((120, 10), (600, 15), (86_400, 30)),
    reasons={"shot_type": "Apiframe only. ModelStream decides from your prompt."},
    notes={
        "references": "ModelStream needs at least one picture.",
        "voice": "Experimental with ModelStream: listen to a first clip before you make many.",
        "resolution": "The price can differ between the two.",
    },
)
