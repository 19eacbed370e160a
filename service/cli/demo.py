"""headgate seed: the demo's user, login and project."""

from typing import Any

import bcrypt
import click
from pymysql.connections import Connection

from service.cli import environment
from service.cli.environment import DEMO_PASSWORD, DEMO_USER
from service.cli.screen import OUT
from service.config import Settings
from service.database.calls import call
from service.database.connection import Dsn, connected, query
from service.demo import TASKS
from service.transfer.importing import import_tasks


@click.command()
def seed() -> None:
    """Make the demo user and fill its workspace with a project of thirty tasks, if it has none.

    \b
    headgate seed
    """
    count = seed_demo(environment.owner(), Settings.from_environment().bcrypt_cost)
    done = f"{count} tasks were added." if count else "The demo workspace is there already."
    OUT.print(f"{done} Login: {DEMO_USER} / {DEMO_PASSWORD}")


def seed_demo(owner: Dsn, bcrypt_cost: int) -> int:
    """Make what is missing, also of an interrupted seed; returns how many tasks were added."""
    with connected(owner) as connection:
        user_id, workspace_id = _demo_user(connection, bcrypt_cost)
        if query(connection, "SELECT 1 FROM task WHERE workspace_id = %s LIMIT 1", workspace_id):
            return 0
        with TASKS.open("rb") as file:
            return import_tasks(connection, file, user_id, workspace_id).tasks


def demo_user_id(connection: "Connection[Any]") -> int | None:
    """The demo's user, if there is one."""
    rows = call(connection, "get_credentials", DEMO_USER)
    return int(rows[0]["user_id"]) if rows else None


def task_id(connection: "Connection[Any]", key: str) -> int | None:
    """A task of the demo project by its key, if it is still there."""
    rows = query(
        connection,
        "SELECT task.id FROM task JOIN workspace ON workspace.id = task.workspace_id"
        " JOIN app_user ON app_user.id = workspace.personal_user_id"
        " WHERE app_user.username = %s AND task.task_key = %s",
        DEMO_USER,
        key,
    )
    return int(rows[0][0]) if rows else None


def _demo_user(connection: "Connection[Any]", bcrypt_cost: int) -> tuple[int, int]:
    rows = call(connection, "get_credentials", DEMO_USER)
    if not rows:
        digest = bcrypt.hashpw(DEMO_PASSWORD.encode(), bcrypt.gensalt(bcrypt_cost)).decode()
        rows = call(connection, "create_user", DEMO_USER, f"{DEMO_USER}@example.org", digest)
    return int(rows[0]["user_id"]), int(rows[0]["workspace_id"])
