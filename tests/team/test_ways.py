"""How references get to providers, and the studio's question to itself under its public address."""

from __future__ import annotations

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client

from studio.delivery import ways as delivery_ways
from studio.providers import probe
from tests.team.conftest import body

pytestmark = pytest.mark.django_db
PAGE, CHECK = "/team/connections/", "/team/connections/reach/"


@pytest.fixture
def public(settings) -> str:
    settings.PUBLIC_URL = "https://studio.example"
    return "https://studio.example"


def said_by(answering: Client):
    """A network on which that studio answers at every address."""

    def look(url: str, *, allow_private: bool) -> probe.Said:
        answer = answering.get(url.removeprefix("https://studio.example"))
        return probe.Said(text=answer.content.decode(), seconds=0.04)

    return look


def test_without_a_public_address_the_page_says_what_cannot_get_there(owner: Client):
    page = body(owner.get(PAGE))

    assert "Pictures, clips and voices have no way there yet." in page
    assert "The studio uploads them to Apiframe: pictures up to 25 MB and clips up to 50 MB." in page
    assert "set STUDIO_PUBLIC_URL" in page


def test_with_a_public_address_every_provider_fetches_by_links(owner: Client, public: str):
    page = body(owner.get(PAGE))

    assert "fetches pictures and clips from studio.example" in page
    assert "have no way" not in page


def test_the_studio_knows_itself(owner: Client, public: str, client: Client, monkeypatch):
    monkeypatch.setattr(probe, "look", said_by(client))

    page = body(owner.post(CHECK))

    assert "studio.example answered in 0.1 s, and it is this studio." in page
    assert "Only a provider out there can prove" in page


def test_another_site_at_the_address_is_told_apart(owner: Client, public: str, monkeypatch):
    monkeypatch.setattr(probe, "look", lambda url, **_: probe.Said(text=url.split("/")[-2], seconds=0.1))

    assert "but it is not this studio" in body(owner.post(CHECK))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("refused", "leads to a private address"), ("silent", "did not answer within 10 seconds")],
)
def test_no_answer_is_said_for_what_it_is(
    reason: str, sentence: str, owner: Client, public: str, monkeypatch
):
    def look(url: str, *, allow_private: bool) -> probe.Said:
        raise probe.NoAnswer(reason, "")

    monkeypatch.setattr(probe, "look", look)

    assert sentence in body(owner.post(CHECK))


def test_without_an_address_nothing_is_asked(owner: Client, monkeypatch):
    monkeypatch.setattr(probe, "look", None)

    assert "This studio has no public address." in body(owner.post(CHECK))


def test_only_questions_of_our_own_from_the_last_minute_are_answered(client: Client):
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        question = TimestampSigner(salt=delivery_ways.QUESTION).sign("abc")
        fresh = client.get(f"/reach/{question}/")
        strange = [client.get("/reach/abc/"), client.get(f"/reach/{question}x/")]
        clock.shift(61)
        late = client.get(f"/reach/{question}/")

    assert fresh.status_code == 200
    assert fresh.content.decode() not in question
    assert [answer.status_code for answer in (*strange, late)] == [404, 404, 404]


def test_s01_the_look_opens_no_private_address():
    with pytest.raises(probe.NoAnswer) as problem:
        probe.look("https://127.0.0.1/reach/x/", allow_private=False)

    assert problem.value.reason == "refused"
