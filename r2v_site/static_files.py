"""Static files as production serves them: named by content, compressed, one stylesheet and one script a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

from r2v_site.bundles import Reader, bundle_modules, flatten_css

type Found = dict[str, tuple[Any, str]]
type Processed = Iterator[tuple[str, str | None, bool | Exception]]


def small_bundle(name: str, read: Reader) -> str:
    """The bundle of a script without comments and indentation."""
    return str(jsmin(bundle_modules(name, read)))


CONTENTS_PAGES: dict[str, Callable[[str, Reader], str]] = {
    "css/app.css": flatten_css,
    "css/compare.css": flatten_css,
    "css/guest.css": flatten_css,
    "css/guide.css": flatten_css,
    "css/people.css": flatten_css,
    "css/review.css": flatten_css,
    "css/board.css": flatten_css,
    "js/app.js": small_bundle,
    "js/below-fold.js": small_bundle,
    "js/board.js": small_bundle,
    "js/compare.js": small_bundle,
    "js/create.js": small_bundle,
    "js/door.js": small_bundle,
    "js/fix.js": small_bundle,
    "js/guest.js": small_bundle,
    "js/library.js": small_bundle,
    "js/making.js": small_bundle,
    "js/player.js": small_bundle,
    "js/review.js": small_bundle,
    "js/upload.js": small_bundle,
}


class StudioStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Flattens the contents pages, then hashes and compresses. The parts are served by nobody and leave."""

    # Parts are inside the bundles by now: a script names only what it loads later, a stylesheet only its fonts.
    # Source maps are left out on purpose, and so are the comments that ask for them.
    patterns = (
        ("*.css", (r"""(?P<matched>url\((?P<quote>['"]?)(?P<url>.*?)(?P=quote)\))""",)),
        ("js/*.js", ((r"""(?P<matched>import\("(?P<url>\..*?)"\))""", 'import("%(url)s")'),)),
    )
    keep_only_hashed_files = True

    def post_process(self, paths: Found, dry_run: bool = False, **options: Any) -> Processed:
        if not dry_run:
            self._write_bundles(paths)
        served = {name: place for name, place in paths.items() if not is_a_part(name)}
        yield from super().post_process(served, dry_run=dry_run, **options)

    def _write_bundles(self, paths: Found) -> None:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode("utf-8"))

        # From the sources: the copies in this storage may be bundles of an earlier run.
        bundles = {name: make(name, read) for name, make in CONTENTS_PAGES.items() if name in paths}
        for name, text in bundles.items():
            self.delete(name)
            self.save(name, ContentFile(text.encode("utf-8")))
        for name in filter(is_a_part, paths):
            self.delete(name)
        paths.update({name: (self, name) for name in bundles})


def is_a_part(name: str) -> bool:
    """Whether a file is served only inside a bundle."""
    return name.startswith(("css/", "js/")) and name not in CONTENTS_PAGES
