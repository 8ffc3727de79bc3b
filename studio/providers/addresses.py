"""Which addresses this server may connect to on somebody else's word.

`ipaddress.is_private` is not enough: shared, reserved, multicast and metadata addresses, and IPv6 forms that
carry an IPv4 address inside, all lead to places that no provider lives at.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a carrier's customers; one cloud's metadata lives here too
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own control address, outside every reserved range
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, ORCHID and other special purposes
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
        "5f00::/16",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = {0x00005EFE, 0x02005EFE}
_OWN_NETWORKS = tuple(
    IPv4Network(network) for network in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
_LOOKS_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?", re.IGNORECASE)


class AddressRefused(Exception):
    """A host that this server will not connect to. The text is for the log."""


def checked_addresses(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Every address of a host, in the order to try them. One that may not be connected to refuses the host.

    `allow_private` also lets this machine's own networks through, never link-local or metadata addresses.

    Raises AddressRefused, or OSError for a name that nobody knows.
    """
    _refuse_odd_spelling(host)
    if not 0 < port < 65536:
        raise AddressRefused(f"{port} is no port")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise AddressRefused(f"{host!r} is no host name") from error
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    for address in addresses:
        if not (is_public(address) or (allow_private and is_own(address))):
            raise AddressRefused(f"{host} is at {address}")
    if not addresses:
        raise AddressRefused(f"{host} has no address")
    return addresses


def is_public(ip: str | Address) -> bool:
    """True for an address that anybody on the internet could have, and that hides no other address."""
    address = _parsed(ip)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address is None or address.scope_id:
        return False
    if inside := _carried(address):
        return is_public(inside)
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return False
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_own(ip: str | Address) -> bool:
    """True for this machine and the networks around it, where simulators and developers run things."""
    address = _parsed(ip)
    if isinstance(address, IPv4Address):
        return any(address in network for network in _OWN_NETWORKS)
    return address == IPv6Address("::1")


def _parsed(ip: str | Address) -> Address | None:
    if not isinstance(ip, str):
        return ip
    try:
        return ip_address(ip)
    except ValueError:
        return None


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _refuse_odd_spelling(host: str) -> None:
    """Resolvers read 2130706433, 0x7f.1 and 127.1 as addresses. Nobody honest spells one so."""
    if not host or "%" in host or any(ord(letter) <= 32 or ord(letter) == 127 for letter in host):
        raise AddressRefused(f"{host!r} is no host name")
    last = host.rstrip(".").rpartition(".")[2]
    if ":" not in host and _LOOKS_NUMERIC.fullmatch(last) and not isinstance(_parsed(host), IPv4Address):
        raise AddressRefused(f"{host!r} is an oddly spelled address")
