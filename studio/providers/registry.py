"""Every provider by name, in the order of the cards."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from studio.providers import apiframe, dashscope, local, modelstream
from studio.providers.base import Capability, ErrorCategory, Provider, ProviderError

_CAPABILITIES = (modelstream.CAPABILITY, apiframe.CAPABILITY, dashscope.CAPABILITY, local.CAPABILITY)

_lock = threading.Lock()
_drafts: dict[tuple[int, Path], local.LocalDrafts] = {}


def capabilities() -> dict[str, Capability]:
    """What every provider can do, by name, in the order of the cards."""
    return {capability.name: capability for capability in _CAPABILITIES}


def provider(name: str, *, jobs_dir: Path) -> Provider:
    """The provider that speaks for a connection. Raises ProviderError for one that is not connected here.

    `jobs_dir` is where free drafts keep their jobs.
    """
    if name == local.CAPABILITY.name:
        return _drafts_in(jobs_dir)
    known = capabilities().get(name)
    label = known.label if known else "This provider"
    raise ProviderError(ErrorCategory.NOT_SENT, f"{label} is not connected to this studio.", retry_after=60)


def _drafts_in(jobs_dir: Path) -> local.LocalDrafts:
    """One object per process, because it owns threads; a forked process starts its own."""
    with _lock:
        place = (os.getpid(), jobs_dir)
        if place not in _drafts:
            _drafts[place] = local.LocalDrafts(jobs_dir)
        return _drafts[place]
