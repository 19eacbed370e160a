"""A Redis that dies, comes back empty, is slow, is full or talks nonsense: every answer is right, and none is 5xx."""

import asyncio
import os
import random
import re
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as Client

from service.cache.cache import CACHE
from service.config import Settings
from service.embedded import Redis, ensure_redis
from tests.http.conftest import Api, logged_in, registered
from tests.http.relay import Relay, relay
from tests.http.test_metrics import count

TASKS = "/api/v1/tasks/"
PATIENCE = 60
# Each is a trouble and a recovery of two seconds.
ROUNDS = 20 if os.environ.get("HEADGATE_SOAK_SECONDS") else 1


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis that this test may hurt."""
    server = Redis(ensure_redis(), tmp_path_factory.mktemp("redis"), durable=False)
    with server:
        yield server


@pytest.fixture
async def wire(tmp_path: Path, redis: Redis) -> AsyncIterator[Relay]:
    """The wire to it."""
    async with relay(tmp_path / "wire.sock", str(redis.socket)) as wire:
        yield wire


@pytest.fixture
async def wired(wire: Relay, serve: Callable[..., Any], settings: Settings) -> Api:
    """A fresh user of a service that reaches Redis over the wire, and limits requests there."""
    client = await serve(
        replace(settings, redis_url=f"unix://{wire.socket}?db=1", rate_limit_per_minute=1_000_000)
    )
    return await logged_in(client, await registered(client))


class Truth:
    """A task whose title a client keeps changing, and reads after each change."""

    def __init__(self, api: Api, task: int) -> None:
        self._api, self._path = api, f"{TASKS}{task}"
        self._number = 0

    @classmethod
    async def of(cls, api: Api) -> "Truth":
        truth = cls(api, await api.task("0"))
        await truth.cached()
        return truth

    async def read(self) -> str:
        """How it was come by, once it was right."""
        response = await self._api.get(self._path)
        assert response.status == 200, await response.text()
        told = await response.json()
        assert told["title"] == str(self._number)
        assert f".{told['revision']}-" in response.headers["ETag"]
        return response.headers["Cache-Status"]

    async def holds(self, times: int = 15) -> list[str]:
        """The same many times, with changes in between."""
        ways = []
        for _ in range(times):
            self._number += 1
            changed = await self._api.patch(self._path, json={"title": str(self._number)})
            assert changed.status == 200, await changed.text()
            ways += [await self.read() for _ in range(3)]
        return ways

    async def cached(self) -> None:
        """Wait until reads are answered from the cache, as they are by themselves after any trouble."""
        deadline = time.monotonic() + PATIENCE
        while await self.read() != "headgate; hit":
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)


async def test_redis_may_be_killed_and_come_back_empty(wired: Api, redis: Redis) -> None:
    truth = await Truth.of(wired)
    assert redis.pid
    os.kill(redis.pid, signal.SIGKILL)

    ways = await truth.holds()
    redis.stop()
    redis.start()

    assert set(ways) == {"headgate; fwd=bypass"}
    await truth.holds()
    await truth.cached()


async def test_a_slow_redis_is_waited_for_a_few_times_and_then_left_alone(wired: Api, wire: Relay) -> None:
    truth = await Truth.of(wired)
    wire.delay = 2

    spared = count("headgate_redis_spared_total")
    ways = await truth.holds()

    # A read or two of the forty-five may have waited; the others asked nothing.
    assert count("headgate_redis_spared_total") - spared >= len(ways) - 2
    assert set(ways) == {"headgate; fwd=bypass"}
    wire.delay = 0
    await truth.cached()


async def test_a_full_redis_keeps_nothing_and_refuses_nobody(wired: Api, redis: Redis) -> None:
    truth = await Truth.of(wired)
    with Client(unix_socket_path=str(redis.socket)) as administrator:
        # It evicts nothing, as it comes.
        administrator.config_set("maxmemory", 1)

        await truth.holds()

        administrator.config_set("maxmemory", 0)
    await truth.cached()


def noise(data: bytes) -> bytes:
    return os.urandom(len(data))


def one_byte_wrong(data: bytes) -> bytes:
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def one_answer_too_many(data: bytes) -> bytes:
    return b"*4\r\n:0\r\n:1\r\n:1\r\n:1\r\n" + data


def always_ok(_: bytes) -> bytes:
    return b"+OK\r\n"


def refusal(data: bytes) -> bytes:
    return re.sub(rb"^(\*\d+\r\n):0", rb"\1:1", data)


@pytest.mark.parametrize("garbled", [noise, one_byte_wrong, one_answer_too_many, always_ok, refusal])
async def test_what_redis_says_is_believed_only_if_it_fits(
    wired: Api, wire: Relay, garbled: Callable[[bytes], bytes]
) -> None:
    truth = await Truth.of(wired)
    for _ in range(ROUNDS):
        await truth.cached()
        wire.garbled = garbled

        await truth.holds(3)

        wire.garbled = None
    await truth.cached()


async def test_an_answer_for_another_question_is_not_shown(wired: Api) -> None:
    mine, other = await wired.task("mine"), await wired.task("other")
    cache = wired.client.app[CACHE]
    for task in (mine, other):
        await wired.get(f"{TASKS}{task}")
    look = cache.look_args

    # As a connection would answer that has lost count.
    def mixed_up(question: Any) -> Any:
        return look(question._replace(text=questions[0].text)) if questions else look(question)

    questions: list[Any] = []
    ask = cache.question

    async def noted(*args: Any) -> Any:
        question = await ask(*args)
        questions.append(question)
        return question

    cache.question, cache.look_args = noted, mixed_up  # type: ignore[method-assign]
    titles = [(await (await wired.get(f"{TASKS}{task}")).json())["title"] for task in (mine, other, other)]

    assert titles == ["mine", "other", "other"]
