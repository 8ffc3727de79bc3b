"""What an answer without a job means, by the rules that hold for every provider (contract, sections 1.4 and 5).

After a create nothing is guessed in our favour: only an answer that says no in the provider's own words is a no.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.providers.answers import Answer
from studio.providers.base import ErrorCategory, ProviderError, VideoRequest
from studio.providers.pointing import fault_in, place_in
from studio.providers.sentences import problem

_BY_STATUS = {
    400: ErrorCategory.INVALID_INPUT,
    401: ErrorCategory.AUTH,
    402: ErrorCategory.BALANCE,
    403: ErrorCategory.AUTH,
    413: ErrorCategory.INVALID_INPUT,
    422: ErrorCategory.INVALID_INPUT,
}
_POINTING = {ErrorCategory.INVALID_INPUT, ErrorCategory.MODERATION, ErrorCategory.MEDIA_UNREACHABLE}
_NEVER_A_NO = 408  # a gateway may say so after it passed the request on


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A provider's own words, taken out of its answer: `category` where its code tells, `reason` as it came,
    `points_at` whatever may name an input, `needs` a sentence about amounts.
    """

    category: ErrorCategory | None = None
    reason: str = ""
    points_at: str = ""
    needs: str = ""
    is_upstream_trouble: bool = False


def refused(
    label: str, answer: Answer, refusal: Refusal | None, *, creating: bool, request: VideoRequest | None
) -> ProviderError:
    """The error for an answer. `refusal` is None if the body is not the provider's way to say no."""
    category = _after_create(answer, refusal) if creating else _after_look(answer, refusal)
    refusal = refusal or Refusal()
    fault = ""
    if creating and category in _POINTING:
        place = place_in(refusal.points_at or refusal.reason)
        fault = fault_in(place, request) if request else place
    return problem(
        label,
        category,
        reason=refusal.reason,
        needs=refusal.needs if category == ErrorCategory.BALANCE else "",
        detail=answer.detail,
        retry_after=answer.retry_after,
        fault=fault,
    )


def _after_create(answer: Answer, refusal: Refusal | None) -> ErrorCategory:
    if answer.status == 429:
        return ErrorCategory.RATE_LIMITED
    if refusal is None or refusal.is_upstream_trouble:
        return ErrorCategory.UNCERTAIN
    if answer.status == 503:
        return ErrorCategory.PROVIDER_BUSY
    if not 400 <= answer.status <= 422 or answer.status == _NEVER_A_NO:
        return ErrorCategory.UNCERTAIN
    if answer.status in (401, 402):
        return _BY_STATUS[answer.status]
    return refusal.category or _BY_STATUS.get(answer.status, ErrorCategory.PROVIDER_ERROR)


def _after_look(answer: Answer, refusal: Refusal | None) -> ErrorCategory:
    """Nothing here says that a job failed: a look that failed is only a look to be repeated."""
    if answer.status in (401, 403):
        return ErrorCategory.AUTH
    if answer.status == 410:
        return ErrorCategory.EXPIRED
    if answer.status == 429 or (refusal and refusal.category == ErrorCategory.RATE_LIMITED):
        return ErrorCategory.RATE_LIMITED
    return ErrorCategory.PROVIDER_BUSY if answer.status >= 500 else ErrorCategory.PROVIDER_ERROR
