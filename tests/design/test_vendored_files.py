"""Third-party browser files are the ones the manifest names."""

import hashlib
import json
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
FILES = [file for package in MANIFEST["packages"] for file in package["files"]]


def test_every_vendored_file_is_what_the_manifest_promises():
    found = {file["to"]: hashlib.sha256((STATIC / file["to"]).read_bytes()).hexdigest() for file in FILES}

    assert found == {file["to"]: file["sha256"] for file in FILES}


def test_nothing_lies_beside_the_vendored_files_that_the_manifest_does_not_know():
    lying = {path for folder in ("vendor", "fonts") for path in (STATIC / folder).iterdir()}

    assert lying - {STATIC / file["to"] for file in FILES} == {STATIC / "vendor" / "manifest.json"}


def test_every_package_has_a_version_a_checksum_and_a_licence_file():
    for package in MANIFEST["packages"]:
        assert package["version"]
        assert package["sha512"]
        assert package["licence"]
        assert any("LICENSE" in file["to"] for file in package["files"])


def test_the_manifest_names_no_host():
    assert "http" not in json.dumps(MANIFEST)
