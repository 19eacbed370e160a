"""Database URLs, and connections whose session is the same whatever the server's defaults are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import Cursor, DictCursor
from pymysql.err import MySQLError

from service.database.problem import DatabaseProblem, sentence

# Routines and triggers keep the mode, character set and collation of the session that creates them,
# so the owner's session never leaves them to the server's configuration.
SQL_MODE = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)
CHARSET = "utf8mb4"
COLLATION = "utf8mb4_0900_ai_ci"
SESSION = f"SET NAMES {CHARSET} COLLATE {COLLATION}, time_zone = '+00:00', sql_mode = '{SQL_MODE}'"

_OPTIONS = {"unix_socket", "charset"}


@dataclass(frozen=True)
class Dsn:
    """Where a database is and who opens it: `mysql://user:password@host:3306/name?unix_socket=/path`."""

    user: str
    password: str = field(repr=False)
    host: str
    port: int
    database: str
    unix_socket: str | None = None

    @classmethod
    def parse(cls, url: str) -> "Dsn":
        """Read a URL; a `DatabaseProblem` says what is wrong with it, without repeating the password."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        if parts.scheme != "mysql":
            raise DatabaseProblem(
                f"A database URL starts with mysql://, not with {parts.scheme or 'nothing'}://."
            )
        if unknown := sorted(options.keys() - _OPTIONS):
            raise DatabaseProblem(
                f"A database URL takes no option {unknown[0]!r}; only unix_socket and charset."
            )
        if not parts.path.strip("/"):
            raise DatabaseProblem("The database URL names no database: mysql://user:password@host:3306/name.")
        try:
            port = parts.port or 3306
        except ValueError:
            raise DatabaseProblem("The port of the database URL is not a number.") from None
        return cls(
            user=unquote(parts.username or "root"),
            password=unquote(parts.password or ""),
            host=parts.hostname or "localhost",
            port=port,
            database=unquote(parts.path.strip("/")),
            unix_socket=options.get("unix_socket"),
        )

    @property
    def url(self) -> str:
        """The same as text."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = f"?{urlencode({'unix_socket': self.unix_socket}, safe='/')}" if self.unix_socket else ""
        return f"mysql://{quote(self.user, safe='')}{secret}@{host}:{self.port}/{quote(self.database)}{query}"

    def login_as(self, user: str, password: str) -> "Dsn":
        """The same database, opened by another account."""
        return replace(self, user=user, password=password)


def driver_options(dsn: Dsn) -> dict[str, Any]:
    """What PyMySQL and aiomysql are both given to reach the database."""
    options: dict[str, Any] = {"user": dsn.user, "password": dsn.password}
    if dsn.unix_socket:
        options["unix_socket"] = dsn.unix_socket
    else:
        options |= {"host": dsn.host, "port": dsn.port}
    return options


def open_connection(
    dsn: Dsn, *, database: bool = True, cursor: type[Cursor] = Cursor, timeout: int = 10
) -> "Connection[Any]":
    """Open a connection with autocommit and the fixed session; the caller closes it."""
    # Nobody listens at a socket of this machine, and reading all authorities takes longer than all else.
    return pymysql.connect(
        ssl_disabled=dsn.unix_socket is not None,
        **driver_options(dsn),
        database=dsn.database if database else None,
        charset=CHARSET,
        autocommit=True,
        init_command=SESSION,
        connect_timeout=timeout,
        cursorclass=cursor,
    )


@contextmanager
def connected(
    dsn: Dsn, *, database: bool = True, cursor: type[Cursor] = DictCursor
) -> "Iterator[Connection[Any]]":
    """A connection for a block; one that cannot be opened is told in one sentence."""
    try:
        connection = open_connection(dsn, database=database, cursor=cursor)
    except MySQLError as error:
        where = dsn.unix_socket or f"{dsn.host}:{dsn.port}"
        raise DatabaseProblem(
            f"Cannot open {dsn.database} at {where} as {dsn.user}: {sentence(error)}."
        ) from error
    try:
        yield connection
    finally:
        # A lost server has closed it already.
        if connection.open:
            connection.close()


def query(connection: "Connection[Any]", sql: str, *args: object) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows as tuples, whatever cursor the connection prefers."""
    with connection.cursor(Cursor) as cursor:
        cursor.execute(sql, args or None)
        return list(cursor.fetchall())


def quoted(name: str) -> str:
    """An identifier in backticks."""
    return "`" + name.replace("`", "``") + "`"
