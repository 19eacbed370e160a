"""SQL logins of people: a MySQL account, bound to one user, with a role, a limit and a password of its own.

The binding is the login's name, without the host: all accounts of one name are the same login, and speak
for the same user.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.database.accounts import register
from service.database.connection import query, quoted
from service.database.grants import role_name
from service.database.problem import DatabaseProblem, denied

# Sessions that one account may have at once. MySQL enforces this; for how long a statement may run it has no
# limit that the account could not lift itself, hence `overdue`.
CONNECTIONS = 10

# Hosts from which a password cannot be overheard.
_LOCAL = ("localhost", "127.0.0.1", "::1")

_CANNOT_USER = 1396


@dataclass(frozen=True)
class Login:
    """One MySQL account of a login."""

    name: str
    host: str
    username: str
    role: str
    connections: int
    tls: bool
    since: datetime


@dataclass(frozen=True)
class Made:
    """A new account, and the only time that its password is seen."""

    password: str
    tls: bool


def create(connection: "Connection[Any]", name: str, host: str, user_id: int, role: str) -> Made:
    """Make the account `name`@`host` with a role of this database, bound to a user."""
    if not 0 < len(name) <= 32 or not name.isprintable() or name != name.strip():
        raise DatabaseProblem(f"A login has 1 to 32 printable characters, which {name!r} has not.")
    is_new = _require_free(connection, name, host, user_id)
    account = f"{quoted(name)}@{quoted(host)}"
    granted = f"{quoted(role_name(_database(connection), role))}@`%`"
    made = Made(secrets.token_urlsafe(24), _needs_tls(connection, host))
    try:
        query(
            connection,
            f"CREATE USER {account} IDENTIFIED BY {connection.escape(made.password)}"
            f" REQUIRE {'SSL' if made.tls else 'NONE'} WITH MAX_USER_CONNECTIONS {CONNECTIONS}",
        )
    except MySQLError as error:
        if error.args[0] == _CANNOT_USER:
            raise DatabaseProblem(f"MySQL has an account {name}@{host} already.") from error
        raise denied(error, f"The account {name}@{host} could not be made", "CREATE USER") from error
    try:
        query(connection, f"GRANT {granted} TO {account}")
        query(connection, f"SET DEFAULT ROLE {granted} TO {account}")
        register(connection, name, user_id)
    except BaseException as error:
        # Half an account is none.
        query(connection, f"DROP USER IF EXISTS {account}")
        if is_new:
            _unbind(connection, name)
        if isinstance(error, MySQLError):
            raise denied(error, f"{name}@{host} could not be given its role", "ROLE_ADMIN") from error
        raise
    return made


def listed(connection: "Connection[Any]") -> list[Login]:
    """Every account of every login that is bound to a user."""
    rows = query(
        connection,
        "SELECT bound.login, account.host, app_user.username, SUBSTRING_INDEX(edge.from_user, '_', -1),"
        " account.max_user_connections, account.ssl_type <> '', bound.created_at"
        " FROM sql_account AS bound JOIN app_user ON app_user.id = bound.user_id"
        " JOIN mysql.user AS account ON account.user = bound.login"
        " JOIN mysql.role_edges AS edge ON edge.to_user = account.user AND edge.to_host = account.host"
        " WHERE edge.from_user IN (%s, %s) ORDER BY bound.login, account.host",
        *_roles(connection),
    )
    return [
        Login(name, host, username, role, connections, bool(tls), since)
        for name, host, username, role, connections, tls, since in rows
    ]


def revoke(connection: "Connection[Any]", name: str) -> tuple[list[str], int]:
    """Take a login away: its binding, its accounts, its open sessions.

    Returns the hosts of the accounts and how many sessions were ended. First the binding: from then on also
    an open session may call nothing and sees nothing.
    """
    if not query(connection, "SELECT 1 FROM sql_account WHERE login = %s AND user_id IS NOT NULL", name):
        raise DatabaseProblem(f"There is no SQL account {name!r} that is bound to a user.")
    hosts = _our_hosts(connection, name)
    _unbind(connection, name)
    try:
        for host in hosts:
            query(connection, f"DROP USER IF EXISTS {quoted(name)}@{quoted(host)}")
        sessions = query(connection, "SELECT id FROM performance_schema.processlist WHERE user = %s", name)
        return hosts, end_sessions(connection, [number for (number,) in sessions])
    except MySQLError as error:
        raise denied(
            error,
            f"{name} speaks for nobody any more, but its account or its sessions are still there",
            "CREATE USER, PROCESS, CONNECTION_ADMIN",
        ) from error


def overdue(connection: "Connection[Any]", seconds: int) -> list[tuple[int, str]]:
    """Sessions of bound logins, by id and name, whose statement or transaction is older than that."""
    # Not information_schema.processlist: with an emoji in any session's statement 9.7 cannot read it.
    # InnoDB gives the time of the server's machine.
    query(connection, "SET time_zone = 'SYSTEM'")
    rows = query(
        connection,
        "SELECT session.id, session.user FROM performance_schema.processlist AS session"
        " JOIN sql_account AS bound ON bound.login = session.user AND bound.user_id IS NOT NULL"
        " LEFT JOIN information_schema.innodb_trx AS open ON open.trx_mysql_thread_id = session.id"
        " WHERE (session.command <> 'Sleep' AND session.time >= %s)"
        " OR open.trx_started <= NOW() - INTERVAL %s SECOND",
        seconds,
        seconds,
    )
    return [(int(number), str(name)) for number, name in rows]


def end_sessions(connection: "Connection[Any]", numbers: list[int]) -> int:
    """End sessions whole, for an interrupted CALL would keep its lock; returns how many there still were."""
    ended = 0
    for number in numbers:
        try:
            query(connection, f"KILL {int(number)}")
            ended += 1
        except MySQLError as error:
            if error.args[0] != 1094:  # it has gone by itself
                raise
    _await_end(connection, set(numbers))
    return ended


def _await_end(connection: "Connection[Any]", numbers: set[int]) -> None:
    """Wait some seconds for sessions to be gone: KILL only asks them to go, and undoing may take long."""
    for _ in range(100):
        rows = query(connection, "SELECT id FROM performance_schema.processlist")
        if numbers.isdisjoint(number for (number,) in rows):
            return
        time.sleep(0.05)


def _require_free(connection: "Connection[Any]", name: str, host: str, user_id: int) -> bool:
    """Whether the login is new; a `DatabaseProblem` if it is somebody else's."""
    bound = query(
        connection,
        "SELECT bound.user_id, app_user.username FROM sql_account AS bound"
        " LEFT JOIN app_user ON app_user.id = bound.user_id WHERE bound.login = %s",
        name,
    )
    try:
        hosts = {row[0] for row in query(connection, "SELECT host FROM mysql.user WHERE user = %s", name)}
    except MySQLError as error:
        raise denied(error, "Which accounts there are cannot be seen", "SELECT ON mysql.*") from error
    ours = set(_our_hosts(connection, name))
    if bound and bound[0][0] is None:
        raise DatabaseProblem(f"{name!r} is Headgate's own login, which speaks for any user: choose another.")
    if foreign := sorted(hosts - ours):
        raise DatabaseProblem(
            f"MySQL has an account {name}@{foreign[0]} that Headgate has not made, and a login is known by"
            " its name alone: choose another."
        )
    if bound and bound[0][0] != user_id:
        raise DatabaseProblem(
            f"The login {name} speaks for {bound[0][1]}, from whatever host: choose another, or revoke it."
        )
    if host in hosts:
        raise DatabaseProblem(f"{name}@{host} is there already; revoke it to give it a new password.")
    return not bound


def _our_hosts(connection: "Connection[Any]", name: str) -> list[str]:
    """The hosts of the accounts of this name that hold a role of ours for people."""
    rows = query(
        connection,
        "SELECT to_host FROM mysql.role_edges WHERE to_user = %s AND from_user IN (%s, %s) ORDER BY to_host",
        name,
        *_roles(connection),
    )
    return [str(host) for (host,) in rows]


def _needs_tls(connection: "Connection[Any]", host: str) -> bool:
    """Whether to insist on TLS: where passwords travel, and the server has a certificate."""
    ((is_local,),) = query(connection, "SELECT @@skip_networking")
    if is_local or host in _LOCAL:
        return False
    return any(
        value for _, value in query(connection, "SHOW GLOBAL STATUS LIKE 'Ssl\\_server\\_not\\_after'")
    )


def _unbind(connection: "Connection[Any]", name: str) -> None:
    query(connection, "DELETE FROM sql_account WHERE login = %s", name)


def _roles(connection: "Connection[Any]") -> tuple[str, str]:
    database = _database(connection)
    return role_name(database, "analyst"), role_name(database, "planner")


def _database(connection: "Connection[Any]") -> str:
    ((database,),) = query(connection, "SELECT DATABASE()")
    return str(database)
