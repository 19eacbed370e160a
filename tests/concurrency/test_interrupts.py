"""A call that is interrupted: KILL QUERY, or Ctrl-C in the `mysql` client.

MySQL runs no handler of a CALL any more then, so its transaction is left open and its session variables as they are.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pymysql
import pytest
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import call
from service.database.connection import Dsn
from tests.concurrency.conftest import Arena, Racer
from tests.concurrency.session import INTERRUPTED
from tests.conftest import Database
from tests.graphs import lines, stage
from tests.servers import run


@pytest.fixture
def arena(database: Database) -> Iterator[Arena]:
    """Only the rules as they are: nobody races here."""
    with ExitStack() as sessions:
        yield Arena(Dsn.parse(database.owner_url), True, sessions)


def interrupt(
    arena: Arena, session: "Connection[DictCursor]", procedure: str, *args: object, reads: int
) -> None:
    """Interrupt a call in the middle: it comes to a node that somebody has locked."""
    racer = Racer(session)
    other = arena.connect()
    run(other, "BEGIN")
    run(other, "SELECT * FROM node WHERE task_id = %s FOR UPDATE", reads)
    racer.start(procedure, *args)
    arena.until(lambda: racer.is_done or arena.waits(racer))
    arena.run(f"KILL QUERY {session.thread_id()}")
    racer.finish()
    run(other, "ROLLBACK")
    assert isinstance(racer.error, pymysql.OperationalError)
    assert racer.error.args[0] == INTERRUPTED


def test_an_interrupted_call_is_over_when_it_is_rolled_back(arena: Arena) -> None:
    user, session = arena.user(), arena.connect()
    design, build = arena.task(user, "design"), arena.task(user, "build")
    before = arena.call("get_workspace_revision", user.id, None)

    interrupt(arena, session, "add_dependency", user.id, build, design, reads=design)
    with pytest.raises(pymysql.OperationalError, match="1568"):
        call(session, "complete_task", user.id, build)
    run(session, "ROLLBACK")

    assert arena.call("get_workspace_revision", user.id, None) == before
    assert call(session, "complete_task", user.id, build)[0]["status"] == "completed"


def test_the_next_call_clears_up_after_an_interrupted_import(arena: Arena) -> None:
    user, session = arena.user(), arena.connect()
    old = arena.task(user, "old", task_key="old")
    stage(session, lines({"key": "new", "depends_on": ["old"]}))

    interrupt(arena, session, "finish_import", user.id, None, "refuse", reads=old)
    run(session, "ROLLBACK")
    call(session, "create_task", user.id, None, {"title": "next"})
    run(
        session,
        "INSERT INTO task (workspace_id, title, description) VALUES (%s, 'raw', '')",
        user.workspace_id,
    )

    assert arena.violations(user.workspace_id) == {}
    (line,) = arena.run(
        "SELECT actor_id FROM change_log WHERE workspace_id = %s ORDER BY revision DESC LIMIT 1",
        user.workspace_id,
    )
    assert line["actor_id"] is None
