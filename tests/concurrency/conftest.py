"""Two databases to race in, one as it is and one with the locks taken out; a session can be held at a gate.

A gate is a user lock at the end of a guard, or before a write: the session has looked and decided, and has
written nothing. It waits there only if it has set @headgate_gate.
"""

import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pymysql.connections import Connection
from pymysql.cursors import DictCursor
from pymysql.err import MySQLError

from service.database import migrate
from service.database.calls import call as call_procedure
from service.database.connection import Dsn, open_connection
from service.errors import Refused
from tests.conftest import Row, User, new_database
from tests.servers import is_held_up, run

GATE = (
    "IF @headgate_gate IS NOT NULL THEN"
    " DO GET_LOCK(@headgate_gate, 60), RELEASE_LOCK(@headgate_gate); END IF;"
)
GATED_TRIGGERS = (
    "dependency_before_insert",
    "task_before_update",
    "membership_before_update",
    "organization_member_before_update",
)


def copy_with_gates(folder: Path, *, locked: bool) -> Path:
    """A copy of sql/ with gates; without locks also without locking reads and without the unique user name."""
    shutil.copytree(migrate.SQL, folder)
    for name in GATED_TRIGGERS:
        path = folder / "triggers" / f"{name}.sql"
        path.write_text(re.sub(r"END\s*$", f"    {GATE}\nEND\n", path.read_text()))
    (path,) = folder.rglob("create_user.sql")
    text = path.read_text()
    assert "    INSERT INTO app_user" in text
    path.write_text(text.replace("    INSERT INTO app_user", f"    {GATE}\n    INSERT INTO app_user"))
    if not locked:
        for path in [*folder.glob("procedures/**/*.sql"), *folder.glob("triggers/*.sql")]:
            # The counter of revisions is a lock of its own: it would be in the way before any harm is done.
            if path.stem == "_log_change":
                continue
            path.write_text(
                re.sub(r"\s+FOR (UPDATE|SHARE)( OF \w+(, \w+)*)?(?=\s*[;)])", "", path.read_text())
            )
        (path,) = folder.rglob("_lock_workspace.sql")
        assert "FOR UPDATE" not in path.read_text()
    return folder


@dataclass
class Racer:
    """A session in a thread of its own, so that it may wait."""

    connection: "Connection[DictCursor]"
    thread: threading.Thread | None = None
    error: Refused | MySQLError | None = None
    rows: list[Row] = field(default_factory=list)

    def start(self, procedure: str, *args: object) -> None:
        def work() -> None:
            try:
                # A name is called; anything longer is a raw statement.
                ask = run if " " in procedure else call_procedure
                self.rows = ask(self.connection, procedure, *args)
            except (Refused, MySQLError) as error:
                self.error = error

        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    @property
    def is_done(self) -> bool:
        return self.thread is None or not self.thread.is_alive()

    def finish(self) -> None:
        assert self.thread
        self.thread.join(60)
        assert self.is_done

    @property
    def refused_with(self) -> str | None:
        """The code it was refused with; None if it was not; any other error is raised."""
        if isinstance(self.error, Refused):
            return self.error.error.code
        if self.error:
            raise self.error
        return None


@dataclass
class Arena:
    """A database to race in."""

    dsn: Dsn
    is_locked: bool
    sessions: ExitStack
    settings: tuple[str, ...] = ()

    def connect(self) -> "Connection[DictCursor]":
        return self.sessions.enter_context(open_connection(self.dsn, cursor=DictCursor))

    def call(self, procedure: str, *args: object) -> list[Row]:
        with open_connection(self.dsn, cursor=DictCursor) as connection:
            return call_procedure(connection, procedure, *args)

    def run(self, statement: str, *args: object) -> list[Row]:
        with open_connection(self.dsn, cursor=DictCursor) as connection, connection.cursor() as cursor:
            cursor.execute(statement, args or None)
            return list(cursor.fetchall())

    def user(self) -> User:
        name = f"user-{secrets.token_hex(6)}"
        (row,) = self.call("create_user", name, f"{name}@example.org", "$2b$04$" + "x" * 53)
        return User(row["user_id"], name, row["workspace_id"])

    def task(self, user: User, title: str, **fields: Any) -> int:
        number: int = self.call("create_task", user.id, None, {"title": title, **fields})[0]["task_id"]
        return number

    def violations(self, workspace_id: int) -> dict[str, int]:
        rows = self.call("verify_workspace", None, workspace_id)
        return {row["invariant"]: row["violations"] for row in rows if row["violations"]}

    def race(
        self, first: tuple[object, ...], second: tuple[object, ...], *settings: str
    ) -> tuple[Racer, Racer]:
        """The first has decided and is held at its gate; the second runs until it ends or has to wait."""
        gate = f"headgate-{secrets.token_hex(6)}"
        held, free = Racer(self.connect()), Racer(self.connect())
        for racer in (held, free):
            for setting in settings:
                racer.connection.query(setting)
        with held.connection.cursor() as cursor:
            cursor.execute("SET @headgate_gate = %s", (gate,))
        with self._gate_shut(gate):
            held.start(*first)  # type: ignore[arg-type]
            self.until(lambda: held.is_done or self.waits(held))
            assert not held.is_done, held.error or "it did not stop at the gate"
            free.start(*second)  # type: ignore[arg-type]
            self.until(lambda: free.is_done or self.waits(free))
        held.finish()
        free.finish()
        return held, free

    @contextmanager
    def _gate_shut(self, gate: str) -> Iterator[None]:
        with open_connection(self.dsn) as keeper, keeper.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(%s, 0)", (gate,))
            assert cursor.fetchone() == (1,)
            yield

    def waits(self, racer: Racer) -> bool:
        """Whether a session waits for a lock, as the server says."""
        with open_connection(self.dsn, cursor=DictCursor) as connection:
            return is_held_up(connection, racer.connection.thread_id())

    @staticmethod
    def until(happened: Callable[[], bool]) -> None:
        """Wait for something that takes a moment."""
        deadline = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < deadline, "neither done nor waiting"
            time.sleep(0.02)


@pytest.fixture(scope="session", params=["unlocked", "locked"])
def _raced(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Dsn, bool]]:
    is_locked = request.param == "locked"
    folder = copy_with_gates(tmp_path_factory.mktemp("raced") / "sql", locked=is_locked)
    with new_database("headgate_r") as dsn:
        migrate.up(dsn, sql=folder)
        if not is_locked:
            with open_connection(dsn) as connection, connection.cursor() as cursor:
                cursor.execute("ALTER TABLE app_user DROP KEY app_user_username")
        yield dsn, is_locked


@pytest.fixture
def arena(_raced: tuple[Dsn, bool]) -> Iterator[Arena]:
    """The same race is run without the locks, where it must do harm, and with them, where it must not."""
    with ExitStack() as sessions:
        yield Arena(*_raced, sessions)
