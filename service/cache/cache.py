"""Answers kept in Redis under the workspace's revision, so that an old one is never wrong, only unreachable.

A cached read asks Redis once, by one script: for its token of the rate limit, for the revision of the
workspace, and for the answer that is kept under that revision. If there is none, MySQL is asked, in one
snapshot with the revision that the answer then belongs to, once for all who ask the same. A revision is
believed for less than a second, and each write over REST names the new one at once.

    rev:{workspace}                     its revision, for as long as it was certain less than a second ago
    task:{id}                           the workspace of a task, which never changes
    {workspace}:{revision}:{question}   an answer: its revision, its ETag, how it is coded, its body
    {workspace}:lasting:{question}      one about a task, which is right until something touches the task
    {workspace}:reader:{user}           a revision at which the user may read; all who may are shown the same
    {workspace}:touched                 the newest change of each task, and of who belongs to the workspace

Whoever lost their membership is no reader any more: that is a change, too.
"""

import asyncio
import hashlib
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from importlib.metadata import version
from typing import Any, NamedTuple, TypeVar, cast

import orjson
from aiohttp import web

from service import metrics
from service.admission.tokens import Caller
from service.cache.answer import Answer
from service.cache.revisions import Revisions
from service.cache.scripts import KEEP, LOOK, NOTE, TOUCH
from service.config import SETTINGS, Settings
from service.db import DATABASE, Database
from service.errors import Refused
from service.redis_client import REDIS, RedisClient

LOGGER = logging.getLogger(__name__)
VERSION = version("headgate")
T = TypeVar("T")

# With the longest wait for Redis (twice its timeout), a read is never older than a second.
FRESH_MS = 500
TASK_SECONDS = 86_400
LARGEST_BODY = 1024 * 1024
# How long somebody else's work on an answer is waited for, each time a little longer.
WAITS = (0.002, 0.004, 0.008, 0.016, 0.032, 0.064)


class Question(NamedTuple):
    """What is asked, where (a workspace's id or `task:{id}`) and by whom; and whether its answer lasts."""

    place: str
    user_id: int
    text: str
    lasts: bool = False


class Found(NamedTuple):
    """What Redis knows about a question."""

    workspace_id: int
    revision: int
    may_read: bool
    answer: Answer | None
    busy: bool


class Fresh(NamedTuple):
    """What MySQL answered, and the revision it belongs to; `entity` is what its tag has beyond that."""

    workspace_id: int
    revision: int
    body: bytes
    entity: str = ""


Produce = Callable[[], Awaitable[Fresh]]


class Cache:
    """Reads through Redis, and does without it when it is away."""

    def __init__(self, redis: RedisClient, database: Database, settings: Settings) -> None:
        self._redis = redis
        self._database = database
        self._seconds = settings.cache_ttl
        self._look = redis.script(f"local limit = {{0, 0, 0, 0}}\n{LOOK}")
        self._note = redis.script(f"{NOTE}\nreturn 1")
        self._keep = redis.script(KEEP)
        self._touch_script = redis.script(TOUCH)
        self._namespace = settings.namespace
        self._born = self._prefix = ""
        self._working: dict[object, asyncio.Task[Any]] = {}
        self.revisions = Revisions(database, self._note_known, self._touch)

    @property
    def is_open(self) -> bool:
        """Whether it may be asked."""
        return bool(self._seconds) and self._redis.is_settled

    async def question(
        self, caller: Caller, route: str, arguments: dict[str, Any], *, lasts: bool
    ) -> Question | None:
        """How Redis is asked for the answer to a read; None while it is not to be asked."""
        if not self.is_open:
            return None
        await self._name_database()
        task_id = arguments.get("task_id")
        text = orjson.dumps([route, arguments], option=orjson.OPT_SORT_KEYS)
        return Question(
            f"task:{task_id}" if task_id else str(arguments["workspace_id"]),
            caller.user_id,
            hashlib.blake2b(text, digest_size=16).hexdigest(),
            lasts,
        )

    def look_args(self, question: Question) -> list[str | int]:
        """The arguments of LOOK."""
        return [self._prefix, question.place, question.user_id, question.text, int(question.lasts)]

    def found(self, question: Question, told: Any, skip: int = 0) -> Found | None:
        """What LOOK answered after so many parts; None if there is no revision, or none that makes sense."""
        try:
            workspace, revision, reader, value, busy = told[skip:]
            if revision is None:
                return None
            if reader is not None and int(reader.partition(b" ")[2]) != question.user_id:
                raise ValueError("an answer for another user")
            key = self._answer_key(int(workspace), int(revision), question)
            answer = None if value is None else Answer.unpacked(key, value)
            return Found(int(workspace), int(revision), reader is not None, answer, busy is not None)
        except (TypeError, ValueError) as error:
            self._redis.distrust(repr(error))
            return None

    async def read(
        self, question: Question | None, found: Found | None, caller: Caller, produce: Produce
    ) -> tuple[Answer, str]:
        """The answer at the workspace's present revision, and how it was come by, as RFC 9211 has it."""
        answer, how = await self._read(question, found, caller, produce)
        metrics.CACHE_READ[how.partition(";")[0].removeprefix("fwd=")].inc()
        return answer, how

    async def _read(
        self, question: Question | None, found: Found | None, caller: Caller, produce: Produce
    ) -> tuple[Answer, str]:
        if question and not found:
            found = await self._find(question, caller)
        if not question or not found:
            fresh = await produce()
            return Answer(await self.tag(fresh), fresh.body), "fwd=bypass"
        for seconds in WAITS:
            if found.answer or not found.busy:
                break
            await asyncio.sleep(seconds)
            found = await self._look_again(question) or found
        self.revisions.read(found.workspace_id)
        if found.answer:
            return found.answer, "hit"
        # Who is not known to be a reader works alone: MySQL says whether they are.
        work = (question.text, found.workspace_id, found.revision, not found.may_read and question.user_id)
        joined = "; collapsed" if work in self._working else ""
        answer, how = await self._once(work, lambda: self._work(question, found, produce))
        return answer, how + joined

    async def note_write(self, workspace_id: int, revision: int) -> None:
        """Let every process read its clients' own writes: called after each write with what it returned."""
        if not self._seconds:
            return
        # The write is committed: whatever happens here, its answer is not "no".
        try:
            await self._name_database()
        except Refused as refused:
            LOGGER.warning("write_not_noted", extra={"reason": str(refused)})
        else:
            with suppress(Refused):
                await self.revisions.changed(workspace_id, revision)
            note = self._note.call([self._revision_key(workspace_id)], [revision, FRESH_MS])
            if await self._redis.ask(*note) is None and self._redis.was_there_lately:
                # Others may still reach Redis: they have to forget the revision before this one.
                await asyncio.sleep(FRESH_MS / 1000)

    def _note_known(self, workspace_id: int, revision: int, asked: float) -> None:
        self._redis.tell(*self._note.call([self._revision_key(workspace_id)], [revision, _fresh(asked)]))

    def _touch(self, workspace_id: int, after: int, revision: int, touched: list[int | str]) -> None:
        """Tell what the changes after a revision, up to another, have touched."""
        # Longer than any answer is kept.
        kept_ms = 2000 * self._seconds
        self._redis.tell(
            *self._touch_script.call(
                [self._key(workspace_id, "touched")], [after, revision, kept_ms, *touched]
            )
        )

    async def _find(self, question: Question, caller: Caller) -> Found | None:
        """Ask MySQL for the revision, note it, and look again; None if Redis is of no use."""
        if not self._redis.is_settled:
            return None
        asked = time.monotonic()
        await self._once((question.place, question.user_id), lambda: self._ask_revision(question, caller))
        found = await self._look_again(question)
        if found is None and time.monotonic() - asked < FRESH_MS / 1000:
            self._redis.distrust("it does not keep what it is told")
        return found

    async def _look_again(self, question: Question) -> Found | None:
        told = await self._redis.ask(*self._look.call([], self.look_args(question)))
        return None if told is None else self.found(question, told, skip=4)

    async def _ask_revision(self, question: Question, caller: Caller) -> None:
        asked = time.monotonic()
        kind, _, number = question.place.rpartition(":")
        procedure = "get_task_revision" if kind else "get_workspace_revision"
        row = await self._database.call_one(procedure, caller.user_id, int(number))
        keys = [self._revision_key(row["workspace_id"]), self._task_key(question), "", "", ""]
        args = [row["revision"], _fresh(asked), row["workspace_id"], TASK_SECONDS]
        self._redis.tell(*self._keep.call(keys, args))

    async def _work(self, question: Question, found: Found, produce: Produce) -> tuple[Answer, str]:
        """Ask MySQL and keep what it says, for whom it may be shown to."""
        asked = time.monotonic()
        lock = f"{self._answer_key(found.workspace_id, found.revision, question)}:lock"
        try:
            fresh = await produce()
            answer = await Answer.of(await self.tag(fresh), fresh.body)
        except BaseException:
            self._redis.tell("DEL", lock)
            raise
        is_kept = len(answer.body) <= LARGEST_BODY
        # The right to read was judged between two looks at the revision, and belongs to it if they agree.
        is_same = fresh.revision == found.revision
        key = self._answer_key(fresh.workspace_id, fresh.revision, question)
        reader = self._key(fresh.workspace_id, f"reader:{question.user_id}")
        keys = [
            self._revision_key(fresh.workspace_id),
            self._task_key(question),
            key if is_kept else "",
            reader if is_same else "",
            lock if found.may_read else "",
        ]
        value = answer.packed(key, fresh.revision) if is_kept else b""
        # Jitter, so that what was kept together is not missed together.
        kept_ms = int(self._seconds * 1000 * random.uniform(0.9, 1.1))
        args: list[Any] = [
            fresh.revision,
            _fresh(asked),
            fresh.workspace_id,
            TASK_SECONDS,
            value,
            kept_ms,
            f"{fresh.revision} {question.user_id}",
        ]
        self._redis.tell(*self._keep.call(keys, args))
        return answer, f"fwd={'miss' if is_same else 'stale'}{'; stored' if is_kept else ''}"

    async def _once(self, work: object, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do what somebody here may be doing already: whoever comes later waits for the first."""
        if not (task := self._working.get(work)):
            task = self._working[work] = asyncio.create_task(start())
            task.add_done_callback(lambda done: self._forget(work, done))
        # A client that leaves takes nobody's work along.
        return cast(T, await asyncio.shield(task))

    def _forget(self, work: object, done: "asyncio.Task[Any]") -> None:
        del self._working[work]
        # Nobody may be left to hear of it.
        _ = done.cancelled() or done.exception()

    async def tag(self, fresh: Fresh) -> str:
        """The entity tag of an answer: what it belongs to, in this database."""
        await self._name_database()
        return f"{self._born}.{fresh.workspace_id}.{fresh.revision}{fresh.entity}"

    def _key(self, workspace_id: int, rest: str) -> str:
        return f"{self._prefix}{workspace_id}:{rest}"

    def _answer_key(self, workspace_id: int, revision: int, question: Question) -> str:
        return self._key(workspace_id, f"{'lasting' if question.lasts else revision}:{question.text}")

    def _revision_key(self, workspace_id: int) -> str:
        return f"{self._prefix}rev:{workspace_id}"

    def _task_key(self, question: Question) -> str:
        return f"{self._prefix}{question.place}" if question.place.startswith("task:") else ""

    async def _name_database(self) -> None:
        """Tell our keys and tags from those of a database made anew under its name, or of another version."""
        if not self._born:
            applied = await self._database.call("get_schema_status")
            told = [VERSION, *sorted(f"{row['name']} {row['applied_at']}" for row in applied)]
            self._born = hashlib.blake2s(orjson.dumps(told), digest_size=4).hexdigest()
            self._prefix = f"{self._namespace}:{self._born}:"


def _fresh(asked: float) -> int:
    """How long, in milliseconds, a revision counts that was asked for then."""
    return FRESH_MS - int((time.monotonic() - asked) * 1000)


CACHE = web.AppKey("cache", Cache)


async def cache(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that puts the cache between the app's Redis and its database."""
    app[CACHE] = Cache(app[REDIS], app[DATABASE], app[SETTINGS])
    keeping = asyncio.create_task(app[CACHE].revisions.keep())
    yield
    keeping.cancel()
