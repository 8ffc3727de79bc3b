"""Faults that change what an answer says; those of the socket are in `sending`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.simulators.faults import Fault
from tests.simulators.wire import Answer

PAGE = (
    "<html>\r\n<head><title>{0}</title></head>\r\n"
    "<body>\r\n<center><h1>{0}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
IDS = {"id", "task_id", "jobId"}


def page(title: str) -> Answer:
    """What a proxy in front of the provider says."""
    return Answer(status=int(title[:3]), body=PAGE.format(title).encode(), content_type="text/html")


def redirect(fault: Fault) -> Answer:
    return Answer(status=307, content_type="text/plain", headers={"Location": fault.location})


def spoiled(answer: Answer, fault: Fault) -> Answer:
    """The answer as the fault leaves it; unchanged for faults of the socket."""
    change = _CHANGES.get(fault.what)
    return change(answer) if change else answer


def _deep(answer: Answer) -> Answer:
    return replace(answer, body=b"[" * 100_000 + b"]" * 100_000)


def _big(answer: Answer) -> Answer:
    """200 MB of right JSON with the answer itself at its beginning."""
    head = json.dumps(answer.payload())[:-1].encode()
    return replace(answer, body=head + b', "padding": "' + b"a" * 200_000_000 + b'"}')


def _garbage(answer: Answer) -> Answer:
    return replace(answer, body=b'{"task_id": "tas\x00\xff\xfe<<<oops')


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(inner) for name, inner in value.items() if name not in IDS}
    return [_without_ids(inner) for inner in value] if isinstance(value, list) else value


def _no_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _no_numbers(inner) for name, inner in value.items()}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float("nan")
    return value


def _other_types(value: Any) -> Any:
    """Texts become lists, numbers texts, nothing becomes a number; objects stay, so that the keys are right."""
    if isinstance(value, dict):
        return {name: _other_types(inner) for name, inner in value.items()}
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool) or value is None:
        return 7
    return str(value) if isinstance(value, int | float) else {"0": value}


def _rewritten(change: Callable[[Any], Any], **more: Any) -> Callable[[Answer], Answer]:
    def rewrite(answer: Answer) -> Answer:
        return replace(answer, body=json.dumps({**change(answer.payload()), **more}).encode())

    return rewrite


_CHANGES: dict[str, Callable[[Answer], Answer]] = {
    "garbage_200": _garbage,
    "empty_200": lambda answer: replace(answer, body=b""),
    "no_id": _rewritten(_without_ids),
    "big_200": _big,
    "deep_json": _deep,
    "nan": _rewritten(_no_numbers, seconds=float("nan"), expires=float("inf")),
    "wrong_types": _rewritten(_other_types),
}
