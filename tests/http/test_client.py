"""Whom a request comes from, where proxies stand between."""

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from service.app import create_app
from service.config import Settings
from service.http import client

PROXIES = tuple(ip_network(network) for network in ("10.0.0.0/8", "127.0.0.1/32", "2001:db8::/32"))


def seen(settings: Settings, peer: str | None, *forwarded: str) -> str:
    headers = [("X-Forwarded-For", line) for line in forwarded]
    request = make_mocked_request("GET", "/", headers=headers, app=create_app(settings))  # type: ignore[arg-type]
    return client.address(request.clone(remote=peer) if peer else request)


@pytest.mark.parametrize("forwarded", ["192.0.2.7", "10.0.0.1", "127.0.0.1, 192.0.2.7"])
def test_what_a_client_says_about_itself_does_not_count(settings: Settings, forwarded: str) -> None:
    assert seen(settings, "198.51.100.1", forwarded) == "198.51.100.1"
    trusting = replace(settings, trusted_proxies=PROXIES)
    assert seen(trusting, "198.51.100.1", forwarded) == "198.51.100.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        # Whatever the client sent stands first, and the proxies add at the end.
        ("10.0.0.1", ["1.1.1.1, 192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["1.1.1.1", "192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["192.0.2.7, 10.9.9.9"], "192.0.2.7"),
        ("10.0.0.1", ["10.1.1.1, 10.9.9.9"], "10.1.1.1"),
        ("10.0.0.1", ["192.0.2.7, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [","], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:192.0.2.7"], "192.0.2.7"),
        ("2001:db8::1", ["2001:db9::7"], "2001:db9::7"),
        ("fe80::1%eth0", [], "fe80::1"),
        ("/run/headgate.sock", ["192.0.2.7"], "local"),
    ],
)
def test_proxies_of_the_settings_are_believed(
    settings: Settings, peer: str, forwarded: list[str], expected: str
) -> None:
    assert seen(replace(settings, trusted_proxies=PROXIES), peer, *forwarded) == expected


def test_the_name_of_a_client_is_cut_and_cleaned(settings: Settings) -> None:
    def named(**headers: Any) -> str | None:
        return client.agent(make_mocked_request("GET", "/", headers=headers))

    assert named() is None
    assert named(**{"User-Agent": "x" * 300}) == "x" * 255
    assert named(**{"User-Agent": "a\x01b"}) == "a b"
