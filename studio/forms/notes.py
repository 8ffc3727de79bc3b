"""A note as the composer sends it, and the words of an answer or a change."""

from __future__ import annotations

from typing import Any

from django import forms

from studio import drawings
from studio.drawings import NotADrawing, Stroke
from studio.notes import Refused
from studio.timecodes import parse

FRAME_AT_MOST = 2_000_000_000
TO = " to "


class WordsForm(forms.Form):
    """`note_id` is made with the page, so that a second press finds the note of the first."""

    text = forms.CharField(required=False, strip=False)
    note_id = forms.UUIDField(required=False)


class NoteForm(WordsForm):
    """Scripts send `frame` and `last_frame`; without them a person types `at`: "0:02.14", "0:03.06 to 0:04.00"."""

    at = forms.CharField(required=False, max_length=40)
    frame = forms.IntegerField(required=False, min_value=0, max_value=FRAME_AT_MOST)
    last_frame = forms.IntegerField(required=False, min_value=0, max_value=FRAME_AT_MOST)
    drawing = forms.CharField(required=False, max_length=drawings.TEXT_AT_MOST)
    team_only = forms.BooleanField(required=False)

    def content(self, fps: float) -> dict[str, Any]:
        """What `notes.write` takes, at the clip's rate. Raises Refused."""
        if not self.is_valid():
            raise Refused(self._first_problem())
        first, last = self._place(fps)
        said = self.cleaned_data
        return {
            "text": said["text"],
            "first_frame": first,
            "last_frame": last,
            "drawing": self._strokes(),
            "is_team_only": said["team_only"],
            "note_id": said["note_id"],
        }

    def _place(self, fps: float) -> tuple[int | None, int | None]:
        said = self.cleaned_data
        if said["frame"] is not None:
            return said["frame"], said["last_frame"]
        if not said["at"].strip():
            return None, None
        first, _, last = said["at"].partition(TO)
        return _frame(first, fps), _frame(last, fps) if last else None

    def _strokes(self) -> list[Stroke]:
        try:
            return drawings.read(self.cleaned_data["drawing"])
        except NotADrawing as wrong:
            raise Refused(wrong.sentence) from wrong

    def _first_problem(self) -> str:
        if "text" in self.errors:
            return "This text has signs that can’t be kept. Write it once more."
        if "drawing" in self.errors:
            return "This drawing is too large to keep. Take some strokes back."
        if self.errors.keys() & {"frame", "last_frame", "at"}:
            return "This isn’t a time in this clip. Write it like 0:02.14."
        return "This note could not be kept. Open the page again and send it once more."


def _frame(text: str, fps: float) -> int:
    frame = parse(text, fps)
    if frame is None:
        raise Refused(
            f"“{text.strip()}” isn’t a time in this clip. Write it like 0:02.14, or leave it empty."
        )
    return frame
