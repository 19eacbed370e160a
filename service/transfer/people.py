"""Whose workspace a command means when it is typed by somebody who may speak for anybody."""

from typing import Any

from pymysql.connections import Connection

from service.database.calls import call
from service.database.connection import query
from service.database.problem import DatabaseProblem


def find_user(connection: "Connection[Any]", name: str | None, default: str) -> int:
    """The id of the user of that name; without a name the only user there is, or the one called `default`."""
    if name is None:
        rows = query(connection, "SELECT username FROM app_user LIMIT 2")
        name = rows[0][0] if len(rows) == 1 else default
    found = call(connection, "get_credentials", name)
    if not found:
        raise DatabaseProblem(f"There is no user {name!r}: name one with --user.")
    return int(found[0]["user_id"])


def find_workspace(connection: "Connection[Any]", actor_id: int, workspace: str | None) -> int | None:
    """The user's workspace of that id or name; nothing, which means the personal one, without either."""
    if workspace is None or workspace.isdecimal():
        return int(workspace) if workspace else None
    found = [row for row in call(connection, "list_workspaces", actor_id) if row["name"] == workspace]
    if len(found) != 1:
        raise DatabaseProblem(
            f"The user has {len(found) or 'no'} workspaces called {workspace!r}: name one by its id."
        )
    return int(found[0]["workspace_id"])
