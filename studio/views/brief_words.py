"""Words to begin a clip with: templates, and what a person wrote before."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.briefs import wordings
from studio.http import SignedInRequest, read_uuid, wants_partial
from studio.models import Brief


@require_safe
def brief_words(request: SignedInRequest) -> HttpResponse:
    """For the dialog of Create, whose form each choice belongs to; without scripts a page with a form of its own."""
    is_dialog = wants_partial(request)
    brief_id = read_uuid(request.GET.get("brief"))
    if brief_id and not is_dialog and not Brief.objects.visible_to(request.user).filter(pk=brief_id).exists():
        brief_id = None  # it was never saved: the words begin one
    context = {
        "ours": wordings.OURS.values(),
        "kept": wordings.kept(request.user),
        "written": wordings.written_before(request.user),
        "brief_id": brief_id,
        "form_id": "brief" if is_dialog else "words",
        "nav": "create",
    }
    return render(request, "studio/words_picker.html" if is_dialog else "studio/words.html", context)
