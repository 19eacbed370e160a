"""Every migration goes up, down and up again, on its own step."""

import pytest
from yoyo.migrations import MigrationList

from service.database import migrate, migrations
from service.database.connection import Dsn, connected
from service.database.definition import definition, names_held
from tests.migrations.conftest import dump


def tables(dsn: Dsn) -> dict[str, list[str]]:
    """What each table is made of; an index that was put back stands behind the others, which says nothing."""
    with connected(dsn) as connection:
        return {
            name: sorted(line.rstrip(",") for line in definition(connection, "table", name)[0].splitlines())
            for name in names_held(connection, "table")
        }


def test_each_step_goes_up_down_and_up(empty_database: Dsn) -> None:
    everything = list(migrations.read(migrate.MIGRATIONS))
    backend = migrations.Backend(empty_database)

    with backend, backend.lock():
        for number in range(1, len(everything) + 1):
            before = tables(empty_database)
            reached = MigrationList(everything[:number])

            assert migrations.apply_pending(backend, reached) == [everything[number - 1].id]
            after = tables(empty_database)
            assert migrations.roll_back_last(backend, reached) == everything[number - 1].id
            assert tables(empty_database) == before
            migrations.apply_pending(backend, reached)
            assert tables(empty_database) == after


def test_down_to_nothing_leaves_nothing_and_up_brings_it_all_back(empty_database: Dsn) -> None:
    migrate.up(empty_database)
    before = dump(empty_database)

    while migrate.down(empty_database):
        pass

    with connected(empty_database) as connection:
        for kind in ("table", "function", "procedure", "view", "trigger"):
            assert names_held(connection, kind) == set()
    migrate.up(empty_database)
    assert dump(empty_database) == before


def test_down_forgets_what_it_undid(empty_database: Dsn) -> None:
    applied = migrate.up(empty_database).migrations

    assert migrate.down(empty_database) == applied[-1]

    assert migrate.status(empty_database)[-1] == (applied[-1], "pending")
    assert migrate.up(empty_database).migrations == [applied[-1]]


def test_down_of_an_empty_database_does_nothing(empty_database: Dsn) -> None:
    assert migrate.down(empty_database) is None


@pytest.mark.parametrize("times", [2])
def test_up_again_does_nothing(empty_database: Dsn, times: int) -> None:
    migrate.up(empty_database)
    before = dump(empty_database)

    for _ in range(times):
        assert migrate.up(empty_database) == migrate.Outcome([], [])

    assert dump(empty_database) == before
