"""A bound on requests per minute: one count for the user (if known) and one for the address.

The counts live in Redis, so all processes share them. Without Redis there is no bound.
"""

from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler

from service.auth import CALLER
from service.client import address
from service.config import SETTINGS, Settings
from service.errors import Refused
from service.redis_client import REDIS, RedisClient

# What is limited; status, documentation and preflight requests are not.
PREFIX = "/api/v1/"

# A refused request is not counted, and the minute begins with its first request.
# Returns 0, or how many milliseconds until a window that is full ends.
TAKE = """
for _, key in ipairs(KEYS) do
    if tonumber(redis.call('GET', key) or 0) >= tonumber(ARGV[1]) then
        return math.max(redis.call('PTTL', key), 1)
    end
end
for _, key in ipairs(KEYS) do
    if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, 60000) end
end
return 0
"""


class RateLimit:
    """Counts requests, and refuses those above the limit."""

    def __init__(self, redis: RedisClient, settings: Settings) -> None:
        self._redis = redis
        self._limit = settings.rate_limit_per_minute
        self._prefix = f"{settings.namespace}:limit"
        self._take = redis.script(TAKE)

    async def take(self, user_id: int | None, address: str) -> None:
        """Count one request; raises Refused if one of its counts is full."""
        if not self._limit:
            return
        keys = [f"{self._prefix}:address:{address}"]
        if user_id is not None:
            keys.append(f"{self._prefix}:user:{user_id}")
        wait_ms = await self._redis.run(self._take, keys, [self._limit])
        if wait_ms:
            raise Refused(
                "rate_limited",
                f"At most {self._limit} requests a minute.",
                {"retry_after": -(-int(wait_ms) // 1000)},
            )


RATE_LIMIT = web.AppKey("rate_limit", RateLimit)


@web.middleware
async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count each request to the API before anything is done for it."""
    if request.path.startswith(PREFIX) and request.method != "OPTIONS":
        caller = request.get(CALLER)
        await request.app[RATE_LIMIT].take(caller.user_id if caller else None, address(request))
    return await handler(request)


async def rate_limit(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that sets the limit up."""
    app[RATE_LIMIT] = RateLimit(app[REDIS], app[SETTINGS])
    yield
