"""Where a request comes from: the client's address, also behind a proxy, and what the client calls itself."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web

from service.config import SETTINGS, Networks

LONGEST_AGENT = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def address(request: web.Request) -> str:
    """The client's address, or `local` for one on a socket.

    X-Forwarded-For counts only as far as the hops that wrote it are proxies of
    the settings: read from its end, the first address that is none of them is
    the client's. Whatever stands before that was written by the client itself.
    """
    networks = request.app[SETTINGS].trusted_proxies
    if not networks:
        return _told(request.remote or "")
    found = _parse(request.remote or "")
    hops = [hop.strip() for line in request.headers.getall("X-Forwarded-For", []) for hop in line.split(",")]
    while hops and found and _is_within(found, networks):
        if not (before := _parse(hops.pop())):
            break
        found = before
    return str(found) if found else "local"


def agent(request: web.Request) -> str | None:
    """What the client calls itself, as text that can be kept and shown."""
    text = request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()
    return _CONTROL.sub(" ", text)[:LONGEST_AGENT] or None


@lru_cache(maxsize=10_000)
def _told(remote: str) -> str:
    return str(_parse(remote) or "local")


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    # One client has one address, whichever kind of socket it came to.
    return getattr(found, "ipv4_mapped", None) or found


def _is_within(found: IPv4Address | IPv6Address, networks: Networks) -> bool:
    return any(found in network for network in networks)
