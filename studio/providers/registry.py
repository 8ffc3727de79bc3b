"""Every provider by name, in the order of the cards."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from studio.providers import apiframe, dashscope, modelstream
from studio.providers.base import Capability, Provider
from studio.providers.local import CAPABILITY as LOCAL
from studio.providers.local import LocalDrafts


@cache
def capabilities() -> dict[str, Capability]:
    """What each provider can do, by name."""
    records = (modelstream.CAPABILITY, apiframe.CAPABILITY, dashscope.CAPABILITY, LOCAL)
    return {record.name: record for record in records}


@cache
def provider(name: str, *, jobs_dir: Path) -> Provider:
    """The one object that speaks for a provider in this process. Raises KeyError for an unknown name."""
    return {"local": LocalDrafts}[name](jobs_dir=jobs_dir)
