"""Apiframe's schema: `additionalProperties: false` at both levels, every mistake under its path in `details`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.simulators.checking import RATIOS
from tests.simulators.references import Kind, Wanted

Details = dict[str, list[str]]
PARAMS = "wan27R2vParams"
TOP = {"model", "prompt", "webhookUrl", "webhookEvents", PARAMS}
INNER = {
    "reference_images", "reference_videos", "shot_type", "resolution", "aspect_ratio", "duration",
    "negative_prompt", "seed",
}  # fmt: skip
EVENTS = ["progress", "completed", "failed"]


def details(body: Any) -> Details:
    """What is wrong, by path; empty if nothing is."""
    found: Details = {}
    if not isinstance(body, dict):
        return {"": ["Expected object"]}
    _unknown(body, TOP, "", found)
    if body.get("model") != "wan-2.7-r2v":
        found["model"] = ["Invalid model"]
    _text(body, "prompt", "", 5000, found, is_needed=True)
    if "webhookUrl" in body and not _is_url(body["webhookUrl"]):
        found["webhookUrl"] = ["Invalid url"]
    events = body.get("webhookEvents", [])
    if not isinstance(events, list) or any(event not in EVENTS for event in events):
        found["webhookEvents"] = ["Invalid enum value"]
    params = body.get(PARAMS)
    if isinstance(params, dict):
        _check_params(params, found)
    else:
        found[PARAMS] = ["Required"]
    return found


def _check_params(params: dict[str, Any], found: Details) -> None:
    head = f"{PARAMS}."
    _unknown(params, INNER, head, found)
    _text(params, "negative_prompt", head, 2500, found)
    allowed: dict[str, list[str]] = {
        "shot_type": ["single", "multi"],
        "resolution": ["720p", "1080p"],
        "aspect_ratio": RATIOS,
    }
    for name, words in allowed.items():
        if name in params and params[name] not in words:
            found[head + name] = ["Invalid enum value"]
    if "seed" in params and not _is_whole(params["seed"]):
        found[f"{head}seed"] = ["Expected integer"]
    if "duration" in params:
        _range(params["duration"], f"{head}duration", found)
    lists = [_addresses(params, name, found) for name in ("reference_images", "reference_videos")]
    if not any(lists):
        found[f"{head}reference_images"] = ["At least one reference image or video is required"]


def _addresses(params: dict[str, Any], name: str, found: Details) -> list[Any]:
    path = f"{PARAMS}.{name}"
    values = params.get(name, [])
    if not isinstance(values, list):
        found[path] = ["Expected array"]
        return [values]
    if len(values) > 5:
        found[path] = ["Array must contain at most 5 element(s)"]
    for number, value in enumerate(values):
        if not _is_url(value):
            found[f"{path}.{number}"] = ["Invalid url"]
    return values


def _range(value: Any, path: str, found: Details) -> None:
    if not _is_whole(value):
        found[path] = ["Expected integer"]
    elif value > 10:
        found[path] = ["Number must be less than or equal to 10"]
    elif value < 2:
        found[path] = ["Number must be greater than or equal to 2"]


def _unknown(value: dict[str, Any], known: set[str], head: str, found: Details) -> None:
    for name in value:
        if name not in known:
            found[head + name] = ["Unrecognized key"]


def _text(
    value: dict[str, Any], name: str, head: str, longest: int, found: Details, *, is_needed: bool = False
) -> None:
    text = value.get(name)
    if text is None and name not in value:
        if is_needed:
            found[head + name] = ["Required"]
    elif not isinstance(text, str):
        found[head + name] = ["Expected string"]
    elif not text and is_needed:
        found[head + name] = ["String must contain at least 1 character(s)"]
    elif len(text) > longest:
        found[head + name] = [f"String must contain at most {longest} character(s)"]


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_url(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def wanted(params: dict[str, Any]) -> tuple[Wanted, ...]:
    """The references of a checked request, numbered as the prompt names them."""
    lists: tuple[tuple[str, Kind], ...] = (("reference_images", "image"), ("reference_videos", "video"))
    return tuple(
        Wanted(place=f"{PARAMS}.{name}.{number}", kind=kind, url=url, role=name, number=number + 1)
        for name, kind in lists
        for number, url in enumerate(params.get(name, []))
    )
