"""The contract's sample payloads, as the tests read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studio.providers.answers import Answer
from studio.providers.base import ReferenceInput, VideoRequest

SAMPLES = Path(__file__).parent / "samples"
PROVIDERS = ("modelstream", "apiframe", "dashscope")


def sample(provider: str, name: str) -> Any:
    return json.loads((SAMPLES / provider / name).read_text())


def index(provider: str) -> dict[str, dict[str, Any]]:
    return {entry["file"]: entry for entry in sample(provider, "index.json")["files"]}


def answer(provider: str, name: str) -> Answer:
    """A sample as it comes over the wire."""
    entry = index(provider).get(name, {})
    status = entry.get("http_status") or int(name.removeprefix("error-")[:3])
    headers = {key.lower(): value for key, value in entry.get("headers", {}).items()}
    body = (SAMPLES / provider / name).read_bytes()
    return Answer(status=status, headers=headers, body=body, call=f"GET {name}")


def neutral(name: str, **more: Any) -> VideoRequest:
    """A neutral request, its references with keys "ref-0", "ref-1" and so on."""
    asked = sample("neutral", name)
    references = tuple(
        ReferenceInput(**reference, key=f"ref-{position}")
        for position, reference in enumerate(asked.pop("references"))
    )
    asked["negative_prompt"] = asked["negative_prompt"] or ""
    return VideoRequest(**asked, references=references, **more)
