"""Sessions and statements that are killed in the middle of whatever they do."""

import random
from contextlib import suppress

import pymysql

from service.database.connection import open_connection
from tests.concurrency.conftest import Arena
from tests.concurrency.contest import assert_right, contest
from tests.concurrency.session import INTERRUPTED, SEED, Style
from tests.concurrency.workload import Crowd

# What a client is told whose session was killed.
LOST = {2006, 2013}


def kill(crowd: Crowd) -> None:
    """After every few steps of anybody, end a statement or a whole session, without looking what it does."""
    rng = random.Random(SEED)
    with open_connection(crowd.dsn) as connection, connection.cursor() as cursor:
        while crowd.after(rng.randrange(2, 25)):
            how = rng.choice(["KILL", "KILL QUERY", "KILL QUERY"])
            with suppress(pymysql.OperationalError):  # it is gone already
                cursor.execute(f"{how} {rng.choice(crowd.sessions).door.thread_id()}")


def test_killed_sessions(arena: Arena) -> None:
    outcome = contest(arena, Style(), beside=kill)

    assert_right(arena, outcome)
    if arena.is_locked:
        assert outcome.accidents[INTERRUPTED]
        assert LOST & outcome.accidents.keys()
