"""From a provider's request to a draft: sizes of the contract, names as in the prompt, sentences for people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.drafts.request import DraftProblem, DraftRequest, draft_request
from studio.providers.base import ReferenceInput, VideoRequest
from tests.drafts.making import picture


def video(tmp_path: Path, *kinds: str, **more: object) -> VideoRequest:
    url = picture(tmp_path / "a b.png").as_uri()
    references = tuple(ReferenceInput(kind=kind, url=url, name=" Rabbit v1.2.JPG ") for kind in kinds)
    return VideoRequest(prompt="p", references=references, **more)


def test_pictures_and_clips_are_numbered_apart_as_in_the_prompt(tmp_path: Path) -> None:
    wanted = draft_request(video(tmp_path, "image", "video", "image"))

    assert [source.label for source in wanted.sources] == ["Image 1", "Video 1", "Image 2"]
    assert wanted.sources[0].name == "Rabbit v1.2"
    assert wanted.sources[0].path == tmp_path / "a b.png"


def test_sizes_are_those_of_the_contract(tmp_path: Path) -> None:
    portrait = draft_request(video(tmp_path, "image", ratio="3:4", resolution="1080p", duration=15, seed=9))

    assert (portrait.width, portrait.height, portrait.frames, portrait.seed) == (1248, 1648, 450, 9)


def test_a_request_survives_being_written_down(tmp_path: Path) -> None:
    wanted = draft_request(video(tmp_path, "image", "video"))
    wanted = replace(
        wanted, first_frame=Path("/f.png"), sources=(replace(wanted.sources[0], voice=Path("/v.wav")),)
    )

    assert DraftRequest.from_dict(wanted.to_dict()) == wanted


@pytest.mark.parametrize(
    ("kinds", "more", "says"),
    [
        ((), {}, "at least one picture"),
        (("image",), {"duration": 1}, "2 to 15 seconds"),
        (("image",), {"duration": 16}, "2 to 15 seconds"),
        (("image", "video"), {"duration": 11}, "with a clip can be 2 to 10 seconds"),
        (("image",) * 6, {}, "up to 5"),
        (("image",), {"ratio": "2:1"}, "shape 2:1"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    tmp_path: Path, kinds: tuple[str, ...], more: dict[str, object], says: str
) -> None:
    with pytest.raises(DraftProblem, match=says):
        draft_request(video(tmp_path, *kinds, **more))


@pytest.mark.parametrize("url", ["https://example.com/a.png", "file:///nowhere/a.png"])
def test_only_files_that_are_here_are_drawn(tmp_path: Path, url: str) -> None:
    wanted = replace(video(tmp_path, "image"), references=(ReferenceInput(kind="image", url=url),))

    with pytest.raises(DraftProblem, match="no longer there"):
        draft_request(wanted)


def test_a_missing_file_is_named_as_the_prompt_names_it(tmp_path: Path) -> None:
    wanted = video(tmp_path, "image", "image")
    missing = replace(wanted.references[1], url="file:///nowhere/3f2a.png", key="b2b2b2")

    with pytest.raises(DraftProblem, match="Image 2 is no longer there") as refused:
        draft_request(replace(wanted, references=(wanted.references[0], missing)))

    assert refused.value.fault == "b2b2b2"


def test_a_missing_voice_is_not_blamed_on_its_picture(tmp_path: Path) -> None:
    wanted = video(tmp_path, "image")
    speaking = replace(wanted.references[0], voice_url="file:///nowhere/v.wav", key="b2b2b2")

    with pytest.raises(DraftProblem, match="The voice of Image 1 is no longer there") as refused:
        draft_request(replace(wanted, references=(speaking,)))

    assert refused.value.fault == "voice:b2b2b2"
