"""Two operators at once, and operators who are interrupted."""

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from pymysql.err import MySQLError

from service.database import migrate, migrations
from service.database.connection import Dsn, connected, open_connection, query
from service.database.problem import DatabaseProblem
from tests.conftest import server_dsn
from tests.migrations.conftest import Project


def start_migrate_up(dsn: Dsn) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", "migrate", "up"],
        cwd=migrate.ROOT,
        env=os.environ | {"DATABASE_URL": dsn.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_second_operator_waits_and_finds_it_done(empty_database: Dsn) -> None:
    both = [start_migrate_up(empty_database) for _ in range(2)]

    said = sorted(process.communicate(timeout=120)[0] for process in both)

    assert [process.returncode for process in both] == [0, 0], said
    assert said[0] == "Nothing to do.\n"
    assert "applied 0001." in said[1]


def test_an_operator_who_waits_too_long_is_told(empty_database: Dsn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 1)
    with connected(empty_database) as other:
        query(other, "SELECT GET_LOCK(CONCAT('headgate.', DATABASE()), 0)")

        with pytest.raises(DatabaseProblem, match="Another operator is migrating"):
            migrate.up(empty_database)


def test_a_lock_that_yoyo_left_is_told(empty_database: Dsn) -> None:
    migrate.up(empty_database)
    with connected(empty_database) as connection:
        query(connection, "INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, NOW(), 1)")

        with pytest.raises(DatabaseProblem, match="yoyo break-lock"):
            migrate.up(empty_database)


def test_our_lock_ends_with_its_holder(empty_database: Dsn) -> None:
    backend = migrations.Backend(empty_database)
    with backend:
        lock = backend.lock()
        lock.__enter__()
        kill_all(empty_database)

    assert migrate.up(empty_database).migrations


def kill_all(dsn: Dsn) -> int:
    """Cut every connection to a database, as a server that goes away does; returns how many there were."""
    with open_connection(server_dsn()) as administrator:
        rows = query(
            administrator, "SELECT id FROM performance_schema.processlist WHERE db = %s", dsn.database
        )
        for (number,) in rows:
            # Some other thread may have ended in the meantime.
            with suppress(MySQLError):
                query(administrator, f"KILL {number}")
    return len(rows)


def wait_for(project: Project, statement: str) -> None:
    for _ in range(200):
        with open_connection(server_dsn()) as administrator:
            if query(
                administrator,
                "SELECT 1 FROM performance_schema.processlist WHERE db = %s AND info LIKE %s",
                project.dsn.database,
                f"%{statement}%",
            ):
                return
        time.sleep(0.05)
    raise AssertionError(f"{statement} never ran")


def test_a_server_that_is_lost_in_the_middle_leaves_a_database_that_up_completes(project: Project) -> None:
    slow = (
        "CREATE TABLE IF NOT EXISTS one (id INT);\nDO SLEEP(60);\nCREATE TABLE IF NOT EXISTS two (id INT);\n"
    )
    path = project.write("migrations/0090.slow.sql", f"-- transactional: false\n{slow}")
    project.write(
        "migrations/0090.slow.rollback.sql",
        "-- transactional: false\nDROP TABLE two;\nDO 0;\nDROP TABLE one;\n",
    )
    told: list[str] = []

    def migrating() -> None:
        try:
            project.up()
        except DatabaseProblem as problem:
            told.append(str(problem))

    thread = threading.Thread(target=migrating)
    thread.start()
    wait_for(project, "SLEEP")
    assert kill_all(project.dsn) >= 3
    thread.join(30)

    assert len(told) == 1
    assert "0090.slow was not applied" in told[0]
    assert "migration 0090.slow is pending" in project.check()
    assert (project.has_table("one"), project.has_table("two")) == (True, False)

    # The rest is undone first: without IF NOT EXISTS it could not be there.
    path.write_text(path.read_text().replace("SLEEP(60)", "SLEEP(0)").replace("IF NOT EXISTS ", ""))
    assert project.up().migrations == ["0090.slow"]
    assert project.has_table("two")
    assert project.check() == []
    assert not project.has_table("migration\\_begun")
