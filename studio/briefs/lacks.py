"""What a person entered that a provider leaves out: said in the form, and kept (C5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.briefs.tray import Tray
from studio.providers.base import Capability


def files_left_out(capability: Capability, tray: Tray) -> list[str]:
    """Files that would stay here, as words for one sentence."""
    left_out = []
    if tray.first_frame and not capability.accepts_first_frame:
        left_out.append("a first frame")
    if any(place.voice for place in tray.places) and not capability.accepts_voice:
        left_out.append("a voice")
    return left_out


def everything_left_out(capability: Capability, tray: Tray, values: Mapping[str, Any]) -> list[str]:
    """Files and settings that are not sent there, where another provider of the same version takes them."""
    left_out = files_left_out(capability, tray)
    if values["prompt_extend"] and not capability.accepts_prompt_extend:
        left_out.append("polishing the prompt")
    if values["watermark"] and not capability.accepts_watermark:
        left_out.append("the mark")
    if values["shot_type"] == "multi" and not capability.accepts_shot_type:
        left_out.append("choosing the shots")
    return left_out
