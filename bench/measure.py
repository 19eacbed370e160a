"""What every benchmark needs: a durable server of its own, timings side by side, a table and its file."""

import json
import os
import platform
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pymysql
from pymysql.connections import Connection
from rich.console import Console
from rich.table import Table

from service.database import migrate
from service.database.connection import Dsn, open_connection
from service.embedded import private_servers

RESULTS = Path(__file__).resolve().parent / "results"
Session = Connection


@dataclass(frozen=True)
class Result:
    """One line of a published table; `met` is None where there is no bar."""

    operation: str
    measured: float
    unit: str
    bar: float | None
    met: bool | None
    at_least: bool = False


class Report:
    """Lines of one benchmark, printed as they come and written at the end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._results: list[Result] = []

    def add(
        self, operation: str, measured: float, unit: str, bar: float | None = None, *, at_least: bool = False
    ) -> None:
        """Note one figure; the bar is the most that it may be, or the least."""
        met = None if bar is None else measured >= bar if at_least else measured <= bar
        self._results.append(Result(operation, round(measured, 3), unit, bar, met, at_least))
        print(f"{operation}: {measured:.3g} {unit}" + ("" if bar is None else f" (bar {bar:g})"), flush=True)

    def finish(self, about: dict[str, str], *, is_part: bool = False) -> None:
        """Print the table and write bench/results/<name>.json, and beside it what it was measured on.

        What was measured in part takes the places of the same lines of the last whole run.
        """
        table = Table("operation", "measured", "unit", "bar", "met", title=f"{self._name}: {about}")
        for line in self._results:
            bar = "" if line.bar is None else f"{'>=' if line.at_least else '<='} {line.bar:g}"
            met = "" if line.met is None else "yes" if line.met else "NO"
            table.add_row(line.operation, f"{line.measured:.3g}", line.unit, bar, met)
        Console(width=140).print(table)
        RESULTS.mkdir(exist_ok=True)
        file = RESULTS / f"{self._name}.json"
        lines = {line.operation: asdict(line) for line in self._results}
        if is_part:
            lines = {line["operation"]: line for line in json.loads(file.read_text())} | lines
        file.write_text(json.dumps(list(lines.values()), indent=2) + "\n")
        (RESULTS / f"{self._name}.about.json").write_text(json.dumps(about, indent=2) + "\n")


@contextmanager
def durable_database() -> Iterator[Dsn]:
    """A migrated database on a MySQL of its own with durable defaults; BENCH_MYSQL chooses the series."""
    with durable_servers() as (database, _, _):
        yield database


@contextmanager
def durable_servers() -> Iterator[tuple[Dsn, Dsn, str]]:
    """The same, with the account of the service and the address of a Redis beside it."""
    with (
        tempfile.TemporaryDirectory(prefix="headgate-bench-") as folder,
        private_servers(
            os.environ.get("BENCH_MYSQL", "8.0"),
            Path(folder),
            durable=True,
            mysql_options=["--innodb-buffer-pool-size=2G", "--local-infile=1"],
        ) as servers,
    ):
        server = Dsn.parse(f"mysql://root@localhost/mysql?unix_socket={servers.mysql.socket}")
        database = Dsn.parse(server.url.replace("/mysql?", f"/bench_{secrets.token_hex(3)}?"))
        with open_connection(server) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {database.database}")
        service = database.login_as(f"{database.database}_api", secrets.token_hex(16))
        migrate.up(database, service)
        yield database, service, f"unix://{servers.redis.socket}"


def about(session: Session) -> dict[str, str]:
    """The machine and the versions, for the heading of a table."""
    with session.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        ((version,),) = cursor.fetchall()
    return {
        "mysql": version,
        "python": platform.python_version(),
        "cores": str(os.cpu_count()),
        "machine": platform.machine(),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def call(session: Session, statement: str, *args: object) -> list[Any]:
    """Run a statement and return the rows of its first result."""
    with session.cursor() as cursor:
        cursor.execute(statement, args or None)
        rows = list(cursor.fetchall())
        while cursor.nextset():
            pass
    return rows


def seconds(work: Callable[..., object], *args: object) -> float:
    """How long one run takes."""
    begun = time.perf_counter()
    work(*args)
    return time.perf_counter() - begun


def in_turn(count: int, **works: Callable[[int], object]) -> dict[str, list[float]]:
    """Time several works alternately, so that a noisy machine is noisy to all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(count):
        for name, work in works.items():
            begun = time.perf_counter()
            work(number)
            taken[name].append(time.perf_counter() - begun)
    return taken


def p50(taken: list[float]) -> float:
    """The median."""
    return statistics.median(taken)


def p99(taken: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(taken, n=100)[98]


def refused(errno: int, work: Callable[..., object], *args: object) -> bool:
    """Whether a call is refused with this number; other errors go through."""
    try:
        work(*args)
    except pymysql.MySQLError as error:
        # PyMySQL reads the number as a signed short.
        if error.args[0] & 0xFFFF != errno:
            raise
        return True
    return False
