"""What is done in the tray and its wells: add, replace, remove, reorder, give a voice, take back."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import access
from studio.briefs import changing, rewording, saving, wordings
from studio.briefs.tray import files_by_id, tray_of
from studio.files import uploads
from studio.http import SignedInRequest, wants_partial
from studio.models import Brief, LibraryFile
from studio.views.brief_answers import answer, opened
from studio.views.plain_uploads import take_plain

PARTS = ("state", "saved", "tray", "wells", "legend", "prompt_notes", "settings", "providers", "cost")


@require_POST
def brief_tray(request: SignedInRequest, brief_id: UUID) -> HttpResponse:
    """Save the form, make the change, answer with everything that depends on the tray."""
    access.require_maker(request.user)
    with transaction.atomic():
        brief, _ = opened(request, brief_id)
    sent_along = _files_sent_along(request, brief)
    refusals = [line for _, line in sent_along if isinstance(line, str)]
    lines = [f"put {place} {file.pk}" for place, file in sent_along if isinstance(file, LibraryFile)]
    line = saving.clean(request.POST.get("act", ""), saving.LINE_KEEPS)
    if line == "keep":
        line = f"keep {saving.clean(request.POST.get('wording', ''), saving.LINE_KEEPS)}"
    lines += [line] if line and line != "add" else []
    with transaction.atomic():
        brief = access.brief_to_write(request.user, brief_id)
        said, problems = _changed(request, brief, lines)
        saving.store(brief)
    problems = refusals + problems
    verb = line.partition(" ")[0]
    told = said if verb in ("keep", "unkeep") else ""  # nothing in the page shows it
    if not wants_partial(request):
        for sentence in problems:
            messages.warning(request, sentence)
        if told:
            messages.success(request, told)
    has_new_words = verb in ("say", "words")
    said = "" if told else said
    response = answer(request, brief, PARTS, said=said, tray_problems=problems, has_new_words=has_new_words)
    if told:
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": told, "kind": "good"}})
    return response


def _changed(request: SignedInRequest, brief: Brief, lines: list[str]) -> tuple[str, list[str]]:
    """Make every change that can be made. Returns the words for the last one, and why others were not made."""
    said, problems = "", []
    for line in lines:
        file_id = line.split(" ")[-1]
        file = files_by_id(request.user, [file_id]).get(file_id) if line.startswith("put ") else None
        if file and file.deleted_at:
            file = None
        tray = tray_of(brief, request.user)
        verb = line.partition(" ")[0]
        if verb in rewording.VERBS:
            said = rewording.reword(brief, tray, line)
            continue
        try:
            if verb in wordings.VERBS:
                said = wordings.act(brief, tray, line)
            else:
                said = changing.change(brief, tray, line, file)
        except changing.CannotChange as why:
            problems.append(str(why))
    return said, problems


def _files_sent_along(request: SignedInRequest, brief: Brief) -> list[tuple[str, LibraryFile | str]]:
    """Files that came with a plain form, where no script uploads them: (place, library file or refusal)."""
    kept: list[tuple[str, LibraryFile | str]] = []
    for field, files in request.FILES.lists():
        place = field.removeprefix("file-")
        for sent in files:
            try:
                file = take_plain(request.user, sent, project=brief.project, use="any")
            except uploads.Refused as refused:
                kept.append((place, f"{sent.name} was not added. {refused.sentence}"))
            else:
                kept.append((place, file))
    return kept
