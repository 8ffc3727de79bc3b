"""The settings of a brief as they were typed, and what an untouched form holds."""

from __future__ import annotations

from typing import Any

from studio.connections.provider_accounts import capability_named
from studio.models import Brief
from studio.providers.base import Capability

FREE = "local"
DEFAULTS: dict[str, Any] = {
    "provider": FREE,
    "also": "",
    "duration": "5",
    "ratio": "16:9",
    "resolution": "720p",
    "takes": "1",
    "seed_kind": "new",
    "seed": "",
    "shot_type": "single",
    "prompt_extend": True,
    "watermark": False,
}
SWITCHES = ("prompt_extend", "watermark")
CHECKED = ("also",)
TYPED = tuple(name for name in DEFAULTS if name not in {*SWITCHES, *CHECKED})


def values_of(brief: Brief) -> dict[str, Any]:
    """Every setting, typed or default. Nothing is checked: what was typed is kept, in range or not."""
    return DEFAULTS | {name: brief.settings[name] for name in DEFAULTS if name in brief.settings}


def whole_number(text: object, default: int) -> int:
    """What a field holds as a whole number, or the default where it holds something else."""
    word = str(text).strip()
    return int(word) if word.isdecimal() and len(word) <= 12 else default


def also_of(brief: Brief) -> list[str]:
    """Names of the providers that are to make it too, as they were ticked."""
    return str(values_of(brief)["also"]).split()


def capability_of(brief: Brief) -> Capability:
    """What the chosen provider can do; the free draft's where the choice is unknown."""
    return capability_named(str(values_of(brief)["provider"])) or free_capability()


def free_capability() -> Capability:
    capability = capability_named(FREE)
    if capability is None:
        raise RuntimeError("The free draft is always there.")
    return capability
