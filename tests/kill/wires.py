"""c05 and c06 lie on the wire, below everything that knows of crash points: armed here, from outside."""

from __future__ import annotations

from typing import Any

import httpcore

from studio import crash_points
from studio.providers import apiframe, dashscope, modelstream
from studio.providers.wire import Wire

CREATES = {provider.CREATE.encode() for provider in (apiframe, dashscope, modelstream)}
POINTS = {
    "http11.send_request_body.complete": "c05",
    "http11.receive_response_headers.complete": "c06",
}


def arm() -> None:
    """Let every create of this process reach c05 when its bytes are sent, and c06 when an answer begins."""
    usual = Wire.open

    def open_watched(self: Wire, request: httpcore.Request, *, silence: float) -> httpcore.Response:
        if request.method == b"POST" and request.url.target in CREATES:
            request.extensions["trace"] = _note
        return usual(self, request, silence=silence)

    vars_of_wire: Any = Wire
    vars_of_wire.open = open_watched


def _note(name: str, info: dict[str, Any]) -> None:
    if name in POINTS:
        crash_points.reach(POINTS[name])
