"""sql/ is the present: what is changed, added or removed there is so in the database after `up`."""

import threading
from contextlib import suppress

import pytest
from pymysql.err import MySQLError

from service.database import objects
from service.database.connection import open_connection, query
from service.database.problem import DatabaseProblem
from tests.migrations.conftest import GUARD, Project

NOBODY = "INSERT INTO app_user (username, email, password_hash) VALUES ('nobody', UUID(), 'x')"


def test_a_changed_file_is_loaded_again_and_no_other(project: Project) -> None:
    project.up()

    project.write(
        "sql/procedures/greet.sql", "CREATE PROCEDURE greet () SQL SECURITY DEFINER SELECT 'good day'\n"
    )

    assert project.up().objects == ["procedure greet"]
    assert project.query("CALL greet()") == [("good day",)]


def test_the_folder_that_a_file_is_in_means_nothing(project: Project) -> None:
    project.up()

    room = project.sql / "procedures" / "manners"
    room.mkdir()
    path = (project.sql / "procedures" / "greet.sql").rename(room / "greet.sql")
    assert project.check() == []
    assert project.up().objects == []

    path.write_text("CREATE PROCEDURE greet () THIS IS NOT SQL")
    with pytest.raises(DatabaseProblem, match=r"^sql/procedures/manners/greet\.sql: "):
        project.up()


def test_rights_survive_a_replacement(project: Project) -> None:
    project.up()

    project.write(
        "sql/procedures/greet.sql", "CREATE PROCEDURE greet () SQL SECURITY DEFINER SELECT 'good day'\n"
    )
    project.up()

    assert project.check() == []


@pytest.mark.parametrize(
    ("kind", "name"), [("procedure", "greet"), ("view", "status"), ("trigger", "app_user_before_insert")]
)
def test_an_object_whose_file_is_gone_is_dropped(project: Project, kind: str, name: str) -> None:
    project.up()

    (project.sql / f"{kind}s" / f"{name}.sql").unlink()
    project.write("sql/grants.sql", "")

    assert project.up().objects == [f"{kind} {name}"]
    assert project.check() == []


@pytest.mark.parametrize(
    "tamper",
    [
        "DROP PROCEDURE greet",
        "ALTER PROCEDURE greet SQL SECURITY INVOKER",
        "DROP TRIGGER app_user_before_insert",
        "ALTER VIEW status AS SELECT 1 AS status",
    ],
)
def test_up_mends_what_was_changed_by_hand(project: Project, tamper: str) -> None:
    project.up()
    project.query(tamper)
    assert project.check() != []

    assert len(project.up().objects) == 1

    assert project.check() == []


def test_views_may_read_views_whatever_their_names(project: Project) -> None:
    project.write(
        "sql/views/above.sql", "CREATE SQL SECURITY INVOKER VIEW above AS SELECT status FROM status\n"
    )

    project.up()

    assert project.check() == []


def test_reference_rows_follow_their_file(project: Project) -> None:
    project.up()
    path = project.sql / "reference" / "error_code.csv"
    lines = path.read_text().splitlines()
    errno = lines[-1].split(",")[0]

    path.write_text("\n".join([*lines[:-1], "50999,out_of_tea,503,There is no tea"]) + "\n")
    project.up()

    assert project.query("SELECT code FROM error_code WHERE errno = 50999") == [("out_of_tea",)]
    assert project.query("SELECT 1 FROM error_code WHERE errno = %s", errno) == []
    assert project.check() == []


def test_a_reference_row_that_facts_use_stays_and_is_named(project: Project) -> None:
    project.up()
    project.query("INSERT INTO app_user (id, username, email, password_hash) VALUES (1, 'ada', 'a', 'x')")
    project.query("INSERT INTO workspace (id, name) VALUES (1, 'w')")
    project.query("INSERT INTO membership (workspace_id, user_id, role) VALUES (1, 1, 'viewer')")

    for table in ("role", "role_permission"):
        path = project.sql / "reference" / f"{table}.csv"
        path.write_text("".join(line for line in path.read_text().splitlines(True) if "viewer" not in line))
    project.up()

    assert project.check() == ["row viewer of role is not in its file"]


def leaks(project: Project, seconds: int = 20) -> int:
    """How many rows a guard let in while it was replaced again and again under somebody who keeps trying."""
    project.up()
    stop = threading.Event()
    let_in = 0

    def keep_trying() -> None:
        nonlocal let_in
        with open_connection(project.dsn) as connection:
            while not stop.is_set():
                with suppress(MySQLError):
                    query(connection, NOBODY)
                    let_in += 1
                    query(connection, "DELETE FROM app_user")

    thread = threading.Thread(target=keep_trying)
    thread.start()
    try:
        for number in range(seconds * 5):
            project.write(
                "sql/triggers/app_user_before_insert.sql", GUARD.replace("not nobody", f"not nobody {number}")
            )
            with open_connection(project.dsn) as connection:
                objects.load_objects(connection, project.sql)
            if let_in:
                break
    finally:
        stop.set()
        thread.join()
    return let_in


def test_there_is_no_moment_without_a_guard(project: Project) -> None:
    assert leaks(project, 6) == 0


def test_without_the_lock_there_would_be_one(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(connection, sql, *args):  # type: ignore[no-untyped-def]
        return [] if "LOCK TABLES" in sql else query(connection, sql, *args)

    monkeypatch.setattr(objects, "query", unlocked)

    assert leaks(project) > 0
