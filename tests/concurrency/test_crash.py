"""kill -9 of the server in the middle of everything: what a client was told is there, and nothing by half."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymysql.cursors import DictCursor

from service.database import migrate
from service.database.connection import Dsn, open_connection
from service.embedded import MySQL, ensure_mysql
from tests.concurrency.conftest import copy_with_gates
from tests.concurrency.session import Style, new_place
from tests.concurrency.workload import Crowd
from tests.servers import run

# PyMySQL leaves the socket open when nobody answers at its other end.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

# Steps of all sessions together before the crash.
STEPS = 200
# As long as a session may work without a crash.
NEVER = 120.0
# What is committed stays in memory until the server finds the time.
CARELESS = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-log-at-timeout=2700",
    "--innodb-log-writer-threads=OFF",
)


class Machine:
    """A server of this test's own, with two databases; it can lose its power."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        self.installation = ensure_mysql(os.environ.get("HEADGATE_MYSQL") or None)
        self.folder = folder
        self.mysql = MySQL(self.installation, folder)
        self.mysql.start()
        root = Dsn.parse(f"mysql://root@localhost/mysql?unix_socket={self.mysql.socket}")
        self.dsn = {}
        for name in ("locked", "unlocked"):
            self.dsn[name] = Dsn.parse(root.url.replace("/mysql?", f"/{name}?"))
            with open_connection(root, cursor=DictCursor) as connection:
                run(connection, f"CREATE DATABASE {name}")
            migrate.up(self.dsn[name], sql=copy_with_gates(tmp_path / name, locked=name == "locked"))

    def crash(self, *options: str) -> None:
        """End the server as a power failure does, and start it again on what is left."""
        assert self.mysql.pid
        os.kill(self.mysql.pid, signal.SIGKILL)
        self.mysql.stop()
        self.start(*options)

    def start(self, *options: str) -> None:
        self.mysql.stop()
        self.mysql = MySQL(self.installation, self.folder, extra=options)
        self.mysql.start()

    def crowd(self, name: str) -> Crowd:
        with open_connection(self.dsn[name], cursor=DictCursor) as connection:
            return Crowd(self.dsn[name], [new_place(connection)], Style(), patience=NEVER)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("machine"), tmp_path_factory.mktemp("sql"))
    try:
        yield machine
    finally:
        machine.mysql.stop()


def work_until_the_crash(machine: Machine, crowd: Crowd) -> None:
    """Everybody works until nobody answers any more; then the server is back."""

    def crash(crowd: Crowd) -> None:
        assert crowd.after(STEPS)
        machine.crash()

    crowd.work(NEVER, beside=crash, may_die=True)


def test_what_was_committed_before_a_crash_is_there_after_it(machine: Machine) -> None:
    with machine.crowd("locked") as crowd:
        work_until_the_crash(machine, crowd)
        verdict = crowd.verdict()

    assert not verdict.faults, "\n".join(verdict.faults)
    assert crowd.accidents


def test_a_crash_does_not_hide_what_missing_locks_have_done(machine: Machine) -> None:
    with machine.crowd("unlocked") as crowd:
        work_until_the_crash(machine, crowd)
        verdict = crowd.verdict()

    assert verdict.judged["fault: wrong answer"], verdict


def test_a_server_that_forgets_what_it_promised_is_found_out(machine: Machine) -> None:
    machine.start(*CARELESS)
    with machine.crowd("locked") as crowd:
        work_until_the_crash(machine, crowd)
        verdict = crowd.verdict()

    assert verdict.faults
