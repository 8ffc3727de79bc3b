"""Mentions follow their file: by example, and by a thousand random edits."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from studio import mentions
from studio.mentions import Named

VECTORS = Path(__file__).with_name("mention_vectors.json")
ANN, BEN, CAT = (
    Named(key="ann111", kind="image"),
    Named(key="ben222", kind="image"),
    Named(key="cat333", kind="video"),
)


def test_pictures_and_clips_are_numbered_separately():
    assert mentions.labels([ANN, CAT, BEN]) == {"ann111": "Image 1", "cat333": "Video 1", "ben222": "Image 2"}


def test_a_reordered_tray_rewrites_the_names_and_keeps_the_meaning():
    text = mentions.relabel("Image 1 follows Image 2 past Video 1", [ANN, BEN, CAT], [CAT, BEN, ANN])

    assert text == "Image 2 follows Image 1 past Video 1"


def test_a_removed_reference_leaves_a_name_that_points_at_nothing():
    text = mentions.relabel("Image 1 follows Image 2", [ANN, BEN], [BEN])

    assert text == "Image ? follows Image 1"
    assert mentions.unknown_names(mentions.to_stored(text, [BEN])) == ["Image ?"]


def test_a_reference_that_comes_back_gets_its_mention_back():
    text = mentions.relabel("Image ? follows Image 1", [BEN], [ANN, BEN], gone=[ANN])

    assert text == "Image 1 follows Image 2"


def test_two_lost_pictures_are_never_guessed():
    assert mentions.relabel("Image ? and Image ?", [], [ANN, BEN], gone=[ANN, BEN]) == "Image ? and Image ?"


@pytest.mark.parametrize("text", ["Images 1", "Image 1st", "myImage 1", "Image 100", "Image 0", "Image  1"])
def test_what_only_looks_like_a_name_stays_text(text: str):
    assert mentions.to_stored(text, [ANN]) == text


def test_a_token_that_someone_types_is_no_mention():
    stored = mentions.to_stored("{{ref:ben222}} runs", [ANN, BEN])

    assert mentions.mentioned_keys(stored) == []


@pytest.mark.parametrize(
    ("text", "name", "other", "expected"),
    [
        ("Image 4 waves at image 4.", "Image 4", "Image 2", "Image 2 waves at Image 2."),
        ("She sees Image 4 on the stone.", "Image 4", "", "She sees on the stone."),
        ("She sees Image 4.", "Image 4", "", "She sees."),
        ("Image 4 waves.", "Image 4", "", "waves."),
    ],
)
def test_a_name_is_changed_or_taken_out_everywhere(text: str, name: str, other: str, expected: str):
    assert mentions.renamed(text, name, other) == expected


@dataclass
class Desk:
    """A person's page: the text in front of them, and what they believe each mention shows."""

    chance: random.Random
    tray: list[Named] = field(default_factory=list)
    gone: list[Named] = field(default_factory=list)
    text: str = ""
    meant: list[str] = field(default_factory=list)
    count: int = 0

    def add(self) -> None:
        if len(self.tray) < 5:
            self.count += 1
            new = Named(key=f"k{self.count}", kind=self.chance.choice(["image", "image", "video"]))
            self._becomes([*self.tray, new])

    def remove(self) -> None:
        if self.tray:
            leaves = self.chance.choice(self.tray)
            self._becomes([ref for ref in self.tray if ref is not leaves])

    def reorder(self) -> None:
        self._becomes(self.chance.sample(self.tray, len(self.tray)))

    def replace(self) -> None:
        """Another file in the same place keeps the identity; it may be of the other kind."""
        if self.tray:
            at = self.chance.randrange(len(self.tray))
            changed = Named(key=self.tray[at].key, kind=self.chance.choice(["image", "video"]))
            self._becomes([*self.tray[:at], changed, *self.tray[at + 1 :]])

    def change_provider(self) -> None:
        """Some references cannot be used there: they lose their numbers, and get them back later."""
        usable = [ref for ref in self.tray if self.chance.random() < 0.7]
        before = self.tray
        self._becomes(usable)
        self._becomes(before)

    def mention(self) -> None:
        if self.tray:
            ref = self.chance.choice(self.tray)
            self.text += f" {mentions.labels(self.tray)[ref.key]} walks,"
            self.meant.append(ref.key)

    def _becomes(self, after: list[Named]) -> None:
        """What page and server do together: keep identities, change the tray, show names again."""
        stored = mentions.to_stored(self.text, self.tray, gone=self.gone)
        known = [*self.gone, *self.tray]
        self.tray = after
        self.gone = mentions.lost(stored, after, {ref.key: ref.kind for ref in known})
        self.text = mentions.to_display(stored, after, gone=known)


@pytest.mark.parametrize("block", range(20))
def test_no_edit_ever_makes_a_mention_show_another_file(block: int):
    """A thousand random sequences, fifty in each case."""
    for seed in range(50 * block, 50 * block + 50):
        _edit_at_random(random.Random(seed))


def _edit_at_random(chance: random.Random) -> None:
    desk = Desk(chance)
    changes = [desk.remove, desk.reorder, desk.replace, desk.change_provider]
    edits = [desk.add, desk.add, desk.mention, desk.mention, *changes]
    for _ in range(chance.randrange(5, 40)):
        chance.choice(edits)()

    stored = mentions.to_stored(desk.text, desk.tray, gone=desk.gone)
    found = [match.group(1) or "?" for match in _mentions_in(stored)]
    assert len(found) == len(desk.meant)
    wrong = [
        (shown, meant) for shown, meant in zip(found, desk.meant, strict=True) if shown not in (meant, "?")
    ]
    assert not wrong, (desk.text, wrong)
    present = {ref.key for ref in desk.tray}
    assert all(shown in present or shown == "?" or shown in {ref.key for ref in desk.gone} for shown in found)


def _mentions_in(stored: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"\{\{ref:(\w+)\}\}|(?:Image|Video) \?", stored)


def test_the_shared_examples_hold_in_python():
    """static/js/mentions.js is held against the same file in a browser (tests/e2e/test_mentions_js.py)."""
    for example in json.loads(VECTORS.read_text()):
        before, after, gone = (
            [Named(key=key, kind=kind) for key, kind in example[part]] for part in ("before", "after", "gone")
        )
        assert mentions.to_stored(example["text"], before, gone=gone) == example["stored"]
        assert mentions.relabel(example["text"], before, after, gone=gone) == example["relabelled"]
