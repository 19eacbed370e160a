"""What an import costs: the Debian graph through the command line, against LOAD DATA of the same rows."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.debian import convert
from bench.graph.workspace import Workspace, loaded, open_workspace
from bench.measure import Report, Session, call, seconds
from service.database.connection import Dsn


def importing(report: Report, database: Dsn, session: Session, folder: Path) -> Workspace:
    """`headgate import`, all guards and the change log on, and the bare tables after it."""
    debian, taken, memory = imported(database, session, folder)
    bare = load_data(session, "task", "id, workspace_id, title, description", debian.id)
    bare += load_data(session, "dependency", "workspace_id, task_id, depends_on_id", debian.id)
    report.add("LOAD DATA of the Debian graph into bare tables", bare, "s")
    report.add("import of the Debian graph", taken, "s")
    report.add("import of the Debian graph against LOAD DATA", taken / bare, "x", 10)
    report.add("resident memory of the importing client", memory, "MiB", 200)
    return debian


def imported(database: Dsn, session: Session, folder: Path) -> tuple[Workspace, float, float]:
    """The Debian graph in a workspace of its own, what `headgate import` took in seconds, and its memory in MiB."""
    user, workspace = open_workspace(session, "debian")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as lines:
        files = (folder / f"debian-bookworm-{what}.tsv.gz" for what in ("packages", "depends"))
        lines.writelines(convert(*files))
        lines.flush()
        command = [sys.executable, "-m", "service.cli", "import", lines.name, "--user", "debian"]
        begun = time.perf_counter()
        client = subprocess.Popen(
            [*command, "--on-cycle", "skip"],
            env=os.environ | {"DATABASE_URL": database.url, "SERVICE_DATABASE_URL": ""},
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(client.pid, 0)
        taken = time.perf_counter() - begun
    assert status == 0, "the import failed"
    return loaded(session, "Debian", user, workspace), taken, usage.ru_maxrss / 1024


def debian_folder(description: str) -> Path:
    """The folder that `--debian` names, for a benchmark that asks for nothing else."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--debian",
        type=Path,
        required=True,
        help="folder of debian-bookworm-packages.tsv.gz and -depends.tsv.gz",
    )
    return Path(parser.parse_args().debian)


def load_data(session: Session, table: str, columns: str, workspace: int) -> float:
    """The rows of a workspace into an empty table of the same columns and indexes, without anything else: seconds."""
    call(session, f"CREATE TABLE bare_{table}_rows LIKE {table}")
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        for row in call(session, f"SELECT {columns} FROM {table} WHERE workspace_id = %s", workspace):
            file.write("\t".join(str(value) for value in row) + "\n")
        file.flush()
        statement = f"LOAD DATA LOCAL INFILE '{file.name}' INTO TABLE bare_{table}_rows ({columns})"
        return seconds(call, session, statement)
