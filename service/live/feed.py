"""What follows the change log: one tailer for all that this process serves, and a place in the log for each.

A follower is a cursor, the newest revision that its reader was given. Nothing is queued for it: whoever is
slow reads the log later. The tailer only learns how far the logs of the followed workspaces have come: at
once from writes of this process and, by Redis, of the others; for other doors it asks MySQL four times a
second, in one statement for all workspaces.

Changes are read once for all who stand at the same place, in the name of the first who asks. For the others
their right to read is asked anew after each change of who belongs to the workspace, before they are given it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from service import metrics
from service.admission.auth import REVOKED
from service.admission.tokens import Caller
from service.config import SETTINGS
from service.db import DATABASE, Row
from service.errors import Refused
from service.http.leaving import LEAVING
from service.live.follower import BATCH, Follower, Topic
from service.live.news import NEWS, end

POLL_SECONDS = 0.25
# Sessions that were ended, tokens that expired, clients that are gone.
REVIEW_SECONDS = 0.5
RETRY_SECONDS = 0.5
# Followers of a saved search look what it finds after each change, but not for more of the time than this.
LOOK_SHARE = 0.1
LONGEST_PAUSE = 2.0
ENTERED_BATCH = 1000


class Feed:
    """The followers of this process, by workspace."""

    def __init__(self, app: web.Application) -> None:
        self._database = app[DATABASE]
        self._revoked = app[REVOKED]
        self._leaving = app[LEAVING]
        self._news = app[NEWS]
        self._most = app[SETTINGS].streams_per_user
        self._topics: dict[int, Topic] = {}
        self._by_user: dict[int, int] = {}
        self._busy = asyncio.Event()

    def note_write(self, workspace_id: int, revision: int) -> None:
        """A write of this process: tell those who follow here, and the other processes."""
        self.heard(workspace_id, revision)
        self._news.publish_revision(workspace_id, revision)

    def heard(self, workspace_id: int, revision: int) -> None:
        """Somebody says how far the log of a workspace has come."""
        if topic := self._topics.get(workspace_id):
            topic.advance(revision)

    def viewers_changed(self, task_id: int) -> None:
        """Somebody else looks at a task, or looks away."""
        for topic in self._topics.values():
            for follower in topic.followers:
                if follower.task_id == task_id:
                    follower.viewers_changed = True
                    follower.wake()

    @contextmanager
    def counted(self, user_id: int) -> Iterator[None]:
        """One stream of a user, of which there is a largest number."""
        open_ones = self._by_user.get(user_id, 0)
        if self._most and open_ones >= self._most:
            raise Refused("too_many_streams", f"At most {self._most} streams a user.", {"retry_after": 5})
        self._by_user[user_id] = open_ones + 1
        try:
            yield
        finally:
            self._by_user[user_id] -= 1
            if not self._by_user[user_id]:
                del self._by_user[user_id]

    @asynccontextmanager
    async def follow(
        self, caller: Caller, workspace_id: int, after: int | None, task_id: int | None, awaited: bool
    ) -> AsyncIterator[Follower]:
        """A follower for a block; raises the refusal if the caller may not read, or not from there."""
        found = await self._database.call_one("get_workspace_revision", caller.user_id, workspace_id)
        if task_id is not None:
            found = await self._database.call_one("get_task_revision", caller.user_id, task_id)
        workspace_id, revision = found["workspace_id"], found["revision"]
        if after is not None:
            # It says whether the log is known and kept from there.
            await self._database.call("list_changes", caller.user_id, workspace_id, after, 1)
        cursor = revision if after is None else after
        topic = self._topic(workspace_id, revision)
        async with self._attached(
            Follower(topic, caller, cursor, cursor, task_id, awaited, checked=revision)
        ) as follower:
            yield follower

    @asynccontextmanager
    async def follow_search(
        self, caller: Caller, search_id: int, after: int | None
    ) -> AsyncIterator[Follower]:
        """A follower of what enters and leaves a saved search; raises the refusal as `follow` does."""
        search = await self._database.call_one("get_saved_search", caller.user_id, search_id)
        found = await self._database.call_one(
            "get_workspace_revision", caller.user_id, search["workspace_id"]
        )
        rows, (at,) = await self._database.call_for_all(
            "follow_search", caller.user_id, search_id, after, ENTERED_BATCH
        )
        topic = self._topic(found["workspace_id"], found["revision"])
        # Places count up by one, and the reader has not been given these yet.
        cursor, seen = at["place"] - len(rows), 0 if at["is_more"] else found["revision"]
        async with self._attached(
            Follower(topic, caller, cursor, seen, search_id=search_id, found=rows)
        ) as follower:
            yield follower

    def _topic(self, workspace_id: int, revision: int) -> Topic:
        topic = self._topics.setdefault(workspace_id, Topic(workspace_id, revision))
        topic.advance(revision)
        return topic

    @asynccontextmanager
    async def _attached(self, follower: Follower) -> AsyncIterator[Follower]:
        topic = follower.topic
        topic.followers.add(follower)
        self._busy.set()
        metrics.FOLLOWERS.inc()
        try:
            if self._leaving.is_set():
                follower.end(leaving())
            yield follower
        finally:
            metrics.FOLLOWERS.dec()
            topic.followers.discard(follower)
            if not topic.followers and self._topics.get(topic.workspace_id) is topic:
                del self._topics[topic.workspace_id]

    async def read(self, follower: Follower) -> list[Row]:
        """What the follower wants of the next changes, and its cursor goes on behind them.

        May be empty although the cursor moved. A search is looked at also if nothing changed, for time
        passes. Raises Refused if the reader may no longer read.
        """
        topic, cursor = follower.topic, follower.cursor
        if follower.search_id is not None:
            return await self._look(follower)
        if not follower.is_behind:
            return []
        if follower.awaited:
            up_to = min(topic.revision, cursor + BATCH)
            rows = await self._ask(follower, "list_awaited_changes", cursor, up_to)
        else:
            rows = await self._next(follower)
            up_to = rows[-1]["revision"] if rows else cursor
        if follower.task_id is not None:
            rows = [row for row in rows if follower.task_id in (row["task_id"], row["depends_on_id"])]
            if any(
                row["entity"] == "task" and row["action"] == "delete" and row["task_id"] == follower.task_id
                for row in rows
            ):
                # It is given these rows, and nothing more.
                follower.end(Refused("task_not_found", "The task was deleted."))
        follower.cursor = follower.seen = up_to
        return rows

    async def _look(self, follower: Follower) -> list[Row]:
        if follower.found is not None:
            rows, follower.found = follower.found, None
            follower.cursor += len(rows)
            return rows
        await asyncio.sleep(follower.look_at - time.monotonic())
        revision, started = follower.topic.revision, time.monotonic()
        rows, (at,) = await self._database.call_for_all(
            "follow_search", follower.caller.user_id, follower.search_id, follower.cursor, ENTERED_BATCH
        )
        ended = time.monotonic()
        follower.look_at = ended + min((ended - started) / LOOK_SHARE, LONGEST_PAUSE)
        follower.cursor = at["place"]
        if not at["is_more"]:
            follower.seen = revision
        return rows

    async def _next(self, follower: Follower) -> list[Row]:
        topic, cursor = follower.topic, follower.cursor
        async with topic.reading:
            if rows := topic.kept_after(cursor):
                if follower.checked < topic.people:
                    people = topic.people
                    await self._database.call_one(
                        "get_workspace_revision", follower.caller.user_id, topic.workspace_id
                    )
                    follower.checked = people
                return rows
            rows = await self._ask(follower, "list_changes", cursor, BATCH)
            if rows:
                topic.keep(rows)
                follower.checked = max(follower.checked, rows[-1]["revision"])
            return rows

    async def _ask(self, follower: Follower, procedure: str, after: int, bound: int) -> list[Row]:
        return await self._database.call(
            procedure, follower.caller.user_id, follower.topic.workspace_id, after, bound
        )

    async def tail(self) -> None:
        """Learn how far the logs have come, and who may no longer follow, until cancelled."""
        reviewed = 0.0
        while True:
            if not self._topics:
                self._busy.clear()
                await self._busy.wait()
            try:
                if time.monotonic() - reviewed >= REVIEW_SECONDS:
                    reviewed = time.monotonic()
                    await self._review()
                for row in await self._database.call("list_revisions", [*self._topics]):
                    self.heard(row["workspace_id"], row["revision"])
            except Refused:
                # MySQL is away; whoever waits goes on waiting.
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(POLL_SECONDS)

    async def _review(self) -> None:
        now = time.time()
        for follower in [one for topic in self._topics.values() for one in topic.followers]:
            if not follower.is_there():
                follower.go()
            elif now > follower.until:
                follower.end(Refused("unauthenticated", "The token has expired; come again with a new one."))
            elif follower.caller.session_id is not None:
                try:
                    await self._revoked.refuse(follower.caller.session_id)
                except Refused as refused:
                    if refused.error.code != "unauthenticated":
                        raise
                    follower.end(refused)

    async def leave(self) -> None:
        """When the process is about to end, so do its streams: their readers find another one."""
        await self._leaving.wait()
        for topic in self._topics.values():
            for follower in topic.followers:
                follower.end(leaving())


def leaving() -> Refused:
    """Why streams end with their process."""
    return Refused("service_leaving", "This process ends; go on from the last revision.", {"retry_after": 1})


FEED = web.AppKey("feed", Feed)


async def feed(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that tails the logs while the app runs."""
    app[FEED] = Feed(app)
    tasks = [
        asyncio.create_task(app[FEED].tail()),
        asyncio.create_task(app[FEED].leave()),
        asyncio.create_task(app[NEWS].listen(app[FEED].heard, app[FEED].viewers_changed)),
    ]
    yield
    await end(tasks)
