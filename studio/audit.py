"""Who changed keys, connections and limits: one line each in the log, without anything secret."""

from __future__ import annotations

import logging

from studio.models import User

logger = logging.getLogger(__name__)


def note(actor: User, what: str, **facts: object) -> None:
    """Say who did what. `facts` are numbers and names of our own, never a key or what somebody typed."""
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    logger.info("Person %s: %s%s", actor.pk, what, f" ({told})" if told else "")
