"""A workspace as lines of the import format, all of one moment, those first that others wait for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from pymysql.connections import Connection

from service.database.calls import Row, call
from service.database.connection import query

PAGE = 1_000


def export_lines(connection: "Connection[Any]", actor_id: int, workspace_id: int | None) -> Iterator[bytes]:
    """The lines of a workspace; all pages are of one snapshot, so nobody's change shows in half of them."""
    query(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    query(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    try:
        position: str | None = None
        while rows := call(connection, "export_tasks", actor_id, workspace_id, position, PAGE):
            yield from (_line(row) for row in rows)
            position = rows[-1]["position"]
    finally:
        if connection.open:
            connection.rollback()


def _line(row: Row) -> bytes:
    """One task, without the members that say nothing."""
    task = {name: value for name, value in row.items() if name != "position" and value not in (None, "")}
    for name in ("tags", "depends_on"):
        values = orjson.loads(task.pop(name, "[]") or "[]")
        if values:
            task[name] = values
    if isinstance(due := task.get("due_at"), datetime):
        task["due_at"] = f"{due.isoformat()}Z"
    return orjson.dumps(task) + b"\n"
