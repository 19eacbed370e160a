"""Eight sessions do everything at once: what is left is right, and so was every answer on the way."""

import random

import pymysql
import pytest

from service.database.calls import call
from service.errors import Refused
from tests.concurrency.conftest import Arena
from tests.concurrency.contest import assert_right, contest
from tests.concurrency.session import PUBLIC, SEED, Session, Style
from tests.graphs import Line, lines

ISOLATION = "SET SESSION TRANSACTION ISOLATION LEVEL "


def layered(tasks: int) -> list[Line]:
    """A large graph, its older half completed: each task waits for three of the fifty before it."""
    rng = random.Random(SEED)
    return lines(
        *(
            {
                "key": f"t{number}",
                "status": "completed" if number < tasks // 2 else "pending",
                "depends_on": [
                    f"t{n}" for n in rng.sample(range(max(0, number - 50), number), min(3, number))
                ],
            }
            for number in range(tasks)
        )
    )


def test_small_hot_workspaces(arena: Arena) -> None:
    outcome = contest(arena, Style(), places=2)

    assert_right(arena, outcome)


def test_a_large_workspace(arena: Arena) -> None:
    outcome = contest(arena, Style(tasks=16), graph=layered(1_000))

    assert_right(arena, outcome)


def anything_public(session: Session) -> None:
    """Also what no workspace remembers: accounts, whose names others want too, repair, and long reads."""
    if session.rng.random() > 0.2:
        session.step()
        return
    place = session.rng.choice(session.places)
    actor = place.users[session.number]
    name = f"{place.workspace}-{session.rng.randrange(30)}"
    procedure, *args = session.rng.choice(
        [
            ("create_user", name, f"{place.workspace}-{session.rng.randrange(30)}@example.org", "x"),
            ("create_workspace", actor, name),
            ("rebuild_workspace", actor, place.workspace),
            ("verify_workspace", actor, place.workspace),
            ("list_ready_tasks", actor, place.workspace, True, 0, 100),
        ]
    )
    try:
        call(session.door, procedure, *args)
    except Refused:
        pass
    except pymysql.MySQLError as error:
        session.fail([], None, error)


def test_public_procedures_never_abort_each_other(arena: Arena) -> None:
    outcome = contest(arena, Style(PUBLIC), places=2, step=anything_public)

    assert_right(arena, outcome)
    if arena.is_locked:
        assert outcome.accidents == {}


@pytest.mark.parametrize("level", ["READ COMMITTED", "SERIALIZABLE"])
def test_callers_who_chose_another_isolation(arena: Arena, level: str) -> None:
    # The server's default, and so that of all other tests, is REPEATABLE READ: an old snapshot.
    outcome = contest(arena, Style(settings=(ISOLATION + level,)))

    assert_right(arena, outcome)
