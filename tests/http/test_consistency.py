"""Random reads over REST from three workers while every door writes: each answer is true of what its ETag names.

Never a body that is not the workspace at that revision, never a revision older than a second (or than a write over
REST that was answered before), never for who was no member for a second. HEADGATE_SOAK_SECONDS=60 goes on for so long.
"""

import asyncio
import os
import random
import secrets
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pymysql.err import MySQLError

from service.cache import cache
from service.cache.cache import Cache, Question
from service.cache.revisions import Revisions
from service.config import Settings
from service.database.calls import call
from service.db import Database as Pool
from service.errors import Refused
from tests.conftest import Database
from tests.http.conftest import Api, logged_in, registered
from tests.http.history import QUESTIONS, State, states
from tests.servers import run

SECONDS = float(os.environ.get("HEADGATE_SOAK_SECONDS") or 3)
ROUNDS = 8
TASKS = 8
OLDEST = 1.0


def is_quiet() -> bool:
    """Everybody writes for a while and then pauses: without a pause nothing would be read twice."""
    return time.monotonic() % 1.5 > 0.4


@dataclass
class Answer:
    """What was asked, by whom and when, and what came back."""

    started: float
    user_id: int
    workspace_id: int
    question: str
    task: int
    status: int
    ended: float = 0.0
    tag: str = ""
    body: Any = None

    @property
    def revision(self) -> int:
        return int(self.tag.strip('"').removesuffix("-gzip").partition("-")[0].split(".")[2])


@dataclass
class Play:
    """Two workspaces, those who ask about them and change them, and what came of it."""

    database: Database
    apis: list[Api]
    guest: list[Api]
    stranger: list[Api]
    tasks: list[int]
    doors: frozenset[str]
    answers: list[Answer] = field(default_factory=list)
    # When it was certain that a revision had been committed, over REST and at any door.
    over_rest: list[tuple[float, int]] = field(default_factory=list)
    anywhere: list[tuple[float, int]] = field(default_factory=list)

    @property
    def workspace_id(self) -> int:
        return self.apis[0].user["workspace_id"]

    def noted(self, revision: int, over_rest: bool = False) -> None:
        now = time.monotonic()
        self.anywhere.append((now, revision))
        if over_rest:
            self.over_rest.append((now, revision))

    async def go_on(self, seconds: float) -> None:
        """Read and write for so long."""
        over = threading.Event()
        writers = [
            asyncio.to_thread(self._write_sql, door, over)
            for door in (self._call, self._raw)
            if door.__name__.strip("_") in self.doors
        ]
        clients = [self._write_rest(api, over) for api in self.apis if "rest" in self.doors]
        readers = [self._read(apis, over) for apis in (self.apis, self.apis, self.guest, self.stranger)]
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, over.set)
        await asyncio.gather(*writers, *clients, *readers)

    async def _read(self, apis: list[Api], over: threading.Event) -> None:
        kept: dict[str, Answer] = {}
        while not over.is_set():
            api, question, task = (
                random.choice(apis),
                random.choice(list(QUESTIONS)),
                random.choice(self.tasks[:2]),
            )
            path = question.format(task) + (str(self.workspace_id) if question.endswith("=") else "")
            known = kept.get(path) if random.random() < 0.3 else None
            answer = Answer(time.monotonic(), api.user["id"], self.workspace_id, question, task, 0)
            response = await api.get(f"/api/v1/{path}", headers={"If-None-Match": known.tag} if known else {})
            answer.ended = time.monotonic()
            answer.status, answer.tag = response.status, response.headers.get("ETag", "")
            if response.status == 200:
                answer.body = await response.json()
                kept[path] = answer
            elif response.status == 304 and known:
                answer.body = known.body
            self.answers.append(answer)

    async def _write_rest(self, api: Api, over: threading.Event) -> None:
        while not over.is_set():
            await asyncio.sleep(random.random() / 20)
            task, other = random.sample(self.tasks, 2)
            method, path, json = random.choice(
                [
                    ("PATCH", f"{task}", {"title": secrets.token_hex(4)}),
                    ("PATCH", f"{task}", {"status": random.choice(["pending", "completed"])}),
                    ("PATCH", f"{task}", {"tags": random.sample("abcde", 2)}),
                    ("POST", f"{task}/dependencies", {"depends_on_id": other}),
                    ("DELETE", f"{task}/dependencies/{other}", None),
                ]
            )
            if not is_quiet():
                response = await api.request(method, f"/api/v1/tasks/{path}", json=json)
                if response.status < 300:
                    self.noted((await response.json())["revision"], over_rest=True)

    def _write_sql(self, door: Callable[[Any], None], over: threading.Event) -> None:
        with self.database.owner() as connection:
            while not over.wait(random.random() / 20):
                with suppress(Refused, MySQLError):
                    if not is_quiet():
                        door(connection)

    def _call(self, connection: Any) -> None:
        user, task, other = self.apis[0].user["id"], *random.sample(self.tasks, 2)
        name = self.guest[0].user["username"]
        procedure, *args = random.choice(
            [
                ("update_task", user, task, {"title": secrets.token_hex(4)}, None, False),
                ("add_dependency", user, task, other),
                ("complete_task", user, task),
                ("reopen_task", user, task, True),
                ("set_member", user, self.workspace_id, name, "viewer"),
                ("remove_member", user, self.workspace_id, name),
            ]
        )
        self.noted(call(connection, procedure, *args)[0]["revision"])

    def _raw(self, connection: Any) -> None:
        workspace, task = self.workspace_id, random.choice(self.tasks)
        statement, *args = random.choice(
            [
                ("UPDATE task SET title = %s WHERE id = %s", secrets.token_hex(4), task),
                ("UPDATE task SET priority = %s WHERE id = %s", random.choice(["low", "high"]), task),
                ("INSERT INTO tag (workspace_id, task_id, name) VALUES (%s, %s, 'raw')", workspace, task),
                ("DELETE FROM tag WHERE workspace_id = %s AND task_id = %s", workspace, task),
                ("DELETE FROM dependency WHERE workspace_id = %s AND task_id = %s", workspace, task),
            ]
        )
        run(connection, statement, *args)
        revision = "SELECT MAX(revision) AS revision FROM change_log WHERE workspace_id = %s"
        self.noted(run(connection, revision, workspace)[0]["revision"])

    def lies(self) -> Iterator[str]:
        """What was wrong with the answers."""
        with self.database.owner() as connection:
            history = states(connection, self.workspace_id)
        for answer in self.answers:
            if wrong := self._wrong(answer, history):
                yield f"{wrong}: {answer}"

    def _wrong(self, answer: Answer, history: list[State]) -> str:
        if answer.status == 404 and answer.user_id != self.apis[0].user["id"]:
            return ""
        if answer.status not in {200, 304}:
            return "no answer"
        state = history[answer.revision]
        newest = max((revision for at, revision in self.anywhere if at < answer.started - OLDEST), default=0)
        # A procedure looks first who asks and then at the rows: it may show what came just after a dismissal.
        # What it shows may be as it was before; that they may see it has to be so now.
        latest = max([state.revision, *(revision for at, revision in self.anywhere if at < answer.ended)])
        if all(answer.user_id not in past.members for past in history[newest : latest + 1]):
            return "shown to who was no member for a second"
        if not self._still_right(answer, history, newest):
            return f"older than a second: {newest}"
        newest = max((revision for at, revision in self.over_rest if at < answer.started), default=0)
        if not self._still_right(answer, history, newest):
            return f"older than a write over REST: {newest}"
        return "" if QUESTIONS[answer.question](state, answer.task, answer.body) else "not what the tag names"

    def _still_right(self, answer: Answer, history: list[State], newest: int) -> bool:
        """What is said of one task may be of an earlier revision, as long as nothing has touched the task."""
        if answer.revision >= newest:
            return True
        judge = QUESTIONS[answer.question]
        return answer.question == "tasks/{}" and all(
            judge(state, answer.task, answer.body | {"revision": state.revision})
            for state in history[answer.revision : newest + 1]
        )


@pytest.fixture
def play(serve: Any, settings: Settings, database: Database) -> Callable[..., Awaitable[Play]]:
    """Three workers that share one Redis, and their clients: of an owner, a guest who comes and goes, a stranger."""

    async def begin(*doors: str) -> Play:
        clients = [await serve(settings) for _ in range(3)]
        people = [await logged_in(clients[0], await registered(clients[0])) for _ in range(3)]
        apis, guest, stranger = ([replace(api, client=client) for client in clients] for api in people)
        tasks = [await apis[0].task(f"task {number}") for number in range(TASKS)]
        return Play(database, apis, guest, stranger, tasks, frozenset(doors))

    return begin


async def test_no_answer_is_a_lie(play: Any) -> None:
    played = await play("rest", "call", "raw")

    await played.go_on(SECONDS)

    assert next(played.lies(), None) is None
    assert {answer.status for answer in played.answers} == {200, 304, 404}


@asynccontextmanager
async def no_snapshot(self: Pool) -> AsyncIterator[Pool]:
    yield self


async def forgotten(*_: Any) -> None:
    """A write that is not noted."""


def believed_for_long(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "FRESH_MS", 5000)
    patch.setattr(Revisions, "read", lambda *_: None)


BROKEN: dict[str, tuple[tuple[str, ...], Callable[[pytest.MonkeyPatch], None]]] = {
    "a revision is believed for long": (("raw",), believed_for_long),
    "writes are not noted": (("rest",), lambda patch: patch.setattr(Cache, "note_write", forgotten)),
    "revision and rows are of two moments": (("rest", "raw"), lambda patch: patch.setattr(Pool, "snapshot", no_snapshot)),
    "all may read what one may": (
        ("rest", "call"),
        lambda patch: patch.setattr(cache, "Question", lambda place, _, text: Question(place, 0, text)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_cache_that_lies_is_found_out(
    play: Any, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors, break_it = BROKEN[broken]
    break_it(monkeypatch)
    played = await play(*doors)

    for _ in range(ROUNDS):
        await played.go_on(2.5)
        if found := next(played.lies(), None):
            break

    assert found
