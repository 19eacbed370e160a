"""What the examples of the documentation answer, on the demo project as it is after `headgate seed`."""

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.cli.demo import seed_demo
from service.database.accounts import make_account, register, register_owner
from service.database.calls import call
from service.database.connection import Dsn, open_connection, query
from service.database.migrate import SQL
from tests.conftest import Database

# As many rows as show what an answer is like, and as much of a cell.
ROWS = 6
CELL = 60
WIDTH = 110

NOW = "2026-01-31 09:30:00"
# Of these years is what happened during the run; the demo's deadlines are in 2030.
_TIME = re.compile(r"\b202\d-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d{6})?")
# A secret is another one each time.
_TOKEN = re.compile(r"\b[0-9a-f]{32,}")


class Demo:
    """A database with the demo's user (1), another called grace (2), a workspace of both (3), and an organization (1).

    It has a workspace (4) in which a team (1) has a role; another organization (2) has nothing. A task (7) has an
    attachment (1), an upload (2) that is open and one (3) that was given up. A search (1) is shared in the workspace (1).
    """

    def __init__(self, database: Database) -> None:
        self.owner = Dsn.parse(database.owner_url)
        self.service = Dsn.parse(database.service_url)
        self.planner = self.owner.login_as(f"{self.owner.database}_demo", secrets.token_hex(16))
        self.begin()

    def begin(self) -> None:
        """Everything as it is after the seed, ids included."""
        with closing(open_connection(self.owner)) as connection:
            kept = {"schema_object", *(path.stem for path in (SQL / "reference").glob("*.csv"))}
            query(connection, "SET information_schema_stats_expiry = 0")
            tables = query(
                connection,
                "SELECT table_name, COALESCE(auto_increment, 1) > 1 FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name NOT LIKE '%yoyo%'",
            )
            query(connection, "SET foreign_key_checks = 0")
            for table, has_counted in tables:
                # Most are as they were, and to truncate one takes MySQL longer than all else here.
                if table not in kept and (
                    has_counted or query(connection, f"SELECT 1 FROM `{table}` LIMIT 1")
                ):
                    query(connection, f"TRUNCATE TABLE `{table}`")
            query(connection, "SET foreign_key_checks = 1")
            register_owner(connection)
            register(connection, self.service.user, None)
            seed_demo(self.owner, 4)
            call(connection, "create_user", "grace", "grace@example.org", "$2b$04$" + "x" * 53)
            call(connection, "create_workspace", 1, "Website")
            call(connection, "set_member", 1, 3, "grace", "member")
            call(connection, "create_organization", 1, "Example Ltd")
            call(connection, "set_organization_member", 1, 1, "grace", "member")
            call(connection, "create_organization_workspace", 1, 1, "Handbook")
            call(connection, "create_team", 1, 1, "Writers")
            call(connection, "add_team_member", 1, 1, "grace")
            call(connection, "set_team_role", 1, 4, 1, "viewer")
            call(connection, "invite_to_workspace", 1, 4, "viewer", 72)
            call(connection, "create_organization", 1, "Old Ltd")
            for name in ("plan.pdf", "map.png", "old.txt"):
                call(connection, "begin_upload", 1, 7, name, 48_211, 2**20, 2**30, 3600)
            call(connection, "finish_upload", 1, 7, 1, 48_211, "c0ffee" * 10 + "c0ff", "application/pdf")
            call(connection, "abandon_upload", 3)
            call(
                connection,
                "create_saved_search",
                1,
                None,
                "next up",
                "is:open priority:high,urgent",
                None,
                True,
            )
            call(connection, "create_comment", 1, 7, "Who looks after the **backups**, @demo?")
            make_account(connection, self.planner, "planner", 1, set_password=True)

    def answer(self, statement: str, *, as_service: bool = False) -> str:
        """What MySQL's client would show, shortened, without what no two runs have in common."""
        dsn = self.service if as_service else self.planner
        with closing(open_connection(dsn)) as connection:
            try:
                parts = [_shown(names, rows) for names, rows in _results(connection, statement)]
            except MySQLError as error:
                parts = [f"ERROR {error.args[0] & 0xFFFF} (45000): {error.args[1]}"]
        text = _TOKEN.sub(lambda found: ("c0ffee" * 11)[: len(found[0])], "\n".join(parts) or "Query OK")
        text = text.replace(self.planner.user, "headgate_demo").replace(self.owner.database, "headgate")
        # On a server that is not the private one.
        return text.replace(self.owner.user, "root")


def _results(
    connection: "Connection[Any]", statement: str
) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while cursor.description:
            yield [column[0] for column in cursor.description], list(cursor.fetchall())
            if not cursor.nextset():
                return


def _shown(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    cells = [[_cell(value) for value in row] for row in rows[:ROWS]]
    more = f"({len(rows)} rows in all)" if len(rows) > ROWS else "" if rows else "Empty set"
    if not rows:
        return more
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    if sum(widths) + 3 * len(widths) + 1 > WIDTH or any("\n" in cell for row in cells for cell in row):
        return "\n".join(
            [*_upright(names, cells[:2]), *([f"({len(rows)} rows in all)"] if len(rows) > 2 else [])]
        )
    line = "+".join(["", *("-" * (width + 2) for width in widths), ""])
    body = [_row(row, widths) for row in cells]
    return "\n".join([line, _row(names, widths), line, *body, line, *([more] if more else [])])


def _upright(names: list[str], cells: list[list[str]]) -> Iterator[str]:
    width = max(map(len, names))
    for number, row in enumerate(cells, 1):
        yield f"{'*' * 27} {number}. row {'*' * 27}"
        for name, cell in zip(names, row, strict=True):
            yield f"{name:>{width}}: {cell}"


def _row(cells: list[str], widths: list[int]) -> str:
    return "|".join(["", *(f" {cell:<{width}} " for cell, width in zip(cells, widths, strict=True)), ""])


def _cell(value: object) -> str:
    text = "NULL" if value is None else f"{value}"
    text = _TIME.sub(lambda found: NOW.replace(" ", found[1]) + (".000000" if found[2] else ""), text)
    if len(text) > CELL and "\n" not in text:
        text = f"{text[: CELL - 3]}..."
    lines = text.splitlines()
    return "\n".join([*lines[:ROWS], "..."]) if len(lines) > ROWS else text
