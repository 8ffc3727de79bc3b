"""Every component in every state, with sample content: how the markup of a page is learned. Development only."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

SAMPLES = {
    "": "studio/guide/basics.html",
    "create": "studio/guide/create.html",
    "problems": "studio/guide/problems.html",
    "works": "studio/guide/works.html",
    "library": "studio/guide/library.html",
    "files": "studio/guide/files.html",
    "clip": "studio/guide/clip.html",
    "stories": "studio/guide/stories.html",
    "fix": "studio/guide/fix.html",
    "first-run": "studio/guide/first_run.html",
    "sign-in": "studio/guide/sign_in.html",
    "empty": "studio/guide/empty.html",
}


@login_not_required
def style_guide(request: HttpRequest, sample: str = "") -> HttpResponse:
    """One sample page, or the basics. 404 for a name that is not in the guide."""
    if sample not in SAMPLES:
        raise Http404(sample)
    return render(request, SAMPLES[sample], {"samples": [name for name in SAMPLES if name]})
