"""A provider that does as it is told and counts what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from studio.providers.base import Capability, PriceRule, ProviderError, Snapshot, State, VideoRequest

CAPABILITY = Capability(
    name="local",
    label="Fake",
    summary="",
    price=PriceRule(unit="free"),
    poll_rhythm=((9, 1),),
    delivery="path",
    queries_per_second=1000,
)


@dataclass
class FakeProvider:
    """`answers` are given one by one by fetch; the last one stays. `on_submit` may raise."""

    answers: list[Snapshot] = field(default_factory=lambda: [Snapshot(state=State.RUNNING, progress=10)])
    on_submit: Callable[[VideoRequest], None] = lambda request: None
    cancels: bool = True
    name: str = "local"
    capability: Capability = CAPABILITY
    submitted: list[str] = field(default_factory=list)
    canceled: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def submit(self, request: VideoRequest, *, key: str) -> str:
        self.submitted.append(key)
        self.on_submit(request)
        return f"job-{key}"

    def fetch(self, job_id: str) -> Snapshot:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    def cancel(self, job_id: str) -> bool:
        self.canceled.append(job_id)
        return self.cancels

    def forget(self, job_id: str) -> None:
        self.forgotten.append(job_id)


def repeating(provider: FakeProvider) -> FakeProvider:
    provider.capability = replace(provider.capability, repeats_by_key=True)
    return provider
