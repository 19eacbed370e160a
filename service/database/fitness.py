"""Whether this server and this login can hold the schema: one sentence when they cannot."""

import re
from typing import Any

from pymysql.connections import Connection

from service.database.connection import CHARSET, COLLATION, query, quoted
from service.database.problem import DatabaseProblem

OLDEST = (8, 0, 19)

# Role names are "{database}_analyst" and the like, and MySQL gives them 32 characters.
LONGEST_NAME = 32 - len("_analyst")


def require_fit_server(connection: "Connection[Any]") -> None:
    """Raise a `DatabaseProblem` about the first thing that would make migrating fail half way."""
    ((version, comment, database),) = query(connection, "SELECT VERSION(), @@version_comment, DATABASE()")
    _require_version(str(version), str(comment))
    if len(database) > LONGEST_NAME:
        raise DatabaseProblem(
            f"The database name {database!r} has more than {LONGEST_NAME} characters, too many for its roles."
        )
    privileges = _global_privileges(connection)
    if "CREATE ROLE" not in privileges and "CREATE USER" not in privileges:
        raise DatabaseProblem(
            "This login may not create roles: let an administrator run"
            " GRANT CREATE ROLE, CREATE USER, ROLE_ADMIN ON *.* TO it."
        )
    ((logging, trusted),) = query(connection, "SELECT @@log_bin, @@log_bin_trust_function_creators")
    if logging and not trusted and "SUPER" not in privileges:
        raise DatabaseProblem(
            "This server writes a binary log, so creating triggers needs log_bin_trust_function_creators = 1:"
            " set it in the server's configuration or parameter group."
        )


def use_our_character_set(connection: "Connection[Any]") -> None:
    """Give the database the character set that parameters and variables of routines take from it."""
    rows = query(
        connection,
        "SELECT schema_name FROM information_schema.schemata"
        " WHERE schema_name = DATABASE() AND default_collation_name <> %s",
        COLLATION,
    )
    for (name,) in rows:
        query(connection, f"ALTER DATABASE {quoted(name)} CHARACTER SET {CHARSET} COLLATE {COLLATION}")


def _require_version(version: str, comment: str) -> None:
    if "mariadb" in f"{version} {comment}".lower():
        raise DatabaseProblem(f"This server is MariaDB ({version}); Headgate needs MySQL 8.0.19 or newer.")
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers < OLDEST:
        raise DatabaseProblem(f"This server is MySQL {version}; Headgate needs 8.0.19 or newer.")


def _global_privileges(connection: "Connection[Any]") -> set[str]:
    """What the login holds on *.*, its active roles included."""
    granted: set[str] = set()
    for (line,) in query(connection, "SHOW GRANTS"):
        if found := re.match(r"GRANT (.+) ON \*\.\* TO ", line):
            granted |= {word.strip() for word in found[1].split(",")}
    return granted
