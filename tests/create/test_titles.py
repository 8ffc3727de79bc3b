"""The name a clip gets when nobody gave it one."""

from __future__ import annotations

import pytest

from studio.briefs import sending
from studio.briefs.tray import Place, Tray
from studio.models import Brief


def hazel() -> Place:
    return Place(key="abc123", kind="image", name="hazel", file=None, voice=None, state="ready")


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("{{ref:abc123}} wakes up. Then it rains.", "Hazel wakes up"),
        ("Shot 1 [0-3s]: {{ref:abc123}} wakes up. Shot 2 [3-5s]: rain.", "Hazel wakes up"),
        ("a very long walk " * 8, "A very long walk a very long walk a very long"),
        (
            "The camera moves slowly around {{ref:abc123}} on a table of old wood.",
            "The camera moves slowly around hazel on a table",
        ),
        ("Evening light in the harbour, {{ref:abc123}} looks at the boats.", "Evening light in the harbour"),
        ("", "Untitled clip"),
    ],
)
def test_a_clip_without_a_name_is_called_after_its_first_sentence(prompt: str, title: str):
    assert sending.title_of(Brief(prompt=prompt), Tray(places=(hazel(),))) == title


def test_a_name_that_someone_gave_stays():
    assert sending.title_of(Brief(title="Morning", prompt="Rain."), Tray(places=(hazel(),))) == "Morning"
