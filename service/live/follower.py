"""A workspace that is followed in this process, and the place of each follower in its log or in a search."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from service.admission.tokens import Caller
from service.db import Row
from service.errors import Refused

# Changes in one answer.
BATCH = 200
# The newest changes of a workspace that are kept while somebody follows it.
KEPT = 1000


@dataclass
class Topic:
    """A workspace that somebody follows here."""

    workspace_id: int
    revision: int
    followers: set["Follower"] = field(default_factory=set)
    recent: deque[Row] = field(default_factory=lambda: deque(maxlen=KEPT))
    # The newest known change of who may read.
    people: int = 0
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def advance(self, revision: int) -> None:
        """The log has come to this revision."""
        if revision > self.revision:
            self.revision = revision
            for follower in self.followers:
                follower.wake()

    def keep(self, rows: list[Row]) -> None:
        """Remember rows for the others: always the newest that were read, without a gap."""
        last = self.recent[-1]["revision"] if self.recent else 0
        if rows[0]["revision"] > last + 1:
            self.recent.clear()
        new = [row for row in rows if row["revision"] > last]
        self.recent.extend(new)
        found = [row["revision"] for row in new if row["entity"] == "membership"]
        self.people = max([self.people, *found])

    def kept_after(self, revision: int) -> list[Row]:
        """What is remembered of the changes after a revision, without a gap; empty if that is long ago."""
        if not self.recent or not self.recent[0]["revision"] <= revision + 1 <= self.recent[-1]["revision"]:
            return []
        start = revision + 1 - self.recent[0]["revision"]
        return [self.recent[number] for number in range(start, min(start + BATCH, len(self.recent)))]


@dataclass(eq=False)
class Follower:
    """Somebody's place in the log of a workspace, and which changes they want; or their place in a search."""

    topic: Topic
    caller: Caller
    # What its reader was given last: a revision, or a place in the search.
    cursor: int
    # The revision up to which the log was looked at for it.
    seen: int
    task_id: int | None = None
    awaited: bool = False
    search_id: int | None = None
    # What the look found with which it began, until that is read.
    found: list[Row] | None = None
    # When its search may be looked at again.
    look_at: float = 0.0
    # Until when the token is good that let them in.
    until: float = float("inf")
    is_there: Callable[[], bool] = lambda: True
    ended: Refused | None = None
    gone: bool = False
    # The revision up to which their right to read was looked at.
    checked: int = 0
    # Whom its reader was told of, and whether that may be wrong by now.
    viewers: list[int] | None = None
    viewers_changed: bool = False
    _waits: "asyncio.Future[None] | None" = None

    def wake(self) -> None:
        """There is something to look at."""
        if self._waits and not self._waits.done():
            self._waits.set_result(None)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.gone or self.ended is not None

    @property
    def is_behind(self) -> bool:
        """Whether the log has come further than was looked."""
        return self.topic.revision > self.seen

    @property
    def has_news(self) -> bool:
        """Whether there is something to look at."""
        return self.is_over or self.viewers_changed or self.is_behind

    @property
    def counts(self) -> str:
        """What its cursor is."""
        return "revision" if self.search_id is None else "place"

    def go(self) -> None:
        """The reader has left."""
        self.gone = True
        self.wake()

    def end(self, refused: Refused) -> None:
        """It is over, and the reader is told why."""
        if self.ended is None:
            self.ended = refused
            self.wake()

    async def wait(self, seconds: float) -> None:
        """Until there is something to look at, or the time is over."""
        if self.has_news:
            return
        self._waits = asyncio.get_running_loop().create_future()
        timer = asyncio.get_running_loop().call_later(seconds, self.wake)
        try:
            await self._waits
        finally:
            timer.cancel()
            self._waits = None
