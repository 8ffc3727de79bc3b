"""The script of what goes wrong: which call, what, how often. Kept in the ledger, so a restart goes on with it."""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

Where = Literal[
    "any", "create", "status", "list", "cancel", "me", "models", "upload", "policy", "store", "result",
    "job", "webhook", "reference",
]  # fmt: skip

BEFORE = {
    "refused": "resets this call, then nothing listens for `seconds` of the simulated clock",
    "reset_before": "connection reset; the body was never read, nothing was done",
    "hang": "silence for `seconds` real ones; nothing was done",
}
INSTEAD = {
    "html_502": "502 with a proxy's HTML page",
    "html_504": "504 with a proxy's HTML page",
    "json_503": "503 with the provider's JSON body",
    "error_500": "500 with the provider's body",
    "chinese": "the gateway's fixed Chinese sentence",
    "rate_limited": "429; with Retry-After if `retry_after` is given",
    "unauthorized": "401 with the provider's body",
    "forbidden": "403 with the provider's body",
    "not_found": "what the provider says of a job it does not know (404, 400 or UNKNOWN)",
    "balance": "refused for lack of money",
    "moderation": "refused by the content filter",
    "media_download": "refused because a reference could not be downloaded",
    "redirect": "307 to `location`",
}
AFTER = {
    "reset_after": "the whole request was read and done; then a reset",
    "close_after": "the whole request was read and done; then a quiet close",
    "hang_after": "done, then silence for `seconds` real ones",
    "slow": "done and answered rightly, `seconds` real ones late",
    "drip": "the right answer, a few bytes at a time",
    "cut": "the right headers, half the body, then a close",
    "garbage_200": "success, but its body is no JSON",
    "empty_200": "success with an empty body",
    "no_id": "success without a job id",
    "big_200": "success with 200 MB of JSON",
    "deep_json": "100,000 nested lists",
    "nan": "NaN and Infinity where numbers belong",
    "wrong_types": "the right keys with values of wrong types",
}
STATUS = {
    "unknown_word": "a status word that nobody knows",
    "backwards": "says queued again, whatever was said before",
    "success_without_url": "finished, but no address of the clip (only of a finished job)",
    "result_address": "finished, and the clip is said to be at `location` (only of a finished job)",
}
JOB = {
    "moderation": "the job fails: content filter",
    "media_download": "the job fails: a reference could not be downloaded",
    "provider_error": "the job fails: the provider's own trouble",
    "timeout": "the job fails: the gateway gave up",
    "charged_failure": "the job fails and the money is kept",
    "expired": "the job is done and its file is already gone",
    "canceled": "the job was canceled on the provider's side",
    "stuck": "the job never ends",
    "long": "the job takes ten times as long",
}
RESULT = {
    "forbidden": "403", "not_found": "404", "expired": "403, the link has expired",
    "hang": "silence", "slow": "late by `seconds` real ones", "drip": "a few bytes at a time",
    "cut": "half of it, then a close", "wrong_type": "an HTML page with 200", "wrong_label": "the clip as text/html",
    "huge": "5 GB announced and sent", "endless": "no length, and it never ends",
    "gzip_bomb": "gzip that unpacks to 1 GB", "not_decodable": "video/mp4 that is noise",
    "half_film": "a complete answer with half an MP4", "short_film": "a clip of one second",
    "redirect": "302 to `location`", "reset_before": "reset",
}  # fmt: skip
WEBHOOK = {
    "absent": "never sent", "twice": "sent twice", "replayed": "sent again 2 real seconds later",
    "early": "completed is sent before it is true", "forged": "a wrong signature",
    "foreign": "signed with another account's key", "foreign_job": "signed rightly, about a job nobody knows",
    "late": "sent `seconds` real ones later",
}  # fmt: skip
REFERENCE = {"unreachable": "treated as if it could not be downloaded"}
CANCEL = {"cancel_refused": "says that it is too late"}

NAMES: dict[str, dict[str, str]] = {
    "call": BEFORE | INSTEAD | AFTER, "status": STATUS, "job": JOB, "result": RESULT, "webhook": WEBHOOK,
    "reference": REFERENCE, "cancel": CANCEL,
}  # fmt: skip
ONLY_WHEN_DONE = {"success_without_url", "result_address"}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """From the call after the first `after` matching ones on, `count` times (None: for ever), each time with
    `probability` drawn by `seed`. `lasts` ends it after so many simulated seconds. `state` limits it to jobs in that
    state, `job` to one job. `accept`: an INSTEAD answer comes although the request was done (and charged)."""

    where: Where
    what: str
    after: int = 0
    count: int | None = 1
    probability: float = 1.0
    seed: int = 0
    lasts: float | None = None
    state: str = ""
    job: str = ""
    accept: bool = False
    seconds: float = 30.0
    retry_after: float | None = None
    location: str = "http://127.0.0.1:9/elsewhere"

    def __post_init__(self) -> None:
        if self.what not in known_at(self.where):
            raise ValueError(
                f"{self.where} knows no fault {self.what!r}; it knows {sorted(known_at(self.where))}"
            )

    @property
    def needed_state(self) -> str:
        if self.where == "webhook":
            return "early" if self.what == "early" else "now"
        return self.state or ("succeeded" if self.what in ONLY_WHEN_DONE else "")

    @property
    def does_the_work(self) -> bool:
        """Whether the request is done although its answer goes wrong."""
        return self.accept or self.what not in BEFORE | INSTEAD | CANCEL

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        unknown = set(data) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"A fault has no {sorted(unknown)}")
        return cls(**data)


def known_at(where: str) -> dict[str, str]:
    if where in ("job", "webhook", "reference", "result"):
        return NAMES[where]
    extra = {"status": STATUS, "cancel": CANCEL}.get(where, {})
    return NAMES["call"] | extra


@dataclass(kw_only=True)
class Planned:
    """A fault of the script and how far it has come."""

    number: int
    fault: Fault
    made_at: float
    seen: int = 0
    used: int = 0

    def is_over(self, now: float) -> bool:
        fault = self.fault
        worn_out = fault.count is not None and self.used >= fault.count
        return worn_out or (fault.lasts is not None and now >= self.made_at + fault.lasts)

    def matches(self, where: str, job: str, state: str) -> bool:
        fault = self.fault
        if fault.where != where and not (fault.where == "any" and where in _CALLS):
            return False
        if fault.job and fault.job != job:
            return False
        return not fault.needed_state or fault.needed_state == state

    def draw(self) -> bool:
        """Count one matching call and say whether it goes wrong."""
        self.seen += 1
        if self.seen <= self.fault.after:
            return False
        dice = random.Random(f"{self.fault.seed}:{self.seen}")
        if dice.random() >= self.fault.probability:
            return False
        self.used += 1
        return True


_CALLS = ("create", "status", "list", "cancel", "me", "models", "upload", "policy", "store")


class Script:
    """All planned faults. The first that matches and draws goes; the ones behind it do not count this call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.planned: list[Planned] = []

    def next(self, where: str, *, now: float, job: str = "", state: str = "") -> Planned | None:
        with self._lock:
            for planned in self.planned:
                if planned.matches(where, job, state) and not planned.is_over(now) and planned.draw():
                    return planned
        return None

    def add(self, planned: Planned) -> None:
        with self._lock:
            self.planned.append(planned)

    def clear(self) -> None:
        with self._lock:
            self.planned.clear()
