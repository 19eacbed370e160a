"""headgate user: people, made at the console."""

import sys

import bcrypt
import click
from marshmallow import ValidationError

from service.cli import environment
from service.cli.screen import OUT
from service.config import Settings
from service.database.calls import call
from service.database.connection import connected
from service.errors import invalid
from service.schemas.users import NewUser


@click.group()
def user() -> None:
    """Users of the running database."""


@user.command()
@click.argument("name")
@click.option("--email", required=True)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, not from a prompt."
)
def create(name: str, email: str, password_stdin: bool) -> None:
    """Make a user called NAME, with a personal workspace.

    \b
    headgate user create ada --email ada@example.org
    pass show headgate | headgate user create ada --email ada@example.org --password-stdin
    """
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    try:
        wanted = NewUser().load({"username": name, "email": email, "password": password})
    except ValidationError as error:
        refused = invalid(error)
        told = " ".join(f"{field}: {' '.join(texts)}" for field, texts in refused.facts["errors"].items())
        raise click.ClickException(told) from error
    digest = bcrypt.hashpw(
        wanted["password"].encode(), bcrypt.gensalt(Settings.from_environment().bcrypt_cost)
    )
    with connected(environment.owner()) as connection:
        (row,) = call(connection, "create_user", wanted["username"], wanted["email"], digest.decode())
    OUT.print(
        f"User {row['username']} is {row['user_id']}, with the personal workspace {row['workspace_id']}."
    )
