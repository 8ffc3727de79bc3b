"""Repairing a voice: the kept stretch of any sound, or of a clip's sound, as a WAV. Runs in the child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import av
from av.audio.frame import AudioFrame

from studio.media import looking, streams
from studio.media.encoding import stretch
from studio.media.errors import UnreadableMedia
from studio.media.orders import Order
from studio.media.sniff import sniff
from studio.media.sound_track import SoundTrack


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    order = Order.read(payload)
    out = order.out_dir / "fixed.wav"
    length = max(order.end - order.start, 0.1)
    with (
        streams.opened(order.path, sniff(order.path).opener) as source,
        av.open(f"file:{out}", "w", format="wav") as target,
    ):
        sound = streams.sound(source)
        if sound is None:
            raise UnreadableMedia("no_content", "It has no sound.")
        channels = "mono" if sound.codec_context.channels == 1 else "stereo"
        track = SoundTrack(target, "pcm_s16le", seconds=length, layout=channels)
        for frame, at in stretch(source, [sound], order):
            if isinstance(frame, AudioFrame):
                track.play(frame, at)
                report(min(at / length, 0.95))
        track.finish()
    if not track.seconds:
        raise UnreadableMedia("unreadable", f"No sound can be read from it. {streams.SAVE_AGAIN}")
    return {"name": out.name, "facts": looking.look(out).to_dict()}
