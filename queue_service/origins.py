"""Where a request comes from: the client behind the proxies that are trusted."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Network = IPv4Network | IPv6Network
HOUSEHOLD: Final = 64
"""Leading bits of an IPv6 address that a subscriber does not choose."""


class Origins:
    """Tells clients apart; what a proxy says of its client is believed from `proxies` alone."""

    def __init__(self, proxies: Sequence[Network]) -> None:
        self._proxies = proxies

    def client(self, peer: str, forwarded: Iterable[str]) -> str:
        """The client of a connection from `peer` with these X-Forwarded-For headers.

        An IPv6 client is its network of 64 bits.
        """
        address = _address(peer)
        said = [part.strip() for header in forwarded for part in header.split(",")]
        while said and address is not None and self._is_proxy(address):
            before = _address(said.pop())
            if before is None:
                break
            address = before
        return _household(address) if address is not None else peer

    def _is_proxy(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _household(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), HOUSEHOLD), strict=False))
