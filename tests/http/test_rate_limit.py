"""The bound on requests per minute."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from service.config import Settings
from service.redis_client import REDIS
from tests.http.conftest import Api, logged_in, problem, registered

ME = "/api/v1/users/me"


async def forget_counts(client: TestClient) -> None:
    """Empty the worker's own Redis database, so that this test's minute begins now."""
    await client.app[REDIS]._redis.flushdb()  # noqa: SLF001


@pytest.fixture
async def limited(serve: Any, settings: Settings) -> Api:
    """A fresh user of a service that takes five requests a minute."""
    client = await serve(replace(settings, rate_limit_per_minute=5))
    await forget_counts(client)
    api = await logged_in(client, await registered(client))
    await forget_counts(client)
    return api


async def test_one_request_too_many_is_told_when_to_come_back(limited: Api) -> None:
    statuses = [(await limited.get(ME)).status for _ in range(5)]

    response = await limited.get(ME)

    assert statuses == [200] * 5
    await problem(response, 429, "rate_limited")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


async def test_an_address_is_limited_whoever_asks(limited: Api) -> None:
    for _ in range(5):
        await limited.client.get(ME)

    await problem(await limited.get(ME), 429, "rate_limited")


async def test_guesses_of_a_password_are_limited(limited: Api) -> None:
    form = {"username": limited.user["username"], "password": "guess"}
    for _ in range(5):
        await problem(await limited.client.post("/api/v1/users/login", data=form), 401, "invalid_credentials")

    await problem(await limited.client.post("/api/v1/users/login", data=form), 429, "rate_limited")


async def test_the_status_is_never_limited(limited: Api) -> None:
    for _ in range(10):
        assert (await limited.client.get("/api/status")).status == 200


async def test_without_redis_nobody_is_limited(serve: Any, settings: Settings) -> None:
    client = await serve(replace(settings, rate_limit_per_minute=1, redis_url="unix:///nowhere/redis.sock"))
    api = await logged_in(client, await registered(client))

    assert [(await api.get(ME)).status for _ in range(5)] == [200] * 5
