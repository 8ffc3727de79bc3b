"""How references reach a provider, and what a fetch of one proves."""

from studio.delivery.links import (
    INLINE_AT_MOST,
    callback_url,
    is_callback,
    is_link,
    is_open,
    link,
    links_work,
    problem,
    way_for,
)

__all__ = [
    "INLINE_AT_MOST",
    "callback_url",
    "is_callback",
    "is_link",
    "is_open",
    "link",
    "links_work",
    "problem",
    "way_for",
]
