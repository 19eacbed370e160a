"""Locks that somebody else holds too long, and deadlocks: what is given up leaves nothing behind."""

import random
from contextlib import suppress

import pymysql
from pymysql.cursors import DictCursor

from service.database.connection import open_connection
from tests.concurrency.conftest import Arena
from tests.concurrency.contest import assert_right, contest
from tests.concurrency.session import DEADLOCK, LOCK_WAIT, SEED, Session, Style
from tests.concurrency.workload import Crowd
from tests.servers import run

# At the door of the workspace, and in the middle of a change, when half of it is written.
WORKSPACE = "SELECT * FROM workspace WHERE id = %(workspace)s FOR UPDATE"
HELD = (
    "SELECT * FROM node WHERE task_id = %(task)s FOR UPDATE",
    "SELECT * FROM change_log WHERE workspace_id = %(workspace)s ORDER BY revision DESC LIMIT 1 FOR UPDATE",
    "SELECT * FROM task WHERE id = %(task)s FOR UPDATE",
    WORKSPACE,
    "SELECT * FROM dependency WHERE workspace_id = %(workspace)s AND task_id = %(task)s FOR UPDATE",
)


def hold_locks(crowd: Crowd) -> None:
    """Hold one lock after the other, about one a second, each until somebody has waited for it too long.

    Or until it is plain that nobody wants it.
    """
    rng = random.Random(SEED)
    with open_connection(crowd.dsn, cursor=DictCursor) as connection:
        for number in range(max(1, int(crowd.seconds))):
            lock = rng.choice(HELD) if number else WORKSPACE
            place = rng.choice(crowd.places)
            seen, most = crowd.accidents[LOCK_WAIT], crowd.steps + 50
            run(connection, "BEGIN")
            with suppress(pymysql.OperationalError):  # it lost a deadlock itself
                run(connection, lock % {"task": rng.choice(place.tasks or [0]), "workspace": place.workspace})
                crowd.until(
                    lambda seen=seen, most=most: crowd.accidents[LOCK_WAIT] > seen or crowd.steps > most
                )
            run(connection, "ROLLBACK")


def test_locks_held_too_long(arena: Arena) -> None:
    style = Style(settings=("SET SESSION innodb_lock_wait_timeout = 1",))

    outcome = contest(arena, style, beside=hold_locks)

    assert_right(arena, outcome)
    if arena.is_locked:
        assert outcome.accidents[LOCK_WAIT]


def through_two_workspaces(session: Session) -> None:
    """Every second time a transaction through two workspaces, as often in the one order as in the other."""
    if session.rng.random() < 0.5:
        session.step()
        return
    raw = {verb: weight for verb, weight in session.style.verbs.items() if verb.startswith("raw_")}
    session.transaction([session.choose(place, raw) for place in session.rng.sample(session.places, 2)])


def test_deadlocks(arena: Arena) -> None:
    outcome = contest(arena, Style(), places=2, step=through_two_workspaces)

    assert_right(arena, outcome)
    if arena.is_locked:
        assert outcome.accidents[DEADLOCK]
