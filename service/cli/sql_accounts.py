"""headgate sql-account: logins for people who ask in SQL."""

import shlex
import time
from typing import Any

import click
from pymysql.connections import Connection

from service.cli import environment
from service.cli.screen import OUT
from service.database import logins, xa
from service.database.connection import Dsn, connected
from service.transfer.people import find_user

leave_xa = click.option(
    "--leave-xa",
    is_flag=True,
    help="Leave prepared XA transactions alone: they may be those of other programs.",
)


@click.group("sql-account")
def sql_account() -> None:
    """Logins of people who ask in SQL: an analyst reads, a planner also changes."""


@sql_account.command()
@click.argument("name")
@click.option("--user", required=True, metavar="USER", help="The user for whom the login speaks.")
@click.option("--plan", is_flag=True, help="A planner, who also changes; otherwise an analyst, who reads.")
@click.option("--from", "host", default="%", show_default=True, metavar="HOST", help="As in MySQL accounts.")
def create(name: str, user: str, plan: bool, host: str) -> None:
    """Make a MySQL account called NAME that sees and may do what USER may, and show its password once.

    It may have 10 sessions at once, and needs TLS where the server has it and is reached over a network.

    \b
    headgate sql-account create ana --user demo
    headgate sql-account create ana --user demo --from 10.0.0.% --plan
    """
    owner = environment.owner()
    with connected(owner) as connection:
        role = "planner" if plan else "analyst"
        made = logins.create(connection, name, host, find_user(connection, user, user), role)
    OUT.print(f"{name}@{host} speaks for {user}, as {role}.", markup=False)
    OUT.print(f"Password, shown only now: {made.password}", markup=False)
    OUT.print(f"Connect: {_client_line(owner, name, tls=made.tls)}", markup=False)


@sql_account.command("list")
def list_() -> None:
    """The logins that are bound to a user, an account a line.

    \b
    headgate sql-account list
    """
    rows = [("login", "from", "user", "role", "sessions", "TLS", "since (UTC)")]
    with connected(environment.owner()) as connection:
        for one in logins.listed(connection):
            most, tls = f"at most {one.connections}" if one.connections else "any", "yes" if one.tls else "no"
            rows.append(
                (one.name, one.host, one.username, one.role, most, tls, f"{one.since:%Y-%m-%d %H:%M}")
            )
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        OUT.print("  ".join(map(str.ljust, row, widths)).rstrip(), markup=False)


@sql_account.command()
@click.argument("name")
@leave_xa
def revoke(name: str, leave_xa: bool) -> None:
    """Take the login NAME away, with all its accounts, and end its open sessions.

    Prepared XA transactions that hold tables of ours for no session are rolled back.

    \b
    headgate sql-account revoke ana
    """
    with connected(environment.owner()) as connection:
        hosts, ended = logins.revoke(connection, name)
        accounts = ", ".join(f"{name}@{host}" for host in hosts)
        OUT.print(f"{accounts or name} is gone; {ended} open sessions were ended.", markup=False)
        if not leave_xa:
            _roll_back(connection, xa.left_behind(connection))


@sql_account.command()
@click.option("--seconds", type=click.IntRange(1), default=60, show_default=True)
@click.option("--once", is_flag=True, help="Look once and end, for a timer.")
@leave_xa
def watch(seconds: int, once: bool, leave_xa: bool) -> None:
    """End sessions of bound logins whose statement or transaction takes longer than that, until Ctrl-C.

    MySQL has no such limit that a login could not lift for itself. A session with an XA transaction ends
    whatever its age. Prepared ones that hold tables of ours for no session, and still do a second later, are
    rolled back.

    \b
    headgate sql-account watch --seconds 120
    headgate sql-account watch --once
    """
    prepared: set[str] = set()
    with connected(environment.owner()) as connection:
        while True:
            _end(connection, logins.overdue(connection, seconds))
            if not leave_xa:
                _end(connection, xa.sessions(connection, seconds))
                before, prepared = prepared, xa.left_behind(connection)
                _roll_back(connection, prepared & before)
                prepared -= before
            if once and not prepared:
                return
            time.sleep(1)


def _end(connection: "Connection[Any]", found: list[tuple[int, str]]) -> None:
    logins.end_sessions(connection, [number for number, _ in found])
    for number, name in found:
        OUT.print(f"Ended session {number} of {name}.", markup=False)


def _roll_back(connection: "Connection[Any]", xids: set[str]) -> None:
    for xid in xa.roll_back(connection, xids):
        OUT.print(f"Rolled back the prepared transaction {xid}.", markup=False)


def _client_line(owner: Dsn, name: str, *, tls: bool) -> str:
    """How to open the database with MySQL's own client; it asks for the password."""
    where = (
        [f"--socket={owner.unix_socket}"]
        if owner.unix_socket
        else [f"--host={owner.host}", f"--port={owner.port}", *(["--ssl-mode=REQUIRED"] if tls else [])]
    )
    return shlex.join(["mysql", *where, f"--user={name}", "--password", owner.database])
