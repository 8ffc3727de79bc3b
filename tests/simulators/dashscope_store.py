"""DashScope's temporary upload: a policy, a multipart POST to the store, and an `oss://` address for 48 hours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from tests.simulators.wire import Answer, Request, answer

if TYPE_CHECKING:
    from tests.simulators.dashscope import DashScope

HELD_SECONDS = 48 * 3600
POLICY_SECONDS = 300
MAX_MEGABYTES = 1024
ACCESS_KEY = "LTAISIMULATED"
NEEDED = (
    "OSSAccessKeyId",
    "Signature",
    "policy",
    "key",
    "x-oss-object-acl",
    "x-oss-forbid-overwrite",
    "file",
)


def policy(simulator: DashScope, request: Request, account: str) -> Answer:
    """Leave to put files of one account into one folder for five simulated minutes."""
    if request.query.get("action") != "getPolicy" or not request.query.get("model"):
        wrong = {"code": "InvalidParameter", "message": "action should be getPolicy and model is required"}
        return answer(400, {**wrong, "request_id": secrets.token_hex(8)})
    folder = f"dashscope-instant/{hashlib.sha256(account.encode()).hexdigest()[:16]}/{secrets.token_hex(8)}"
    ends = simulator.clock.now() + POLICY_SECONDS
    words = json.dumps({"account": account, "folder": folder, "ends": ends})
    text = base64.b64encode(words.encode()).decode()
    data = {
        "policy": text,
        "signature": _signature(text),
        "upload_dir": folder,
        "upload_host": simulator.base_url,
        "expire_in_seconds": POLICY_SECONDS,
        "max_file_size_mb": MAX_MEGABYTES,
        "capacity_limit_mb": 999999999,
        "oss_access_key_id": ACCESS_KEY,
        "x_oss_object_acl": "private",
        "x_oss_forbid_overwrite": "true",
    }
    return answer(200, {"request_id": secrets.token_hex(8), "data": data})


def take(simulator: DashScope, request: Request) -> Answer:
    """The store itself: it knows no API key, only the signed policy."""
    if "authorization" in request.headers:
        return _refused(400, "InvalidArgument", "The API key has no business here.")
    parts = request.parts()
    missing = [name for name in NEEDED if name not in parts]
    if missing:
        return _refused(400, "InvalidArgument", f"Missing: {', '.join(missing)}")
    text = parts["policy"].text
    if parts["Signature"].text != _signature(text) or parts["OSSAccessKeyId"].text != ACCESS_KEY:
        return _refused(403, "SignatureDoesNotMatch", "The signature does not match.")
    leave = json.loads(base64.b64decode(text))
    key = parts["key"].text
    if simulator.clock.now() > leave["ends"]:
        return _refused(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    if not key.startswith(f"{leave['folder']}/") or ".." in key:
        return _refused(403, "AccessDenied", "Invalid according to Policy: key.")
    if parts["x-oss-object-acl"].text != "private" or parts["x-oss-forbid-overwrite"].text != "true":
        return _refused(403, "AccessDenied", "Invalid according to Policy: acl or overwrite.")
    if simulator.ledger.upload(key):
        return _refused(409, "FileAlreadyExists", "The object you specified already exists.")
    content = parts["file"].content
    path = simulator.options.folder / "store" / hashlib.sha256(key.encode()).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    simulator.ledger.record(
        "uploads",
        id=key,
        at=simulator.clock.now(),
        account=leave["account"],
        kind="",
        content_type="",
        size=len(content),
        path=str(path),
    )
    status = parts["success_action_status"].text if "success_action_status" in parts else "204"
    return Answer(status=200 if status == "200" else 204, content_type="text/plain")


def files(simulator: DashScope, account: str) -> dict[str, bytes]:
    """What the account may name in a request, by `oss://` address."""
    now = simulator.clock.now()
    held = [
        row for row in simulator.ledger.uploads() if row.account == account and now < row.at + HELD_SECONDS
    ]
    return {f"oss://{row.id}": Path(row.path).read_bytes() for row in held}


def _signature(policy_text: str) -> str:
    digest = hmac.new(b"simulated store", policy_text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _refused(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status=status, body=body.encode(), content_type="application/xml")
