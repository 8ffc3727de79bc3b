"""Apiframe's webhooks, really sent: signed over the raw body, and with every fault a webhook can have."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

from tests.simulators.rows import Job

if TYPE_CHECKING:
    from tests.simulators.apiframe import Apiframe

PATIENCE = 10.0
ENDS = {"succeeded": "completed", "failed": "failed"}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One webhook to be sent at a real moment."""

    job_id: str
    url: str
    event: str
    body: bytes
    signature: str
    fault: str = ""
    due: float = 0.0


class Postman:
    """Sends webhooks from one thread, never twice by itself. A process that dies sends none: polling is the net."""

    def __init__(self, simulator: Apiframe) -> None:
        self._simulator = simulator
        self._letters: queue.Queue[Letter | None] = queue.Queue()
        self._threads = [
            threading.Thread(target=self._send_all, name="webhooks", daemon=True),
            threading.Thread(target=self._report_progress, name="progress", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Returns when no letter is under way any more. The simulator has been stopped."""
        self._letters.put(None)  # nobody waits for another one
        for thread in self._threads:
            thread.join()

    def tell_end(self, job: Job) -> None:
        event = ENDS.get(job.state)
        if event and job.callback and event in job.events:
            self._post(job, event, self._body(job, event))

    def _report_progress(self) -> None:
        """About four times in a job's life, and early lies where the script wants them."""
        simulator = self._simulator
        while not simulator.stopped.wait(0.1):
            self._tell_progress()
            if any(planned.fault.what == "early" for planned in simulator.script.planned):
                self._tell_early()

    def _tell_progress(self) -> None:
        simulator = self._simulator
        for job in simulator.ledger.select_jobs("state = 'running' AND events LIKE '%progress%'"):
            progress = simulator.jobs.progress(job)
            if job.callback and progress >= job.told + 25:
                simulator.ledger.change_job(job.id, told=progress)
                self._post(job, "progress", self._body(job, "progress"))

    def _tell_early(self) -> None:
        simulator = self._simulator
        for job in simulator.ledger.select_jobs("state = 'running' AND callback <> '' AND told = 0"):
            if simulator.next_fault("webhook", job=job.id, state="early"):
                simulator.ledger.change_job(job.id, told=1)
                self._queue(self._letter(job, "completed", self._body(job, "completed"), fault="early"))

    def _body(self, job: Job, event: str) -> dict[str, Any]:
        from tests.simulators.apiframe import CREDITS_PER_SECOND, iso

        simulator = self._simulator
        head = {"event": event, "jobId": job.id}
        if event == "progress":
            return head | {
                "status": "PROCESSING",
                "progress": simulator.jobs.progress(job),
                "model": "wan-2.7-r2v",
            }
        if event == "failed":
            return head | {"status": "FAILED", "error": job.message, "model": "wan-2.7-r2v"}
        return head | {
            "status": "COMPLETED",
            "progress": 100,
            "result": shown_result(simulator.result_url(job), simulator.options.shape),
            "model": "wan-2.7-r2v",
            "creditCost": CREDITS_PER_SECOND * job.seconds,
            "completedAt": iso(simulator.clock.wall()),
        }

    def _post(self, job: Job, event: str, body: dict[str, Any]) -> None:
        fault = self._simulator.next_fault("webhook", job=job.id, state="now")
        what = fault.what if fault else ""
        if what == "absent":
            return
        if what == "foreign_job":
            body = body | {"jobId": str(uuid4())}
        letter = self._letter(job, event, body, fault=what)
        if what == "forged":
            letter = replace(letter, signature="sha256=" + "0" * 64)
        if what == "foreign":
            letter = replace(letter, signature=signed(letter.body, "afk_somebody_else"))
        if fault and what == "late":
            letter = replace(letter, due=time.time() + fault.seconds)
        self._queue(letter)
        if what in ("twice", "replayed"):
            self._queue(replace(letter, due=time.time() + (2.0 if what == "replayed" else 0.0)))

    def _letter(self, job: Job, event: str, body: dict[str, Any], *, fault: str) -> Letter:
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        signature = signed(raw, job.account, is_hex=self._simulator.options.hex_signatures)
        return Letter(
            job_id=job.id, url=job.callback, event=event, body=raw, signature=signature, fault=fault
        )

    def _queue(self, letter: Letter) -> None:
        self._letters.put(letter)

    def _send_all(self) -> None:
        while not self._simulator.stopped.is_set():
            letter = self._letters.get()
            if letter is None:
                return
            if letter.due > time.time():
                self._simulator.stopped.wait(0.02)
                self._letters.put(letter)
                continue
            self._send(letter)

    def _send(self, letter: Letter) -> None:
        headers = {
            "Content-Type": "application/json",
            "X-Webhook-Event": letter.event,
            "X-Webhook-Signature": letter.signature,
        }
        try:
            answer = httpx.post(
                letter.url, content=letter.body, headers=headers, timeout=PATIENCE, trust_env=False
            )
            status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            status = 0
        ledger = self._simulator.ledger
        ledger.record(
            "webhooks", job_id=letter.job_id, event=letter.event, fault=letter.fault, status=status,
            body=letter.body.decode(), signature=letter.signature,
        )  # fmt: skip
        if letter.event != "progress":
            ledger.change_job(letter.job_id, webhook_state="delivered" if 200 <= status < 300 else "failed")


def signed(body: bytes, api_key: str, *, is_hex: bool = False) -> str:
    """HMAC-SHA256 of the raw body; its key is the SHA-256 of the API key, raw or (`is_hex`) as 64 letters."""
    digest = hashlib.sha256(api_key.encode())
    secret = digest.hexdigest().encode() if is_hex else digest.digest()
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def shown_result(url: str, shape: str) -> object:
    """The current object, the older string, or the list of one other model."""
    if shape == "string":
        return url
    return {"videos": [url]} if shape == "videos" else {"videoUrl": url}
