"""What the processes tell each other, through Redis: how far a log has come, and who looks at a task.

All of it is only sooner than the next look at MySQL, or nice to know: without Redis nothing is wrong.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from service.config import SETTINGS, Settings
from service.redis_client import REDIS, RedisClient

# A viewer says every so often that it still looks; who has not said so for longer looks no more.
LOOK_SECONDS = 15
FORGET_SECONDS = 40

# Under the key of a task stand its viewers, `user:stream`, each with the moment until which it is believed.
# Returns the users.
VIEW = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[1] ~= '' then
    local seconds = tonumber(ARGV[2])
    local changed
    if seconds > 0 then
        changed = redis.call('ZADD', KEYS[1], now + seconds, ARGV[1])
        redis.call('EXPIRE', KEYS[1], seconds)
    else
        changed = redis.call('ZREM', KEYS[1], ARGV[1])
    end
    if changed == 1 then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""


class News:
    """Two channels of this database: revisions and viewers."""

    def __init__(self, redis: RedisClient, settings: Settings) -> None:
        self._redis = redis
        self._revisions = f"{settings.namespace}:revisions"
        self._viewers = f"{settings.namespace}:viewers"
        self._prefix = f"{settings.namespace}:looking"
        self._view = redis.script(VIEW)

    def publish_revision(self, workspace_id: int, revision: int) -> None:
        """Tell the other processes how far a log has come."""
        self._redis.tell("PUBLISH", self._revisions, f"{workspace_id}:{revision}")

    async def viewers(self, task_id: int) -> list[int]:
        """The users who look at a task; nobody without Redis."""
        return await self._look(task_id, "", 0)

    @asynccontextmanager
    async def looking(self, task_id: int, user_id: int) -> AsyncIterator[Callable[[], Awaitable[object]]]:
        """For a block the user looks at the task; what is given is awaited now and then to say so again."""
        name = f"{user_id}:{secrets.token_hex(6)}"
        await self._look(task_id, name, FORGET_SECONDS)
        try:
            yield lambda: self._look(task_id, name, FORGET_SECONDS)
        finally:
            await self._look(task_id, name, 0)

    async def listen(self, heard: Callable[[int, int], None], viewers: Callable[[int], None]) -> None:
        """Pass on what is told on the channels, until cancelled."""

        def hear(channel: str, message: bytes) -> None:
            numbers = [int(number) for number in message.split(b":")]
            if channel == self._revisions:
                heard(*numbers)
            else:
                viewers(*numbers)

        await self._redis.listen([self._revisions, self._viewers], hear)

    async def _look(self, task_id: int, name: str, seconds: int) -> list[int]:
        args: list[str | bytes | int] = [name, seconds, self._viewers, task_id]
        found = await self._redis.ask(*self._view.call([f"{self._prefix}:{task_id}"], args))
        return sorted({int(one.split(b":")[0]) for one in found or ()})


NEWS = web.AppKey("news", News)


async def end(tasks: "list[asyncio.Task[None]]") -> None:
    """Cancel tasks of which some listen, and wait until they have ended."""
    # More than once: the client of Redis swallows a cancellation that comes while it connects.
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=0.1)


async def news(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that sets the channels up."""
    app[NEWS] = News(app[REDIS], app[SETTINGS])
    yield
