"""Answers kept in Redis under the workspace's revision, so that an old one is never wrong, only unreachable.

    rev:{workspace}      its revision, for as long as it was certain less than a second ago
    task:{id}            the workspace of a task, which never changes
    {workspace}:{revision}:{route}:{parameters}:{user}      the body of an answer

The user is part of the key, so what one may see is never shown to another; a
change of membership raises the revision like any other.
"""

import hashlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from service.config import SETTINGS, Settings
from service.db import DATABASE, Database
from service.errors import Refused
from service.redis_client import REDIS, RedisClient
from service.tokens import Caller

LOGGER = logging.getLogger(__name__)

# Below a second by what a slow answer of MySQL may add to it.
FRESH_MS = 900
LARGEST_BODY = 1024 * 1024

# Never backwards: an older revision that arrives late changes nothing, and a newer one
# that is no longer certain removes the older, so that the next reader asks MySQL.
NOTE_REVISION = """
local known = tonumber(redis.call('GET', KEYS[1]) or -1)
local revision, fresh = tonumber(ARGV[1]), tonumber(ARGV[2])
if revision < known then
    return
elseif fresh <= 0 then
    if revision > known then redis.call('DEL', KEYS[1]) end
elseif revision > known or fresh > redis.call('PTTL', KEYS[1]) then
    redis.call('SET', KEYS[1], ARGV[1], 'PX', fresh)
end
"""


class Cache:
    """Reads through Redis, and does without it when it is away."""

    def __init__(self, redis: RedisClient, database: Database, settings: Settings) -> None:
        self._redis = redis
        self._database = database
        self._seconds = settings.cache_ttl
        self._note_revision = redis.script(NOTE_REVISION)
        self._settings = settings
        self._prefix: str | None = None

    async def read_through(
        self, caller: Caller, route: str, arguments: dict[str, Any], produce: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """The body kept for this question at the workspace's present revision, or else a new one."""
        if not self._seconds or self._redis.resting:
            return await produce()
        prefix = await self._name_database()
        workspace_id, revision = await self._present(prefix, caller, arguments)
        question = orjson.dumps([route, arguments, caller.user_id], option=orjson.OPT_SORT_KEYS)
        key = f"{prefix}:{workspace_id}:{revision}:{hashlib.blake2b(question, digest_size=16).hexdigest()}"

        if (body := await self._redis.get(key)) is not None:
            return body
        body = await produce()
        # A change between the two looks at the revision would put new rows under an old number.
        if (
            len(body) <= LARGEST_BODY
            and not self._redis.resting
            and await self._ask_revision(prefix, caller, workspace_id) == revision
        ):
            await self._redis.put(key, body, self._seconds)
        return body

    async def note_write(self, workspace_id: int, revision: int) -> None:
        """Let every process read its clients' own writes: called after each write with what it returned."""
        if not self._seconds or self._redis.resting:
            return
        try:
            await self._note(await self._name_database(), workspace_id, revision, time.monotonic())
        except Refused as refused:
            # The write is committed: whatever happens here, its answer is not "no".
            LOGGER.warning("write_not_noted", extra={"reason": str(refused)})

    async def _present(self, prefix: str, caller: Caller, arguments: dict[str, Any]) -> tuple[int, int]:
        """The workspace of a question, and its revision as of less than a second ago."""
        workspace_id = arguments.get("workspace_id")
        if workspace_id is None:
            found = await self._redis.get(f"{prefix}:task:{arguments['task_id']}")
            if found is None:
                return await self._ask_task(prefix, caller, arguments["task_id"])
            workspace_id = int(found)
        revision = await self._redis.get(f"{prefix}:rev:{workspace_id}")
        if revision is None:
            return workspace_id, await self._ask_revision(prefix, caller, workspace_id)
        return workspace_id, int(revision)

    async def _ask_task(self, prefix: str, caller: Caller, task_id: int) -> tuple[int, int]:
        asked = time.monotonic()
        row = await self._database.call_one("get_task_revision", caller.user_id, task_id)
        await self._redis.put(f"{prefix}:task:{task_id}", b"%d" % row["workspace_id"])
        await self._note(prefix, row["workspace_id"], row["revision"], asked)
        return row["workspace_id"], row["revision"]

    async def _ask_revision(self, prefix: str, caller: Caller, workspace_id: int) -> int:
        asked = time.monotonic()
        row = await self._database.call_one("get_workspace_revision", caller.user_id, workspace_id)
        await self._note(prefix, workspace_id, row["revision"], asked)
        revision: int = row["revision"]
        return revision

    async def _note(self, prefix: str, workspace_id: int, revision: int, certain_at: float) -> None:
        fresh = FRESH_MS - int((time.monotonic() - certain_at) * 1000)
        await self._redis.run(self._note_revision, [f"{prefix}:rev:{workspace_id}"], [revision, fresh])

    async def _name_database(self) -> str:
        """A prefix that a database made anew under the same name does not share with the one before."""
        if self._prefix is None:
            applied = await self._database.call("get_schema_status")
            born = min((str(row["applied_at"]) for row in applied), default="")
            self._prefix = (
                f"{self._settings.namespace}:{hashlib.blake2s(born.encode(), digest_size=4).hexdigest()}"
            )
        return self._prefix


CACHE = web.AppKey("cache", Cache)


async def cache(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that puts the cache between the app's Redis and its database."""
    app[CACHE] = Cache(app[REDIS], app[DATABASE], app[SETTINGS])
    yield
