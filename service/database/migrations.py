"""Numbered migrations, through yoyo: history, applied once, never edited."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymysql.connections import Connection
from pymysql.err import IntegrityError, MySQLError
from yoyo import exceptions, read_migrations
from yoyo.backends.core.mysql import MySQLBackend
from yoyo.connections import parse_uri
from yoyo.migrations import Migration, MigrationList, default_migration_table, read_sql_migration

from service.database.connection import Dsn, open_connection, query
from service.database.definition import file_checksum
from service.database.problem import DatabaseProblem, sentence

LOCK_SECONDS = 60

# A rollback meets these when the statement it undoes never ran: no such table, column, key or routine.
_NOT_THERE = {1051, 1054, 1091, 1146, 1176, 1305, 3821, 3940}

# yoyo logs a failed undo with a stack trace; the failure itself is raised and told in one sentence.
logging.getLogger("yoyo.migrations").addHandler(logging.NullHandler())
logging.getLogger("yoyo.migrations").propagate = False


class Backend(MySQLBackend):  # type: ignore[misc]  # yoyo has no types
    """yoyo's MySQL, over our own connections and with a lock that does not outlive its holder."""

    has_transactional_ddl = False

    def __init__(self, dsn: Dsn, migration_table: str = default_migration_table) -> None:
        self._dsn = dsn
        self._locked = False
        super().__init__(parse_uri(dsn.url), migration_table)
        self.has_transactional_ddl = False

    def connect(self, dburi: object) -> "Connection[Any]":
        return open_connection(self._dsn)

    def quote_identifier(self, identifier: str) -> str:
        """Quote a name as our sessions read it, where yoyo asks the server anew for each of some hundreds."""
        return f"`{identifier}`"

    def copy(self) -> "Backend":
        return Backend(self._dsn, self.migration_table)

    @contextmanager
    def lock(self, timeout: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold yoyo's lock row uncommitted: MySQL takes it back when this process or the server is lost."""
        if self._locked:
            yield
            return
        self.create_lock_table()
        holder = open_connection(self._dsn)
        try:
            query(holder, f"SET innodb_lock_wait_timeout = {int(timeout)}")
            query(holder, "START TRANSACTION")
            _insert_lock_row(holder)
            self._locked = True
            yield
        finally:
            self._locked = False
            holder.close()

    def create_lock_table(self) -> None:
        query(
            self.connection,
            "CREATE TABLE IF NOT EXISTS yoyo_lock"
            " (locked INT DEFAULT 1, ctime TIMESTAMP, pid INT NOT NULL, PRIMARY KEY (locked))",
        )


def _insert_lock_row(holder: "Connection[Any]") -> None:
    try:
        query(
            holder, "INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, UTC_TIMESTAMP(), CONNECTION_ID())"
        )
    except IntegrityError as error:
        raise DatabaseProblem(
            "yoyo holds the migration lock of this database; if no yoyo runs any more, run `yoyo break-lock`."
        ) from error
    except MySQLError as error:
        raise DatabaseProblem(
            f"Another migration did not end in {LOCK_SECONDS} seconds: {sentence(error)}"
        ) from error


def read(folder: Path) -> MigrationList:
    """All migrations of a folder, in order of their numbers."""
    return read_migrations(str(folder))


def applied_ids(connection: "Connection[Any]") -> set[str]:
    """Ids of the migrations that this database has had; none if yoyo never came here."""
    if not query(connection, f"SHOW TABLES LIKE '{default_migration_table.replace('_', chr(92) + '_')}'"):
        return set()
    return {name for (name,) in query(connection, f"SELECT migration_id FROM {default_migration_table}")}


def apply_pending(backend: Backend, migrations: MigrationList) -> list[str]:
    """Apply what is pending, in order; what failed half way last time is undone first. Returns the ids."""
    pending = list(backend.to_apply(migrations))
    if not pending:
        return []
    connection = backend.connection
    # MySQL commits each DDL statement by itself: remember of which migration some may be there.
    query(
        connection,
        "CREATE TABLE IF NOT EXISTS migration_begun (migration_id VARCHAR(255) NOT NULL PRIMARY KEY)",
    )
    for migration in pending:
        if query(connection, "SELECT 1 FROM migration_begun WHERE migration_id = %s", migration.id):
            _undo_unfinished(connection, migration)
        query(connection, "INSERT IGNORE INTO migration_begun VALUES (%s)", migration.id)
        _run(backend.apply_one, migration, "applied")
        query(connection, "DELETE FROM migration_begun")
    query(connection, "DROP TABLE migration_begun")
    return [migration.id for migration in pending]


def roll_back_last(backend: Backend, migrations: MigrationList) -> str | None:
    """Undo the newest applied migration; returns its id, or nothing when none is applied."""
    for migration in backend.to_rollback(migrations):
        _run(backend.rollback_one, migration, "rolled back")
        return str(migration.id)
    return None


def rollback_path(migration: Migration) -> Path:
    """The file that undoes a migration."""
    return Path(migration.path).with_suffix(".rollback.sql")


def migration_checksum(migration: Migration) -> str:
    """SHA-256 of a migration's file."""
    return file_checksum(Path(migration.path))


def _run(step: Any, migration: Migration, verb: str) -> None:
    migration.load()
    if migration.use_transactions:
        raise DatabaseProblem(f"Migration {migration.id} does not start with `-- transactional: false`.")
    try:
        step(migration)
    except (MySQLError, exceptions.BadMigration) as error:
        raise DatabaseProblem(f"Migration {migration.id} was not {verb}: {sentence(error)}") from error


def _undo_unfinished(connection: "Connection[Any]", migration: Migration) -> None:
    """Run the rollback file over what an earlier attempt left, whichever of its statements that was."""
    for statement in read_sql_migration(str(rollback_path(migration)))[2]:
        try:
            query(connection, statement)
        except MySQLError as error:
            if error.args[0] not in _NOT_THERE:
                raise DatabaseProblem(
                    f"Migration {migration.id} failed before and its rest cannot be undone: {sentence(error)}"
                ) from error
