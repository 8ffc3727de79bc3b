"""Static files as they are served: named by content and compressed, collected only when a source has changed."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from r2v_site import data_folder

MAKERS = ("static_files.py", "bundles.py")


def build_if_changed() -> bool:
    """Collect the static files unless the last collection came from the same sources. True if it did."""
    root = Path(settings.STATIC_ROOT)
    data_folder.prepare(root.parent)
    stamp_file = root.with_name("static.stamp")
    with data_folder.held(root.with_name("static.lock"), wait=True):
        stamp = sources_stamp()
        if root.is_dir() and stamp_file.exists() and stamp_file.read_text(encoding="ascii") == stamp:
            return False
        stamp_file.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp_file.write_text(stamp, encoding="ascii")
    return True


def sources_stamp() -> str:
    """One hash over every source's name and bytes, and over what turns them into what is served."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            with storage.open(name) as source:
                digest.update(name.encode() + b"\0" + hashlib.sha256(source.read()).digest())
    for maker in MAKERS:
        digest.update((Path(__file__).parent / maker).read_bytes())
    digest.update(f"{version('django')} {version('whitenoise')}".encode())
    return digest.hexdigest()
