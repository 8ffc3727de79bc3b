"""The chain of filters a clip's frames go through: even rhythm, upright, the right size, plain colours."""

from __future__ import annotations

from fractions import Fraction

from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from studio.media.layout import Layout

TURNS = {90: ("clock",), 180: ("clock", "clock"), 270: ("cclock",)}
PAD_COLOURS = {"white": "white", "black": "black"}
TO_SDR = {
    "out_transfer": "bt709",
    "out_primaries": "bt709",
    "out_color_matrix": "bt709",
    "intent": "perceptual",
}


def build(
    first: VideoFrame, *, time_base: Fraction, rate: Fraction, turn: int, layout: Layout, pad: str, hdr: bool
) -> Graph:
    """A graph for frames like `first`. Push frames in, pull frames out; push None at the end."""
    graph = Graph()
    end: FilterContext = graph.add_buffer(
        width=first.width, height=first.height, format=first.format, time_base=time_base
    )
    end = _then(graph, end, "fps", fps=f"{rate.numerator}/{rate.denominator}")
    for direction in TURNS.get(turn, ()):
        end = _then(graph, end, "transpose", dir=direction)
    if layout.pads and pad == "soft":
        end = _on_itself(graph, end, layout)
    else:
        end = _scale(graph, end, layout.scaled)
        if layout.pads:
            end = _pad(graph, end, layout, pad)
    if hdr:
        end = _then(graph, end, "scale", **TO_SDR)
    end = _then(graph, end, "setsar", sar="1")
    end = _then(graph, end, "format", pix_fmts="yuv420p")
    end.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def _then(graph: Graph, before: FilterContext, name: str, **options: str) -> FilterContext:
    context = graph.add(name, **options)
    before.link_to(context)
    return context


def _scale(graph: Graph, end: FilterContext, size: tuple[int, int]) -> FilterContext:
    return _then(graph, end, "scale", w=str(size[0]), h=str(size[1]), flags="lanczos")


def _pad(graph: Graph, end: FilterContext, layout: Layout, pad: str) -> FilterContext:
    width, height = layout.canvas
    return _then(
        graph, end, "pad", w=str(width), h=str(height), x="(ow-iw)/2", y="(oh-ih)/2", color=PAD_COLOURS[pad]
    )


def _on_itself(graph: Graph, end: FilterContext, layout: Layout) -> FilterContext:
    """Each frame over itself, large and out of focus (blurred small, which is as good and far quicker)."""
    width, height = layout.canvas
    split = _then(graph, end, "split", outputs="2")
    ground = graph.add("scale", w=str(max(width // 8, 16)), h=str(max(height // 8, 16)))
    split.link_to(ground, 0, 0)
    ground = _then(graph, ground, "gblur", sigma="6")
    ground = _then(graph, ground, "scale", w=str(width), h=str(height), flags="bicubic")
    sharp = graph.add("scale", w=str(layout.scaled[0]), h=str(layout.scaled[1]), flags="lanczos")
    split.link_to(sharp, 1, 0)
    over = graph.add("overlay", x="(W-w)/2", y="(H-h)/2")
    ground.link_to(over, 0, 0)
    sharp.link_to(over, 0, 1)
    return over
