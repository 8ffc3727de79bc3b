"""Apiframe's own upload: sniffed, capped by kind, gone after an hour and a half of the simulated clock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.simulators.wire import Answer, Request, answer

if TYPE_CHECKING:
    from tests.simulators.apiframe import Apiframe

MIB = 1_048_576
CAPS = {"image": 25 * MIB, "audio": 25 * MIB, "video": 50 * MIB}
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/bmp": "bmp", "video/mp4": "mp4",
    "video/quicktime": "mov", "audio/wav": "wav", "audio/mpeg": "mp3",
}  # fmt: skip


def take(simulator: Apiframe, request: Request, account: str) -> Answer:
    part = request.parts().get("file")
    if part is None:
        return answer(400, {"error": "No file uploaded"})
    content_type = sniffed(part.content)
    if not content_type:
        return answer(400, {"error": "Unsupported file type"})
    kind = content_type.partition("/")[0]
    if len(part.content) > CAPS[kind]:
        return answer(400, {"error": f"File too large: {kind} files may have {CAPS[kind] // MIB} MB"})
    upload_id = str(uuid4())
    path = simulator.options.folder / "uploads" / upload_id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(part.content)
    now = simulator.clock.now()
    simulator.ledger.record(
        "uploads", id=upload_id, at=now, account=account, kind=kind, content_type=content_type,
        size=len(part.content), path=str(path),
    )  # fmt: skip
    from tests.simulators.apiframe import iso

    payload = {
        "id": upload_id,
        "url": f"{simulator.base_url}/uploads/{upload_id}.{ENDINGS[content_type]}",
        "kind": kind,
        "contentType": content_type,
        "byteSize": len(part.content),
        "expiresAt": iso(simulator.clock.wall_of(now + simulator.options.upload_seconds)),
    }
    return answer(201, payload)


def give(simulator: Apiframe, request: Request) -> Answer:
    """The uploaded file at its public address, until it expires."""
    upload_id = request.path.removeprefix("/uploads/").partition(".")[0]
    row = simulator.ledger.upload(upload_id)
    if row is None or simulator.clock.now() > row.at + simulator.options.upload_seconds:
        return Answer(status=404, body=b"Not Found", content_type="text/plain")
    content = Path(row.path).read_bytes()
    return Answer(status=200, body=content, content_type=row.content_type)


def sniffed(content: bytes) -> str:
    """The type by the first bytes, as the contract says; empty for anything else."""
    heads = {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"BM": "image/bmp",
        b"ID3": "audio/mpeg",
        b"\xff\xfb": "audio/mpeg",
    }
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return "video/quicktime" if content[8:10] == b"qt" else "video/mp4"
    return next((kind for head, kind in heads.items() if content.startswith(head)), "")
