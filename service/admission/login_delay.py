"""Wrong passwords make the next attempt wait: longer each time, but never for ever.

They count for the account and for the address. The first five for an account and the first twenty from an
address are free; then the wait doubles, up to a limit of the settings, and fifteen quiet minutes forget it
all. Attempts meanwhile are refused unread, and do not make it longer. So a guesser gets about one attempt a
minute at an account, from however many addresses. The owner is not shut out by that: from an address where
the account was logged in to within thirty days, what others did to the account does not count, only what that
address did. Names that are not there wait alike.

It lives in Redis; while that is away nobody waits, and the rate limits are away too.
"""

import hashlib
from collections.abc import AsyncIterator

from aiohttp import web

from service.config import SETTINGS, Settings
from service.errors import Refused
from service.redis_client import REDIS, RedisClient

FREE_FOR_ACCOUNT = 5
FREE_FOR_ADDRESS = 20
FIRST_MS = 1000
FORGOTTEN_MS = 15 * 60_000
KNOWN_SECONDS = 30 * 86_400

# An attempt counts as failed until it has succeeded, so that many at once are no way around.
# KEYS: the account's count and wait, the address's count and wait, whether the address is known.
# ARGV: what is free for each, the longest wait, when a count is forgotten, the first wait. Returns how long
# to wait, or 0.
ATTEMPT = """
local known = redis.call('EXISTS', KEYS[5]) == 1
local wait = redis.call('PTTL', KEYS[4])
if not known then wait = math.max(wait, redis.call('PTTL', KEYS[2])) end
if wait > 0 then return wait end
for i = 1, 2 do
    if i == 2 or not known then
        local count, free = redis.call('INCR', KEYS[2 * i - 1]), tonumber(ARGV[i])
        redis.call('PEXPIRE', KEYS[2 * i - 1], ARGV[4])
        if count >= free then
            local wait = math.min(ARGV[3], ARGV[5] * 2 ^ math.min(count - free, 20))
            redis.call('SET', KEYS[2 * i], 1, 'PX', wait)
        end
    end
end
return 0
"""

# What the right password takes back: all of the account, and this attempt of the address. A guesser who logs
# in to an account of their own in between gains nothing by it.
SUCCESS = """
redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
if redis.call('DECR', KEYS[3]) <= 0 then redis.call('DEL', KEYS[3]) end
redis.call('SET', KEYS[5], 1, 'EX', ARGV[1])
"""


class LoginDelay:
    """Decides whether a password may be tried now."""

    def __init__(self, redis: RedisClient, settings: Settings) -> None:
        self._redis = redis
        self._longest_ms = settings.login_delay_seconds * 1000
        self._prefix = f"{settings.namespace}:login"
        self._attempt = redis.script(ATTEMPT)
        self._success = redis.script(SUCCESS)

    async def attempt(self, account: str, address: str) -> None:
        """Count an attempt before the password is looked at; raises Refused if it comes too soon.

        The account is a user's id, or the name where nobody has it: a name can be spelt in many ways.
        """
        if not self._longest_ms:
            return
        limits = [FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS, self._longest_ms, FORGOTTEN_MS, FIRST_MS]
        wait_ms = await self._redis.ask(*self._attempt.call(self._keys(account, address), limits))
        if isinstance(wait_ms, int) and wait_ms > 0:
            raise Refused(
                "login_delayed",
                "Too many wrong passwords; wait before the next.",
                {"retry_after": -(-wait_ms // 1000)},
            )

    async def succeeded(self, account: str, address: str) -> None:
        """The password was right: forget what went before, and know the address."""
        if self._longest_ms:
            await self._redis.ask(*self._success.call(self._keys(account, address), [KNOWN_SECONDS]))

    def _keys(self, account: str, address: str) -> list[str]:
        # A hash, for what people type as their name is at times their password.
        account = hashlib.blake2b(account.casefold().encode(), digest_size=16).hexdigest()
        return [
            f"{self._prefix}:{kind}"
            for kind in (
                f"account:{account}",
                f"account-wait:{account}",
                f"address:{address}",
                f"address-wait:{address}",
                f"known:{account}:{address}",
            )
        ]


LOGIN_DELAY = web.AppKey("login_delay", LoginDelay)


async def login_delay(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that sets the delay up."""
    app[LOGIN_DELAY] = LoginDelay(app[REDIS], app[SETTINGS])
    yield
