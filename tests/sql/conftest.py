"""What the tests of procedures and guards share: a team, logins, edges, and the proof that all is well."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.accounts import make_account
from service.database.calls import call as call_procedure
from service.database.connection import Dsn, open_connection
from tests.conftest import Database, Row, User

Call = Callable[..., list[Row]]


@dataclass(frozen=True)
class Team:
    """A shared workspace with a member of each role."""

    workspace_id: int
    owner: User
    admin: User
    member: User
    viewer: User


@dataclass(frozen=True)
class Company:
    """An organization with a workspace, a team without a role, and one member of each kind."""

    organization: int
    workspace: int
    team: int
    owner: User
    admin: User
    member: User
    guest: User


@dataclass(frozen=True)
class Person:
    """Somebody at a SQL prompt: a connection of an account of their own."""

    connection: "Connection[DictCursor]"
    login: str

    def call(self, procedure: str, *args: object) -> list[Row]:
        return call_procedure(self.connection, procedure, *args)

    def run(self, statement: str, *args: object) -> list[Row]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, args or None)
            return list(cursor.fetchall())


def attached(call: Call, user_id: int, task_id: int, name: str) -> int:
    """A file that hangs on a task."""
    (upload,) = call("begin_upload", user_id, task_id, name, 4, 100, 1000, 86_400)
    (made,) = call("finish_upload", user_id, task_id, upload["upload_id"], 4, "a" * 64, "text/plain")
    number: int = made["attachment_id"]
    return number


@pytest.fixture
def team(call: Call, user: User, new_user: Callable[[], User]) -> Team:
    (workspace,) = call("create_workspace", user.id, "Team")
    people = {role: new_user() for role in ("admin", "member", "viewer")}
    for role, person in people.items():
        call("set_member", user.id, workspace["workspace_id"], person.name, role)
    return Team(workspace["workspace_id"], user, **people)


@pytest.fixture
def company(call: Call, user: User, new_user: Callable[[], User]) -> Company:
    organization = call("create_organization", user.id, "Example")[0]["organization_id"]
    workspace = call("create_organization_workspace", user.id, organization, "Website")[0]["workspace_id"]
    team = call("create_team", user.id, organization, "Writers")[0]["team_id"]
    admin, member, guest = new_user(), new_user(), new_user()
    call("set_organization_member", user.id, organization, admin.name, "admin")
    call("set_organization_member", user.id, organization, member.name, "member")
    return Company(organization, workspace, team, user, admin, member, guest)


@contextmanager
def prompts(database: Database) -> "Iterator[Callable[..., Person]]":
    """For a block: make a SQL account of a role, bound to a user, `create("planner", user)`; or to nobody."""
    with ExitStack() as connections:
        owner = connections.enter_context(database.owner())

        def create(role: str, user: User | None = None) -> Person:
            login = f"{database.name}_{secrets.token_hex(4)}"
            dsn = Dsn.parse(database.owner_url).login_as(login, secrets.token_hex(16))
            make_account(owner, dsn, role, user.id if user else None)
            if user is None:
                with owner.cursor() as cursor:
                    cursor.execute("DELETE FROM sql_account WHERE login = %s", (login,))
            return Person(connections.enter_context(open_connection(dsn, cursor=DictCursor)), login)

        yield create


@pytest.fixture
def person(database: Database) -> Iterator[Callable[..., Person]]:
    """Make a SQL account, as `prompts` says."""
    with prompts(database) as create:
        yield create


@pytest.fixture
def wait(call: Call, user: User) -> Callable[..., None]:
    """Make each task wait for the next: `wait(ship, build, design)`."""

    def add(*tasks: int) -> None:
        for task, prerequisite in pairwise(tasks):
            call("add_dependency", user.id, task, prerequisite)

    return add


@pytest.fixture
def status(call: Call, user: User) -> Callable[..., list[str]]:
    """The status of each of these tasks."""
    return lambda *tasks: [call("get_task", user.id, task)[0]["status"] for task in tasks]


@pytest.fixture
def revision(call: Call, user: User) -> Callable[[], int]:
    """The revision of the user's personal workspace."""

    def read() -> int:
        number: int = call("get_workspace_revision", user.id, None)[0]["revision"]
        return number

    return read


@pytest.fixture
def violations(call: Call, user: User) -> Callable[..., dict[str, int]]:
    """What verify_workspace finds wrong in the user's personal workspace, or in another one."""

    def find(workspace_id: int | None = None) -> dict[str, int]:
        rows = call("verify_workspace", None, workspace_id or user.workspace_id)
        return {row["invariant"]: row["violations"] for row in rows if row["violations"]}

    return find


@pytest.fixture
def log(owner: "Connection[DictCursor]", user: User) -> Callable[[int], list[dict[str, Any]]]:
    """The lines of the change log after a revision, oldest first."""

    def read(after: int, workspace_id: int | None = None) -> list[dict[str, Any]]:
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM change_log WHERE workspace_id = %s AND revision > %s ORDER BY revision",
                (workspace_id or user.workspace_id, after),
            )
            return list(cursor.fetchall())

    return read
