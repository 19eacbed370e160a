"""Wrong passwords make the next attempt wait, and shut nobody out for ever."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from service.admission import login_delay
from service.admission.login_delay import FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS
from service.config import Settings
from service.redis_client import REDIS
from tests.http.conftest import PASSWORD, problem, registered

HOME, OFFICE, GUESSER = "192.0.2.1", "192.0.2.2", "198.51.100.7"


@pytest.fixture
async def client(serve: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client that is a proxy, so that it can say from which address it asks; no wait ends during a test."""
    monkeypatch.setattr(login_delay, "FIRST_MS", 10_000)
    trusting = replace(settings, trusted_proxies=(ip_network("127.0.0.0/8"),), login_delay_seconds=60)
    client = await serve(trusting)
    await client.app[REDIS].ask("FLUSHDB")
    return client


async def attempt(client: TestClient, name: str, password: str, address: str) -> ClientResponse:
    form = {"username": name, "password": password}
    return await client.post("/api/v1/users/login", data=form, headers={"X-Forwarded-For": address})


async def guess(client: TestClient, name: str, number: int, address: str = GUESSER) -> list[int]:
    return [(await attempt(client, name, f"guess {n}", address)).status for n in range(number)]


async def later(client: TestClient) -> None:
    """The waits that run are over; the counts stay."""
    redis = client.app[REDIS]
    for key in await redis.ask("KEYS", "*-wait:*"):
        await redis.ask("DEL", key)


async def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(client: TestClient) -> None:
    name = (await registered(client))["username"]
    assert await guess(client, name, FREE_FOR_ACCOUNT) == [401] * FREE_FOR_ACCOUNT

    response = await attempt(client, name, PASSWORD, GUESSER)

    await problem(response, 429, "login_delayed")
    assert response.headers["Retry-After"] == "10"


async def test_the_wait_doubles_up_to_a_limit(client: TestClient) -> None:
    name = (await registered(client))["username"]
    await guess(client, name, FREE_FOR_ACCOUNT)

    waits = []
    for _ in range(5):
        await later(client)
        await guess(client, name, 1)
        waits.append(int((await attempt(client, name, PASSWORD, GUESSER)).headers["Retry-After"]))

    assert waits == [20, 40, 60, 60, 60]


async def test_refused_attempts_do_not_make_the_wait_longer(client: TestClient) -> None:
    name = (await registered(client))["username"]
    await guess(client, name, FREE_FOR_ACCOUNT + 50)

    await later(client)

    assert (await attempt(client, name, PASSWORD, GUESSER)).status == 200


async def test_the_wait_ends_by_itself(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_delay, "FIRST_MS", 1000)
    name = (await registered(client))["username"]
    await guess(client, name, FREE_FOR_ACCOUNT)

    while (response := await attempt(client, name, PASSWORD, HOME)).status == 429:  # noqa: ASYNC110
        await asyncio.sleep(0.05)

    assert response.status == 200


async def test_other_addresses_are_no_way_around(client: TestClient) -> None:
    name = (await registered(client))["username"]

    statuses = [(await guess(client, name, 1, f"198.51.100.{n}"))[0] for n in range(20)]

    assert statuses == [401] * FREE_FOR_ACCOUNT + [429] * (20 - FREE_FOR_ACCOUNT)


async def test_neither_is_another_spelling_of_the_name(client: TestClient) -> None:
    name = (await registered(client))["username"]
    spelt = [name, name.upper(), name.title(), name.replace("u", "ü"), name.replace("e", "é")] * 2

    statuses = [(await guess(client, other, 1))[0] for other in spelt]

    assert statuses.count(401) == FREE_FOR_ACCOUNT


async def test_nor_are_many_at_once(client: TestClient) -> None:
    name = (await registered(client))["username"]

    responses = await asyncio.gather(*(attempt(client, name, "guess", GUESSER) for _ in range(30)))

    assert [response.status for response in responses].count(401) == FREE_FOR_ACCOUNT


async def test_who_was_there_before_is_not_shut_out_by_others(client: TestClient) -> None:
    name = (await registered(client))["username"]
    assert (await attempt(client, name, PASSWORD, HOME)).status == 200
    await guess(client, name, 30)

    at_home = await attempt(client, name, PASSWORD, HOME)

    assert at_home.status == 200


async def test_elsewhere_they_have_to_wait_while_it_lasts(client: TestClient) -> None:
    name = (await registered(client))["username"]
    assert (await attempt(client, name, PASSWORD, HOME)).status == 200
    await guess(client, name, 30)

    await problem(await attempt(client, name, PASSWORD, OFFICE), 429, "login_delayed")


async def test_an_address_that_guesses_at_many_accounts_has_to_wait_for_all(client: TestClient) -> None:
    names = [(await registered(client))["username"] for _ in range(FREE_FOR_ADDRESS + 1)]
    for name in names[:-1]:
        await guess(client, name, 1)

    refused = await attempt(client, names[-1], PASSWORD, GUESSER)

    await problem(refused, 429, "login_delayed")
    assert (await attempt(client, names[-1], PASSWORD, HOME)).status == 200


async def test_logging_in_to_ones_own_account_in_between_is_no_way_around(client: TestClient) -> None:
    own = (await registered(client))["username"]
    victims = [(await registered(client))["username"] for _ in range(FREE_FOR_ADDRESS)]
    statuses = []
    for victim in victims:
        statuses += await guess(client, victim, 1)
        await attempt(client, own, PASSWORD, GUESSER)

    assert statuses == [401] * FREE_FOR_ADDRESS
    await problem(await attempt(client, own, PASSWORD, GUESSER), 429, "login_delayed")


async def test_names_that_are_not_there_wait_alike(client: TestClient) -> None:
    statuses = await guess(client, "nobody-at-all", FREE_FOR_ACCOUNT + 1)

    assert statuses == [401] * FREE_FOR_ACCOUNT + [429]


async def test_the_right_password_forgets_what_went_before(client: TestClient) -> None:
    name = (await registered(client))["username"]
    for _ in range(3):
        assert await guess(client, name, FREE_FOR_ACCOUNT - 1, HOME) == [401] * (FREE_FOR_ACCOUNT - 1)
        assert (await attempt(client, name, PASSWORD, HOME)).status == 200
