"""The model's own vocabulary: what its codes and texts mean. DashScope speaks it, ModelStream passes it on."""

from __future__ import annotations

import re

from studio.providers.base import ErrorCategory

_MODERATION = re.compile(
    r"polic|inappropriate|sensitiv|moderat|nsfw|safety|prohibited|infring|content filter|violat",
    re.IGNORECASE,
)
_UNREACHABLE = re.compile(
    r"download|time[d ]?[- ]?out during the data inspection|unreachable|(?:failed|unable) to (?:fetch|access|open|load)"
    r"|(?:cannot|can't|could not) (?:be )?(?:fetch|access|open|load|reach)|media format|connection refused",
    re.IGNORECASE,
)
_BY_CODE: tuple[tuple[str, ErrorCategory], ...] = (
    ("datainspection", ErrorCategory.MODERATION),
    ("data_inspection", ErrorCategory.MODERATION),
    ("ipinfringement", ErrorCategory.MODERATION),
    ("arrearage", ErrorCategory.BALANCE),
    ("insufficient_", ErrorCategory.BALANCE),
    ("pre_consume_token_quota", ErrorCategory.BALANCE),
    ("invalidapikey", ErrorCategory.AUTH),
    ("invalid_api_key", ErrorCategory.AUTH),
    ("throttling", ErrorCategory.RATE_LIMITED),
    ("rate_limit", ErrorCategory.RATE_LIMITED),
    ("internalerror", ErrorCategory.PROVIDER_ERROR),
    ("invalidurl", ErrorCategory.INVALID_INPUT),
    ("invalidparameter", ErrorCategory.INVALID_INPUT),
    ("invalid_parameter", ErrorCategory.INVALID_INPUT),
    ("invalid_request", ErrorCategory.INVALID_INPUT),
    ("badrequest", ErrorCategory.INVALID_INPUT),
)


def category_of(code: str, said: str = "") -> ErrorCategory | None:
    """What a code means, refined by the text beside it; a guess from the text alone; or None."""
    code = code.casefold().replace(" ", "")
    if code.startswith("invalidparameter.datainspection"):
        return ErrorCategory.MEDIA_UNREACHABLE if _UNREACHABLE.search(said) else ErrorCategory.MODERATION
    for start, category in _BY_CODE:
        if code.startswith(start):
            if category == ErrorCategory.INVALID_INPUT and _UNREACHABLE.search(said):
                return ErrorCategory.MEDIA_UNREACHABLE
            return category
    return guess(said)


def guess(said: str) -> ErrorCategory | None:
    """For texts without a code."""
    if _UNREACHABLE.search(said):
        return ErrorCategory.MEDIA_UNREACHABLE
    return ErrorCategory.MODERATION if _MODERATION.search(said) else None
