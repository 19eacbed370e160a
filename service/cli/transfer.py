"""headgate import and export: whole graphs, as JSON Lines."""

import os
import sys
import tempfile
from pathlib import Path

import click
import orjson
from rich.markup import escape
from rich.table import Table

from service.cli import environment
from service.cli.screen import ERR, OUT, byte_bar
from service.database.connection import connected
from service.transfer.exporting import export_lines
from service.transfer.importing import Imported, ImportRefused, import_tasks
from service.transfer.people import find_user, find_workspace

USER = click.option("--user", metavar="NAME", help="Who does it; otherwise the only user, or the demo's.")
WORKSPACE = click.option(
    "--workspace", metavar="ID|NAME", help="Which one; otherwise the user's personal one."
)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@WORKSPACE
@USER
@click.option(
    "--on-cycle",
    type=click.Choice(["refuse", "skip"]),
    default="refuse",
    show_default=True,
    help="skip: leave out each dependency that would close a cycle, and list it.",
)
def import_file(file: Path, workspace: str | None, user: str | None, on_cycle: str) -> None:
    """Import a FILE of tasks, one JSON object a line; - reads standard input.

    All or nothing: every bad line, duplicate key and unknown key is reported with its line number,
    and then nothing is imported. The format is described in docs/import-format.md.

    \b
    headgate import tasks.jsonl
    headgate import graph.jsonl --workspace Debian --on-cycle skip
    """
    total = file.stat().st_size if file.is_file() else None
    with (
        click.open_file(str(file), "rb") as lines,
        connected(environment.owner()) as connection,
        byte_bar(f"Importing {file}", total) as bar,
    ):
        actor = find_user(connection, user, environment.DEMO_USER)
        place = find_workspace(connection, actor, workspace)
        try:
            imported = import_tasks(connection, lines, actor, place, on_cycle, bar.at)
        except ImportRefused as refused:
            for error in refused.errors:
                ERR.print(f"line {error.line}: {error.detail}", markup=False)
            if refused.count > len(refused.errors):
                ERR.print(f"... and {refused.count - len(refused.errors):,} more")
            raise click.ClickException(str(refused)) from refused
    _show(imported)


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@WORKSPACE
@USER
def export_file(file: Path, workspace: str | None, user: str | None) -> None:
    """Export a workspace into FILE, in the format that import reads; - writes to standard output.

    All of it is of one moment. An existing FILE is replaced when the export is complete.

    \b
    headgate export tasks.jsonl
    headgate export - --workspace 7 | gzip > tasks.jsonl.gz
    """
    with connected(environment.owner()) as connection:
        actor = find_user(connection, user, environment.DEMO_USER)
        lines = export_lines(connection, actor, find_workspace(connection, actor, workspace))
        if str(file) == "-":
            sys.stdout.buffer.writelines(lines)
            sys.stdout.flush()
            return
        with tempfile.NamedTemporaryFile(
            dir=file.absolute().parent, prefix=f".{file.name}.", delete=False
        ) as part:
            try:
                count = 0
                for line in lines:
                    part.write(line)
                    count += 1
                part.flush()
                os.fsync(part.fileno())
                # Temporary files are private; what is exported has the rights of any new file.
                umask = os.umask(0)
                os.umask(umask)
                os.fchmod(part.fileno(), 0o666 & ~umask)
                Path(part.name).rename(file)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    OUT.print(f"{count:,} tasks exported to {file}.", markup=False)


def _show(imported: Imported) -> None:
    if imported.skipped:
        table = Table("line", "task", "would wait for", "and close the cycle", title="Left out")
        for row in imported.skipped:
            cycle = " > ".join(orjson.loads(row["cycle"]))
            table.add_row(
                *(escape(str(cell)) for cell in (row["line"], row["task_key"], row["depends_on_key"], cycle))
            )
        OUT.print(table)
    OUT.print(
        f"{imported.tasks:,} tasks and {imported.dependencies:,} dependencies imported into workspace"
        f" {imported.workspace_id} (revision {imported.revision:,});"
        f" {len(imported.skipped):,} dependencies left out."
    )
