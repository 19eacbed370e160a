"""headgate sql and dsn: the other door, opened with MySQL's own client."""

import os
import shutil
import subprocess
from pathlib import Path

import click

from service.cli import environment
from service.cli.screen import steps
from service.database.connection import Dsn
from service.embedded import ensure_mysql

ROLE = click.option(
    "--as",
    "role",
    type=click.Choice(["owner", "analyst"]),
    default="analyst",
    show_default=True,
    help="owner: all rights on the tables. analyst: the demo user, a planner, through views and procedures.",
)


@click.command(context_settings={"ignore_unknown_options": True})
@ROLE
@click.option("-e", "--execute", metavar="STATEMENT", help="Run this and end.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def sql(role: str, execute: str | None, options: tuple[str, ...]) -> None:
    """A SQL prompt on the running database, in MySQL's own client; other OPTIONS go to it.

    The exit code is the client's: 1 when a statement was refused.

    \b
    headgate sql
    headgate sql -e "CALL list_ready_tasks(NULL, NULL, TRUE, 0, 10)"
    headgate sql -e "CALL help('add_dependency')" --vertical
    headgate sql --as owner < statements.sql
    """
    dsn = environment.account(role)
    arguments = [*_client(), *_address(dsn), f"--prompt={dsn.user}> ", *options, f"--database={dsn.database}"]
    if execute is not None:
        arguments.append(f"--execute={execute}")
    # In the environment the password is seen by this user only; as an argument everybody would see it.
    os.execvpe(arguments[0], arguments, os.environ | {"MYSQL_PWD": dsn.password})


@click.command()
@click.option(
    "--as",
    "role",
    type=click.Choice(environment.OWNERS),
    default="owner",
    show_default=True,
    help="Whose address.",
)
def dsn(role: str) -> None:
    """Print the address of the running database, password included.

    \b
    DATABASE_URL=$(headgate dsn) headgate verify
    headgate dsn --as service
    """
    click.echo(environment.account(role).url)


def _client() -> list[str]:
    """MySQL's client: the one of the running private server, the machine's own, or one that is fetched."""
    if known := environment.find().mysql_client:
        return known
    if (found := shutil.which("mysql")) and not _is_mariadb(Path(found)):
        return [found]
    with steps() as progress:
        return [*ensure_mysql(progress=progress).client, "--default-character-set=utf8mb4"]


def _is_mariadb(client: Path) -> bool:
    said = subprocess.run([client, "--version"], capture_output=True, text=True, check=False).stdout
    return "MariaDB" in said


def _address(dsn: Dsn) -> list[str]:
    if dsn.unix_socket:
        return [f"--socket={dsn.unix_socket}", f"--user={dsn.user}"]
    return [f"--host={dsn.host}", f"--port={dsn.port}", "--protocol=TCP", f"--user={dsn.user}"]
