"""How often somebody may try: counted by address or by key, in the cache that all processes share."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest


class TooOften(Exception):
    """It was tried too many times. Nothing was done this time."""


def count(request: HttpRequest, what: str, rate: str, *, key: str = "") -> None:
    """Count one try of `what`, also one by GET. `rate` is allauth's: "5/5m/key", "60/m/ip", or both with a comma.

    Raises TooOften.
    """
    used = ratelimit.consume(
        request, app="studio", action=what, config={what: rate}, key=key or None, limit_get=True
    )
    if not used:
        raise TooOften


def address(request: HttpRequest) -> str:
    """Where a request comes from, as allauth counts it: behind a proxy the one it names, a network for IPv6."""
    return str(ratelimit.get_ip(request))
