"""Wrong answers of every kind, spread over the calls of a simulator so that a given part of them goes wrong.

Left out are those that end only with a day's patience (a job that never ends, a clip that is gone at once), that
would fill this machine's line (200 MB of JSON, a film without end), and a failure that is charged against the
provider's own terms and told to nobody: no studio can know of that one.
"""

from __future__ import annotations

import zlib

from tests.simulators.faults import (
    AFTER,
    BEFORE,
    CANCEL,
    INSTEAD,
    JOB,
    REFERENCE,
    RESULT,
    STATUS,
    WEBHOOK,
    Fault,
    Where,
)

SECONDS = 0.4
ENDLESS = {"big_200", "drip", "endless", "huge", "stuck", "expired", "hang", "gzip_bomb", "charged_failure"}
CALLS = {*BEFORE, *INSTEAD, *AFTER}
ANSWERS = CALLS - {"not_found", "balance", "moderation", "media_download", "no_id"}
KINDS: dict[Where, set[str]] = {
    "create": CALLS
    - {"not_found", "moderation", "media_download"},  # which a repeat would not meet by chance
    "status": ANSWERS | {"not_found", *STATUS},
    "list": ANSWERS,
    "cancel": ANSWERS | {*CANCEL},
    "upload": ANSWERS,
    "job": {*JOB},
    "result": {*RESULT} | {"expired"},
    "webhook": {*WEBHOOK},
    "reference": {*REFERENCE},
}
OF_JOBS = {"job", "reference"}


def of_all_kinds(provider: str, part: float, seed: int) -> list[Fault]:
    """So that `part` of the calls at each address go wrong, each kind as often as the others."""
    planned = []
    for where, kinds in KINDS.items():
        usable = sorted(kinds - ENDLESS | ({"expired"} if where == "result" else set()))
        share = part / 3 if where in OF_JOBS else part
        each = 1 - (1 - share) ** (1 / len(usable))
        for what in usable:
            number = zlib.crc32(f"{provider}{where}{what}{seed}".encode())
            planned.append(
                Fault(
                    where=where,
                    what=what,
                    count=None,
                    probability=each,
                    seed=number,
                    seconds=SECONDS,
                    retry_after=SECONDS if what == "rate_limited" else None,
                )
            )
    return planned
