"""What is on screen when: a request becomes scenes that fill the film frame by frame. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.drafts import script
from studio.drafts.request import FPS, DraftRequest
from studio.drafts.script import Mention, Shot

SHORTEST_SCENE = 24  # frames; a shorter one flickers by unread
OPENING = (30, 45)  # frames the first frame is held, at least and at most
DISSOLVE = 14  # frames from the first frame into the first scene


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Frames [start, end) show one source; None is the first frame. `words` are its caption.

    For its first `dissolve` frames it is mixed with the scene before.
    """

    source: int | None
    start: int
    end: int
    words: str = ""
    dissolve: int = 0

    @property
    def frames(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class Span:
    """Frames [start, end) and what the prompt says about them."""

    start: int
    end: int
    text: str


def plan(request: DraftRequest) -> tuple[Scene, ...]:
    """The scenes of a draft, in order, without gap or overlap, from frame 0 to the last."""
    labels = [source.label for source in request.sources]
    spans = lay_out(script.read_shots(request.prompt), request.frames)
    waiting = _unmentioned(spans, labels)
    scenes: list[Scene] = []
    for span in spans:
        previous = scenes[-1].source if scenes else None
        scenes += _scenes(span, labels, waiting, alone=len(spans) == 1, previous=previous)
    return tuple(_with_opening(scenes) if request.first_frame and labels else scenes)


def lay_out(shots: Sequence[Shot], frames: int) -> list[Span]:
    """Give every frame to one shot. Where shots overlap the later one wins, gaps go to the shot before."""
    if any(shot.start is None for shot in shots):
        return _evenly(shots, frames)
    timed = sorted(shots, key=lambda shot: shot.start or 0.0)
    starts = [min(round((shot.start or 0.0) * FPS), frames) for shot in timed]
    starts[0] = 0
    spans = [
        Span(start=start, end=end, text=shot.text)
        for shot, start, end in zip(timed, starts, [*starts[1:], frames], strict=True)
    ]
    return _without_slivers([span for span in spans if span.end > span.start])


def _evenly(shots: Sequence[Shot], frames: int) -> list[Span]:
    shots = shots[: max(1, frames // SHORTEST_SCENE)]
    edges = _edges(0, frames, len(shots))
    return [
        Span(start=start, end=end, text=shot.text)
        for shot, start, end in zip(shots, edges, edges[1:], strict=False)
    ]


def _without_slivers(spans: list[Span]) -> list[Span]:
    """A span too short to see joins the one before it (the first one: the one after)."""
    kept: list[Span] = []
    for span in spans:
        if kept and (span.end - span.start < SHORTEST_SCENE // 2):
            kept[-1] = replace(kept[-1], end=span.end)
        elif kept and (kept[-1].end - kept[-1].start < SHORTEST_SCENE // 2):
            kept[-1] = replace(span, start=kept[-1].start)
        else:
            kept.append(span)
    return kept


def _unmentioned(spans: Sequence[Span], labels: Sequence[str]) -> list[int]:
    named = {mention.source for span in spans for mention in script.find_mentions(span.text, labels)}
    return [index for index in range(len(labels)) if index not in named]


def _scenes(
    span: Span, labels: Sequence[str], waiting: list[int], *, alone: bool, previous: int | None
) -> list[Scene]:
    """The scenes inside one span: one per name in its text, or pictures that no text names."""
    room = max(1, (span.end - span.start) // SHORTEST_SCENE)
    mentions = _worth_a_scene(script.find_mentions(span.text, labels), room)
    if mentions:
        words = script.split_at(span.text, mentions)
        return _fill(span, [mention.source for mention in mentions], words)
    if not labels:
        return _fill(span, [None], [span.text])
    sources = _unnamed_sources(waiting, most=room if alone else 1, previous=previous)
    return _fill(span, sources, _shared_out(script.sentences(span.text), len(sources)))


def _worth_a_scene(mentions: list[Mention], room: int) -> list[Mention]:
    """The names that get a scene: not the same twice in a row, and no more than there is room for."""
    chosen = [
        mention
        for index, mention in enumerate(mentions)
        if index == 0 or mention.source != mentions[index - 1].source
    ]
    if len(chosen) > room:
        firsts = {mention.source: mention for mention in reversed(chosen)}
        chosen = sorted(firsts.values(), key=lambda mention: mention.start)
    return chosen[:room]


def _unnamed_sources(waiting: list[int], *, most: int, previous: int | None) -> list[int | None]:
    """For a text that names nothing: sources that no text names, in order; else the one on screen stays."""
    if not waiting:
        return [previous if previous is not None else 0]
    chosen = waiting[:most]
    del waiting[:most]
    return list(chosen)


def _shared_out(parts: list[str], count: int) -> list[str]:
    """Sentences dealt to scenes in order; a lone sentence stays under every scene."""
    if len(parts) <= 1:
        return parts * count or [""] * count
    edges = _edges(0, len(parts), count)
    shares = [" ".join(parts[start:end]) for start, end in pairwise(edges)]
    for index in range(1, count):
        shares[index] = shares[index] or shares[index - 1]
    return shares


def _fill(span: Span, sources: Sequence[int | None], words: Sequence[str]) -> list[Scene]:
    edges = _edges(span.start, span.end, len(sources))
    return [
        Scene(source=source, start=start, end=end, words=text)
        for source, start, end, text in zip(sources, edges, edges[1:], words, strict=False)
    ]


def _edges(start: int, end: int, parts: int) -> list[int]:
    return [start + round((end - start) * index / parts) for index in range(parts + 1)]


def _with_opening(scenes: list[Scene]) -> list[Scene]:
    """The first frame is held at the start and dissolves into the first scene; later cuts stay in place."""
    first = scenes[0]
    held = min(max(scenes[-1].end // 4, OPENING[0]), OPENING[1], first.frames // 2)
    opening = Scene(source=None, start=0, end=held, words=first.words)
    rest = replace(first, start=held, dissolve=min(DISSOLVE, first.frames - held))
    return [opening, rest, *scenes[1:]]
