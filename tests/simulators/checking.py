"""Checking a body strictly, field by field. Every mistake is kept with the path of the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.simulators.references import Kind, Looked, Wanted

Found = tuple[str, str]
RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4"]
MEDIA: dict[str, Kind] = {"first_frame": "image", "reference_image": "image", "reference_video": "video"}


class Checked:
    """One object of a body. Asking for a field checks it; what is wrong is collected in `found`."""

    def __init__(self, value: Any, path: str, found: list[Found] | None = None) -> None:
        self.path = path
        self.found: list[Found] = [] if found is None else found
        self.fields: dict[str, Any] = value if isinstance(value, dict) else {}
        if value is not None and not isinstance(value, dict):
            self.say("", f"Input should be an object: {path or 'body'}")

    def value(self, name: str) -> Any:
        return self.fields.get(name)

    def say(self, name: str, sentence: str) -> None:
        self.found.append((".".join(filter(None, (self.path, name))), sentence))

    def only(self, *names: str) -> None:
        for name in self.fields:
            if name not in names:
                self.say(name, f"Unknown parameter: {self._full(name)}")

    def inside(self, name: str) -> Checked:
        """The object in a field; its mistakes are kept apart for ModelStream's metadata, else with ours."""
        own = None if name == "metadata" else self.found
        return Checked(self.fields.get(name), self._full(name) if name != "metadata" else "", own)

    def mapping(self, name: str, *, is_needed: bool) -> None:
        if is_needed and not isinstance(self.value(name), dict):
            self.say(name, f"Field required: {self._full(name)}")

    def text(self, name: str, *, longest: int | None, is_needed: bool = False) -> None:
        value = self.value(name)
        if name not in self.fields or value == "":
            if is_needed or value == "":
                self.say(name, f"Field required: {self._full(name)}")
        elif not isinstance(value, str):
            self.say(name, f"Input should be a valid string: {self._full(name)}")
        elif longest is not None and len(value) > longest:
            self.say(name, f"String should have at most {longest} characters: {self._full(name)}")

    def words(self, name: str, allowed: Sequence[str], *, is_needed: bool = False) -> None:
        if name not in self.fields:
            if is_needed:
                self.say(name, f"Field required: {self._full(name)}")
        elif self.value(name) not in allowed:
            self.say(name, f"Invalid value for parameter {self._full(name)}.")

    def whole(self, name: str, low: int, high: int) -> None:
        value = self.value(name)
        if name not in self.fields:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.say(name, f"Invalid value for parameter {self._full(name)}.")

    def switch(self, name: str) -> None:
        if name in self.fields and not isinstance(self.value(name), bool):
            self.say(name, f"Input should be a valid boolean: {self._full(name)}")

    def _full(self, name: str) -> str:
        return ".".join(filter(None, (self.path, name)))


def check_input(checked: Checked, *, is_lenient: bool, has_prompt: bool) -> None:
    """DashScope's `input`. Unknown keys are refused unless `is_lenient`."""
    if not is_lenient:
        checked.only("media", "negative_prompt", *(["prompt"] if has_prompt else []))
    if has_prompt:
        checked.text("prompt", longest=None if is_lenient else 5000, is_needed=True)
    checked.text("negative_prompt", longest=None if is_lenient else 500)
    media = checked.value("media")
    if not isinstance(media, list) or not media:
        checked.say("media", "Field required: input.media")
        return
    for number, item in enumerate(media):
        _check_item(Checked(item, f"{checked.path}.media[{number}]", checked.found))
    kinds = [item.get("type") for item in media if isinstance(item, dict)]
    references = [kind for kind in kinds if kind in ("reference_image", "reference_video")]
    if not 1 <= len(references) <= 5:
        checked.say("media", "The number of reference images and videos should be between 1 and 5")
    if kinds.count("first_frame") > 1:
        checked.say("media", "At most one first_frame is allowed")


def _check_item(item: Checked) -> None:
    item.only("type", "url", "reference_voice")
    item.words("type", list(MEDIA), is_needed=True)
    if not is_address(item.value("url"), is_picture=MEDIA.get(str(item.value("type"))) == "image"):
        item.say("url", f"InvalidURL: {item.path}.url")
    if "reference_voice" in item.fields:
        if item.value("type") == "first_frame":
            item.say("reference_voice", "reference_voice needs a reference_image or reference_video")
        if not is_address(item.value("reference_voice"), is_picture=False):
            item.say("reference_voice", f"InvalidURL: {item.path}.reference_voice")


def check_parameters(checked: Checked, *, has_size: bool) -> None:
    checked.only(
        "ratio", "prompt_extend", "watermark", "seed", *(["resolution", "duration"] if has_size else [])
    )
    checked.words("ratio", RATIOS)
    checked.switch("prompt_extend")
    checked.switch("watermark")
    checked.whole("seed", 0, 2_147_483_647)
    if has_size:
        checked.words("resolution", ["720P", "1080P"])
        checked.whole("duration", 2, 15)


def check_length(checked: Checked, name: str, duration: Any) -> None:
    """With a reference clip at most 10 seconds."""
    media = (checked.value("input") or {}).get("media") if isinstance(checked.value("input"), dict) else None
    has_clip = isinstance(media, list) and any(
        isinstance(item, dict) and item.get("type") == "reference_video" for item in media
    )
    if has_clip and isinstance(duration, int) and duration > 10:
        checked.say(name, "duration should be between 2 and 10 when a reference_video is given")


def bearer(headers: Mapping[str, str]) -> str:
    """The key of an Authorization header, or nothing."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key if scheme == "Bearer" else ""


def is_address(value: Any, *, is_picture: bool) -> bool:
    if not isinstance(value, str) or len(value) > (40_000_000 if is_picture else 4096):
        return False
    if value.startswith("data:"):
        return is_picture and re.match(r"data:image/[a-z]+;base64,", value) is not None
    parts = urlsplit(value)
    return parts.scheme in ("http", "https", "oss") and bool(parts.netloc)


def wanted_media(media: Sequence[dict[str, str]], place: str) -> tuple[Wanted, ...]:
    """The addresses of a checked media list, voices included, numbered as the prompt names them."""
    wanted: list[Wanted] = []
    counts: dict[str, int] = {}
    for number, item in enumerate(media):
        role = item["type"]
        counts[role] = counts.get(role, 0) + 1
        own = f"{place}[{number}]"
        wanted.append(
            Wanted(place=f"{own}.url", kind=MEDIA[role], url=item["url"], role=role, number=counts[role])
        )
        if voice := item.get("reference_voice"):
            wanted.append(
                Wanted(
                    place=f"{own}.reference_voice", kind="audio", url=voice, role="voice", number=counts[role]
                )
            )
    return tuple(wanted)


def reference_trouble(wanted: Wanted, looked: Looked) -> Found:
    """DashScope's words for a reference that is no good."""
    if looked.problem == "download":
        return (
            "InvalidParameter.DataInspection",
            "Download the media resource timed out during the data inspection process.",
        )
    if looked.problem == "decode":
        return (
            "InvalidParameter.DataInspection",
            "The media format is not supported or incorrect for the data inspection.",
        )
    return (
        "InvalidParameter",
        f"{wanted.place.removeprefix('metadata.')} is not valid: {looked.problem}, {looked.detail}",
    )
