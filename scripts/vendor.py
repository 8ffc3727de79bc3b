"""Bring third-party browser files into static/, pinned by checksum. Standard library and npm only.

    python3 scripts/vendor.py          fetch every package of the manifest, verify it, write its files
    python3 scripts/vendor.py check    compare the files in static/ with the manifest, without network
    python3 scripts/vendor.py pin NAME VERSION    move one package to a version, then fetch it

The manifest is static/vendor/manifest.json. It names no host: npm finds the package where it is set up to look.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import icons

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"

Package = dict[str, Any]


class Mismatch(Exception):
    """What was fetched or found is not what the manifest promises."""


def main(arguments: list[str]) -> int:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    match arguments:
        case []:
            fetch_all(manifest["packages"])
        case ["check"]:
            check_all(manifest["packages"])
        case ["pin", name, version]:
            pin(manifest["packages"], name, version)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return 0


def pin(packages: list[Package], name: str, version: str) -> None:
    """Move a package to another version. The next fetch records its checksums."""
    package = next((each for each in packages if each["name"] == name), None)
    if package is None:
        raise Mismatch(f"{name} is not in {MANIFEST.name}.")
    package.update(version=version, sha512="")
    for each in package["files"]:
        each["sha256"] = ""
    fetch(package)


def fetch_all(packages: list[Package]) -> None:
    for package in packages:
        fetch(package)


def fetch(package: Package) -> None:
    """Download, verify and unpack one package. An empty checksum is filled in, any other must hold."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _npm_pack(package["name"], package["version"], Path(folder))
        package["sha512"] = _expect(package["sha512"], sha512(archive), package["name"])
        with tarfile.open(archive) as tar:
            for each in package["files"]:
                content = _member(tar, each["from"])
                each["sha256"] = _expect(each["sha256"], sha256(content), each["to"])
                _write(STATIC / each["to"], content)
            if package.get("icons"):
                _write(ROOT / package["icons"], icons.sheet(lambda name: _icon(tar, name)).encode())
    print(f"{package['name']} {package['version']}: {len(package['files'])} files")


def check_all(packages: list[Package]) -> None:
    for package in packages:
        for each in package["files"]:
            _expect(each["sha256"], sha256((STATIC / each["to"]).read_bytes()), each["to"])


def sha512(path: Path) -> str:
    """The checksum in npm's own spelling, as in a package lock."""
    return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode("ascii")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _npm_pack(name: str, version: str, folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)
    return next(folder.glob("*.tgz"))


def _member(tar: tarfile.TarFile, path: str) -> bytes:
    member = tar.extractfile(f"package/{path}")
    if member is None:
        raise Mismatch(f"{path} is not a file in the package.")
    return member.read()


def _icon(tar: tarfile.TarFile, name: str) -> str:
    return _member(tar, f"icons/{name}.svg").decode("utf-8")


def _expect(promised: str, found: str, what: str) -> str:
    if promised and promised != found:
        raise Mismatch(f"{what} is {found}, the manifest promises {promised}.")
    return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Mismatch as mismatch:
        sys.exit(str(mismatch))
