"""The workspaces that are being read: how far they have come, asked of MySQL before that is old.

Whoever comes when a revision is no longer believed has to wait for MySQL, and so have all others who come
then. So for the workspaces that were read in the last seconds one statement asks again, in time. After a
change it is also told which tasks that touched, so that answers about others go on being right.
"""

import asyncio
import time
from collections.abc import Callable

import orjson

from service.db import Database
from service.errors import Refused

# Of the half second for which a revision is believed (service/cache/cache.py).
AGAIN_SECONDS = 0.2
READ_SECONDS = 2.0
# More than these at once, and their readers ask for themselves.
MOST = 1000
# After more changes than these everything counts as touched.
MOST_CHANGES = 2000


class Revisions:
    """Which workspaces are being read by way of this process."""

    def __init__(
        self,
        database: Database,
        note: Callable[[int, int, float], None],
        touch: Callable[[int, int, int, list[int | str]], None],
    ) -> None:
        """`note` takes a workspace, its revision, and since when that is certain.

        `touch` takes a workspace, the revision after which and the one up to which there were changes, and
        what they touched: ids of tasks, and `people`. From a revision to itself, it may be anything.
        """
        self._database = database
        self._note = note
        self._touch = touch
        self._read_until: dict[int, float] = {}
        # The revision up to which it was told what was touched.
        self._told: dict[int, int] = {}
        self._is_read = asyncio.Event()

    def read(self, workspace_id: int) -> None:
        """Somebody reads this workspace."""
        self._read_until[workspace_id] = time.monotonic() + READ_SECONDS
        self._is_read.set()

    async def changed(self, workspace_id: int, revision: int) -> None:
        """A write here brought this workspace to a revision: tell what it touched, if it is being read."""
        if self._told.get(workspace_id, revision) < revision:
            await self._tell_touched(workspace_id, revision)

    async def keep(self) -> None:
        """Ask again and again, while there are readers, until cancelled."""
        while await self._is_read.wait():
            await asyncio.sleep(AGAIN_SECONDS)
            now = time.monotonic()
            self._read_until = {one: until for one, until in self._read_until.items() if until > now}
            self._told = {one: told for one, told in self._told.items() if one in self._read_until}
            if not self._read_until:
                self._is_read.clear()
                continue
            try:
                for row in await self._database.call("list_revisions", [*self._read_until][:MOST]):
                    # In this order: who learns of the revision finds what still stands at it.
                    await self._tell_touched(row["workspace_id"], row["revision"])
                    self._note(row["workspace_id"], row["revision"], now)
            except Refused:
                # MySQL is away; who reads is told so when they ask.
                await asyncio.sleep(READ_SECONDS)

    async def _tell_touched(self, workspace_id: int, revision: int) -> None:
        told = self._told.get(workspace_id)
        if told is None or not told <= revision <= told + MOST_CHANGES:
            self._touch(workspace_id, revision, revision, [])
            told = revision
        while told < revision:
            row = await self._database.call_one("list_touched_tasks", workspace_id, told)
            ids = orjson.loads(row["task_ids"] or "null")
            people: list[int | str] = ["people"] if row["touches_people"] else []
            self._touch(
                workspace_id, row["revision"] if ids is None else told, row["revision"], people + (ids or [])
            )
            told = row["revision"]
        self._told[workspace_id] = told
