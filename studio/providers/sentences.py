"""The sentences that people read when a provider says no. Codes stay in the detail, and so does its own text unless it
can be quoted.
"""

from __future__ import annotations

import re
import unicodedata

from studio.providers.answers import redacted
from studio.providers.base import ErrorCategory, ProviderError

SENTENCES: dict[ErrorCategory, str] = {
    ErrorCategory.AUTH: "{label} didn’t accept the studio’s key.",
    ErrorCategory.BALANCE: "The {label} account ran out of credits.",
    ErrorCategory.INVALID_INPUT: "{label} couldn’t use this brief.",
    ErrorCategory.MODERATION: "{label} declined this prompt.",
    ErrorCategory.MEDIA_UNREACHABLE: "{label} couldn’t open one of the references.",
    ErrorCategory.RATE_LIMITED: "{label} asked us to wait.",
    ErrorCategory.PROVIDER_BUSY: "{label} isn’t answering just now.",
    ErrorCategory.NOT_SENT: "{label} couldn’t be reached, so nothing was sent.",
    ErrorCategory.UNCERTAIN: "We don’t know yet whether {label} received this.",
    ErrorCategory.EXPIRED: "{label} no longer holds this clip.",
    ErrorCategory.PROVIDER_ERROR: "{label} couldn’t finish this clip.",
}
QUOTED_FOR = {
    ErrorCategory.INVALID_INPUT,
    ErrorCategory.MODERATION,
    ErrorCategory.MEDIA_UNREACHABLE,
    ErrorCategory.PROVIDER_ERROR,
}
DECLINED_MEDIA = "{label} declined one of the references."

_LONGEST = 200
_NOISE = re.compile(r"\(?\b(request|trace)[ _-]?id:? *[\w-]+\)?", re.IGNORECASE)
_LINKS = re.compile(r"\b[a-z]+://\S+", re.IGNORECASE)
_IDS = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{20,}\b|\b[0-9a-f]{24,}\b", re.IGNORECASE)


def problem(
    label: str,
    category: ErrorCategory,
    *,
    reason: str = "",
    detail: str = "",
    retry_after: float | None = None,
    fault: str = "",
    needs: str = "",
) -> ProviderError:
    """The one error, with its sentence. `reason` is the provider's text, as it came; `needs` is a second sentence
    about amounts.
    """
    message = sentence(label, category, reason=reason, fault=fault, needs=needs)
    return ProviderError(category, message, detail=detail, retry_after=retry_after, fault=fault)


def sentence(
    label: str, category: ErrorCategory, *, reason: str = "", fault: str = "", needs: str = ""
) -> str:
    """What happened, and why if the provider's reason can be quoted."""
    said = SENTENCES[category]
    if category == ErrorCategory.MODERATION and fault not in ("", "prompt"):
        said = DECLINED_MEDIA
    quote = quotable(reason) if category in QUOTED_FOR else ""
    parts = (said.format(label=label), needs, f"Its reason: “{quote}”." if quote else "")
    return " ".join(filter(None, parts))


def quotable(reason: str) -> str:
    """The provider's reason as people may read it, or nothing: Latin script, no links, no ids, no markup, no code."""
    if "<" in reason or reason.lstrip().startswith(("{", "[")):
        return ""
    plain = _IDS.sub("", _LINKS.sub("the link", _NOISE.sub("", redacted(reason))))
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())
    letters = [letter for letter in plain if letter.isalpha()]
    if (
        " " not in plain
        or not letters
        or not all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    ):
        return ""
    if len(plain) > _LONGEST:
        plain = plain[:_LONGEST].rpartition(" ")[0] + " …"
    return plain.strip(' ,;:“”"').removesuffix(".")
