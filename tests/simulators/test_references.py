"""References are downloaded as a provider would, and a job whose reference is no good fails in its words."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators import calls, films
from tests.simulators.here import Here, running
from tests.simulators.options import Name
from tests.simulators.place import Place, place
from tests.waiting import wait_until


@pytest.fixture
def net() -> Iterator[Place]:
    with place() as here:
        yield here


def clip(tmp_path: Path, seconds: int) -> bytes:
    return films.film(tmp_path / "clips", (320, 240), seconds).read_bytes()


def ordered(here: Here, url: str, kind: str = "reference_image") -> str:
    """A job with one reference, once it is looked at and over."""
    name = here.simulator.options.name
    body: dict[str, Any] = calls.body(here)
    if name == "apiframe":
        field = "reference_images" if kind == "reference_image" else "reference_videos"
        body["wan27R2vParams"] = {"duration": 5, field: [url]}
    else:
        inner = body["metadata"]["input"] if name == "modelstream" else body["input"]
        inner["media"] = [{"type": kind, "url": url}]
    answer = calls.create(here, body, X_DashScope_OssResourceResolve="enable")
    assert answer.is_success, answer.text
    job_id = here.simulator.ledger.jobs()[-1].id
    assert wait_until(lambda: here.simulator.jobs.known(job_id).is_checked)
    here.advance(200)
    return job_id


@pytest.mark.parametrize("name", ["modelstream", "apiframe", "dashscope"])
def test_a_good_reference_is_asked_for_by_head_range_and_get(tmp_path: Path, net: Place, name: Name) -> None:
    url = net.put("/fox.png", "image/png", calls.picture())

    with running(name, tmp_path, fetching="full") as here:
        job_id = ordered(here, url)

        assert here.simulator.jobs.known(job_id).state == "succeeded"
        fetches = [(row.method, row.status) for row in here.simulator.ledger.fetches(job_id)]
        assert fetches == [("HEAD", 200), ("RANGE", 206), ("GET", 200)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("modelstream", "Download the media resource timed out"),
        ("apiframe", "failed to download wan27R2vParams.reference_images.0"),
        ("dashscope", "Download the media resource timed out"),
    ],
)
def test_an_unreachable_reference_fails_the_job(tmp_path: Path, net: Place, name: Name, said: str) -> None:
    with running(name, tmp_path, fetching="full") as here:
        job_id = ordered(here, f"{net.url}/nowhere.png")

        assert said in calls.status(here, job_id).text
        kept_money = here.simulator.ledger.balance(job_id)

    assert kept_money == 0


@pytest.mark.parametrize(
    ("content_type", "content", "problem"),
    [
        ("text/html", b"<p>Please sign in</p>", "type"),
        ("image/png", b"\x89PNG\r\n\x1a\nnothing more", "media format"),
        ("image/png", calls.picture((200, 300)), "pixels"),
        ("image/png", calls.picture((240, 2400)), "ratio"),
        ("image/png", calls.picture(mode="RGBA"), "alpha"),
        ("image/png", calls.picture(form="GIF"), "type"),
    ],
)
def test_a_reference_against_the_rules_fails_the_job(
    tmp_path: Path, net: Place, content_type: str, content: bytes, problem: str
) -> None:
    url = net.put("/fox.png", content_type, content)

    with running("dashscope", tmp_path, fetching="once") as here:
        output = calls.status(here, ordered(here, url)).json()["output"]

    assert output["task_status"] == "FAILED"
    assert problem in output["message"]


def test_a_reference_clip_s_seconds_are_measured_and_billed(tmp_path: Path, net: Place) -> None:
    url = net.put("/walk.mp4", "video/mp4", clip(tmp_path, 3))

    with running("dashscope", tmp_path, fetching="once") as here:
        usage = calls.status(here, ordered(here, url, "reference_video")).json()["usage"]
        charged = int(here.simulator.ledger.balance())

    assert (usage["input_video_duration"], usage["output_video_duration"], charged) == (3, 5, 8)


def test_a_clip_of_31_seconds_is_too_long(tmp_path: Path, net: Place) -> None:
    url = net.put("/walk.mp4", "video/mp4", clip(tmp_path, 31))

    with running("dashscope", tmp_path, fetching="once") as here:
        output = calls.status(here, ordered(here, url, "reference_video")).json()["output"]

    assert "length" in output["message"]


def test_a_picture_may_travel_inside_the_request(tmp_path: Path) -> None:
    url = "data:image/png;base64," + base64.b64encode(calls.picture()).decode()

    with running("dashscope", tmp_path, fetching="full") as here:
        assert here.simulator.jobs.known(ordered(here, url)).state == "succeeded"


def test_a_file_in_dashscope_s_store_is_found_by_its_oss_address(tmp_path: Path) -> None:
    with running("dashscope", tmp_path, fetching="full") as here:
        policy = here.client.get("/api/v1/uploads?action=getPolicy&model=wan2.7-r2v").json()["data"]
        fields = {
            "OSSAccessKeyId": policy["oss_access_key_id"],
            "Signature": policy["signature"],
            "policy": policy["policy"],
            "key": f"{policy['upload_dir']}/fox.png",
            "x-oss-object-acl": policy["x_oss_object_acl"],
            "x-oss-forbid-overwrite": policy["x_oss_forbid_overwrite"],
            "success_action_status": "200",
        }
        del here.client.headers["Authorization"]
        stored = here.client.post(
            policy["upload_host"], data=fields, files={"file": ("fox.png", calls.picture())}
        )
        here.client.headers["Authorization"] = f"Bearer {here.simulator.options.accepted_keys[0]}"

        job_id = ordered(here, f"oss://{policy['upload_dir']}/fox.png")

        assert stored.status_code == 200
        assert here.simulator.jobs.known(job_id).state == "succeeded"


def test_apiframe_s_uploads_can_be_named_until_they_expire(tmp_path: Path) -> None:
    with running("apiframe", tmp_path, fetching="full") as here:
        files = {"file": ("fox.png", calls.picture(), "image/png")}
        url = here.client.post("/v2/uploads", files=files).json()["url"]

        early = ordered(here, url)
        here.advance(7200)
        late = ordered(here, url)

        states = [here.simulator.jobs.known(job_id).state for job_id in (early, late)]
    assert states == ["succeeded", "failed"]


def test_apiframe_refuses_a_clip_over_50_mb(apiframe: Here) -> None:
    content = b"\x00\x00\x00\x18ftypisom" + bytes(50 * 1_048_576)

    answer = apiframe.client.post("/v2/uploads", files={"file": ("walk.mp4", content, "video/mp4")})

    assert answer.status_code == 400
    assert "too large" in answer.json()["error"]
