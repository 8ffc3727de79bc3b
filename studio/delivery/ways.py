"""How references get to each provider now, in words, and whether that way is open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from studio import delivery
from studio.connections.cards import paid
from studio.delivery import bucket, s3
from studio.providers import probe
from studio.providers.base import Capability

QUESTION, ANSWER = "studio.reach.question", "studio.reach.answer"
QUESTION_SECONDS = 60
KINDS = {"image": "pictures", "video": "clips", "audio": "voices"}
ONLY_THERE = (
    "Only a provider out there can prove that it reaches the studio: its first fetch is noted on the clip."
)


@dataclass(frozen=True, kw_only=True)
class Ways:
    """For one provider: a sentence for each way in use, and one for what no way leads to."""

    capability: Capability
    sentences: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What the self-check found. `kind` is "good", "change" or "fail"."""

    kind: str
    sentence: str
    advice: str = ONLY_THERE


def ways() -> list[Ways]:
    return [_ways_to(capability) for capability in paid().values()]


def public_host() -> str:
    """The name under which providers would fetch files, empty without one."""
    return urlsplit(settings.PUBLIC_URL).netloc if settings.PUBLIC_URL else ""


def bucket_name() -> str:
    """The bucket that providers fetch files from, empty without one."""
    return settings.S3_BUCKET if bucket.is_set() else ""


def check() -> Reach:
    """Try the way that files take: the bucket, else our own public address."""
    return _check_bucket() if bucket.is_set() else _check_public_address()


def _check_bucket() -> Reach:
    """Put a file there, open it by its link as a provider would, and take it away again."""
    name, word = settings.S3_BUCKET, secrets.token_urlsafe(12)
    try:
        with bucket.trial(word) as url:
            said = probe.look(url, allow_private=settings.ALLOW_PRIVATE_ADDRESSES)
    except s3.Refused as problem:
        return Reach(
            kind="fail", sentence=problem.sentence, advice="Set it right and start the studio again."
        )
    except s3.Away:
        sentence = f"The storage of the bucket {name} isn’t answering."
        return Reach(kind="fail", sentence=sentence, advice="Look at STUDIO_S3_ENDPOINT, or try again later.")
    except probe.NoAnswer as problem:
        return _no_answer(problem, str(urlsplit(settings.S3_ENDPOINT).hostname))
    if constant_time_compare(said.text, word):
        return Reach(
            kind="good",
            sentence=f"The bucket {name} took a file, and its link opened it in {max(said.seconds, 0.1):.1f} s.",
            advice="Only a provider out there can prove that it reaches the storage.",
        )
    return Reach(
        kind="fail",
        sentence=f"The bucket {name} took a file, but its link doesn’t open it.",
        advice="Something may stand in front of the storage. Links for providers must pass without a sign-in.",
    )


def _check_public_address() -> Reach:
    """Ask our own public address a question that only this studio can answer."""
    if not settings.PUBLIC_URL:
        advice = "Set STUDIO_PUBLIC_URL to the https address that the world knows this studio by, and start it again."
        return Reach(kind="change", sentence="This studio has no public address.", advice=advice)
    host, question = public_host(), TimestampSigner(salt=QUESTION).sign(secrets.token_urlsafe(12))
    url = f"{settings.PUBLIC_URL}{reverse('studio:reach', args=[question])}"
    try:
        said = probe.look(url, allow_private=settings.ALLOW_PRIVATE_ADDRESSES)
    except probe.NoAnswer as problem:
        return _no_answer(problem, host)
    if constant_time_compare(said.text, answer_to(question)):
        seconds = max(said.seconds, 0.1)
        return Reach(kind="good", sentence=f"{host} answered in {seconds:.1f} s, and it is this studio.")
    return Reach(
        kind="fail",
        sentence=f"Something answers at {host}, but it is not this studio.",
        advice="A sign-in page or another site may stand in front. Links for providers must pass without one.",
    )


def answer_to(question: str) -> str:
    """What this studio alone can say to a question. Empty for one that it did not ask in the last minute."""
    try:
        TimestampSigner(salt=QUESTION).unsign(question, max_age=QUESTION_SECONDS)
    except BadSignature:
        return ""
    return Signer(salt=ANSWER).signature(question)


def _no_answer(problem: probe.NoAnswer, host: str) -> Reach:
    if problem.reason == "refused":
        return Reach(
            kind="change",
            sentence=f"From this server, {host} leads to a private address, so it was not asked.",
            advice=f"That may be right in your network. {ONLY_THERE}",
        )
    return Reach(
        kind="fail",
        sentence=f"{host} did not answer within {probe.SECONDS:.0f} seconds.",
        advice="Some networks don’t let a server reach its own public address. If people out there open the studio "
        f"by it, providers can too. {ONLY_THERE}",
    )


def _ways_to(capability: Capability) -> Ways:
    kinds = KINDS if capability.accepts_voice else {name: KINDS[name] for name in ("image", "video")}
    by_way: dict[str, list[str]] = {}
    for kind in kinds:
        by_way.setdefault(delivery.way_for(capability, kind, 1) or "", []).append(kind)
    sentences = tuple(
        _sentence(capability, way, found) for way, found in by_way.items() if way not in ("", "path")
    )
    lost = by_way.get("", [])
    problem = f"{_listed([KINDS[kind] for kind in lost]).capitalize()} have no way there yet." if lost else ""
    return Ways(capability=capability, sentences=sentences, problem=problem)


def _sentence(capability: Capability, way: str, kinds: list[str]) -> str:
    what = _listed([KINDS[kind] for kind in kinds])
    if way == "bucket":
        return f"{capability.label} fetches {what} from the bucket {settings.S3_BUCKET}, by links that last 30 hours."
    if way == "link":
        return f"{capability.label} fetches {what} from {public_host()}, by signed links for one clip each."
    if way == "upload":
        sizes = _listed(
            [f"{KINDS[kind]} up to {capability.upload_limits[kind] // 1_000_000} MB" for kind in kinds]
        )
        return f"The studio uploads them to {capability.label}: {sizes}."
    limit = delivery.INLINE_AT_MOST // 1_000_000
    return f"{what.capitalize()} of up to {limit} MB travel inside the request."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
