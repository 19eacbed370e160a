"""Bounds on requests: for the address, for who asks, and a stricter one where passwords are hashed.

Each is a bucket of tokens: it holds as many requests as its setting allows a minute and fills up again
evenly. The buckets live in Redis, so all processes share them; without Redis there is no bound, and the log
says that Redis is away. The same round trip looks for a kept answer (service/cache/).
"""

from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from service import metrics
from service.admission.auth import API_KEY, CALLER, identify
from service.cache.scripts import LOOK
from service.config import SETTINGS, Settings
from service.errors import Refused
from service.http.client import address
from service.redis_client import REDIS, RedisClient

# What is limited; status, documentation and preflight requests are not.
PREFIX = "/api/v1/"
MOST_KNOWN = 10_000

# Under each key stands the moment at which its bucket will be full; a request moves it by what one token
# takes to come back. All buckets have a token, or none loses one. Times are microseconds, by Redis's clock.
# A Redis that is full keeps no more counts (pcall), and whoever asks is let in.
# Answers how long to wait (0: let in), and of the bucket with the fewest tokens left: its number, how many,
# and how long until it is full; then what LOOK finds.
TAKE = """
local wait, tightest, fewest, fills = 0, 0, math.huge, 0
if #KEYS > 0 then
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
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
            redis.pcall('SET', key, string.format('%.0f', moved), 'PX', math.ceil((moved - now) / 1000))
        end
        fewest, fills = fewest - 1, fills + 60000000 / ARGV[tightest]
    end
    fewest = math.floor(fewest + 0.000001)
end
local limit = {math.ceil(wait), tightest, fewest, math.ceil(fills)}
if #KEYS == #ARGV or wait > 0 then return limit end
"""


class Budget(NamedTuple):
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
        self._script = redis.script(TAKE + LOOK)
        self._buckets = lru_cache(maxsize=MOST_KNOWN)(self._all_buckets)

    async def take(self, request: web.Request, look: Sequence[str | int] = ()) -> Any:
        """Count a request for its address and for who asks, and LOOK with these arguments.

        Raises Refused if a bucket is empty. Answers what LOOK found; None if Redis is away.
        """
        if key := request.get(API_KEY):
            who = f"key:{key.hash[:32]}"
        else:
            who = f"user:{caller.user_id}" if (caller := request.get(CALLER)) else ""
        return await self._take_from(request, *self._buckets(address(request), who), look)

    async def take_login(self, request: web.Request) -> None:
        """Count a request that hashes a password, which costs more than all others, for its address."""
        limit = self._settings.rate_limit_login_per_minute
        if limit:
            await self._take_from(request, (f"{self._prefix}:login:{address(request)}",), (limit,))

    def _all_buckets(self, address: str, who: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The keys of the buckets of who asks from where, and their sizes; a size of 0 is no limit."""
        settings = self._settings
        sizes = {f"{self._prefix}:address:{address}": settings.rate_limit_address_per_minute}
        if who:
            is_key = who.startswith("key:")
            sizes[f"{self._prefix}:{who}"] = (
                settings.rate_limit_key_per_minute if is_key else settings.rate_limit_per_minute
            )
        limited = {key: size for key, size in sizes.items() if size}
        return tuple(limited), tuple(limited.values())

    async def _take_from(
        self,
        request: web.Request,
        limited: tuple[str, ...],
        sizes: tuple[int, ...],
        look: Sequence[str | int] = (),
    ) -> Any:
        if not limited and not look:
            return None
        told = await self._redis.ask(*self._script.call(limited, (*sizes, *look)))
        try:
            wait, tightest, remaining, fills, *found = told
            if wait and remaining > 0:
                raise ValueError("refused, and there are tokens left")
            if limited:
                limit = sizes[tightest - 1]
                request[BUDGET] = Budget(limit, int(remaining), -(-fills // 1_000_000))
        except (IndexError, TypeError, ValueError):
            if told is not None:
                self._redis.distrust("an answer that is none")
            if limited:
                metrics.UNLIMITED.inc()
            return None
        if wait:
            raise Refused(
                "rate_limited",
                f"At most {limit} requests a minute.",
                {"retry_after": -(-wait // 1_000_000)},
            )
        return found


RATE_LIMIT = web.AppKey("rate_limit", RateLimit)


@web.middleware
async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count what no endpoint counts: requests for paths and by methods that there are not."""
    if request.match_info.http_exception is not None and request.path.startswith(PREFIX):
        identify(request)
        await request.app[RATE_LIMIT].take(request)
    return await handler(request)


async def rate_limit(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that sets the limits up."""
    app[RATE_LIMIT] = RateLimit(app[REDIS], app[SETTINGS])
    yield
