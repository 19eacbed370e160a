"""Bring a database up, take it down a step, say where it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from pymysql.connections import Connection
from pymysql.err import MySQLError
from yoyo.migrations import MigrationList

from service.database import accounts, definition, fitness, grants, migrations, objects, reference
from service.database.connection import SESSION, Dsn, connected, query
from service.database.migrations import LOCK_SECONDS, Backend
from service.database.problem import DatabaseProblem, sentence

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "migrations"
SQL = ROOT / "sql"


@dataclass(frozen=True)
class Outcome:
    """What `up` did: ids of migrations and names of objects; both empty when there was nothing to do.

    And which saved searches cannot be read any more, if anything was done.
    """

    migrations: list[str]
    objects: list[str]
    invalid_searches: list[int] = field(default_factory=list)


def up(dsn: Dsn, service: Dsn | None = None, *, folder: Path = MIGRATIONS, sql: Path = SQL) -> Outcome:
    """Apply pending migrations, then make reference rows, objects, grants and accounts equal to the files."""
    with _alone(dsn) as connection:
        fitness.require_fit_server(connection)
        fitness.use_our_character_set(connection)
        found = migrations.read(folder)
        _require_unedited(connection, found)
        backend = Backend(dsn)
        with backend, backend.lock():
            applied = migrations.apply_pending(backend, found)
            changed = synchronise(connection, folder=folder, sql=sql)
        invalid = _invalid_searches(connection) if applied or changed else []
        if service and service.user != dsn.user:
            accounts.make_account(connection, service, "service", None)
    return Outcome(applied, changed, invalid)


def synchronise(connection: "Connection[Any]", *, folder: Path = MIGRATIONS, sql: Path = SQL) -> list[str]:
    """Everything after the migrations themselves; also what the post-apply hook of a plain yoyo calls.

    Returns the procedures, views and triggers that changed.
    """
    connection.autocommit(True)
    query(connection, SESSION)
    fitness.use_our_character_set(connection)
    _record_history(connection, folder)
    reference.load_rows(connection, sql / "reference")
    grants.make_roles(connection)
    rights = grants.routine_rights(connection, sql / "grants.sql")
    changed = objects.load_objects(connection, sql, rights)
    # What views and tables are granted has to be there first, and what is granted too much goes now.
    grants.load_grants(connection, sql / "grants.sql")
    accounts.register_owner(connection)
    return changed


def _invalid_searches(connection: "Connection[Any]") -> list[int]:
    if not query(
        connection, "SHOW PROCEDURE STATUS WHERE db = DATABASE() AND name = '_find_invalid_searches'"
    ):
        return []
    query(connection, "CALL _find_invalid_searches(NULL, @headgate_page)")
    ((found,),) = query(connection, "SELECT @headgate_page")
    return list(orjson.loads(found))


def down(dsn: Dsn, *, folder: Path = MIGRATIONS) -> str | None:
    """Undo the newest migration and return its id; what sql/ loaded fits the newest tables only, and goes."""
    with _alone(dsn) as connection:
        found = migrations.read(folder)
        backend = Backend(dsn)
        with backend, backend.lock():
            applied = migrations.applied_ids(connection)
            if not applied:
                return None
            objects.drop_objects(connection)
            definition.forget(connection, "table", definition.recorded(connection, "table"))
            if len(applied) == 1:
                grants.drop_roles(connection)
            gone = migrations.roll_back_last(backend, found)
            if len(applied) > 1 and gone:
                definition.forget(connection, "migration", [gone])
            return gone


def status(dsn: Dsn, *, folder: Path = MIGRATIONS) -> list[tuple[str, str]]:
    """Every migration in order: applied, pending, edited (since then) or unknown (without a file)."""
    with connected(dsn) as connection:
        found = migrations.read(folder)
        applied, edited = migrations.applied_ids(connection), edited_migrations(connection, found)
        states = [
            (one.id, "edited" if one.id in edited else "applied" if one.id in applied else "pending")
            for one in found
        ]
        return states + [(name, "unknown") for name in sorted(applied - {one.id for one in found})]


def _require_unedited(connection: "Connection[Any]", found: MigrationList) -> None:
    for name in edited_migrations(connection, found):
        raise DatabaseProblem(
            f"Migration {name} was edited after it was applied: restore the file and add a new one."
        )


def edited_migrations(connection: "Connection[Any]", found: MigrationList) -> list[str]:
    """Applied migrations whose file is no longer what was applied."""
    if not query(connection, "SHOW TABLES LIKE 'schema\\_object'"):
        return []
    known = definition.recorded(connection, "migration")
    return [
        migration.id
        for migration in found
        if migration.id in known and known[migration.id][0] != migrations.migration_checksum(migration)
    ]


def _record_history(connection: "Connection[Any]", folder: Path) -> None:
    """Remember the text of newly applied migrations, and the tables as they made them."""
    applied, known = migrations.applied_ids(connection), definition.recorded(connection, "migration")
    new = [one for one in migrations.read(folder) if one.id in applied and one.id not in known]
    if not new and definition.recorded(connection, "table"):
        return
    tables = definition.names_held(connection, "table")
    definition.forget(connection, "table", definition.recorded(connection, "table").keys() - tables)
    for table in sorted(tables):
        definition.record(
            connection, "table", table, "", definition.definition_checksum(connection, "table", table)
        )
    for migration in new:
        definition.record(connection, "migration", migration.id, migrations.migration_checksum(migration))


@contextmanager
def _alone(dsn: Dsn) -> "Iterator[Connection[Any]]":
    """A connection that holds this database's advisory lock: a second operator waits, but not for ever."""
    with connected(dsn) as connection:
        try:
            ((granted,),) = query(
                connection, "SELECT GET_LOCK(CONCAT('headgate.', DATABASE()), %s)", LOCK_SECONDS
            )
            if not granted:
                raise DatabaseProblem(
                    f"Another operator is migrating {dsn.database}; waited {LOCK_SECONDS} seconds."
                )
            yield connection
        except MySQLError as error:
            raise DatabaseProblem(f"{dsn.database} could not be migrated: {sentence(error)}") from error
