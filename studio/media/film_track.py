"""The moving picture of a new clip: frames in at their times, H.264 out at an even rhythm."""

from __future__ import annotations

from fractions import Fraction

from av.container.output import OutputContainer
from av.error import BlockingIOError, EOFError
from av.filter import Graph
from av.video.frame import VideoFrame

from studio.media import graphs, streams
from studio.media.errors import UnreadableMedia
from studio.media.findings import FixKind
from studio.media.layout import Layout, lay_out
from studio.media.limits import Use
from studio.media.orders import Order

RATES = [
    Fraction(*pair) for pair in ((24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60, 1))
]
CLOCK = 90_000
SHARE_OF_LIMIT = 0.8  # of the bytes a clip may have; the encoder overshoots a little, and there is sound
QUALITY = "19"


class FilmTrack:
    """Show frames in order of time, then finish. Raises UnreadableMedia at the end if none was shown."""

    def __init__(self, target: OutputContainer, order: Order) -> None:
        self._target, self._order = target, order
        self._rate = steady(order.facts.fps)
        self._layout = layout_for(order)
        self._stream = target.add_stream("libx264", rate=self._rate)
        self._stream.width, self._stream.height = self._layout.canvas
        self._stream.pix_fmt = "yuv420p"
        most = int(order.limits.clip_bytes * 8 * SHARE_OF_LIMIT / max(order.end - order.start, 1.0))
        self._stream.options = {
            "preset": "veryfast",
            "crf": QUALITY,
            "maxrate": str(most),
            "bufsize": str(most),
            "rc-lookahead": "20",
        }
        self._graph: Graph | None = None
        self._first: VideoFrame | None = None
        self._last: tuple[VideoFrame, float] | None = None

    def show(self, frame: VideoFrame, at: float) -> None:
        if self._graph is None or self._first is None:
            self._first, self._graph = frame, self._build(frame)
        frame = _like(frame, self._first)
        frame.pts, frame.time_base = round(at * CLOCK), Fraction(1, CLOCK)
        frame.duration = round(CLOCK / self._rate)
        self._last = (frame, at)
        self._graph.push(frame)
        self._drain(self._graph)

    def finish(self) -> None:
        if self._graph is None or self._last is None:
            raise UnreadableMedia("unreadable", streams.UNREADABLE)
        frame, at = self._last
        final = self._order.end - self._order.start - float(1 / self._rate)
        if at < final - 1e-3:  # the last picture stays until the end, however slow the rhythm was
            self.show(frame, final)
        self._graph.push(None)
        self._drain(self._graph)
        self._target.mux(self._stream.encode(None))

    def _build(self, frame: VideoFrame) -> Graph:
        return graphs.build(
            frame,
            time_base=Fraction(1, CLOCK),
            rate=self._rate,
            turn=self._order.turn(),
            layout=self._layout,
            pad=self._order.choices.pad,
            hdr=self._order.facts.hdr,
        )

    def _drain(self, graph: Graph) -> None:
        while True:
            try:
                frame = graph.pull()
            except (BlockingIOError, EOFError):
                return
            if isinstance(frame, VideoFrame):
                frame.pict_type = 0  # let the encoder choose its own keyframes
                if not self._stream.codec_context.is_open:
                    self._tell_colours(frame)
                self._target.mux(self._stream.encode(frame))

    def _tell_colours(self, frame: VideoFrame) -> None:
        """Players must read the new numbers as the old ones were meant."""
        context = self._stream.codec_context
        context.color_range, context.colorspace = frame.color_range, frame.colorspace
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc


def steady(fps: float | None) -> Fraction:
    """The common frame rate nearest to a measured one; 30 where nothing sensible was measured."""
    if not fps or fps < 5:
        return Fraction(30)
    return min(RATES, key=lambda rate: abs(float(rate) - fps))


def layout_for(order: Order) -> Layout:
    """The size of the new clip; repairs that were skipped leave it as it is, but for even sides."""
    wanted = lay_out(*order.turned_sides(), Use.CLIP, order.limits)
    if not order.kinds & {FixKind.SHRINK, FixKind.ENLARGE, FixKind.PAD}:
        width, height = order.turned_sides()
        even = (width + width % 2, height + height % 2)
        return Layout(scaled=even, canvas=even)
    if FixKind.PAD not in order.kinds:
        return Layout(scaled=wanted.scaled, canvas=wanted.scaled)
    return wanted


def _like(frame: VideoFrame, first: VideoFrame) -> VideoFrame:
    """Some clips change size or colours on the way; the graph does not."""
    same = (frame.width, frame.height, frame.format.name) == (first.width, first.height, first.format.name)
    if same:
        return frame
    return frame.reformat(width=first.width, height=first.height, format=first.format.name)
