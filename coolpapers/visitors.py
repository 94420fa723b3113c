"""Who asks: a client's address behind proxies, believed only as far as they are trusted."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network


def address_of(request: HttpRequest) -> str:
    """The IP address of who asks: the nearest that is not one of the trusted proxies.

    What a client writes into X-Forwarded-For by itself is behind the address that the first trusted
    proxy saw, and so is never reached. Empty where the connection has no address.
    """
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not hop.strip() or not is_within(nearest, settings.COOLPAPERS_PROXIES):
            break
        nearest = hop.strip()
    return nearest


def is_within(address: str, networks: Sequence[Network]) -> bool:
    """Whether an IP address lies in one of the networks; what is no address lies in none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in networks)


def comes_from(request: HttpRequest, networks: Sequence[Network]) -> bool:
    """Whether who asks is known to be in one of the networks.

    A request that an unknown proxy passed on could be from anyone, also where that proxy's own
    address is near.
    """
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if forwarded and not is_within(peer, settings.COOLPAPERS_PROXIES):
        return False
    return is_within(address_of(request), networks)
