"""The consent note of a library file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import access
from studio.files import consent
from studio.forms.consent import ConsentForm
from studio.http import SignedInRequest
from studio.views.files import panel_answer


@require_POST
def file_consent(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """Note who agreed to what until when, or take the note out with `remove`."""
    access.require_maker(request.user)
    chosen = access.file_for(request.user, file_id)
    if request.POST.get("remove"):
        consent.forget(chosen)
        return panel_answer(request, chosen)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return panel_answer(request, chosen, problem=form.sentence, status=422, typed=request.POST.dict())
    noted = form.cleaned_data
    consent.note(chosen, who=noted["who"], purpose=noted["purpose"], until=noted["until"], user=request.user)
    return panel_answer(request, chosen)
