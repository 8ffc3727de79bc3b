"""Open the files of a draft, and say whose file it was when one cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from av.container.input import InputContainer

from studio.media import streams
from studio.media.errors import UnreadableMedia
from studio.media.sniff import sniff


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """A clip or sound by its one demuxer. Raises UnreadableMedia, also for what goes wrong while reading it."""
    found = sniff(path)
    if found.family != "timed":
        raise UnreadableMedia("format", "It is a picture, not a clip or a sound.")
    with streams.opened(path, found.opener) as container:
        yield container


@contextmanager
def speaking_of(what: str, key: str = "") -> Iterator[None]:
    """Begin the sentence of an UnreadableMedia with the reference it is about, and keep the reference's key."""
    try:
        yield
    except UnreadableMedia as error:
        sentence = f"{what} can’t be used. {error.sentence}"
        raise UnreadableMedia(error.code, sentence, measured=error.measured, about=key) from error
