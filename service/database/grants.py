"""The rights of the three roles: exactly the lines of sql/grants.sql.

Roles belong to the server and not to a database, so their names begin with the database's:
`headgate_service`, `headgate_analyst`, `headgate_planner`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.database.connection import query, quoted
from service.database.problem import DatabaseProblem, sentence

ROLES = ("service", "analyst", "planner")

_LINE = re.compile(
    r"GRANT (?P<right>[A-Z]+) ON (?:(?P<routine>PROCEDURE|FUNCTION) )?(?P<object>\w+) TO (?P<roles>[\w, ]+);"
)


def role_name(database: str, role: str) -> str:
    """The server-wide name of a role of one database."""
    return f"{database}_{role}"


def make_roles(connection: "Connection[Any]") -> None:
    """Create the roles that are missing."""
    for role in ROLES:
        query(connection, f"CREATE ROLE IF NOT EXISTS {_account(_database(connection), role)}")


def load_grants(connection: "Connection[Any]", path: Path) -> None:
    """Grant what is in the file, revoke what is not."""
    database = _database(connection)
    wanted, held = wanted_grants(path, database), held_grants(connection, database)
    for grant in sorted(held - wanted):
        for statement in _revocations(grant):
            query(connection, statement)
    for grant in sorted(wanted - held):
        try:
            query(connection, grant)
        except MySQLError as error:
            raise DatabaseProblem(f"sql/grants.sql: {grant}: {sentence(error)}") from error


def routine_rights(connection: "Connection[Any]", path: Path) -> Callable[[str, str], list[str]]:
    """A function that says which grants of the file are on a routine of a kind and a name."""
    database = _database(connection)
    wanted = sorted(wanted_grants(path, database))

    def rights(kind: str, name: str) -> list[str]:
        target = f" ON {kind.upper()} {quoted(database)}.{quoted(name)} TO "
        return [grant for grant in wanted if target in grant]

    return rights


def drop_roles(connection: "Connection[Any]") -> None:
    """Remove the roles, with the last migration."""
    for role in ROLES:
        query(connection, f"DROP ROLE IF EXISTS {_account(_database(connection), role)}")


def wanted_grants(path: Path, database: str) -> set[str]:
    """The file's lines, one role each, as SHOW GRANTS would print them."""
    grants = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], 1):
        line = line.partition("--")[0].strip()
        if not line:
            continue
        found = _LINE.fullmatch(line)
        roles = [role.strip() for role in found["roles"].split(",")] if found else []
        if not found or not set(roles) <= set(ROLES):
            raise DatabaseProblem(
                f"sql/grants.sql line {number} is not GRANT right ON object TO roles: {line}"
            )
        routine = f"{found['routine']} " if found["routine"] else ""
        target = f"{routine}{quoted(database)}.{quoted(found['object'])}"
        grants |= {f"GRANT {found['right']} ON {target} TO {_account(database, role)}" for role in roles}
    return grants


def held_grants(connection: "Connection[Any]", database: str) -> set[str]:
    """What the server says the roles hold, without the empty USAGE; a role that is missing holds nothing."""
    grants: set[str] = set()
    for role in ROLES:
        try:
            lines = query(connection, f"SHOW GRANTS FOR {_account(database, role)}")
        except MySQLError as error:
            if error.args[0] == 1141:  # no such grant: the role does not exist
                continue
            raise DatabaseProblem(
                "This login may not read the grants of roles: let an administrator run"
                f" GRANT SELECT ON mysql.* TO it. {sentence(error)}"
            ) from error
        grants |= {line for (line,) in lines if not line.startswith("GRANT USAGE ON *.* ")}
    return grants


def _revocations(grant: str) -> Iterator[str]:
    """What takes back one line of SHOW GRANTS."""
    right, _, rest = grant.removeprefix("GRANT ").partition(" TO ")
    role, _, option = rest.partition(" WITH ")
    if not right.startswith("USAGE ON "):
        yield f"REVOKE {right} FROM {role}"
    if option == "GRANT OPTION" and not _is_dynamic(right):
        yield f"REVOKE GRANT OPTION ON {right.partition(' ON ')[2]} FROM {role}"


def _is_dynamic(right: str) -> bool:
    """Whether these are rights such as BACKUP_ADMIN, which take their grant option along."""
    return "_" in right.partition(" ON ")[0]


def _account(database: str, role: str) -> str:
    return f"{quoted(role_name(database, role))}@`%`"


def _database(connection: "Connection[Any]") -> str:
    ((database,),) = query(connection, "SELECT DATABASE()")
    return str(database)
