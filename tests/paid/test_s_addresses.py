"""Result addresses that lead astray: nothing is connected to, and no key goes anywhere but home (THREATS, S)."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from studio.models import ChargeState, Status
from studio.providers import addresses as address_rules
from studio.steps import results
from tests.paid.conftest import Shop, open_shop
from tests.providers.peer import Peer, answer, peer
from tests.simulators.here import running
from tests.simulators.options import KEYS

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

METADATA = "http://169.254.169.254/latest/meta-data/"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
HOSTILE = [
    METADATA,
    "http://100.100.100.200/latest/meta-data/",
    "https://169.254.169.254/",
    "https://10.0.0.1/clip.mp4",
    "https://192.168.1.1/clip.mp4",
    "https://[::1]/clip.mp4",
    "https://[::ffff:169.254.169.254]/clip.mp4",
    "https://[64:ff9b::a9fe:a9fe]/clip.mp4",
    "https://100.64.0.1/clip.mp4",
    "https://224.0.0.1/clip.mp4",
    "https://2130706433/clip.mp4",
    "https://0x7f.1/clip.mp4",
    "https://localhost/clip.mp4",
    "https://public.example@127.0.0.1/clip.mp4",
    "http://example.com/clip.mp4",
]

_connected: list[str] | None = None


def _listen(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _connected is not None:
        _connected.append(str(args[1]))


sys.addaudithook(_listen)


@contextlib.contextmanager
def connections() -> Iterator[list[str]]:
    """Every address that this process connects to meanwhile."""
    global _connected
    _connected = made = []
    try:
        yield made
    finally:
        _connected = None


def strangers(made: list[str], shop: Shop) -> list[str]:
    """Those that are neither the provider nor the studio itself, which the provider calls back."""
    ports = {shop.here.listener.port, urlsplit(settings.PUBLIC_URL).port}
    return [place for place in made if place not in {f"('127.0.0.1', {port})" for port in ports}]


@pytest.fixture
def strict_results(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is a simulator on this machine; for the results the rules of production hold."""
    real = results.download

    def strict(*args: Any, **options: Any) -> Any:
        return real(*args, **(options | {"allow_private": False}))

    monkeypatch.setattr(results, "download", strict)


@pytest.fixture
def canary() -> Iterator[Peer]:
    """A place that nobody has any business with, and that says yes to everything."""
    with peer(answer("200 OK", b"here you are", Content_Type="video/mp4")) as place:
        yield place


def heard(place: Peer) -> bytes:
    return b"\n".join(place.requests).lower()


@pytest.mark.parametrize("name", ["apiframe"])
@pytest.mark.parametrize("address", HOSTILE)
def test_s01_a_result_at_a_private_address_is_never_connected_to(
    shop: Shop, strict_results: None, address: str
):
    task = shop.made()
    shop.here.fault("status", "result_address", location=address, count=None)

    with connections() as made:
        for _ in range(7):
            shop.step()

    task.refresh_from_db()
    assert strangers(made, shop) == []
    assert (task.status, shop.charge(task).state) == (Status.FAILED, ChargeState.SETTLED)
    assert "169.254" not in task.error_message
    assert task.error_message.startswith("The clip was made, but not copied.")


def test_s01_a_listening_private_address_hears_nothing(shop: Shop, strict_results: None, canary: Peer):
    task = shop.made()
    shop.here.fault("status", "result_address", location=f"{canary.url}/clip.mp4", count=None)

    for _ in range(3):
        shop.step()

    task.refresh_from_db()
    assert (canary.connections, task.status) == (0, Status.SAVING)


@pytest.mark.parametrize("name", ["modelstream"])
@pytest.mark.parametrize("found", [["93.184.215.14", "127.0.0.1"], ["169.254.169.254"], ["::1"]])
def test_s02_a_name_with_any_private_address_is_refused_and_nobody_is_asked_twice(
    shop: Shop, strict_results: None, monkeypatch: pytest.MonkeyPatch, found: list[str]
):
    task, asked = shop.made(), []
    real = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        if host != "clips.example":
            return real(host, *rest, **more)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    monkeypatch.setattr(address_rules.socket, "getaddrinfo", resolve)
    shop.here.fault("status", "result_address", location="https://clips.example/a.mp4")

    with connections() as made:
        shop.step()

    task.refresh_from_db()
    assert (asked, strangers(made, shop)) == (["clips.example"], [])
    assert task.status == Status.SAVING


@pytest.mark.parametrize("name", ["dashscope"])
def test_s03_a_result_that_redirects_to_the_metadata_address_is_refused(shop: Shop):
    task = shop.made()
    shop.here.fault("result", "redirect", location=METADATA)

    with connections() as made:
        shop.step()

    task.refresh_from_db()
    assert strangers(made, shop) == []
    assert task.status == Status.SAVING


@pytest.mark.parametrize("name", ["modelstream"])
def test_s03_redirects_without_end_are_given_up_after_three(shop: Shop):
    task = shop.made()
    here = shop.here.simulator
    shop.here.fault("result", "redirect", location=here.result_url(shop.jobs()[0]), count=None)

    shop.step()

    task.refresh_from_db()
    assert (len(here.ledger.requests("result")), task.status) == (4, Status.SAVING)


def test_s03_an_api_answer_that_redirects_is_not_followed(shop: Shop, canary: Peer):
    task = shop.sent()
    shop.here.fault("any", "redirect", location=f"{canary.url}/elsewhere", count=2)
    shop.order()

    shop.step()
    shop.step()

    assert canary.connections == 0
    task.refresh_from_db()
    assert task.status == Status.RUNNING


def test_s04_a_result_host_and_a_redirect_s_end_never_hear_the_key(shop: Shop, canary: Peer):
    task = shop.made()
    shop.here.fault("result", "redirect", location=f"{canary.url}/one")
    shop.step()
    shop.here.fault("status", "result_address", location=f"{canary.url}/two.mp4")
    shop.here.fault("result", "not_found")
    shop.step()
    shop.step()

    assert {request.split()[1] for request in canary.requests} == {b"/one", b"/two.mp4"}
    key = KEYS[shop.connection.provider].lower().encode()
    for word in (key, b"authorization", b"x-api-key", b"cookie", b"bearer", b"referer"):
        assert word not in heard(canary)
    task.refresh_from_db()
    assert task.status == Status.SAVING


def test_s04_a_proxy_of_the_environment_hears_nothing(
    name, addresses, transactional_db, tmp_path, monkeypatch: pytest.MonkeyPatch, canary: Peer
):
    for variable in PROXIES:
        monkeypatch.setenv(variable, canary.url)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with running(name, tmp_path, fetching="once", film_scale=0.25) as here:
        shop = open_shop(here)
        task = shop.order()[0]

        shop.finish(task)

    assert (task.status, canary.connections) == (Status.SUCCEEDED, 0)


def test_s04_the_key_is_shown_to_the_provider_s_own_addresses_only(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    """Its store of uploads and its results lie at other hosts."""
    if shop.connection.provider != "modelstream":
        monkeypatch.setattr(settings, "PUBLIC_URL", "")
    task = shop.order()[0]

    shop.finish(task)

    asked = shop.here.simulator.ledger.requests()
    with_key = {row.endpoint for row in asked if row.has_credentials}
    without = {row.endpoint for row in asked if not row.has_credentials}
    assert task.status == Status.SUCCEEDED
    assert "result" in without
    assert with_key <= {"create", "status", "upload", "policy"}
    assert without <= {"result", "store"}


def test_s05_a_refused_and_an_unreachable_result_look_alike_on_the_card(shop: Shop):
    """Whoever names an address does not learn from the card whether something listens there."""
    task, shown = shop.made(), set()
    for address in (METADATA, "http://127.0.0.1:9/closed"):
        shop.here.simulator.script.clear()
        shop.here.fault("status", "result_address", location=address, count=None)
        shop.step()
        shop.step()
        task.refresh_from_db()
        shown.add((task.status, task.trouble))

    assert shown == {(Status.SAVING, "result")}
