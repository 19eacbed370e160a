"""`migrate check` names each kind of difference, and nothing else."""

import re

import pytest

from service.database import migrate
from service.database.connection import Dsn, connected, query
from tests.migrations.conftest import Project

ROLE = "`{database}_{role}`@`%`"


def test_a_fresh_database_has_no_difference(project: Project) -> None:
    project.up()

    assert project.check() == []


def test_an_empty_database_lacks_every_migration(project: Project) -> None:
    assert project.check() == [
        f"migration {path.stem} is pending"
        for path in sorted(project.migrations.glob("*.sql"))
        if not path.name.endswith(".rollback.sql")
    ]


@pytest.mark.parametrize(
    ("tamper", "line"),
    [
        ("ALTER PROCEDURE greet COMMENT 'mine'", "procedure greet was altered by hand"),
        ("DROP PROCEDURE greet", "procedure greet is missing"),
        ("CREATE PROCEDURE mine () SELECT 1", "procedure mine is not from a file in sql/"),
        (
            "CREATE FUNCTION mine () RETURNS INT DETERMINISTIC RETURN 1",
            "function mine is not from a file in sql/",
        ),
        (
            "CREATE EVENT mine ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1",
            "event mine is not from a file in sql/",
        ),
        ("DROP TRIGGER app_user_before_insert", "trigger app_user_before_insert is missing"),
        (
            "CREATE TRIGGER mine BEFORE DELETE ON app_user FOR EACH ROW DO 1",
            "trigger mine is not from a file in sql/",
        ),
        ("ALTER VIEW status AS SELECT 1 AS status", "view status was altered by hand"),
        ("DROP VIEW status", "view status is missing"),
        ("CREATE VIEW mine AS SELECT 1 AS one", "view mine is not from a file in sql/"),
        ("ALTER TABLE task ADD COLUMN mine INT", "table task was altered by hand"),
        ("ALTER TABLE task DROP CHECK {check}", "table task was altered by hand"),
        ("DROP TABLE tag", "table tag was dropped"),
        ("CREATE TABLE mine (id INT)", "table mine is not from a migration"),
        (
            "UPDATE error_code SET title = 'mine' WHERE errno = 50000",
            "row 50000 of error_code is not as its file says",
        ),
        ("DELETE FROM error_code WHERE errno = 50000", "row 50000 of error_code is not as its file says"),
        (
            "INSERT INTO error_code VALUES (50998, 'mine', 500, 'Mine')",
            "row 50998 of error_code is not in its file",
        ),
    ],
)
def test_a_change_by_hand_is_named(project: Project, tamper: str, line: str) -> None:
    project.up()
    if "{check}" in tamper:
        ((check,),) = project.query(
            "SELECT MIN(constraint_name) FROM information_schema.table_constraints"
            " WHERE table_schema = DATABASE() AND table_name = 'task' AND constraint_type = 'CHECK'"
        )
        tamper = tamper.format(check=check)

    project.query(tamper)

    assert [found for found in project.check() if not found.startswith("missing: GRANT")] == [line]


def test_a_missing_right_is_named_and_given_back(project: Project) -> None:
    project.up()
    role = ROLE.format(database=project.dsn.database, role="service")

    project.query(f"REVOKE EXECUTE ON PROCEDURE greet FROM {role}")

    assert [re.sub("`[^`]*_service`", "service", line) for line in project.check()] == [
        f"missing: GRANT EXECUTE ON PROCEDURE `{project.dsn.database}`.`greet` TO service@`%`"
    ]
    project.up()
    assert project.check() == []


@pytest.mark.parametrize(
    "right",
    [
        "SELECT ON app_user",
        "SELECT (username) ON app_user",
        "ALL ON *",
        "PROCESS ON *.*",
        "BACKUP_ADMIN ON *.*",
    ],
)
def test_a_right_too_many_is_named_and_taken_back(project: Project, right: str) -> None:
    project.up()
    role = ROLE.format(database=project.dsn.database, role="analyst")

    project.query(f"GRANT {right} TO {role} WITH GRANT OPTION")

    (line,) = project.check()
    assert line.startswith("not in sql/grants.sql: GRANT ")
    project.up()
    assert project.check() == []


def test_a_role_that_was_dropped_is_made_again(project: Project) -> None:
    project.up()

    project.query(f"DROP ROLE {ROLE.format(database=project.dsn.database, role='planner')}")

    assert len(project.check()) == 1
    project.up()
    assert project.check() == []


def test_the_project_itself_has_no_difference(empty_database: Dsn) -> None:
    from service.database import difference

    migrate.up(empty_database)
    with connected(empty_database) as connection:
        assert query(connection, "SELECT COUNT(*) FROM schema_object")[0][0] > 0

    assert difference.check(empty_database) == []
