"""A real S3 server (SeaweedFS) for the tests of the bucket: small, private, gone afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from studio.delivery.s3 import Bucket, Place
from studio.delivery.s3_signatures import Signatures
from tests.waiting import wait_until

PROGRAM = Path(sys.executable).parent / "weed"
REGION = "us-east-1"
ACCESS_KEY, SECRET_KEY = "STUDIOSACCESSKEY", "studio-s3-marker-secret"
KEEPER_KEY, KEEPER_SECRET = "KEEPER", "keeper-secret"
BUCKETS = ("references", "theirs")


@dataclass(frozen=True, kw_only=True)
class Storage:
    """The running server. The studio's keys open the first bucket and not the second."""

    endpoint: str

    def place(self, **other: str) -> Place:
        ours = Place(
            endpoint=self.endpoint,
            bucket=BUCKETS[0],
            region=REGION,
            access_key=ACCESS_KEY,
            secret_key=SECRET_KEY,
            allow_http=True,
        )
        return replace(ours, **other)

    def bucket(self, **other: str) -> Bucket:
        return Bucket(self.place(**other))

    def empty(self) -> None:
        for name in self.bucket().names(""):
            self.bucket().drop(name)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Storage]:
    master, volume, filer, s3 = _free_ports(4)
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": _identities()}), encoding="utf-8")
    (folder / "data").mkdir()
    command = [
        *(str(PROGRAM), "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-master.port={master}", "-master.volumeSizeLimitMB=64", "-volume.max=4"),
        *(f"-volume.port={volume}", "-filer", f"-filer.port={filer}"),
        *("-s3", f"-s3.port={s3}", f"-s3.config={config}", "-s3.iam=false", "-s3.autoCreateBucket=false"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0"),
    ]
    small = {**os.environ, "GOMEMLIMIT": "128MiB", "GOMAXPROCS": "1"}
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=small, stdout=log, stderr=log)
    try:
        storage = Storage(endpoint=f"http://127.0.0.1:{s3}")
        wait_until(lambda: all(_made(storage, name) for name in BUCKETS), seconds=60)
        yield storage
    finally:
        process.kill()
        process.wait()


def _identities() -> list[dict[str, object]]:
    ours = [f"{what}:{BUCKETS[0]}" for what in ("Read", "Write", "List")]
    return [
        _identity("studio", ACCESS_KEY, SECRET_KEY, ours),
        _identity("keeper", KEEPER_KEY, KEEPER_SECRET, ["Admin", "Read", "Write", "List"]),
    ]


def _identity(name: str, access_key: str, secret_key: str, actions: list[str]) -> dict[str, object]:
    keys = {"accessKey": access_key, "secretKey": secret_key}
    return {"name": name, "credentials": [keys], "actions": actions}


def _made(storage: Storage, bucket: str) -> bool:
    """Ask for a bucket until the server is there to make it."""
    signatures = Signatures(access_key=KEEPER_KEY, secret_key=KEEPER_SECRET, region=REGION)
    url = f"{storage.endpoint}/{bucket}"
    with contextlib.suppress(httpx.HTTPError):
        answer = httpx.put(url, headers=signatures.headers("PUT", url, {}), trust_env=False, timeout=5)
        return answer.status_code in (200, 409)
    return False


def _free_ports(count: int) -> list[int]:
    """Ports whose partner ten thousand above is free too: the server takes both."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(20_000, 32_000)  # below those the system hands out by itself
        if port not in found and all(map(_is_free, (port, port + 10_000))):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
