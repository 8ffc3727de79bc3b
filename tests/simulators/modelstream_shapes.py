"""The same job in the shapes A, B, C, D and legacy of contract section 2.3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.simulators.clock import Clock
from tests.simulators.rows import Job
from tests.simulators.simulator import View

SHAPES = ("A", "B", "C", "D", "legacy")
QUOTA_PER_DOLLAR = 500_000
RATES = {"720P": Decimal("0.10"), "1080P": Decimal("0.15")}
BEIJING = timedelta(hours=8)
FLAT = {
    "queued": "queued",
    "running": "in_progress",
    "succeeded": "completed",
    "failed": "failed",
    "canceled": "cancelled",
}
OLDER = {**FLAT, "running": "processing", "succeeded": "succeeded"}
WRAPPED = {
    "queued": "QUEUED",
    "running": "IN_PROGRESS",
    "succeeded": "SUCCESS",
    "failed": "FAILURE",
    "canceled": "FAILURE",
}
UPSTREAM = {
    "queued": "PENDING",
    "running": "RUNNING",
    "succeeded": "SUCCEEDED",
    "failed": "FAILED",
    "canceled": "CANCELED",
}


def created(job: Job, shape: str) -> dict[str, Any]:
    """The answer to a create: the documented one, or the gateway's video object."""
    if shape not in ("D", "legacy"):
        return {"task_id": job.id, "status": "queued"}
    video = {
        "id": job.id,
        "object": "video",
        "model": "wan2.7-r2v",
        "status": "queued",
        "progress": 0,
        "created_at": int(job.wall),
    }
    return video if shape == "legacy" else {"id": job.id, "task_id": job.id, **video}


def status(view: View, shape: str, clock: Clock, *, mixed: bool) -> dict[str, Any]:
    """`mixed`: status words come in a case of their own, different from one answer to the next."""
    words = {"A": FLAT, "C": OLDER, "D": FLAT}.get(shape, WRAPPED)
    word = view.word or words[view.state]
    if view.state == "queued" and shape in ("B", "legacy") and not view.word:
        word = "NOT_START" if view.job.number % 2 else "QUEUED"
    if mixed:
        word = _mixed(word, view.job.number + view.progress)
    if shape == "A":
        return _flat(view, word)
    if shape == "C":
        return {"code": "success", "message": "", "data": _flat(view, word)}
    if shape == "D":
        return _video(view, word, clock)
    return {"code": "success", "message": "", "data": _task(view, word, clock, is_legacy=shape == "legacy")}


def _flat(view: View, word: str) -> dict[str, Any]:
    job = view.job
    made = {"duration": job.seconds, "fps": 30, "width": job.width, "height": job.height, "seed": 20231234}
    is_done = view.state == "succeeded"
    return {
        "task_id": job.id,
        "status": word,
        "url": view.url,
        "format": "mp4" if is_done else "",
        "metadata": made if is_done else None,
        "error": {"code": 400, "message": job.message} if view.state == "failed" else None,
    }


def _video(view: View, word: str, clock: Clock) -> dict[str, Any]:
    job = view.job
    video: dict[str, Any] = {
        "id": job.id,
        "object": "video",
        "model": "wan2.7-r2v",
        "status": word,
        "progress": view.progress,
        "created_at": int(job.wall),
    }
    if not job.is_open:
        video["completed_at"] = int(clock.seen(job.wall, job.ends - job.made))
    if view.state == "succeeded":
        video |= {"seconds": str(job.seconds), "size": job.resolution, "metadata": {"url": view.url}}
    if view.state == "failed":
        video["error"] = {"message": job.message, "code": job.code or "task_failed"}
    return video


def _task(view: View, word: str, clock: Clock, *, is_legacy: bool) -> dict[str, Any]:
    job = view.job
    failure = ""
    if view.state in ("failed", "canceled"):
        failure = f"task failed, code: {job.code} , message: {job.message}" if job.code else job.message
    has_begun = view.state != "queued"
    task: dict[str, Any] = {
        "id": 48_000 + job.number,
        "created_at": int(job.wall),
        "updated_at": int(clock.wall()),
        "task_id": job.id,
        "platform": "17",
        "user_id": 1024,
        "group": "default",
        "channel_id": 0,
        "quota": int(price(job) * QUOTA_PER_DOLLAR),
        "action": "generate",
        "status": word,
        "fail_reason": view.url if is_legacy and view.url else failure,
        "submit_time": int(job.wall),
        "start_time": int(clock.seen(job.wall, job.runs - job.made)) if has_begun else 0,
        "finish_time": 0 if job.is_open else int(clock.seen(job.wall, job.ends - job.made)),
        "progress": "100%" if not job.is_open else f"{max(view.progress, 10) if has_begun else 0}%",
        "properties": {"input": "", "upstream_model_name": "wan2.7-r2v", "origin_model_name": "wan2.7-r2v"},
        "data": _upstream(view, clock),
    }
    if not is_legacy and not job.is_open:
        task["result_url"] = failure or view.url
    return task


def price(job: Job) -> Decimal:
    """The gateway publishes no price; these are the list prices of the model's origin, in dollars."""
    return RATES[job.resolution] * job.seconds


def _upstream(view: View, clock: Clock) -> dict[str, Any]:
    """DashScope's last answer, as the gateway keeps it."""
    job = view.job
    output: dict[str, Any] = {"task_id": f"966cebcd-dedc-4962-af88-{job.number:012d}"}
    output["task_status"] = UPSTREAM[view.state]
    if view.state in ("running", "succeeded"):
        output["submit_time"] = beijing(job.wall)
        output["scheduled_time"] = beijing(clock.seen(job.wall, job.runs - job.made))
    kept: dict[str, Any] = {"request_id": f"c1209113-8437-424f-a386-{job.number:012d}", "output": output}
    if view.state == "succeeded":
        output["end_time"] = beijing(clock.seen(job.wall, job.ends - job.made))
        output["orig_prompt"] = job.body.get("prompt", "")
        if view.url:
            output["video_url"] = view.url
        kept["usage"] = usage(job)
    if view.state == "failed" and job.code:
        output |= {"code": job.code, "message": job.message}
    return kept


def usage(job: Job) -> dict[str, Any]:
    """DashScope's own account of what it bills, in seconds."""
    clips = job.clip_seconds
    shown = int(clips) if clips == int(clips) else float(clips)
    return {
        "duration": job.seconds + shown,
        "input_video_duration": shown,
        "output_video_duration": job.seconds,
        "video_count": 1,
        "SR": int(job.resolution.rstrip("P")),
        "ratio": job.ratio,
    }


def beijing(wall: float) -> str:
    """The upstream's own way of writing a time: local, without a zone, with milliseconds."""
    moment = datetime.fromtimestamp(wall, UTC) + BEIJING
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def _mixed(word: str, number: int) -> str:
    return (word.upper(), word.lower(), word.title())[number % 3]
