"""The clip at the result address: real, ranged, expiring, and wrong in every way a clip can be."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from studio import media
from tests.simulators import calls
from tests.simulators.here import Here, running


def fetched(here: Here, **headers: str) -> httpx.Response:
    job_id = here.simulator.ledger.jobs()[-1].id
    url = calls.result_url(here, job_id)
    return httpx.get(url, headers={"Accept-Encoding": "identity", **headers}, trust_env=False, timeout=30)


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [("720P", "16:9", (1280, 720)), ("720P", "3:4", (832, 1104)), ("1080P", "1:1", (1440, 1440))],
)
def test_the_clip_is_a_whole_film_of_the_contract_s_size(
    dashscope: Here, tmp_path: Path, resolution: str, ratio: str, size: tuple[int, int]
) -> None:
    body = calls.body(dashscope)
    body["parameters"] |= {"resolution": resolution, "ratio": ratio, "duration": 3}
    calls.create(dashscope, body)
    dashscope.advance(200)
    clip = tmp_path / "clip.mp4"

    clip.write_bytes(fetched(dashscope).content)

    facts = media.check_clip(clip, tmp_path / "out.mp4")
    assert (facts.width, facts.height) == size
    assert (facts.fps, facts.has_audio, facts.seconds) == (30, True, 3)


def test_every_job_has_bytes_of_its_own_and_always_the_same(dashscope: Here) -> None:
    calls.finished(dashscope)
    first, again = fetched(dashscope).content, fetched(dashscope).content
    calls.finished(dashscope)

    assert first == again != fetched(dashscope).content


def test_a_range_is_given(apiframe: Here) -> None:
    calls.finished(apiframe)
    whole = fetched(apiframe).content

    part = fetched(apiframe, Range="bytes=100-199")

    assert part.status_code == 206
    assert part.content == whole[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert fetched(apiframe, Range=f"bytes={len(whole)}-").status_code == 416


def test_a_link_is_dead_after_a_day(modelstream: Here) -> None:
    calls.finished(modelstream)
    modelstream.advance(86_400)

    answer = fetched(modelstream)

    assert answer.status_code == 403
    assert "expired" in answer.text


def test_a_link_without_its_signature_is_refused(modelstream: Here) -> None:
    job_id = calls.finished(modelstream)

    answer = httpx.get(calls.result_url(modelstream, job_id).partition("?")[0], trust_env=False)

    assert answer.status_code == 403


def test_a_key_that_is_sent_along_is_noticed(apiframe: Here) -> None:
    calls.finished(apiframe)

    fetched(apiframe)
    fetched(apiframe, Authorization="Bearer secret")

    noticed = [row.has_credentials for row in apiframe.simulator.ledger.requests("result")]
    assert noticed == [False, True]


@pytest.mark.parametrize(
    ("what", "status"), [("forbidden", 403), ("not_found", 404), ("expired", 403), ("redirect", 302)]
)
def test_the_address_may_answer_something_else_once(apiframe: Here, what: str, status: int) -> None:
    calls.finished(apiframe)
    apiframe.fault("result", what)

    answers = [fetched(apiframe).status_code for _ in range(2)]

    assert answers == [status, 200]


@pytest.mark.parametrize("what", ["wrong_type", "not_decodable", "half_film"])
def test_what_comes_may_be_no_film(apiframe: Here, tmp_path: Path, what: str) -> None:
    calls.finished(apiframe)
    apiframe.fault("result", what)
    clip = tmp_path / "clip.mp4"

    clip.write_bytes(fetched(apiframe).content)

    with pytest.raises(media.UnreadableMedia):
        media.check_clip(clip, tmp_path / "out.mp4")


def test_a_short_film_and_a_wrong_label_are_whole(apiframe: Here, tmp_path: Path) -> None:
    calls.finished(apiframe)
    apiframe.fault("result", "short_film")
    apiframe.fault("result", "wrong_label")
    clip = tmp_path / "clip.mp4"

    clip.write_bytes(fetched(apiframe).content)
    labelled = fetched(apiframe)

    assert media.check_clip(clip, tmp_path / "out.mp4").seconds == 1
    assert labelled.headers["content-type"] == "text/html"


def test_a_cut_download_ends_early(apiframe: Here) -> None:
    calls.finished(apiframe)
    apiframe.fault("result", "cut")

    with pytest.raises(httpx.RemoteProtocolError):
        fetched(apiframe)


@pytest.mark.parametrize(("what", "at_least"), [("huge", 50_000_000), ("endless", 50_000_000)])
def test_a_download_may_have_no_end(apiframe: Here, what: str, at_least: int) -> None:
    job_id = calls.finished(apiframe)
    apiframe.fault("result", what)
    size = 0

    with httpx.stream("GET", calls.result_url(apiframe, job_id), trust_env=False) as answer:
        for chunk in answer.iter_raw():
            size += len(chunk)
            if size >= at_least:
                break

    assert size >= at_least


def test_a_gzip_bomb_is_small_on_the_wire_and_big_unpacked(apiframe: Here) -> None:
    job_id = calls.finished(apiframe)
    apiframe.fault("result", "gzip_bomb")
    unpacked = 0

    with httpx.stream("GET", calls.result_url(apiframe, job_id), trust_env=False) as answer:
        for chunk in answer.iter_bytes():
            unpacked += len(chunk)
            if unpacked > 20_000_000:
                break
        packed = answer.num_bytes_downloaded

    assert answer.headers["content-encoding"] == "gzip"
    assert unpacked > 50 * packed


def test_a_result_may_be_said_to_lie_elsewhere(tmp_path: Path) -> None:
    with running("dashscope", tmp_path) as here:
        job_id = calls.finished(here)
        here.fault("status", "result_address", location="http://169.254.169.254/latest")

        output = calls.status(here, job_id).json()["output"]

    assert output["video_url"] == "http://169.254.169.254/latest"
