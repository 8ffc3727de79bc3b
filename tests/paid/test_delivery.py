"""How references reach a provider, what happens when they do not, and who may fetch them (T-17)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from studio import delivery
from studio.connections import provider_accounts
from studio.models import Charge, ChargeState, GenerationTask, LibraryFile, Status
from studio.providers import dashscope, registry
from studio.storage import store
from tests.create.making import form_of, make_brief
from tests.factories import make_file, make_user
from tests.kill.picture import stored_picture
from tests.paid.conftest import Shop, Times, picture
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def link_of(task: GenerationTask) -> str:
    reference = task.version.references.first()
    return delivery.link(task.attempts.latest("number"), reference.media)


def second_picture() -> LibraryFile:
    return make_file(media=stored_picture(480, 480), added_by=make_user("Filer"))


def sent_body(shop: Shop) -> str:
    return str(shop.here.simulator.ledger.creates()[-1].body)


def test_links_come_first_and_their_file_is_fetched(shop: Shop, settings):
    task = shop.sent()

    assert settings.PUBLIC_URL in sent_body(shop)
    assert wait_until(shop.here.simulator.ledger.fetches)
    assert task.attempts.get().first_fetched_at
    fetch = shop.here.simulator.ledger.fetches()[0]
    assert (fetch.status, fetch.content_type) == (200, "image/png")
    assert fetch.size == store.media_path(store.file_path(picture().media.sha256, "png")).stat().st_size


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
def test_without_a_public_address_the_provider_s_own_upload_is_used_once(shop: Shop, settings):
    settings.PUBLIC_URL = ""
    task = shop.order()[0]

    shop.finish(task)

    assert task.status == Status.SUCCEEDED, (task.error_message, task.error_detail)
    assert len(shop.here.simulator.ledger.uploads()) == 1
    address = {"apiframe": "/uploads/", "dashscope": "oss://"}[shop.connection.provider]
    assert address in sent_body(shop)
    assert picture().name not in sent_body(shop)


@pytest.mark.parametrize("name", ["apiframe"])
def test_asking_again_with_the_key_names_the_same_upload(shop: Shop, settings):
    settings.PUBLIC_URL = ""
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]

    shop.step()
    shop.step()

    first, second = shop.here.simulator.ledger.creates()
    assert (first.body, first.job_id) == (second.body, second.job_id)
    assert len(shop.here.simulator.ledger.uploads()) == 1
    task.refresh_from_db()
    assert task.status == Status.RUNNING


@pytest.mark.parametrize("name", ["apiframe", "dashscope"])
@pytest.mark.parametrize("what", ["html_502", "reset_after", "garbage_200"])
def test_an_upload_that_goes_wrong_costs_nothing_and_is_tried_again(shop: Shop, settings, what: str):
    settings.PUBLIC_URL = ""
    shop.here.fault("upload" if shop.connection.provider == "apiframe" else "policy", what)
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert (len(shop.jobs()), shop.creates()) == (0, 0)
    assert task.status in {Status.QUEUED, Status.FAILED}
    if task.status == Status.FAILED:
        assert shop.charge(task).state == ChargeState.RELEASED
        return

    shop.finish(task)

    assert (task.status, len(shop.jobs())) == (Status.SUCCEEDED, 1)


@pytest.mark.parametrize("name", ["dashscope"])
def test_a_picture_may_travel_inside_the_request(shop: Shop, settings, monkeypatch: pytest.MonkeyPatch):
    settings.PUBLIC_URL = ""
    without_upload = replace(dashscope.CAPABILITY, upload_limits={})
    monkeypatch.setattr(dashscope.DashScope, "capability", without_upload)
    task = shop.order()[0]

    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert "data:image/png;base64," in sent_body(shop)


@pytest.mark.parametrize("name", ["modelstream"])
def test_where_no_way_leads_the_form_says_so_before_anything_is_spent(shop: Shop, settings):
    settings.PUBLIC_URL = ""
    ada = make_user()
    brief = make_brief(ada, [picture()], settings={"provider": "modelstream", "duration": "3"})
    client = Client()
    client.force_login(ada)

    answer = client.post(reverse("studio:brief-send", args=[brief.pk]), form_of(brief) | {"with": "provider"})

    assert answer.status_code == 422
    assert "STUDIO_PUBLIC_URL" in answer.content.decode()
    assert not GenerationTask.objects.exists()
    assert not Charge.objects.exists()


@pytest.mark.parametrize("name", ["modelstream"])
def test_a_way_that_is_gone_by_the_time_of_sending_ends_in_a_sentence_and_costs_nothing(shop: Shop, settings):
    task = shop.order()[0]
    settings.PUBLIC_URL = ""

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.fault) == (Status.FAILED, task.version.references.get().key)
    assert "STUDIO_PUBLIC_URL" in task.error_message
    assert (shop.charge(task).state, shop.creates()) == (ChargeState.RELEASED, 0)


@pytest.mark.parametrize("name", ["apiframe"])
@pytest.mark.parametrize(
    ("kind", "megabytes", "is_possible"),
    [("image", 25, True), ("image", 25.1, False), ("video", 50, True), ("video", 51, False)],
)
def test_uploads_keep_within_the_provider_s_caps(
    shop: Shop, settings, kind: str, megabytes: float, is_possible: bool
):
    settings.PUBLIC_URL = ""
    capability = registry.capabilities()["apiframe"]

    sentence = delivery.problem(capability, kind, int(megabytes * 1_000_000))

    assert (sentence == "") is is_possible
    assert is_possible or "MB" in sentence


def test_t17_an_unreachable_reference_is_named_with_its_key_and_costs_what_the_terms_say(shop: Shop):
    files = [picture(), second_picture()]
    shop.here.fault("reference", "unreachable", after=1)
    task = shop.order(files=files)[0]

    shop.finish(task)

    assert (task.status, task.error_category) == (Status.FAILED, "media_unreachable")
    client = Client()
    client.force_login(make_user())
    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()
    if shop.connection.provider == "apiframe":  # the other two do not say which one
        assert task.fault == task.version.references.get(position=1).key
        assert "Image 2" in page
    assert shop.connection.label in page


def test_t17_a_create_that_is_refused_for_a_reference_says_so(shop: Shop):
    shop.here.fault("create", "media_download")
    task = shop.order()[0]

    shop.step()

    task.refresh_from_db()
    assert (task.status, task.error_category) == (Status.FAILED, "media_unreachable")
    assert shop.charge(task).state == ChargeState.RELEASED


@pytest.mark.parametrize("name", ["modelstream"])
def test_t17_a_link_opens_for_more_than_a_day_while_its_take_is_under_way(shop: Shop, times: Times):
    link = link_of(shop.sent())

    times.push(hours=24, minutes=5)
    assert Client().get(link).status_code == 200
    times.push(hours=6)
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("name", ["apiframe"])
def test_t17_a_link_closes_with_its_take(shop: Shop):
    task = shop.sent()
    link = link_of(task)
    assert Client().get(link).status_code == 200

    shop.finish(task)

    assert task.status == Status.SUCCEEDED
    assert [Client().get(link).status_code, Client().head(link).status_code] == [404, 404]


@pytest.mark.parametrize("name", ["dashscope"])
def test_t17_a_link_is_open_while_it_is_not_known_what_became_of_its_take(shop: Shop):
    shop.here.fault("create", "reset_after")
    task = shop.order()[0]
    shop.step()
    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN

    assert Client().get(link_of(task)).status_code == 200


@pytest.mark.parametrize("name", ["dashscope"])
def test_t17_the_link_of_an_earlier_attempt_is_closed(shop: Shop):
    shop.here.fault("create", "rate_limited")
    task = shop.order()[0]
    shop.step()
    earlier = link_of(task)
    shop.step()

    assert link_of(task) != earlier
    assert Client().get(earlier).status_code == 404
    assert Client().get(link_of(task)).status_code == 200


@pytest.mark.parametrize("name", ["modelstream"])
def test_a_link_gives_the_exact_type_the_length_and_ranges_and_nothing_else(shop: Shop):
    link, browser = link_of(shop.sent()), Client()
    size = picture().media.size_bytes

    whole, head = browser.get(link), browser.head(link)
    part = browser.get(link, headers={"Range": "bytes=0-15"})

    for answer in (whole, head, part):
        assert answer["Content-Type"] == "image/png"
        assert "Set-Cookie" not in answer
        assert "Location" not in answer
        assert not answer.cookies
    assert (whole.status_code, head.status_code, part.status_code) == (200, 200, 206)
    assert whole["Content-Length"] == head["Content-Length"] == str(size)
    assert (part["Content-Range"], part["Content-Length"]) == (f"bytes 0-15/{size}", "16")
    assert b"".join(whole.streaming_content)[:16] == b"".join(part.streaming_content)
    assert browser.post(link).status_code == 405


@pytest.mark.parametrize("name", ["modelstream"])
def test_a_link_opens_nothing_else(shop: Shop):
    task, other = shop.sent(), shop.sent()
    link, foreign = link_of(task), second_picture().media
    key, sha256 = str(task.attempts.get().key), picture().media.sha256

    for wrong in (
        link.replace(key, str(other.attempts.get().key)),
        link.replace(key, str(uuid4())),
        link.replace(sha256, foreign.sha256),
        link.replace(".png", ".mp4"),
        link[:-8] + "AAAA.png",
    ):
        assert Client().get(wrong).status_code == 404, wrong


@pytest.mark.parametrize("name", ["modelstream"])
def test_each_fetch_is_counted_and_the_first_is_in_the_story(shop: Shop):
    task = shop.sent()
    assert wait_until(lambda: task.attempts.get().fetch_count == 1)
    attempt = task.attempts.get()

    Client().head(link_of(task))
    Client().get(link_of(task))

    attempt.refresh_from_db()
    assert attempt.fetch_count == 2
    assert task.events.filter(word="picked_up").count() == 1


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://studio.local", "http://192.168.1.4", "http://studio"]
)
@pytest.mark.parametrize("name", ["modelstream"])
def test_an_address_that_no_provider_can_reach_is_no_way(shop: Shop, settings, address: str):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    settings.PUBLIC_URL = address

    assert not delivery.links_work()
    assert provider_accounts.capability_for(shop.connection).label in delivery.problem(
        provider_accounts.capability_for(shop.connection), "image", 1000
    )
