"""Every provider by name, in the order of the cards."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from studio.providers import apiframe, dashscope, local, modelstream
from studio.providers.base import Account, Capability, ErrorCategory, PaidProvider, Provider, ProviderError

_CAPABILITIES = (modelstream.CAPABILITY, apiframe.CAPABILITY, dashscope.CAPABILITY, local.CAPABILITY)
_PAID: dict[str, Callable[[Account], PaidProvider]] = {
    modelstream.CAPABILITY.name: modelstream.ModelStream,
    apiframe.CAPABILITY.name: apiframe.Apiframe,
    dashscope.CAPABILITY.name: dashscope.DashScope,
}

_CALLBACKS: dict[str, Callable[[bytes, Mapping[str, str], str], str]] = {
    apiframe.CAPABILITY.name: apiframe.read_callback,
}

MOST_CLIENTS = 64  # accounts come and go with every new key; a client costs memory and idle connections

_lock = threading.Lock()
_drafts: dict[tuple[int, Path], local.LocalDrafts] = {}
_paid: dict[tuple[int, str, Account], PaidProvider] = {}


def capabilities() -> dict[str, Capability]:
    """What every provider can do, by name, in the order of the cards."""
    return {capability.name: capability for capability in _CAPABILITIES}


def callbacks() -> Mapping[str, Callable[[bytes, Mapping[str, str], str], str]]:
    """For providers that call back: (raw body, headers, key) to the job's id, or nothing if it is not genuine."""
    return _CALLBACKS


def provider(name: str, *, jobs_dir: Path, account: Account | None = None) -> Provider:
    """The provider that speaks for a connection. Raises ProviderError for one that is not connected here.

    `jobs_dir` is where free drafts keep their jobs; `account` is who pays, for those that cost money.
    """
    if name == local.CAPABILITY.name:
        return _drafts_in(jobs_dir)
    if account is None or name not in _PAID:
        known = capabilities().get(name)
        label = known.label if known else "This provider"
        raise ProviderError(
            ErrorCategory.NOT_SENT, f"{label} is not connected to this studio.", retry_after=60
        )
    return paid_provider(name, account)


def paid_provider(name: str, account: Account) -> PaidProvider:
    """One object, with its pool of connections, per process and account. Raises KeyError for an unknown name,
    ProviderError for an account that cannot be used.
    """
    with _lock:
        place = (os.getpid(), name, account)
        client = _paid.pop(place, None) or _PAID[name](account)
        _paid[place] = client  # the longest unused one is first
        if len(_paid) > MOST_CLIENTS:
            _paid.pop(next(iter(_paid)))
        return client


def _drafts_in(jobs_dir: Path) -> local.LocalDrafts:
    """One object per process, because it owns threads; a forked process starts its own."""
    with _lock:
        place = (os.getpid(), jobs_dir)
        if place not in _drafts:
            _drafts[place] = local.LocalDrafts(jobs_dir)
        return _drafts[place]
