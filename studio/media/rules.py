"""The rules of the model, one small function each: a file's facts in, the rule it breaks out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.media.errors import UnreadableMedia
from studio.media.facts import Facts
from studio.media.findings import Finding, FixKind, Outcome, Verdict
from studio.media.limits import MODEL_LIMITS, Limits, Use
from studio.media.words import any_of, megabytes, name_of, plain, seconds, short_seconds, size

# Encoders round the last frame or the last block of sound up; this much is no longer a difference of length.
LENGTH_TOLERANCE = 0.05
NAMES = {"image": "a picture", "video": "a clip", "audio": "a sound"}
WANTED = {Use.PICTURE: "image", Use.CLIP: "video", Use.VOICE: "audio"}
CONVERTIBLE_PICTURES = ("heic", "avif")
PLAIN_PIXELS = ("yuv420p", "yuvj420p")

Rule = Callable[[Facts, Use, Limits], Finding | None]


def judge(facts: Facts, use: Use, limits: Limits = MODEL_LIMITS) -> Verdict:
    """Whether a file can be used as a picture, clip or voice: as it is, repaired, or not at all."""
    found = tuple(_findings(facts, use, limits))
    blocking = [finding for finding in found if finding.blocking]
    if not blocking:
        outcome = Outcome.ACCEPT
    elif all(finding.fix for finding in blocking):
        outcome = Outcome.FIXABLE
    else:
        outcome = Outcome.REJECT
    return Verdict(outcome=outcome, use=use, findings=found)


def refusal(error: UnreadableMedia, use: Use) -> Verdict:
    """The verdict on a file that could not even be looked at."""
    finding = Finding(
        rule=error.code,
        lead="was not added",
        sentence=error.sentence,
        clause="can’t be read",
        measured=error.measured,
        limit="",
    )
    return Verdict(outcome=Outcome.REJECT, use=use, findings=(finding,))


def _findings(facts: Facts, use: Use, limits: Limits) -> Iterator[Finding]:
    if other := wrong_kind(facts, use, limits):
        yield other
        return
    for rule in RULES[use]:
        if finding := rule(facts, use, limits):
            yield finding


def wrong_kind(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if facts.kind == WANTED[use] or (use is Use.VOICE and facts.kind == "video" and facts.has_audio):
        return None
    takes = {Use.PICTURE: "Pictures", Use.CLIP: "Clips", Use.VOICE: "Voices"}[use]
    what = "a clip without sound" if facts.kind == "video" and use is Use.VOICE else NAMES[facts.kind]
    return Finding(
        rule="wrong_kind",
        lead=f"can’t be used as a {use}",
        sentence=f"It is {what}.",
        clause=f"is {what}",
        measured=facts.format,
        limit=any_of(limits.formats(use)),
        advice=f"{takes} can be {any_of(limits.formats(use))}.",
    )


def picture_format(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if facts.format in limits.picture_formats:
        return None
    fixable = facts.format in CONVERTIBLE_PICTURES
    return Finding(
        rule="format",
        lead=f"is saved as {name_of(facts.format)}" if fixable else "was not added",
        sentence=f"Pictures can be {any_of(limits.picture_formats)}.",
        clause=f"is saved as {name_of(facts.format)}",
        measured=name_of(facts.format),
        limit=any_of(limits.picture_formats),
        advice="" if fixable else "Save it as one of these and drop it again.",
        fix=FixKind.SAVE_AS_JPEG if fixable else None,
    )


def clip_format(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if facts.format in limits.clip_formats:
        return None
    plays = _codec_fits(facts, limits) and facts.audio_codec in ("aac", "mp3", "")
    what = name_of(facts.format) if plays else f"{name_of(facts.format)} ({name_of(facts.video_codec)})"
    return Finding(
        rule="format",
        lead=f"is saved as {what}",
        sentence=f"The model opens {any_of(limits.clip_formats)}.",
        clause=f"is saved as {what}",
        measured=what,
        limit=any_of(limits.clip_formats),
        fix=FixKind.REPACK if plays else FixKind.CONVERT,
    )


def clip_codec(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if _codec_fits(facts, limits) or facts.format not in limits.clip_formats:
        return None
    known = facts.video_codec in limits.clip_codecs
    what = f"{name_of(facts.video_codec)} with unusual colours" if known else name_of(facts.video_codec)
    return Finding(
        rule="codec",
        lead=f"is saved as {what}",
        sentence=f"The model can’t open {what}.",
        clause=f"is saved as {what}",
        measured=f"{name_of(facts.video_codec)} {facts.pixel_format}".strip() if known else what,
        limit=any_of(limits.clip_codecs),
        fix=FixKind.CONVERT,
    )


def voice_format(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if facts.format in limits.voice_formats:
        return None
    clip = facts.kind == "video"
    return Finding(
        rule="format",
        lead="is a clip" if clip else f"is saved as {name_of(facts.format)}",
        sentence=f"Voices can be {any_of(limits.voice_formats)}.",
        clause="is a clip" if clip else f"is saved as {name_of(facts.format)}",
        measured=name_of(facts.format),
        limit=any_of(limits.voice_formats),
        fix=FixKind.EXTRACT_SOUND if clip else FixKind.CONVERT,
    )


def end_missing(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if not facts.truncated:
        return None
    shortest, _ = limits.seconds_range(use)
    readable, whole = facts.readable_seconds or 0.0, facts.duration or 0.0
    usable = readable >= shortest
    known = whole - readable > 0.5
    rest = (
        f"{plain(readable)} of {seconds(whole)} can be read" if known else f"{seconds(readable)} can be read"
    )
    return Finding(
        rule="end_missing",
        lead="is cut off",
        sentence=f"The end of the file is missing. {rest}, as if the copy stopped early.",
        clause="has lost its end",
        measured=rest,
        limit="the whole file",
        advice=f"Those {seconds(readable)} can be used, or copy it from its source again."
        if usable
        else "Copy it from its source again.",
        fix=FixKind.KEEP_READABLE if usable else None,
    )


def damaged(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if not facts.damaged:
        return None
    return Finding(
        rule="damaged",
        lead="is damaged",
        sentence="Some parts in the middle can’t be read.",
        clause="is damaged in places",
        measured="parts missing",
        limit="the whole file",
        advice="The rest can be used, or copy it from its source again.",
        fix=FixKind.CONVERT,
    )


def length(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    shortest, longest = limits.seconds_range(use)
    value = facts.seconds
    both = f"{plain(shortest)} to {seconds(longest)}"
    if value < shortest - LENGTH_TOLERANCE:
        return Finding(
            rule="too_short",
            lead="is too short to use",
            sentence=f"It is {seconds(value)}; the model takes {both}.",
            clause=f"is only {seconds(value)}",
            measured=seconds(value),
            limit=both,
            advice="Choose a longer one.",
        )
    if value > longest + LENGTH_TOLERANCE:
        about = seconds(round(value) if value >= longest + 1 else value)
        what = "Voices" if use is Use.VOICE else "Reference videos"
        return Finding(
            rule="too_long",
            lead=f"is {about}",
            sentence=f"{what} can be up to {seconds(longest)}.",
            clause=f"is {about}",
            measured=short_seconds(value),
            limit=both,
            advice=f"Choose {seconds(longest)} of it.",
            fix=FixKind.TRIM,
        )
    return None


def sideways(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if not facts.rotation and not facts.mirrored:
        return None
    how = {0: "is mirrored", 180: "is upside down"}.get(facts.rotation, "lies on its side")
    why = {0: "It is stored as in a mirror.", 180: "The camera was held upside down."}
    return Finding(
        rule="sideways",
        lead=how,
        sentence=why.get(facts.rotation, "The camera was held sideways."),
        clause=how,
        measured=f"{facts.rotation}°",
        limit="upright",
        fix=FixKind.TURN_UPRIGHT,
    )


def animated(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if not facts.animated or facts.format not in (*limits.picture_formats, *CONVERTIBLE_PICTURES):
        return None
    return Finding(
        rule="animated",
        lead="moves",
        sentence="The model takes still pictures. Its first picture can be used.",
        clause="moves",
        measured="several pictures",
        limit="one picture",
        fix=FixKind.STILL,
    )


def see_through(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if not facts.has_alpha or (facts.animated and not facts.see_through):
        return None  # moving pictures are always stored with room for transparency
    if not facts.see_through:
        return Finding(
            rule="alpha",
            lead="is saved with transparency it doesn’t use",
            sentence="The model takes pictures without it.",
            clause="carries unused transparency",
            measured="nothing shines through",
            limit="no transparency",
            fix=FixKind.DROP_ALPHA,
        )
    return Finding(
        rule="alpha",
        lead="has see-through parts",
        sentence="The model would turn them black. Put one colour behind them?",
        clause="has see-through parts",
        measured="see-through parts",
        limit="no transparency",
        fix=FixKind.FLATTEN,
    )


def small_side(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    smallest, _ = limits.side_range(use)
    if min(facts.sides) >= smallest:
        return None
    hopeless = max(facts.sides) < smallest
    return Finding(
        rule="too_small",
        lead="is too small to use" if hopeless else "is too small on one side",
        sentence=f"It is {size(*facts.sides)}; the model needs {smallest} or more on each side.",
        clause=f"is {size(*facts.sides)}, too small on one side",
        measured=size(*facts.sides),
        limit=f"{smallest} or more on each side",
        advice="Choose a larger one." if hopeless else "",
        fix=None if hopeless else enlarging(facts, use, limits),
    )


def enlarging(facts: Facts, use: Use, limits: Limits) -> FixKind:
    """Up to twice its size a picture stays itself; beyond that, space is added instead."""
    smallest, largest = limits.side_range(use)
    factor = smallest / max(min(facts.sides), 1)
    return FixKind.ENLARGE if factor <= 2 and max(facts.sides) * factor <= largest else FixKind.PAD


def large_side(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    _, largest = limits.side_range(use)
    if max(facts.sides) <= largest:
        return None
    return Finding(
        rule="too_large",
        lead="is too large",
        sentence=f"It is {size(*facts.sides)}; the model takes {largest:,} on the longer side. Make it smaller?",
        clause=f"is {size(*facts.sides)}",
        measured=size(*facts.sides),
        limit=f"{largest:,} or less on each side",
        fix=FixKind.SHRINK,
    )


def ratio(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    width, height = facts.sides
    value = max(width, height) / max(min(width, height), 1)
    if value <= limits.ratio(use) + 1e-6:
        return None
    narrow = height > width
    shape = f"1 to {plain(value)}" if narrow else f"{plain(value)} to 1"
    most = f"1 to {plain(limits.ratio(use))}" if narrow else f"{plain(limits.ratio(use))} to 1"
    where = "to the sides" if narrow else "above and below"
    return Finding(
        rule="ratio",
        lead="is too narrow" if narrow else "is too wide",
        sentence=f"{size(width, height)} is {shape}; the model takes up to {most}. Add {where}, so nothing is cut?",
        clause=f"is {shape} in shape",
        measured=shape,
        limit=f"up to {most}",
        fix=FixKind.PAD,
    )


def heavy(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    most = limits.bytes_max(use)
    if facts.size_bytes <= most:
        return None
    return Finding(
        rule="too_heavy",
        lead="is too large",
        sentence=f"It is {megabytes(facts.size_bytes)}; the model takes {megabytes(most)}. Make it smaller?",
        clause=f"is {megabytes(facts.size_bytes)}",
        measured=megabytes(facts.size_bytes),
        limit=f"up to {megabytes(most)}",
        fix=FixKind.SHRINK,
    )


def silent(facts: Facts, use: Use, limits: Limits) -> Finding | None:
    if not facts.silent:
        return None
    return Finding(
        rule="silent",
        lead="is silent",
        sentence="Nothing can be heard in it.",
        clause="is silent",
        measured="silence",
        limit="",
        blocking=False,
    )


def _codec_fits(facts: Facts, limits: Limits) -> bool:
    return facts.video_codec in limits.clip_codecs and facts.pixel_format in PLAIN_PIXELS


RULES: dict[Use, tuple[Rule, ...]] = {
    Use.PICTURE: (picture_format, sideways, animated, see_through, small_side, ratio, large_side, heavy),
    Use.CLIP: (
        *(end_missing, length, sideways, clip_format, clip_codec, damaged),
        *(small_side, ratio, large_side, heavy),
    ),
    Use.VOICE: (end_missing, length, voice_format, damaged, heavy, silent),
}
