"""From the change log to those who are to be told. MySQL decides who that is (dispatch_changes)."""

import random
import time

from aiohttp import web

from service import metrics
from service.db import DATABASE
from service.worker.job import WAKE, Job
from service.worker.webhooks import Webhooks

# Changes in one transaction, and workspaces in one look.
BATCH = 1000
MOST = 1000
# A look reads a row of each workspace. However many there are, it takes at most this part of the time.
SHARE = 0.05


class Dispatch(Job):
    """Woken by the writes of the service, and looks for those of all other doors."""

    name = "dispatch"
    seconds = 0.25

    def __init__(self, app: web.Application) -> None:
        super().__init__(app)
        self._written: set[int] = set()
        self._look_at = 0.0

    def heard(self, workspace_id: int, revision: int) -> None:
        self._written.add(workspace_id)
        self.wake()

    async def run(self) -> bool:
        workspaces, self._written = self._written, set()
        if (started := time.monotonic()) >= self._look_at:
            rows = await self.app[DATABASE].call("list_undispatched", MOST)
            workspaces |= {row["workspace_id"] for row in rows}
            took = time.monotonic() - started
            self._look_at = started + max(self.seconds / 2, took / SHARE)
        # In any order: two workers do not meet at each, and what fails does not always stand before the same.
        for workspace_id in random.sample(sorted(workspaces), len(workspaces)):
            await self._dispatch(workspace_id)
        return False

    async def _dispatch(self, workspace_id: int) -> None:
        is_more = True
        while is_more:
            rows = await self.app[DATABASE].call("dispatch_changes", workspace_id, BATCH)
            for row in rows:
                self.app[WAKE](Webhooks.name)
                metrics.DISPATCHED.inc(row["revision"] - row["after_revision"])
            is_more = any(row["is_more"] for row in rows)
