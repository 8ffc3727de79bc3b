"""Full-text search over titles, prompts and names, newest first."""

from __future__ import annotations

from studio.models import GenerationTask


def remember(task: GenerationTask) -> None:
    """Put a task's words into the index. Call it in the transaction that makes or renames the task."""
