"""What every test may ask for: a migrated database of its worker's own, users, tasks, refusals, a client."""

import os
import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pymysql.connections import Connection
from pymysql.cursors import DictCursor
from pymysql.err import MySQLError

from service.database import migrate
from service.database.calls import call as call_procedure
from service.database.connection import Dsn, open_connection
from service.embedded import EmbeddedError
from service.errors import Refused
from tests.graphviz import folder_of_dot
from tests.servers import MYSQL_URL, REDIS_URL, start_servers, stop_servers, what_mysql_does

Row = dict[str, Any]


def pytest_configure(config: pytest.Config) -> None:
    # The controller starts the servers once; its workers inherit their addresses by the environment.
    if not hasattr(config, "workerinput"):
        try:
            start_servers()
        except EmbeddedError as error:
            pytest.exit(f"No servers to test against: {error}", returncode=1)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop_servers()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.excinfo and "Timeout" in str(call.excinfo.value):
        report.sections.append(("MySQL", what_mysql_does()))
    return report


@dataclass(frozen=True)
class Database:
    """A migrated database and the two accounts that tests use."""

    name: str
    owner_url: str
    service_url: str

    def owner(self) -> "Connection[DictCursor]":
        """A new connection of the tables' owner; the caller closes it."""
        return open_connection(Dsn.parse(self.owner_url), cursor=DictCursor)

    def service(self) -> "Connection[DictCursor]":
        """A new connection of the service's account, which may only call procedures."""
        return open_connection(Dsn.parse(self.service_url), cursor=DictCursor)


@dataclass(frozen=True)
class User:
    id: int
    name: str
    workspace_id: int


def server_dsn(database: str = "mysql") -> Dsn:
    """The test server's administrator, in a database."""
    return replace(Dsn.parse(os.environ[MYSQL_URL]), database=database)


@contextmanager
def new_database(prefix: str) -> Iterator[Dsn]:
    """An empty database for a block, gone afterwards with its roles and accounts."""
    dsn = server_dsn(f"{prefix}_{secrets.token_hex(4)}")
    with open_connection(server_dsn()) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {dsn.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci")
        try:
            yield dsn
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {dsn.database}")
            cursor.execute("SELECT user FROM mysql.user WHERE user LIKE %s", (f"{dsn.database}%",))
            for (login,) in cursor.fetchall():
                cursor.execute(f"DROP USER `{login}`@`%`")


@pytest.fixture
def empty_database() -> Iterator[Dsn]:
    """The owner's address of a database that has had no migration."""
    with new_database("headgate_e") as dsn:
        yield dsn


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """The worker's database, migrated; tests make their own users and workspaces in it and never clean up."""
    with new_database("headgate_t") as owner:
        service = owner.login_as(f"{owner.database}_api", secrets.token_hex(16))
        migrate.up(owner, service)
        yield Database(owner.database, owner.url, service.url)


@pytest.fixture
def owner(database: Database) -> "Iterator[Connection[DictCursor]]":
    """A connection of the tables' owner."""
    with database.owner() as connection:
        yield connection


@pytest.fixture(scope="session")
def call(database: Database) -> Iterator[Callable[..., list[Row]]]:
    """Call a procedure as the service does: `call("add_dependency", actor, task, other)` -> its rows.

    Over one connection of the worker's, for which MySQL compiles each procedure once.
    """
    connection = database.service()

    def called(procedure: str, *args: Any) -> list[Row]:
        nonlocal connection
        try:
            connection.ping()
        except MySQLError:
            connection = database.service()  # a test killed the one before
        return call_procedure(connection, procedure, *args)

    yield called
    if connection.open:
        connection.close()


@pytest.fixture(scope="session")
def refused() -> Callable[[str], "AbstractContextManager[pytest.ExceptionInfo[Refused]]"]:
    """Expect a refusal by its code: `with refused("task_blocked") as refusal`; then `refusal.value.facts`."""

    @contextmanager
    def expect(code: str) -> "Iterator[pytest.ExceptionInfo[Refused]]":
        with pytest.raises(Refused) as caught:
            yield caught
        assert caught.value.error.code == code, caught.value

    return expect


@pytest.fixture(scope="session")
def new_user(call: Callable[..., list[Row]]) -> Callable[[], User]:
    """Make a user that no other test knows."""

    def create() -> User:
        name = f"user-{secrets.token_hex(6)}"
        (row,) = call("create_user", name, f"{name}@example.org", "$2b$04$" + "x" * 53)
        return User(row["user_id"], name, row["workspace_id"])

    return create


@pytest.fixture
def user(new_user: Callable[[], User]) -> User:
    """A fresh user with an empty personal workspace."""
    return new_user()


@pytest.fixture
def tasks(call: Callable[..., list[Row]], user: User) -> Callable[..., list[int]]:
    """Create tasks of these titles in the user's personal workspace and return their ids."""

    def create(*titles: str) -> list[int]:
        return [call("create_task", user.id, None, {"title": title})[0]["task_id"] for title in titles]

    return create


@pytest.fixture
def graphviz(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test there is a `dot`."""
    folder = folder_of_dot(tmp_path_factory.mktemp("graphviz"))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The test run's Redis; a worker uses the database of its number."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{os.environ[REDIS_URL]}?db={worker % 16}"
