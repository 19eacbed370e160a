"""Changes of one workspace take turns here, before they wait for its lock in MySQL.

There they would wait anyway, but each on a connection that others could use, and the more sessions fight for
a lock, the less gets done. Of several processes each sends one at a time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import web

from service.errors import Refused

# Longer than a call waits for a lock in MySQL (service/db.py): who comes behind one such has a chance.
WAIT_SECONDS = 10.0
MOST_KNOWN = 100_000


class Turns:
    """Who changes which workspace now, and who comes next."""

    def __init__(self) -> None:
        # Each for as long as somebody has it or waits for it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        # A task never changes its workspace.
        self._workspace_of: dict[int, int] = {}

    def workspace(self, arguments: dict[str, Any]) -> int | None:
        """The workspace that a request is about, if it says so or names a task that was seen here before."""
        if (named := arguments.get("workspace_id")) is not None:
            return int(named)
        return self._workspace_of.get(arguments.get("task_id", 0))

    def learn(self, task_id: int, workspace_id: int) -> None:
        """Remember where a task is."""
        if len(self._workspace_of) >= MOST_KNOWN:
            self._workspace_of.clear()
        self._workspace_of[task_id] = workspace_id

    @asynccontextmanager
    async def turn(self, workspace_id: int | None) -> AsyncIterator[None]:
        """One's turn, for a block; of a workspace that is not known nobody waits."""
        if workspace_id is None:
            yield
            return
        if (lock := self._locks.get(workspace_id)) is None:
            lock = self._locks[workspace_id] = asyncio.Lock()
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await lock.acquire()
        except TimeoutError as error:
            raise Refused(
                "database_unavailable", "Too many changes of this workspace wait.", {"retry_after": 2}
            ) from error
        try:
            yield
        finally:
            lock.release()


TURNS = web.AppKey("turns", Turns)
