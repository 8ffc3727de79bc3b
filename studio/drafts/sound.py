"""What a draft sounds like: the clips' own sound under their scenes, and the voices of the references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
from av.filter import Graph
from av.filter.context import FilterContext

from studio.drafts import containers
from studio.drafts.request import FPS, DraftRequest
from studio.drafts.storyboard import Scene
from studio.media import streams

RATE = 48_000
SAMPLES = 1024  # in one frame of AAC
UNDER_A_VOICE = 0.3
FADE_IN, FADE_OUT = 0.08, 0.25  # seconds


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A sound from `start` for at most `length` seconds. A loop begins again when it is over.

    `whose` begins a sentence about it; `key` is the input it came with.
    """

    whose: str
    key: str
    path: Path
    start: float
    length: float
    gain: float = 1.0
    loop: bool = False


def cues(request: DraftRequest, scenes: Sequence[Scene]) -> list[Cue]:
    """Who is heard when. A voice begins with the first scene of its reference and replaces a clip's sound."""
    voices = _voices(request, scenes)
    clips = [
        Cue(
            whose=source.label,
            key=source.key,
            path=source.path,
            start=scene.start / FPS,
            length=scene.frames / FPS,
            loop=True,
        )
        for scene in scenes
        if scene.source is not None
        for source in [request.sources[scene.source]]
        if source.kind == "video" and source.voice is None
    ]
    return [*(_under(clip, voices) for clip in clips), *voices]


def mix(parts: Sequence[Cue], seconds: int) -> Iterator[av.AudioFrame]:
    """The whole sound of the film in stereo, exactly `seconds` long, silence where nothing plays.

    A file without sound is silent. Raises UnreadableMedia.
    """
    audible = [part for part in parts if _has_sound(part)]
    graph = Graph()
    inputs = [_input(graph, part) for part in audible]
    _mix(graph, [last for _, last in inputs], seconds)
    for part, (first, _) in zip(audible, inputs, strict=True):
        _feed(first, part)
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, av.AudioFrame):
            yield frame


def _voices(request: DraftRequest, scenes: Sequence[Scene]) -> list[Cue]:
    """Each voice once; one still speaking ends where the next begins."""
    starts: dict[int, float] = {}
    for scene in scenes:
        if scene.source is not None:
            starts.setdefault(scene.source, scene.start / FPS)
    speaking = sorted(
        (starts.get(index, 0.0), source.voice, source.label, f"voice:{source.key}")
        for index, source in enumerate(request.sources)
        if source.voice is not None
    )
    ends = [*(start for start, *_ in speaking[1:]), float(request.seconds)]
    return [
        Cue(whose=f"The voice of {label}", key=key, path=voice, start=start, length=end - start)
        for (start, voice, label, key), end in zip(speaking, ends, strict=False)
        if end > start
    ]


def _under(clip: Cue, voices: Sequence[Cue]) -> Cue:
    heard_with = any(
        voice.start < clip.start + clip.length and clip.start < voice.start + voice.length for voice in voices
    )
    return replace(clip, gain=UNDER_A_VOICE) if heard_with else clip


def _has_sound(part: Cue) -> bool:
    with containers.speaking_of(part.whose, part.key), containers.opened(part.path) as container:
        return streams.sound(container) is not None


def _input(graph: Graph, part: Cue) -> tuple[FilterContext, FilterContext]:
    """The first and last filter of one cue's way to the mixer."""
    with containers.opened(part.path) as container:
        first = graph.add_abuffer(template=container.streams.audio[0])
    out = min(FADE_OUT, part.length / 3)
    steps = [
        ("aresample", str(RATE)),
        ("aformat", f"sample_fmts=fltp:channel_layouts=stereo:sample_rates={RATE}"),
        ("atrim", f"end={part.length:.4f}"),
        ("afade", f"t=in:d={FADE_IN}"),
        ("afade", f"t=out:st={part.length - out:.4f}:d={out:.4f}"),
        ("volume", f"{part.gain}"),
        ("adelay", f"{round(part.start * 1000)}:all=1"),
    ]
    last = first
    for name, arguments in steps:
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    return first, last


def _mix(graph: Graph, lasts: Sequence[FilterContext], seconds: int) -> None:
    silence = graph.add("anullsrc", f"channel_layout=stereo:sample_rate={RATE}:duration={seconds}")
    mixer = graph.add("amix", f"inputs={len(lasts) + 1}:duration=first:normalize=0")
    silence.link_to(mixer, 0, 0)
    for number, last in enumerate(lasts, start=1):
        last.link_to(mixer, 0, number)
    limiter = graph.add("alimiter", "limit=0.94:level=disabled:latency=1")
    sized = graph.add("asetnsamples", f"n={SAMPLES}:p=0")
    sink = graph.add("abuffersink")
    mixer.link_to(limiter)
    limiter.link_to(sized)
    sized.link_to(sink)
    graph.configure()


def _feed(first: FilterContext, part: Cue) -> None:
    """Decode a cue into its input, as much as is heard of it."""
    fed, heard = 0, 0.0
    while heard < part.length:
        before = fed
        with containers.speaking_of(part.whose, part.key), containers.opened(part.path) as container:
            for frame in container.decode(container.streams.audio[0]):
                frame.pts = fed
                first.push(frame)
                fed += frame.samples
                heard = fed / frame.sample_rate
                if heard >= part.length:
                    break
        if fed == before or not part.loop:
            break
    first.push(None)
