"""Addresses that events may be sent to: on the internet, unless the own network is allowed."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import urlsplit

from relgraph.schema.vocabulary import Lang
from relgraph.words import say

LOOKUP_S = 3.0
"""How long the name of a new webhook is looked up, in seconds."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_INTERNET = ipaddress.IPv6Network("2000::/3")
"""All that is given out of IPv6; whatever else there is belongs to some network's own use."""
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
"""Entries of IANA's registries of special addresses that Python counts among the others: relays,
tunnels and what stands in for them. `is_global` knows the rest."""


class Refused(Exception):
    """An address that nothing is sent to; `text` says why in the reader's language."""

    def __init__(self, reason: str, **values: str) -> None:
        self.reason = reason
        self.values = values
        super().__init__(self.text("en"))

    def text(self, lang: Lang) -> str:
        """Why."""
        return say(lang, f"webhook.{self.reason}", **self.values)


class NotLookedUp(OSError):
    """Nobody said in time which address a name has."""


def check_form(url: str, *, inside: bool) -> tuple[str, int]:
    """Host and port of an address. Raises Refused for one that nothing may be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("no_address") from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise Refused("no_host")
    if parts.scheme != "https" and not inside:
        raise Refused("not_https")
    return parts.hostname, port or (443 if parts.scheme == "https" else 80)


def refuse_address(url: str, *, inside: bool) -> None:
    """Raise Refused for an address that is not allowed, or whose name leads to such a one.

    A name that nobody knows, or not in time, is no fault: it is looked up at each attempt again.
    """
    host, port = check_form(url, inside=inside)
    if inside:
        return
    try:
        resolved(host, port, inside=False, seconds=LOOKUP_S)
    except OSError:
        return


def resolved(host: str, port: int, *, inside: bool, seconds: float) -> str:
    """The first address of a name.

    Raises Refused if any of its addresses is none of the internet and that is not allowed, and
    OSError if it is not known, or not within so many seconds.
    """
    addresses = _looked_up(host, port, seconds)
    if not inside:
        for text in addresses:
            if not is_on_the_internet(ipaddress.ip_address(text.partition("%")[0])):
                raise Refused("inside", host=host, address=text)
    return addresses[0]


def _looked_up(host: str, port: int, seconds: float) -> list[str]:
    """All addresses of a name; the system's own patience may be longer than ours."""
    result: list[str] = []
    failures: list[Exception] = []

    def look() -> None:
        try:
            rows = getaddrinfo(host, port, type=SOCK_STREAM)
            result.extend(str(row[4][0]) for row in rows)
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=look, name="name of a webhook", daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise NotLookedUp(f"{host}: {failures[0]}") from failures[0]
    if not result:
        raise NotLookedUp(f"{host} was not looked up within {seconds:g} s")
    return result


def is_on_the_internet(address: Address) -> bool:
    """Whether an address is one of a machine on the internet, and so is every one inside of it."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _INTERNET:
        return False
    if any(address.version == net.version and address in net for net in _SPECIAL):
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return all(is_on_the_internet(other) for other in _carried(address))


def _carried(address: Address) -> Iterator[Address]:
    """An IPv4 address that an interface's part of an IPv6 address says: ISATAP, RFC 5214 §6.1."""
    if isinstance(address, ipaddress.IPv6Address):
        middle = int(address) >> 32 & 0xFFFF_FFFF
        if middle & 0xFCFF_FFFF == 0x0000_5EFE:
            yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
