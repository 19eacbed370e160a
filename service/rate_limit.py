"""Bounds on requests: for the address, for who asks, and a stricter one where passwords are hashed.

Each is a bucket of tokens: it holds as many requests as its setting allows a minute and fills up again
evenly. The buckets live in Redis, so all processes share them; without Redis there is no bound, and the log
says that Redis is away.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from service import metrics
from service.auth import API_KEY, CALLER
from service.client import address
from service.config import SETTINGS, Settings
from service.errors import Refused
from service.redis_client import REDIS, RedisClient

# What is limited; status, documentation and preflight requests are not.
PREFIX = "/api/v1/"

# Under each key stands the moment at which its bucket will be full; a request moves it by what one token
# takes to come back. All buckets have a token, or none loses one. Times are microseconds, by Redis's clock.
# Returns how long to wait (0: let in), and of the bucket with the fewest tokens left: its number, how many,
# and how long until it is full.
TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait, tightest, fewest, fills = 0, 0, math.huge, 0
local full_at = {}
for i, key in ipairs(KEYS) do
    local size, interval = tonumber(ARGV[i]), 60000000 / ARGV[i]
    full_at[i] = math.max(tonumber(redis.call('GET', key) or now), now)
    local tokens = size - (full_at[i] - now) / interval
    if tokens < 1 then wait = math.max(wait, (1 - tokens) * interval) end
    if tokens < fewest then tightest, fewest, fills = i, tokens, full_at[i] - now end
end
if wait == 0 then
    for i, key in ipairs(KEYS) do
        local moved = full_at[i] + 60000000 / ARGV[i]
        redis.call('SET', key, string.format('%.0f', moved), 'PX', math.ceil((moved - now) / 1000))
    end
    fewest, fills = fewest - 1, fills + 60000000 / ARGV[tightest]
end
return {math.ceil(wait), tightest, math.floor(fewest + 0.000001), math.ceil(fills)}
"""


@dataclass(frozen=True)
class Budget:
    """What is left of the tightest bucket of a request."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


BUDGET = web.RequestKey("budget", Budget)


class RateLimit:
    """Takes tokens out of buckets, and refuses a request for which there is none."""

    def __init__(self, redis: RedisClient, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._prefix = f"{settings.namespace}:limit"
        self._take = redis.script(TAKE)

    async def take(self, request: web.Request) -> None:
        """Count a request for its address and for who asks; raises Refused if a bucket is empty."""
        settings = self._settings
        buckets = {f"address:{address(request)}": settings.rate_limit_address_per_minute}
        if key := request.get(API_KEY):
            buckets[f"key:{key.hash[:32]}"] = settings.rate_limit_key_per_minute
        elif caller := request.get(CALLER):
            buckets[f"user:{caller.user_id}"] = settings.rate_limit_per_minute
        await self._take_from(request, buckets)

    async def take_login(self, request: web.Request) -> None:
        """Count a request that hashes a password, which costs more than all others, for its address."""
        limit = self._settings.rate_limit_login_per_minute
        await self._take_from(request, {f"login:{address(request)}": limit})

    async def _take_from(self, request: web.Request, buckets: dict[str, int]) -> None:
        limited = {f"{self._prefix}:{name}": limit for name, limit in buckets.items() if limit}
        if not limited:
            return
        found = await self._redis.run(self._take, [*limited], [*limited.values()])
        if found is None:
            metrics.UNLIMITED.inc()
            return
        wait, tightest, remaining, fills = found
        limit = [*limited.values()][tightest - 1]
        request[BUDGET] = Budget(limit, remaining, -(-fills // 1_000_000))
        if wait:
            raise Refused(
                "rate_limited",
                f"At most {limit} requests a minute.",
                {"retry_after": -(-wait // 1_000_000)},
            )


RATE_LIMIT = web.AppKey("rate_limit", RateLimit)


@web.middleware
async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count each request to the API before anything is done for it."""
    if request.path.startswith(PREFIX) and request.method != "OPTIONS":
        await request.app[RATE_LIMIT].take(request)
    return await handler(request)


async def rate_limit(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that sets the limits up."""
    app[RATE_LIMIT] = RateLimit(app[REDIS], app[SETTINGS])
    yield
