"""Nobody's word makes this server connect to a private, reserved or metadata address."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import pytest

from studio.providers.addresses import AddressRefused, checked_addresses, is_own, is_public
from studio.providers.base import Account, ProviderError
from studio.providers.download import DownloadFailed, download
from studio.providers.modelstream import ModelStream
from tests.providers.hostile import LITERALS, NAMES, PUBLIC, TARGETS

REAL = socket.getaddrinfo
FIRST, SECOND = "93.184.215.14", "127.0.0.1"


def numbers(*addresses: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a connection was tried to; none succeeds. Names are known from the list alone."""
    tried: list[str] = []

    def connect(self: Any, address: Any) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    def resolve(host: str, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host in NAMES:
            return numbers(*NAMES[host])
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return numbers("93.184.215.14") if host == "public.example" else REAL(host, port, *args, **kwargs)
        return REAL(host, port, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return tried


def test_there_are_at_least_120_targets() -> None:
    assert len(set(TARGETS)) >= 120


@pytest.mark.parametrize("url", TARGETS)
def test_s01_a_hostile_address_is_never_connected_to(url: str, connected: list[str], tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed) as raised:
        download(url, tmp_path / "clip.mp4", max_bytes=1000, seconds=5)

    assert raised.value.reason in {"refused", "unreachable"}
    assert connected == []
    assert list(tmp_path.glob("clip*")) == []


@pytest.mark.parametrize("url", TARGETS)
def test_s01_a_hostile_api_address_is_never_connected_to(url: str, connected: list[str]) -> None:
    with pytest.raises((ProviderError, ValueError)):
        ModelStream(Account(key="sk-1", base_url=url)).check_key()

    assert connected == []


def test_s01_a_public_address_is_connected_to(connected: list[str], tmp_path: Path) -> None:
    """The counterpart: the recorder sees what is allowed."""
    with pytest.raises(DownloadFailed):
        download("https://public.example/clip.mp4", tmp_path / "clip.mp4", max_bytes=1000, seconds=5)

    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [*LITERALS, "public.example", "", "1.2.3"])
def test_s01_nothing_hostile_passes_for_public(address: str) -> None:
    assert not is_public(address.strip("[]"))


def test_what_python_calls_private_is_never_public() -> None:
    every_16 = ipaddress.ip_network("0.0.0.0/0").subnets(new_prefix=16)

    assert not [network[77] for network in every_16 if is_public(network[77]) and not network[77].is_global]


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "224.0.0.1", "0.0.0.0", "100.100.100.200"])
def test_s01_developers_reach_their_own_networks_and_no_metadata(host: str) -> None:
    assert checked_addresses("127.0.0.1", 80, allow_private=True) == ["127.0.0.1"]
    assert is_own("::1")
    assert is_own("192.168.1.7")
    with pytest.raises(AddressRefused):
        checked_addresses(host.strip("[]"), 80, allow_private=True)


@pytest.fixture
def rebinding(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """A name that is public when it is checked, and this machine ever after."""
    asked = 0

    def resolve(host: str, port: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal asked
        if host != "rebind.example":
            return REAL(host, port, *args, **kwargs)
        asked += 1
        return numbers(FIRST if asked == 1 else SECOND)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return lambda: asked


def test_s02_a_rebinding_name_is_asked_once_and_connected_to_as_checked(
    rebinding: Callable[[], int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[str] = []

    def connect(self: Any, address: Any) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)

    with pytest.raises(DownloadFailed):
        download("https://rebind.example/clip.mp4", tmp_path / "clip.mp4", max_bytes=1000, seconds=5)

    assert tried == [FIRST]
    assert rebinding() == 1


def test_s02_an_address_that_does_not_answer_gives_way_to_the_next_checked_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[str] = []

    def connect(self: Any, host: str, port: int, **_: Any) -> Any:
        tried.append(host)
        raise httpcore.ConnectError("refused")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: numbers("93.184.215.14", "93.184.215.15"))
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)

    with pytest.raises(DownloadFailed):
        download("https://two.example/clip.mp4", tmp_path / "clip.mp4", max_bytes=1000, seconds=5)

    assert tried == ["93.184.215.14", "93.184.215.15"]
