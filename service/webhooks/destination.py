"""Where a webhook may lead: to public addresses by https, and to what the settings allow besides.

Whoever may make a webhook makes this service send requests, and behind it are networks that they cannot
reach themselves. So what counts is the address that is connected to, whatever name or spelling led there: it
is looked at when the socket is made, after the name was resolved and for this very connection, and redirects
are not followed.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohappyeyeballs import AddrInfoType

from service.config import Settings
from service.errors import Refused

Address = IPv4Address | IPv6Address

# Of IPv6 only this is the internet; it is dealt out, the rest is reserved or local.
INTERNET = IPv6Network("2000::/3")
TRANSLATED = IPv6Network("64:ff9b::/96")
NAME = re.compile(r"([a-z0-9_-]+\.)*[a-z0-9_-]+\.?", re.IGNORECASE)


class AddressRefused(OSError):
    """Nothing is sent to this address."""


def is_public(address: Address) -> bool:
    """Whether it is on the internet, and not an IPv6 name for an IPv4 address that is not."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address in TRANSLATED:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address.sixtofour:
        return is_public(address.sixtofour)
    return address in INTERNET and address.is_global and not address.teredo


def may_be_reached(host: str, settings: Settings) -> bool:
    """Whether the settings allow an address, given as text."""
    address: Address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return is_public(address) or any(address in network for network in settings.webhook_allowed_networks)


def check_url(url: str, settings: Settings) -> None:
    """Refuse what can be seen to lead nowhere good; names are resolved only when something is sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port == 0 or "@" in parts.netloc or parts.fragment:
        raise _refused("The URL has a host, and neither a user nor a fragment.")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.webhook_allow_http):
        raise _refused("The URL begins with https://.")
    try:
        is_allowed = may_be_reached(host, settings)
    except ValueError:
        if not _is_name(host):
            raise _refused("The URL has a host that can be found.") from None
        # No number in an older spelling of addresses.
        is_allowed = not host.replace(".", "").isdigit()
    if not is_allowed:
        raise _refused("This address is not on the internet.")


def _is_name(host: str) -> bool:
    """Whether it can be the name of a host: of letters, digits, - and _; beyond ASCII as IDNA has it."""
    try:
        return NAME.fullmatch(host.encode("idna").decode()) is not None
    except UnicodeError:
        return False


def _refused(reason: str) -> Refused:
    return Refused("webhook_url_refused", reason)


def guarded_socket(info: AddrInfoType, settings: Settings) -> socket.socket:
    """A socket to an address that was resolved; AddressRefused if nothing may be sent there."""
    family, kind, protocol, _, address = info
    if not may_be_reached(str(address[0]), settings):
        raise AddressRefused("not on the internet")
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made
