"""The bound on requests per minute."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from service.config import Settings
from service.redis_client import REDIS
from tests.http.conftest import Api, logged_in, problem, registered

ME = "/api/v1/users/me"


async def forget_counts(client: TestClient) -> None:
    """Empty the worker's own Redis database, so that this test's minute begins now."""
    await client.app[REDIS].ask("FLUSHDB")


async def start(serve: Any, settings: Settings, **limits: int) -> Api:
    """A fresh user of a service with these limits, whose minute begins now."""
    client = await serve(replace(settings, **limits))
    await forget_counts(client)
    api = await logged_in(client, await registered(client))
    await forget_counts(client)
    return api


def left(response: ClientResponse) -> tuple[int, int]:
    """What the headers say: the limit and what remains of it."""
    headers = response.headers
    assert int(headers["RateLimit-Reset"]) > 0
    return int(headers["RateLimit-Limit"]), int(headers["RateLimit-Remaining"])


async def test_one_request_too_many_is_told_when_to_come_back(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_per_minute=5)
    responses = [await api.get(ME) for _ in range(5)]

    refused = await api.get(ME)

    assert [response.status for response in responses] == [200] * 5
    assert [left(response) for response in responses] == [(5, number) for number in (4, 3, 2, 1, 0)]
    await problem(refused, 429, "rate_limited")
    assert left(refused) == (5, 0)
    # A token comes back every twelve seconds.
    assert 1 <= int(refused.headers["Retry-After"]) <= 12


async def test_tokens_come_back_one_by_one(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_per_minute=300)
    statuses = [(await api.get(ME)).status for _ in range(300)]
    while (await api.get(ME)).status == 200:
        pass

    # Every fifth of a second.
    while (await api.get(ME)).status == 429:  # noqa: ASYNC110
        await asyncio.sleep(0.01)

    assert statuses == [200] * 300


async def test_a_user_is_limited_and_others_are_not(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_per_minute=2)
    other = await logged_in(api.client, await registered(api.client))
    for _ in range(2):
        await api.get(ME)

    await problem(await api.get(ME), 429, "rate_limited")
    assert (await other.get(ME)).status == 200


async def test_an_address_is_limited_whoever_asks(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_address_per_minute=5, rate_limit_per_minute=100)
    for _ in range(5):
        await api.client.get(ME)

    refused = await api.get(ME)

    await problem(refused, 429, "rate_limited")
    assert left(refused) == (5, 0)


async def test_what_a_full_bucket_refuses_empties_no_other(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_address_per_minute=10, rate_limit_per_minute=2)
    for _ in range(6):
        await api.get(ME)

    anonymous = await api.client.get(ME)

    assert left(anonymous) == (10, 7)


async def test_a_key_has_a_limit_of_its_own(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_key_per_minute=2)
    path = f"/api/v1/workspaces/{api.user['workspace_id']}/api-keys"
    key = (await (await api.post(path, json={"name": "robot", "scope": "read"})).json())["key"]

    responses = [await api.client.get(ME, headers={"X-API-Key": key}) for _ in range(3)]

    assert [response.status for response in responses] == [200, 200, 429]
    assert (await api.get(ME)).status == 200


@pytest.mark.parametrize("path", ["/api/v1/users/login", "/api/v1/users/", "/api/v1/users/me/password"])
async def test_where_passwords_are_hashed_the_limit_is_stricter(
    serve: Any, settings: Settings, path: str
) -> None:
    api = await start(serve, settings, rate_limit_login_per_minute=3)

    responses = [await api.post(path, data={"username": "ada"}) for _ in range(4)]

    assert [response.status == 429 for response in responses] == [False, False, False, True]
    assert (await api.get(ME)).status == 200


async def test_every_answer_says_what_is_left(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_address_per_minute=100)

    for method, path in (
        ("GET", ME),
        ("GET", "/api/v1/tasks/0"),
        ("POST", "/api/v1/tasks/"),
        ("GET", "/api/v1/no"),
    ):
        assert left(await api.request(method, path))[0] == 100


async def test_behind_a_proxy_each_client_has_its_own_bucket(serve: Any, settings: Settings) -> None:
    trusting = replace(settings, trusted_proxies=(ip_network("127.0.0.0/8"),))
    api = await start(serve, trusting, rate_limit_address_per_minute=2)

    answers = [
        await api.client.get(ME, headers={"X-Forwarded-For": client})
        for client in (
            "192.0.2.1",
            "192.0.2.2",
            "192.0.2.1",
            "192.0.2.1",
            "6.6.6.6, 192.0.2.2",
            "7.7.7.7, 192.0.2.2",
        )
    ]

    assert [answer.status for answer in answers] == [401, 401, 401, 429, 401, 429]


async def test_the_status_is_never_limited(serve: Any, settings: Settings) -> None:
    api = await start(serve, settings, rate_limit_address_per_minute=2)
    for _ in range(10):
        assert (await api.client.get("/api/status")).status == 200


async def test_without_redis_nobody_is_limited_and_the_log_says_why(
    serve: Any, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    away = {"rate_limit_per_minute": 1, "rate_limit_address_per_minute": 1, "rate_limit_login_per_minute": 1}
    client = await serve(
        replace(settings, redis_url="unix:///nowhere/redis.sock", login_delay_seconds=60, **away)
    )
    api = await logged_in(client, await registered(client))

    responses = [await api.get(ME) for _ in range(5)]

    assert [response.status for response in responses] == [200] * 5
    assert "RateLimit-Limit" not in responses[0].headers
    assert "redis_unavailable" in caplog.text
