"""The revisions of workspaces that are being read, asked of MySQL before they are old.

Whoever comes when a revision is no longer believed has to wait for MySQL, and so have all others who come
then. So for the workspaces that were read in the last seconds one statement asks again, in time.
"""

import asyncio
import time
from collections.abc import Callable

from service.db import Database
from service.errors import Refused

# Of the half second for which a revision is believed (service/cache/cache.py).
AGAIN_SECONDS = 0.2
READ_SECONDS = 2.0
# More than these at once, and their readers ask for themselves.
MOST = 1000


class Revisions:
    """Which workspaces are being read by way of this process."""

    def __init__(self, database: Database, note: Callable[[int, int, float], None]) -> None:
        """`note` takes a workspace, its revision, and since when that is certain."""
        self._database = database
        self._note = note
        self._read_until: dict[int, float] = {}
        self._is_read = asyncio.Event()

    def read(self, workspace_id: int) -> None:
        """Somebody reads this workspace."""
        self._read_until[workspace_id] = time.monotonic() + READ_SECONDS
        self._is_read.set()

    async def keep(self) -> None:
        """Ask again and again, while there are readers, until cancelled."""
        while await self._is_read.wait():
            await asyncio.sleep(AGAIN_SECONDS)
            now = time.monotonic()
            self._read_until = {one: until for one, until in self._read_until.items() if until > now}
            if not self._read_until:
                self._is_read.clear()
                continue
            try:
                for row in await self._database.call("list_revisions", [*self._read_until][:MOST]):
                    self._note(row["workspace_id"], row["revision"], now)
            except Refused:
                # MySQL is away; who reads is told so when they ask.
                await asyncio.sleep(READ_SECONDS)
