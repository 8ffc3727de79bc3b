"""What the page is told about a file that has come in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from studio.files import uploads
from studio.models import LibraryFile


def describe(file: LibraryFile, *, use: str = "any") -> dict[str, Any]:
    """One file with its one-line verdict, as the tile in the page needs it."""
    wanted = uploads.use_of(use, file.kind)
    verdict = uploads.verdict_for(file, wanted)
    thumb = "thumb" if file.media.previews.get("thumb") else ""
    return {
        "file": str(file.pk),
        "kind": file.kind,
        "name": file.name,
        "original_name": file.original_name,
        "seconds": file.media.facts.get("duration"),
        "outcome": str(verdict.outcome),
        "summary": verdict.summary_for(file.original_name),
        "thumb": reverse("studio:file-picture", args=[file.pk, thumb]) if thumb else None,
        "fix_url": f"{reverse('studio:fix', args=[file.pk])}?use={wanted}",
        "fixed": ", ".join(file.fix.get("done", [])),
        "original": str(file.fixed_from_id) if file.fixed_from_id else None,
    }
