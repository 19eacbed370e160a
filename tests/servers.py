"""The servers of a test run: private ones, started once by the run's controller and found by the environment.

HEADGATE_MYSQL chooses the series of MySQL (8.0, 9.7). Servers that already run are used instead when
HEADGATE_TEST_MYSQL_URL and HEADGATE_TEST_REDIS_URL name them.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import refusal
from service.database.connection import Dsn, driver_options, query
from service.embedded import MySQL, Redis, ensure_mysql, ensure_redis

MYSQL_URL = "HEADGATE_TEST_MYSQL_URL"
REDIS_URL = "HEADGATE_TEST_REDIS_URL"

# A statement that another one holds up for so long fails, where MySQL would wait for a year. And much is written at once:
# a writer that fills the log of all waits for pages to go to the disk.
OPTIONS = ("--lock-wait-timeout=100", "--innodb-redo-log-capacity=256M")

# Not information_schema.innodb_trx: it is only renewed when nobody has looked for a tenth of a second, and two
# tests that look in turns keep it as old as it is.
HELD_UP = (
    "SELECT 1 FROM performance_schema.threads AS session"
    " LEFT JOIN performance_schema.data_lock_waits AS waits ON waits.requesting_thread_id = session.thread_id"
    " WHERE session.processlist_id = %s"
    " AND (waits.requesting_thread_id IS NOT NULL OR session.processlist_state = 'User lock')"
)

_RUN = ExitStack()


def start_servers() -> None:
    """Start what the environment does not name, and name it there for this process and its workers."""
    if {MYSQL_URL, REDIS_URL} <= os.environ.keys():
        return
    temporary = tempfile.TemporaryDirectory(prefix="headgate-test-", ignore_cleanup_errors=True)
    folder = Path(_RUN.enter_context(temporary))
    if REDIS_URL not in os.environ:
        redis = _RUN.enter_context(Redis(ensure_redis(), folder / "redis", durable=False))
        os.environ[REDIS_URL] = f"unix://{redis.socket}"
    if MYSQL_URL not in os.environ:
        installation = ensure_mysql(os.environ.get("HEADGATE_MYSQL") or None)
        mysql = _RUN.enter_context(MySQL(installation, folder / "mysql", durable=False, extra=OPTIONS))
        os.environ[MYSQL_URL] = f"mysql://root@localhost/mysql?unix_socket={mysql.socket}"


def what_mysql_does() -> str:
    """Its sessions, and which of them wait for which, for whoever asks why a test hangs."""
    asked = (
        "SELECT id, user, db, time, state, LEFT(info, 200) FROM performance_schema.processlist WHERE command <> 'Sleep'",
        "SELECT * FROM sys.innodb_lock_waits",
        "SELECT * FROM sys.schema_table_lock_waits",
    )
    try:
        options = driver_options(Dsn.parse(os.environ[MYSQL_URL]))
        with pymysql.connect(**options, connect_timeout=10, read_timeout=10) as connection:
            return "\n".join(str(row) for statement in asked for row in query(connection, statement))
    except pymysql.MySQLError as error:
        return f"It does not answer: {error!r}"


def stop_servers() -> None:
    """Stop what `start_servers` started and remove its data."""
    _RUN.close()


@contextmanager
def raw_refusals(connection: "Connection[DictCursor]") -> Iterator[None]:
    """In this block a guard's refusal of a raw statement is raised as `Refused`, as a call's is."""
    try:
        yield
    except pymysql.MySQLError as error:
        raise refusal(connection, error) from error


def run(connection: "Connection[DictCursor]", statement: str, *args: object) -> list[dict[str, Any]]:
    """Run one raw statement, as somebody at a prompt would, and return its rows."""
    with raw_refusals(connection), connection.cursor() as cursor:
        cursor.execute(statement, args or None)
        return list(cursor.fetchall())


def is_held_up(connection: "Connection[DictCursor]", session: int) -> bool:
    """Whether a session, by its connection id, waits for a row that another has locked, or for a user lock."""
    return bool(run(connection, HELD_UP, session))
