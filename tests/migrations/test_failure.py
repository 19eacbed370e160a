"""What MySQL refuses: the real error is told, nothing is half recorded, and a re-run completes."""

import pytest

from service.database.problem import DatabaseProblem
from tests.migrations.conftest import GUARD, Project

FAILS = """-- Fails at its second statement.
-- transactional: false
CREATE TABLE one (id INT PRIMARY KEY);
CREATE TABLE two (id INT PRIMARY KEY, KEY (absent));
INSERT INTO one VALUES (1);
"""
UNDO = """-- transactional: false
DELETE FROM one;
DROP TABLE IF EXISTS two;
DROP TABLE IF EXISTS one;
"""


def test_a_migration_that_fails_tells_the_real_error_and_leaves_nothing(project: Project) -> None:
    project.write("migrations/0090.fails.sql", FAILS)
    project.write("migrations/0090.fails.rollback.sql", UNDO)

    with pytest.raises(
        DatabaseProblem, match=r"0090\.fails was not applied: Key column 'absent' doesn't exist"
    ):
        project.up()

    assert not project.has_table("one")
    assert "migration 0090.fails is pending" in project.check()


def test_a_migration_that_failed_is_completed_when_it_is_mended(project: Project) -> None:
    path = project.write("migrations/0090.fails.sql", FAILS)
    project.write("migrations/0090.fails.rollback.sql", UNDO)
    with pytest.raises(DatabaseProblem):
        project.up()

    path.write_text(FAILS.replace(", KEY (absent)", ""))

    assert project.up().migrations == ["0090.fails"]
    assert project.query("SELECT id FROM one") == [(1,)]
    assert project.check() == []


def test_migrations_before_the_one_that_fails_stay(project: Project) -> None:
    project.write("migrations/0089.works.sql", "-- transactional: false\nCREATE TABLE works (id INT);\n")
    project.write("migrations/0089.works.rollback.sql", "DROP TABLE works;\n")
    path = project.write("migrations/0090.fails.sql", "-- transactional: false\nCREATE TABLE;\n")
    with pytest.raises(DatabaseProblem):
        project.up()

    path.write_text("-- transactional: false\nCREATE TABLE fails (id INT);\n")

    assert project.up().migrations == ["0090.fails"]
    assert project.has_table("works")


def test_a_migration_in_a_transaction_is_refused(project: Project) -> None:
    project.write("migrations/0090.hides-errors.sql", "CREATE TABLE one (id INT);\n")

    with pytest.raises(DatabaseProblem, match="transactional: false"):
        project.up()


def test_an_applied_migration_that_was_edited_stops_up(project: Project) -> None:
    path = project.write("migrations/0090.first.sql", "-- transactional: false\nCREATE TABLE one (id INT);\n")
    project.up()

    path.write_text(path.read_text() + "-- an afterthought\n")

    with pytest.raises(DatabaseProblem, match=r"0090\.first was edited"):
        project.up()
    assert "migration 0090.first was edited after it was applied" in project.check()


@pytest.mark.parametrize(
    "name", ["procedures/greet.sql", "views/status.sql", "triggers/app_user_before_insert.sql"]
)
def test_an_object_that_is_refused_is_named_and_the_old_one_stays(project: Project, name: str) -> None:
    project.up()
    path = project.sql / name
    good = path.read_text()

    path.write_text(good + "\nTHIS IS NOT SQL")
    with pytest.raises(DatabaseProblem, match=rf"sql/{name}: You have an error in your SQL syntax"):
        project.up()

    assert [line.partition(" is ")[2] for line in project.check()] == [
        "not the one of its file; its file changed"
    ]
    path.write_text(good)
    project.up()
    assert project.check() == []


def test_a_guard_that_cannot_be_replaced_keeps_guarding(project: Project) -> None:
    project.up()
    project.write("sql/triggers/app_user_before_insert.sql", GUARD.replace("END IF", "END IFF"))

    with pytest.raises(DatabaseProblem):
        project.up()

    with pytest.raises(Exception, match="not nobody"):
        project.query("INSERT INTO app_user (username, email, password_hash) VALUES ('nobody', 'n', 'x')")
