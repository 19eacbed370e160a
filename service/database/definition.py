"""What the server holds, as checksums: the second half of knowing that nobody changed it by hand."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pymysql.connections import Connection

from service.database.connection import query, quoted
from service.database.problem import DatabaseProblem

# Where each kind is listed. Events are listed because none of them is ours.
_LISTS = {
    "table": "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
    "procedure": "SELECT routine_name FROM information_schema.routines"
    " WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'",
    "function": "SELECT routine_name FROM information_schema.routines"
    " WHERE routine_schema = DATABASE() AND routine_type = 'FUNCTION'",
    "view": "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()",
    "trigger": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    "event": "SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()",
}

# yoyo's own tables, and the note of an unfinished migration: not part of the schema.
_BOOKKEEPING = re.compile(r"_?yoyo_|migration_begun$")


def names_held(connection: "Connection[Any]", kind: str) -> set[str]:
    """The names of all objects of a kind in the current database."""
    return {name for (name,) in query(connection, _LISTS[kind]) if not _BOOKKEEPING.match(name)}


def definition(connection: "Connection[Any]", kind: str, name: str) -> tuple[str, ...]:
    """The server's own words for an object: its CREATE statement and the session it was made in."""
    (row,) = query(connection, f"SHOW CREATE {kind} {quoted(name)}")
    if kind == "table":
        return (re.sub(r" AUTO_INCREMENT=\d+", "", row[1]),)
    if kind == "view":
        return (row[1], row[2], row[3])
    if row[2] is None:
        raise DatabaseProblem(
            f"This login may not read the definition of {kind} {name}: it is not the owner."
        )
    return tuple(str(part) for part in row[1:6])


def create_statement(connection: "Connection[Any]", kind: str, name: str) -> str:
    """The statement that would make a routine or trigger again."""
    return definition(connection, kind, name)[1]


def definition_checksum(connection: "Connection[Any]", kind: str, name: str) -> str:
    """SHA-256 of an object's definition."""
    return checksum("\n".join(definition(connection, kind, name)))


def checksum(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def file_checksum(path: Path) -> str:
    """SHA-256 of a file, as sha256sum prints it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(
    connection: "Connection[Any]", kind: str, name: str, checksum: str, definition: str | None = None
) -> None:
    """Remember what was loaded and what the server then held."""
    query(
        connection,
        "INSERT INTO schema_object (kind, name, checksum, definition_checksum) VALUES (%s, %s, %s, %s) AS new"
        " ON DUPLICATE KEY UPDATE checksum = new.checksum, definition_checksum = new.definition_checksum",
        kind,
        name,
        checksum,
        definition,
    )


def forget(connection: "Connection[Any]", kind: str, names: Iterable[str]) -> None:
    """Remember no longer."""
    for name in names:
        query(connection, "DELETE FROM schema_object WHERE kind = %s AND name = %s", kind, name)


def recorded(connection: "Connection[Any]", kind: str) -> dict[str, tuple[str, str | None]]:
    """What is remembered of a kind: name -> (checksum of the file, checksum of the definition)."""
    rows = query(
        connection, "SELECT name, checksum, definition_checksum FROM schema_object WHERE kind = %s", kind
    )
    return {name: (file, definition) for name, file, definition in rows}
