"""Owners, the service's account, and servers that will not do."""

import secrets

import pytest
from pymysql.err import MySQLError

from service.database import fitness, migrate
from service.database.connection import Dsn, connected, open_connection, query
from service.database.problem import DatabaseProblem
from tests.conftest import server_dsn
from tests.migrations.conftest import Project


@pytest.fixture
def plain_owner(empty_database: Dsn) -> Dsn:
    """An owner with all rights on one database and none on the server."""
    owner = empty_database.login_as(f"{empty_database.database}_own", secrets.token_hex(8))
    with open_connection(server_dsn()) as administrator:
        query(administrator, f"CREATE USER {owner.user} IDENTIFIED BY '{owner.password}'")
        query(administrator, f"GRANT ALL ON {owner.database}.* TO {owner.user} WITH GRANT OPTION")
    return owner


def test_an_owner_needs_no_more_than_is_documented(plain_owner: Dsn) -> None:
    with open_connection(server_dsn()) as administrator:
        query(administrator, f"GRANT CREATE ROLE, CREATE USER, ROLE_ADMIN ON *.* TO {plain_owner.user}")
        query(administrator, f"GRANT SELECT ON mysql.* TO {plain_owner.user}")

    migrate.up(plain_owner, plain_owner.login_as(f"{plain_owner.database}_api", "secret"))

    with connected(plain_owner) as connection:
        assert query(connection, "SELECT login, user_id FROM sql_account ORDER BY login") == [
            (f"{plain_owner.database}_api", None),
            (plain_owner.user, None),
        ]


def test_an_owner_who_may_not_create_roles_is_told_what_to_ask_for(plain_owner: Dsn) -> None:
    with pytest.raises(DatabaseProblem, match="GRANT CREATE ROLE, CREATE USER, ROLE_ADMIN"):
        migrate.up(plain_owner)

    with connected(plain_owner) as connection:
        assert query(connection, "SHOW TABLES") == []


def test_the_services_account_may_call_and_nothing_else(project: Project) -> None:
    service = project.dsn.login_as(f"{project.dsn.database}_api", "secret")
    project.up(service)

    with connected(service) as connection:
        assert query(connection, "CALL greet()") == [("hello",)]
        with pytest.raises(MySQLError, match="denied"):
            query(connection, "SELECT * FROM app_user")
        with pytest.raises(MySQLError, match="denied"):
            query(connection, "CREATE TEMPORARY TABLE membership (id INT)")


def test_an_account_that_exists_keeps_its_password(project: Project) -> None:
    service = project.dsn.login_as(f"{project.dsn.database}_api", "secret")
    project.up(service)

    project.up(service.login_as(service.user, "another"))

    with connected(service) as connection:
        assert query(connection, "SELECT 1") == [(1,)]


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("11.4.2-MariaDB-ubu2404", "This server is MariaDB"),
        ("5.7.44-log", "This server is MySQL 5.7.44-log; Headgate needs 8.0.19 or newer"),
        ("8.0.18", "Headgate needs 8.0.19 or newer"),
        ("8.0.19", None),
        ("8.4.3", None),
        ("9.7.4-1", None),
    ],
)
def test_a_server_that_will_not_do_is_told_in_one_sentence(
    empty_database: Dsn, monkeypatch: pytest.MonkeyPatch, version: str, told: str | None
) -> None:
    def pretending(connection, sql, *args):  # type: ignore[no-untyped-def]
        return query(connection, sql.replace("VERSION()", f"'{version}'"), *args)

    monkeypatch.setattr(fitness, "query", pretending)

    with connected(empty_database) as connection:
        if told is None:
            fitness.require_fit_server(connection)
        else:
            with pytest.raises(DatabaseProblem, match=told):
                fitness.require_fit_server(connection)


def test_a_binary_log_without_trust_is_told(plain_owner: Dsn, monkeypatch: pytest.MonkeyPatch) -> None:
    def pretending(connection, sql, *args):  # type: ignore[no-untyped-def]
        return query(connection, sql.replace("@@log_bin, @@log_bin_trust_function_creators", "1, 0"), *args)

    with open_connection(server_dsn()) as administrator:
        query(administrator, f"GRANT CREATE ROLE ON *.* TO {plain_owner.user}")
    monkeypatch.setattr(fitness, "query", pretending)

    with (
        connected(plain_owner) as connection,
        pytest.raises(DatabaseProblem, match="log_bin_trust_function_creators"),
    ):
        fitness.require_fit_server(connection)


def test_a_name_too_long_for_its_roles_is_told() -> None:
    with open_connection(server_dsn()) as connection:
        query(connection, "CREATE DATABASE IF NOT EXISTS headgate_with_a_rather_long_name")
    try:
        with pytest.raises(DatabaseProblem, match="more than 24 characters"):
            migrate.up(server_dsn("headgate_with_a_rather_long_name"))
    finally:
        with open_connection(server_dsn()) as connection:
            query(connection, "DROP DATABASE headgate_with_a_rather_long_name")


def test_a_database_that_is_not_there_is_told() -> None:
    with pytest.raises(DatabaseProblem, match="Unknown database 'headgate_none'"):
        migrate.up(server_dsn("headgate_none"))
