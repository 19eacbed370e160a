"""Redis as a help that may be missing: a command that fails answers None, soon, and is logged seldom."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import web
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from service import metrics
from service.config import SETTINGS, Settings
from service.log import Seldom

LOGGER = logging.getLogger(__name__)

# A Redis that does not answer may cost a request this much once, and then nothing for a while.
# The pause is longer than a revision stays fresh in Redis (service/cache.py), so what this
# process failed to write there is gone before it reads again.
TIMEOUT_SECONDS = 0.25
PAUSE_SECONDS = 1.0
CONNECTIONS = 64


class RedisClient:
    """One pool of connections and the memory of whether it is worth asking."""

    def __init__(self, settings: Settings) -> None:
        pool = BlockingConnectionPool.from_url(
            settings.redis_url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._redis: Redis = Redis.from_pool(pool)
        self._paused_until = 0.0
        self._worth_a_line = Seldom()

    @property
    def resting(self) -> bool:
        """Whether Redis failed a moment ago and is left alone."""
        return time.monotonic() < self._paused_until

    async def get(self, key: str) -> bytes | None:
        """The value of a key, or None."""
        value: bytes | None = await self._ask(lambda: self._redis.get(key))
        return value

    async def put(self, key: str, value: bytes, seconds: int | None = None) -> None:
        """Keep a value for some seconds, or for good."""
        await self._ask(lambda: self._redis.set(key, value, ex=seconds))

    async def run(self, script: AsyncScript, keys: list[str], args: list[int]) -> Any:
        """Run a Lua script; None if Redis is away."""
        return await self._ask(lambda: script(keys=keys, args=args, client=self._redis))

    def script(self, source: str) -> AsyncScript:
        """A script that is sent once and then called by its hash."""
        return self._redis.register_script(source)

    async def ping(self) -> bool:
        """Ask for a sign of life, even while resting."""
        self._paused_until = 0.0
        return await self._ask(lambda: self._redis.ping()) is True

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _ask(self, command: Callable[[], Awaitable[Any]]) -> Any:
        if self.resting:
            metrics.REDIS_SPARED.inc()
            return None
        try:
            async with asyncio.timeout(2 * TIMEOUT_SECONDS):
                return await command()
        except (RedisError, OSError, TimeoutError) as error:
            metrics.REDIS_AWAY.inc()
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            if self._worth_a_line:
                LOGGER.warning("redis_unavailable", extra={"reason": repr(error)})
            return None


REDIS = web.AppKey("redis", RedisClient)


async def redis(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that holds the client while the app runs."""
    app[REDIS] = RedisClient(app[SETTINGS])
    yield
    await app[REDIS].close()
