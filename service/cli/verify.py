"""headgate verify: recompute everything that is derived and count what does not agree."""

import click
from rich.table import Table

from service.cli import environment
from service.cli.screen import OUT
from service.database.calls import call
from service.database.connection import connected, query


@click.command()
@click.option("--workspace", type=int, metavar="ID", help="Only this one; otherwise all of them.")
def verify(workspace: int | None) -> None:
    """Prove that no workspace breaks a rule: a table of invariants and how often each is violated.

    Exits with 1 if any is.

    \b
    headgate verify
    headgate verify --workspace 7
    """
    table = Table("workspace", "invariant", "violations")
    violations = count = 0
    with connected(environment.owner()) as connection:
        known = [number for (number,) in query(connection, "SELECT id FROM workspace ORDER BY id")]
        if workspace is not None and workspace not in known:
            raise click.ClickException(f"There is no workspace {workspace}.")
        for number in known if workspace is None else [workspace]:
            count += 1
            for row in call(connection, "verify_workspace", None, number):
                violations += row["violations"]
                style = "bold red" if row["violations"] else None
                table.add_row(str(number), row["invariant"], str(row["violations"]), style=style)
    OUT.print(table)
    where = "1 workspace" if count == 1 else f"{count} workspaces"
    if violations:
        raise click.ClickException(f"{violations} violations in {where}.")
    OUT.print(f"No violations in {where}.")
