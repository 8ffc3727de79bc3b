"""The embedded task backend: a few threads in the process that enqueues.

Durability is not its business: the task rows are the truth, and a step lost with this process is claimed
again when its lease runs out. See docs/decisions on durable work.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import close_old_connections
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult, TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string

logger = logging.getLogger(__name__)


class ThreadTasks(BaseTaskBackend):
    """Runs django.tasks functions on a pool of threads. Results are not kept."""

    supports_defer = False
    supports_async_task = False
    supports_get_result = False
    supports_priority = False

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self._threads = int(self.options.get("threads", 8))
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: set[Future[None]] = set()

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any, Any]:
        self.validate_task(task)
        result = self._result(task, args, kwargs)
        future = self._running_pool().submit(_run, task, args, kwargs)
        with self._lock:
            self._under_way.add(future)
        future.add_done_callback(self._done)
        return result

    @property
    def free(self) -> int:
        """How many steps could start at once."""
        with self._lock:
            return max(0, self._threads - len(self._under_way))

    def close(self, *, timeout_seconds: float) -> bool:
        """Stop taking work and wait for the steps under way. False if some were still running."""
        with self._lock:
            pool, self._pool = self._pool, None
            waiting = list(self._under_way)
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)
        deadline = timezone.now().timestamp() + timeout_seconds
        for future in waiting:
            try:
                future.exception(timeout=max(0.0, deadline - timezone.now().timestamp()))
            except TimeoutError:
                return False
            except BaseException:  # noqa: S112 - a cancelled step is a finished step here
                continue
        return True

    def _running_pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="step")
            return self._pool

    def _done(self, future: Future[None]) -> None:
        with self._lock:
            self._under_way.discard(future)

    def _result(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any, Any]:
        now: datetime = timezone.now()
        return TaskResult(
            task=task,
            id=get_random_string(32),
            status=TaskResultStatus.READY,
            enqueued_at=now,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _run(task: Task[Any, Any], args: Any, kwargs: Any) -> None:
    close_old_connections()
    try:
        task.func(*args, **kwargs)
    except Exception:
        logger.exception("A background step failed: %s", task.module_path)
    finally:
        close_old_connections()
