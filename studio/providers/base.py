"""The words every provider shares: what it can do, what it is asked, what it answers.

A provider is one file that turns these words into its own wire format. Nothing here knows Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

from studio.media.limits import MODEL_LIMITS, Limits

Kind = Literal["image", "video"]
Resolution = Literal["720p", "1080p"]
Ratio = Literal["16:9", "9:16", "1:1", "4:3", "3:4"]
ShotType = Literal["single", "multi"]


class State(StrEnum):
    """Where a job is, as far as its provider told us. UNKNOWN means: still running, word not understood."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class ErrorCategory(StrEnum):
    """What went wrong, in the categories of the contract (section 1.4)."""

    AUTH = "auth"
    BALANCE = "balance"
    INVALID_INPUT = "invalid_input"
    MODERATION = "moderation"
    MEDIA_UNREACHABLE = "media_unreachable"
    RATE_LIMITED = "rate_limited"
    PROVIDER_BUSY = "provider_busy"
    NOT_SENT = "not_sent"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
    PROVIDER_ERROR = "provider_error"


class ProviderError(Exception):
    """The one error a provider raises. `message` is a sentence for people, `detail` is for the log.

    `fault` names the input that the answer points at: the `key` of a reference, "voice:KEY", "first_frame",
    "prompt", or nothing where it points at none.
    """

    def __init__(
        self,
        category: ErrorCategory,
        message: str,
        *,
        detail: str = "",
        retry_after: float | None = None,
        fault: str = "",
    ) -> None:
        super().__init__(message)
        self.category = category
        self.message = message
        self.detail = detail
        self.retry_after = retry_after
        self.fault = fault


class UnknownJob(ProviderError):
    """The provider answered that this account has no such job. Right after a create that may be true for a moment."""


@dataclass(frozen=True, kw_only=True)
class ReferenceInput:
    """One reference as sent: where the provider finds it, and the voice that rides along.

    `key` is the studio's own id of it, for naming it in a ProviderError; it is never sent.
    """

    kind: Kind
    url: str
    name: str = ""
    voice_url: str | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class VideoRequest:
    """What is asked of a provider. The prompt already carries the provider's own labels."""

    prompt: str
    references: tuple[ReferenceInput, ...]
    negative_prompt: str = ""
    first_frame_url: str | None = None
    resolution: Resolution = "720p"
    ratio: Ratio = "16:9"
    duration: int = 5
    prompt_extend: bool | None = None
    watermark: bool | None = None
    seed: int | None = None
    shot_type: ShotType | None = None
    callback_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Billed:
    """What a provider says a job cost, in its own unit: dollars, credits, or seconds to be priced by our rate."""

    amount: Decimal
    unit: Literal["usd", "credits", "seconds"]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One answer to "how is this job?". `progress` is 0-100, or None where the provider does not tell.

    A failed job says why as a ProviderError does: `category`, `message`, `detail` and `fault`. `billed` is the
    provider's own figure. `is_understood` is False when its word for the state is none we know: still running.
    """

    state: State
    progress: int | None = None
    video_url: str = ""
    message: str = ""
    category: ErrorCategory = ErrorCategory.PROVIDER_ERROR
    detail: str = ""
    fault: str = ""
    stage: str = ""
    billed: Billed | None = None
    is_understood: bool = True


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who pays: the key, and the one host that it is ever sent to. Its repr does not show the key."""

    key: str = field(repr=False)
    base_url: str
    allow_private: bool = False


@dataclass(frozen=True, kw_only=True)
class KeyCheck:
    """The provider accepted the key, at no cost. `balance` is None where it does not tell."""

    balance: Decimal | None = None
    unit: Literal["usd", "credits"] = "usd"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class JobSeen:
    """A row of a provider's own list of jobs. The time is the provider's."""

    job_id: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Host:
    """One of a provider's addresses, to choose from ("Singapore", "https://...")."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class PriceRule:
    """What a second costs. `unit` is "usd", "credits" or "free"; a rate of None is entered by the owner."""

    unit: Literal["usd", "credits", "free"]
    per_second: Mapping[Resolution, Decimal | None] = field(default_factory=dict)
    bills_reference_clips: bool = False


@dataclass(frozen=True, kw_only=True)
class Capability:
    """What one provider accepts. The form, the checks, the price and the help texts read only this.

    Durations are whole seconds. `poll_rhythm` is ((age, pause), ...): until the job is `age` seconds old,
    wait `pause` seconds between looks; the last pause holds from then on.
    `repeats_by_key`: the same key gives the same job, so an unanswered create may be sent again.
    `reasons` holds one line per setting the provider lacks, keyed by the setting's field name.
    `notes` holds one line per setting it takes in a way worth knowing, with the same keys.
    `needs`: at least one reference must be of one of these kinds.
    `limits`: what a file must be; where it says more than the model's own rules, it is tighter and never laxer.
    `hosts`: where the account may live, the usual one first. `queries_per_second` is a limit of the account, shared
    by everybody who asks. `lists_jobs`: a lost job can be looked for. `takes_data_pictures`: a picture may travel
    inside the request. `upload_limits`: bytes per kind ("image", "video", "audio") of its own upload, empty without
    one. `failed_jobs_are_free`: its terms say so. `holds_results_seconds`: how long a result can be fetched.
    """

    name: str
    label: str
    summary: str
    price: PriceRule
    accepts_first_frame: bool = True
    accepts_voice: bool = True
    needs: frozenset[Kind] = frozenset({"image", "video"})
    limits: Limits = MODEL_LIMITS
    max_references: int = 5
    min_duration: int = 2
    max_duration: int = 15
    max_duration_with_video: int = 10
    resolutions: tuple[Resolution, ...] = ("720p", "1080p")
    ratios: tuple[Ratio, ...] = ("16:9", "9:16", "1:1", "4:3", "3:4")
    prompt_limit: int = 5000
    negative_prompt_limit: int = 500
    accepts_prompt_extend: bool = True
    accepts_watermark: bool = True
    accepts_shot_type: bool = False
    accepts_seed: bool = True
    max_seed: int = 2_147_483_647
    image_label: str = "Image {number}"
    video_label: str = "Video {number}"
    expected_seconds: int = 120
    poll_rhythm: tuple[tuple[int, int], ...] = ((120, 10), (600, 15), (86_400, 30))
    gives_up_after_seconds: int = 86_400
    can_cancel: bool = False
    repeats_by_key: bool = False
    delivery: Literal["path", "url"] = "url"
    hosts: tuple[Host, ...] = ()
    queries_per_second: float = 5
    lists_jobs: bool = False
    takes_callbacks: bool = False
    tells_balance: bool = False
    takes_data_pictures: bool = False
    upload_limits: Mapping[str, int] = field(default_factory=dict)
    failed_jobs_are_free: bool = False
    holds_results_seconds: int = 86_400
    reasons: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_free(self) -> bool:
        return self.price.unit == "free"


class Provider(Protocol):
    """What the lifecycle needs of a provider. Every method may raise ProviderError and nothing else."""

    name: str
    capability: Capability

    def submit(self, request: VideoRequest, *, key: str) -> str:
        """Start one job and return the provider's id for it. `key` is unique per attempt."""
        ...

    def fetch(self, job_id: str) -> Snapshot:
        """Say how the job is. Never changes anything that costs money."""
        ...

    def cancel(self, job_id: str) -> bool:
        """Ask to stop the job. True only if it is certain that nothing more will be made or charged."""
        ...

    def forget(self, job_id: str) -> None:
        """The task is over, with our own copy stored or without a clip: what was kept here for the job may go."""
        ...


class PaidProvider(Provider, Protocol):
    """A provider behind an account: its key can be tried, and what is uncertain can be looked into."""

    def check_key(self) -> KeyCheck:
        """Ask, at no cost, whether the key is accepted."""
        ...

    def jobs_between(self, start: datetime, end: datetime) -> list[JobSeen]:
        """The account's jobs of a time, if the capability says that it lists them; else nothing."""
        ...

    def take_file(self, path: Path, *, mime: str) -> str:
        """Hand a file to the provider's own upload and return the address to name in a request."""
        ...
