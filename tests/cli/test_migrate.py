"""headgate migrate, as an operator types it."""

import pytest

from service.database.connection import Dsn, connected, query
from tests.cli.conftest import Headgate


@pytest.fixture
def empty(bare: Headgate, empty_database: Dsn, monkeypatch: pytest.MonkeyPatch) -> Headgate:
    monkeypatch.setenv("DATABASE_URL", empty_database.url)
    return bare


def test_up_check_status_and_down(empty: Headgate, empty_database: Dsn) -> None:
    assert "applied 0001." in empty("migrate", "up").stdout
    assert empty("migrate", "up").stdout == "Nothing to do.\n"
    assert "pending" not in empty("migrate", "status").stdout

    checked = empty("migrate", "check")
    assert (checked.exit_code, checked.stdout) == (0, "The database is what the files say.\n")

    assert empty("migrate", "down").stdout.startswith("rolled back ")
    assert "pending" in empty("migrate", "status").stdout
    assert empty("migrate", "check").exit_code == 1


def test_check_names_the_difference(empty: Headgate, empty_database: Dsn) -> None:
    empty("migrate", "up")
    with connected(empty_database) as connection:
        query(connection, "DROP PROCEDURE _lock_workspace")

    checked = empty("migrate", "check")

    assert checked.exit_code == 1
    assert checked.stdout == "procedure _lock_workspace is missing\n"
    assert checked.stderr == "Error: The database differs from the files in 1 places.\n"


def test_up_makes_the_services_account(
    empty: Headgate, empty_database: Dsn, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = empty_database.login_as(f"{empty_database.database}_api", "a password with ' in it")
    monkeypatch.setenv("SERVICE_DATABASE_URL", service.url)

    assert empty("migrate", "up").exit_code == 0

    with connected(service) as connection:
        query(connection, "CALL get_credentials('nobody')")
