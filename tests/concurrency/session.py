"""A session that does all sorts of things to workspaces that others change too, and writes down what it was told.

It has a connection of its own, a user of its own and random numbers of its own: HEADGATE_SEED repeats what was
asked for (never the schedule).
"""

import os
import random
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import call, refusal
from service.database.connection import Dsn, open_connection
from service.errors import Refused
from tests.concurrency.judge import Claim, Step
from tests.concurrency.rules import DUPLICATE, Ask
from tests.conftest import Row, User
from tests.graphs import Line, import_lines, lines, stage
from tests.servers import run

SEED = os.environ.get("HEADGATE_SEED") or secrets.token_hex(4)
SESSIONS = 8
DEADLOCK, LOCK_WAIT, INTERRUPTED = 1213, 1205, 1317
STATUSES = ("pending", "in_progress", "completed", "cancelled")
# What was asked for was not done, and the connection is still good.
ABORTED = {DEADLOCK, LOCK_WAIT}

PUBLIC = {
    "add": 30, "remove": 8, "create": 6, "start": 4, "complete": 14, "cancel": 3, "reopen": 8, "update": 8,
    "delete": 6, "import": 3, "set_member": 2, "comment": 3,
}  # fmt: skip
RAW = {
    "raw_add": 8,
    "raw_remove": 6,
    "raw_status": 10,
    "raw_create": 3,
    "raw_delete": 4,
    "raw_tag": 3,
    "raw_role": 2,
    "raw_comment": 2,
}
STATEMENTS = {
    "raw_add": "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
    "raw_remove": "DELETE FROM dependency WHERE workspace_id = %s AND task_id = %s AND depends_on_id = %s",
    "raw_status": "UPDATE task SET status = %s WHERE id = %s",
    "raw_create": "INSERT INTO task (workspace_id, task_key, title, description, status) VALUES (%s, %s, %s, '', %s)",
    "raw_delete": "DELETE FROM task WHERE id = %s",
    "raw_tag": "INSERT INTO tag (workspace_id, task_id, name) VALUES (%s, %s, %s)",
    "raw_comment": "INSERT INTO comment (workspace_id, task_id, body) VALUES (%s, %s, 'Hello')",
    "raw_role": "UPDATE membership SET direct_role = %s WHERE workspace_id = %s AND user_id = %s",
}
# The snapshot of a transaction is as old as its first read.
LOOK_AROUND = "SELECT COUNT(*) FROM dependency WHERE workspace_id = %s"


class ServerGone(Exception):
    """The server cannot be reached any more."""


@dataclass(frozen=True)
class Style:
    """How sessions behave."""

    verbs: dict[str, int] = field(default_factory=lambda: PUBLIC | RAW)
    settings: tuple[str, ...] = ()
    # How many raw statements a transaction has at most.
    steps: int = 3
    # Of the tasks that are asked for, how many are kept alive.
    tasks: int = 8


@dataclass
class Place:
    """A workspace and what sessions know of it, which may be out of date."""

    workspace: int
    owners: list[int]
    bystander: User
    users: list[int]
    tasks: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def forget(self, task: int) -> None:
        with suppress(ValueError):
            self.tasks.remove(task)


def new_user(connection: "Connection[DictCursor]") -> User:
    name = f"user-{secrets.token_hex(6)}"
    (row,) = call(connection, "create_user", name, f"{name}@example.org", "$2b$04$" + "x" * 53)
    return User(row["user_id"], name, row["workspace_id"])


def new_place(connection: "Connection[DictCursor]", graph: Iterable[Line] = (), hot: int = 8) -> Place:
    """A shared workspace with a user for each session; with a graph, only some of its tasks are fought for."""
    founder, partner, bystander = (new_user(connection) for _ in range(3))
    (row,) = call(connection, "create_workspace", founder.id, "contested")
    workspace = row["workspace_id"]
    users = [new_user(connection) for _ in range(SESSIONS)]
    call(connection, "set_member", founder.id, workspace, partner.name, "owner")
    call(connection, "set_member", founder.id, workspace, bystander.name, "viewer")
    for user in users:
        call(connection, "set_member", founder.id, workspace, user.name, "admin")
    begun = list(graph) or lines(*({"key": f"seed{number}"} for number in range(hot)))
    import_lines(connection, founder.id, begun, workspace_id=workspace)
    rows = run(connection, "SELECT id, task_key FROM task WHERE workspace_id = %s ORDER BY id", workspace)
    chosen = rows[:: max(1, len(rows) // hot)][:hot]
    return Place(
        workspace, [founder.id, partner.id], bystander, [user.id for user in users],
        [row["id"] for row in chosen], [row["task_key"] for row in chosen],
    )  # fmt: skip


class Session:
    """One client: it asks, and remembers what it was told."""

    def __init__(
        self, dsn: Dsn, number: int, places: list[Place], style: Style, accident: threading.Semaphore
    ) -> None:
        self.dsn = dsn
        self.number = number
        self.places = places
        self.style = style
        self.rng = random.Random(f"{SEED}-{number}")
        self.claims: list[Claim] = []
        self.token = 1_000_000 * (number + 1) + self.rng.randrange(2**32) * 100_000_000
        self.made = 0
        self.accidents: Counter[int] = Counter()
        self.accident = accident
        self.eye = open_connection(dsn, cursor=DictCursor)
        self.door = self.eye
        self.connect()

    def connect(self) -> None:
        self.door = open_connection(self.dsn, cursor=DictCursor)
        for setting in self.style.settings:
            run(self.door, setting)

    def close(self) -> None:
        for connection in (self.eye, self.door):
            if connection.open:
                connection.close()

    def look(self, statement: str, *args: object) -> list[Row]:
        """What anybody can see now."""
        try:
            return run(self.eye, statement, *args)
        except (pymysql.OperationalError, pymysql.InterfaceError) as error:
            raise ServerGone from error

    def revision(self, workspace: int) -> int:
        """The newest revision that anybody can see now."""
        (row,) = self.look(
            "SELECT MAX(revision) AS revision FROM change_log WHERE workspace_id = %s", workspace
        )
        return int(row["revision"])

    def step(self) -> Claim:
        """Do one thing."""
        place = self.rng.choice(self.places)
        ask = self.choose(place)
        return self.transact(place, ask) if ask.verb.startswith("raw_") else self.ask(place, ask)

    # What to do.

    def choose(self, place: Place, verbs: dict[str, int] | None = None) -> Ask:
        """Anything: on tasks that were there a moment ago, seldom on one that is long gone."""
        rng, verbs = self.rng, verbs or self.style.verbs
        verb = rng.choices(list(verbs), list(verbs.values()))[0]
        if verb in ("create", "import", "raw_create") and len(place.tasks) >= self.style.tasks:
            verb = "delete" if "delete" in verbs else "raw_delete"
        if verb in ("delete", "raw_delete") and len(place.tasks) < self.style.tasks // 2:
            verb = "create" if "create" in verbs else "raw_create"
        task, other = (rng.choice(place.tasks or [2**40]) for _ in range(2))
        status = rng.choice(STATUSES)
        match verb:
            case "create":
                more: Any = (self.key(), status, tuple(self.some(place.tasks)))
            case "raw_create":
                more = (self.key(), status)
            case "reopen":
                more = rng.random() < 0.5
            case "delete":
                more = rng.choice(["refuse", "splice", "splice"])
            case "raw_status":
                more = status
            case "raw_tag":
                more = rng.choice("abc")
            case "set_member":
                task, more = place.bystander.id, rng.choice(["viewer", "member", "admin"])
            case "raw_role":
                task, more = rng.choice(place.owners), rng.choice(["owner", "member", "member"])
            case "update":
                more = (self.changes(place, status), rng.choice([None, None, 1, 2, 3]), rng.random() < 0.5)
            case "import":
                more = (self.batch(place), rng.choice(["refuse", "skip"]))
            case _:
                more = None
        return Ask(place.workspace, verb, task, other, more)

    def key(self) -> str:
        """Mostly a new one, sometimes one that others want too."""
        self.made += 1
        return self.rng.choice(["K-1", "K-2"]) if self.rng.random() < 0.2 else f"{self.token}-{self.made}"

    def some(self, things: list[Any]) -> list[Any]:
        return sorted(set(self.rng.choices(things, k=self.rng.randrange(3)))) if things else []

    def changes(self, place: Place, status: str) -> dict[str, Any]:
        every = {
            "title": self.rng.choice("xyz"),
            "status": status,
            "tags": self.some(["a", "b", "c"]),
            "depends_on": self.some(place.tasks),
        }
        return {name: value for name, value in every.items() if self.rng.random() < 0.4}

    def batch(self, place: Place) -> tuple[Any, ...]:
        """Lines of an import: each may wait for earlier ones, for tasks of the workspace, seldom for itself."""
        made: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = []
        for _ in range(self.rng.randrange(2, 5)):
            self.made += 1
            key = f"{self.token}-{self.made}"
            loop = [key] if self.rng.random() < 0.05 else []
            waits_for = {*self.some([line[0] for line in made]), *self.some(place.keys[-8:]), *loop}
            status = self.rng.choice(["pending", "pending", "completed", "cancelled"])
            made.append((key, status, tuple(sorted(waits_for)), tuple(self.some(["a", "b"]))))
        return tuple(made)

    # Doing it.

    def ask(self, place: Place, ask: Ask) -> Claim:
        """One call of a public procedure."""
        claim = Claim(place.users[self.number], self.revision(ask.workspace))
        self.claims.append(claim)
        rows = self.take(claim, ask, lambda: self.call(claim.actor, place, ask))
        if claim.steps[-1].error is None:
            claim.end = "committed"
            self.learn(ask, rows)
        self.over([claim])
        return claim

    def call(self, actor: int, place: Place, ask: Ask) -> list[Row]:
        match ask.verb:
            case "add" | "remove":
                return call(self.door, f"{ask.verb}_dependency", actor, ask.task, ask.other)
            case "create":
                key, status, depends_on = ask.more
                task = {"title": key, "task_key": key, "status": status, "depends_on": list(depends_on)}
                return call(self.door, "create_task", actor, ask.workspace, task)
            case "comment":
                return call(self.door, "create_comment", actor, ask.task, "Hello")
            case "reopen":
                return call(self.door, "reopen_task", actor, ask.task, ask.more)
            case "delete":
                return call(self.door, "delete_task", actor, ask.task, ask.more, None)
            case "update":
                return call(self.door, "update_task", actor, ask.task, *ask.more)
            case "set_member":
                return call(self.door, "set_member", actor, ask.workspace, place.bystander.name, ask.more)
            case "import":
                batch, on_cycle = ask.more
                stage(self.door, lines(*(
                    {"key": key, "status": status, "depends_on": list(waits_for), "tags": list(tags)}
                    for key, status, waits_for, tags in batch
                )))  # fmt: skip
                return call(self.door, "finish_import", actor, ask.workspace, on_cycle)
            case _:
                return call(self.door, f"{ask.verb}_task", actor, ask.task)

    def transact(self, place: Place, first: Ask) -> Claim:
        """Some raw statements: alone, or in a transaction that looks around before, and may be given up."""
        raw = {verb: weight for verb, weight in self.style.verbs.items() if verb.startswith("raw_")}
        if self.rng.random() < 0.4:
            return self.transaction([first], is_open=False)[0]
        more = [self.choose(place, raw) for _ in range(self.rng.randrange(self.style.steps))]
        return self.transaction([first, *more])[0]

    def transaction(self, asks: list[Ask], *, is_open: bool = True) -> list[Claim]:
        """These statements as one transaction: a claim for each workspace that it goes through."""
        self.token += 1
        claims = {ask.workspace: Claim(self.token, self.revision(ask.workspace)) for ask in asks}
        self.claims += claims.values()
        begin = f"SET @headgate_actor_id = {self.token}"
        if not self.attempt(claims.values(), begin):
            return self.over(claims.values())
        if is_open and not (
            self.attempt(claims.values(), "START TRANSACTION")
            and self.attempt(claims.values(), LOOK_AROUND, asks[0].workspace)
        ):
            return self.over(claims.values())
        for ask in asks:
            claim = claims[ask.workspace]
            self.take(claim, ask, lambda ask=ask: self.statement(ask))
            if claim.steps[-1].error is not None:
                # What ends one part of a transaction ends all of it.
                for part in claims.values():
                    part.end = claim.end
                return self.over(claims.values())
            if is_open and not self.note_base(claim):
                return self.over(claims.values())
        end = "rolled back" if is_open and self.rng.random() < 0.2 else "committed"
        if not is_open or self.attempt(claims.values(), "ROLLBACK" if end == "rolled back" else "COMMIT"):
            for claim in claims.values():
                claim.end = end
            for ask in asks if end == "committed" else ():
                self.learn(ask, [])
        return self.over(claims.values())

    def statement(self, ask: Ask) -> list[Row]:
        args = {
            "raw_add": (ask.workspace, ask.task, ask.other),
            "raw_remove": (ask.workspace, ask.task, ask.other),
            "raw_status": (ask.more, ask.task),
            "raw_delete": (ask.task,),
            "raw_comment": (ask.workspace, ask.task),
            "raw_tag": (ask.workspace, ask.task, ask.more),
            "raw_role": (ask.more, ask.workspace, ask.task),
        }
        values = (ask.workspace, ask.more[0], *ask.more) if ask.verb == "raw_create" else args[ask.verb]
        with self.door.cursor() as cursor:
            cursor.execute(STATEMENTS[ask.verb], values)
        return []

    def take(self, claim: Claim, ask: Ask, work: Callable[[], list[Row]]) -> list[Row]:
        """Do one step of a claim and write down what came of it."""
        step = Step(ask)
        claim.steps.append(step)
        try:
            try:
                return work()
            except pymysql.MySQLError as error:
                raise refusal(self.door, error) from error
        except Refused as refused:
            step.refused, step.facts = refused.error.code, refused.facts
        except pymysql.MySQLError as error:
            if error.args and error.args[0] == int(DUPLICATE):
                step.refused = DUPLICATE
            else:
                self.fail([claim], step, error)
        return []

    def attempt(self, claims: Iterable[Claim], statement: str, *args: object) -> bool:
        """A statement that belongs to a transaction and asks for nothing."""
        try:
            run(self.door, statement, *args)
        except pymysql.MySQLError as error:
            self.fail(claims, None, error)
            return False
        return True

    def note_base(self, claim: Claim) -> bool:
        """After a step: on which revision the first change of the transaction was made, once there is one."""
        if claim.base is None:
            try:
                (row,) = run(
                    self.door,
                    "SELECT MIN(revision) AS first FROM change_log"
                    " WHERE workspace_id = %s AND revision > %s AND actor_id = %s",
                    claim.workspace, claim.before, claim.actor,
                )  # fmt: skip
            except pymysql.MySQLError as error:
                self.fail([claim], None, error)
                return False
            if row["first"] is not None:
                claim.first, claim.base = len(claim.steps) - 1, row["first"] - 1
        return True

    def fail(self, claims: Iterable[Claim], step: Step | None, error: pymysql.MySQLError) -> None:
        """An accident: a lost lock, or a session that was killed. Rolled back, whole; or nobody knows."""
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        self.accidents[number] += 1
        if step:
            step.error = number
        for claim in claims:
            claim.end = "rolled back" if number in ABORTED else "unknown"
        # What an interrupted import leaves in its session: see test_interrupts.
        self.recover(stay=number != INTERRUPTED or step is None or step.ask.verb != "import")
        self.accident.release()

    def recover(self, *, stay: bool = True) -> None:
        """What every client does after an accident: roll back, or come again when the old session is gone."""
        old = self.door.thread_id()
        try:
            run(self.door, "ROLLBACK")
            if stay:
                return
        except (pymysql.OperationalError, pymysql.InterfaceError):
            pass
        with suppress(pymysql.MySQLError):
            self.door.close()
        # An eye that sees nothing says that it is not only this session.
        self.look("SELECT 1")
        try:
            self.connect()
        except pymysql.OperationalError:
            raise ServerGone from None
        while self.look("SELECT 1 FROM performance_schema.processlist WHERE id = %s", old):
            pass

    def over(self, claims: Iterable[Claim]) -> list[Claim]:
        for claim in claims:
            if claim.steps:
                claim.after = self.revision(claim.workspace)
        return list(claims)

    def learn(self, ask: Ask, rows: list[Row]) -> None:
        (place,) = (place for place in self.places if place.workspace == ask.workspace)
        match ask.verb:
            case "create" if rows:
                place.tasks.append(rows[0]["task_id"])
                place.keys.append(ask.more[0])
            case "delete" | "raw_delete":
                place.forget(ask.task)
            case "import" | "raw_create":
                key = ask.more[0][0][0] if ask.verb == "import" else ask.more[0]
                mine = "SELECT id FROM task WHERE workspace_id = %s AND task_key = %s"
                for row in self.look(mine, ask.workspace, key):
                    place.tasks.append(row["id"])
                    place.keys.append(key)
