"""headgate migrate: the schema and everything in sql/."""

import click
from rich.table import Table

from service.cli import environment
from service.cli.screen import OUT
from service.config import Settings
from service.database import difference
from service.database import migrate as database
from service.database.connection import Dsn


@click.group()
def migrate() -> None:
    """Bring the database's schema up, down a step, or check it.

    Works on DATABASE_URL, or on the database that `headgate up` is running. An account named by
    SERVICE_DATABASE_URL is made if it is missing.

    \b
    DATABASE_URL=mysql://root:secret@db.example.org/headgate headgate migrate up
    headgate migrate check && echo "as the files say"
    """


@migrate.command()
def up() -> None:
    """Apply pending migrations; load reference rows, routines, views, triggers and grants.

    Safe to run again, and by two operators at once. What failed half way is completed.

    \b
    headgate migrate up
    """
    service = Settings.from_environment().service_database_url
    outcome = database.up(environment.owner(), Dsn.parse(service) if service else None)
    for name in outcome.migrations:
        OUT.print(f"applied {name}")
    for name in outcome.objects:
        OUT.print(f"loaded {name}")
    if not outcome.migrations and not outcome.objects:
        OUT.print("Nothing to do.")
    for number in outcome.invalid_searches:
        OUT.print(f"Saved search {number} cannot be read any more; who uses it is told why.")


@migrate.command()
def down() -> None:
    """Undo the newest migration.

    Routines, views and triggers are dropped too, because they fit the newest tables only: run
    `migrate up` of the release that you go back to. The data in what is undone is lost.

    \b
    headgate migrate down
    """
    gone = database.down(environment.owner())
    OUT.print(f"rolled back {gone}" if gone else "Nothing is applied.")


@migrate.command()
def status() -> None:
    """Show which migrations are applied, pending or edited.

    \b
    headgate migrate status
    """
    table = Table("migration", "state")
    for name, state in database.status(environment.owner()):
        table.add_row(name, state)
    OUT.print(table)


@migrate.command()
def check() -> None:
    """Exit with 1, naming each difference, unless the database is exactly what the files say.

    Differences are: pending or edited migrations; tables, routines, views or triggers that were
    altered, dropped or added by hand; reference rows; and rights of the three roles.

    \b
    headgate migrate check
    """
    lines = difference.check(environment.owner())
    for line in lines:
        OUT.print(line, markup=False)
    if lines:
        raise click.ClickException(f"The database differs from the files in {len(lines)} places.")
    OUT.print("The database is what the files say.")
