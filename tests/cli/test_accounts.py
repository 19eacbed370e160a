"""headgate user, seed, verify, dsn and events."""

import secrets
from collections.abc import Callable
from typing import Any

import bcrypt
from pymysql.connections import Connection

from service.cli.environment import DEMO_PASSWORD, DEMO_USER
from service.database.connection import Dsn
from service.demo import FIRST, LAST
from tests.cli.conftest import Headgate
from tests.conftest import Database, User


def test_a_user_is_made_and_may_log_in(headgate: Headgate, call: Callable[..., Any]) -> None:
    name = f"ada-{secrets.token_hex(4)}"

    result = headgate(
        "user", "create", name, "--email", f"{name}@example.org", "--password-stdin", input="correct horse\n"
    )

    assert result.exit_code == 0, result.output
    (row,) = call("get_credentials", name)
    assert bcrypt.checkpw(b"correct horse", row["password_hash"].encode())


def test_a_user_who_cannot_be_is_told_why(headgate: Headgate, user: User) -> None:
    wrong = headgate("user", "create", "a b", "--email", "nowhere", "--password-stdin", input="short\n")
    twin = headgate(
        "user", "create", user.name, "--email", "x@example.org", "--password-stdin", input="long enough\n"
    )

    assert wrong.exit_code == twin.exit_code == 1
    assert all(field in wrong.stderr for field in ("username: ", "email: ", "password: "))
    assert "username_taken" in twin.stderr


def test_the_demo_is_seeded_once(
    headgate: Headgate, call: Callable[..., Any], owner: "Connection[Any]"
) -> None:
    first, second = headgate("seed"), headgate("seed")

    assert first.exit_code == second.exit_code == 0, first.output
    assert "The demo workspace is there already." in second.stdout
    (demo,) = call("get_credentials", DEMO_USER)
    assert bcrypt.checkpw(DEMO_PASSWORD.encode(), demo["password_hash"].encode())
    ids = {}
    with owner.cursor() as cursor:
        cursor.execute("SELECT task_key, id FROM task WHERE workspace_id = %s", (demo["workspace_id"],))
        ids = {row["task_key"]: row["id"] for row in cursor.fetchall()}
    assert len(ids) == 30
    upstream = call("list_prerequisites", demo["user_id"], ids[LAST], True, 0, 100)
    assert ids[FIRST] in {row["task_id"] for row in upstream}


def test_verify_is_clean_and_counts_what_is_not(
    headgate: Headgate, user: User, tasks: Callable[..., list[int]], owner: "Connection[Any]"
) -> None:
    tasks("one", "two")
    place = str(user.workspace_id)

    clean = headgate("verify", "--workspace", place)
    with owner.cursor() as cursor:
        # The session variable by which the triggers let themselves write derived rows.
        cursor.execute("SET @headgate_deriving = TRUE")
        cursor.execute("UPDATE node SET waiting_for = waiting_for + 1 WHERE workspace_id = %s", (place,))
    broken = headgate("verify", "--workspace", place)

    assert clean.exit_code == 0, clean.output
    assert "No violations in 1 workspace." in clean.stdout
    assert broken.exit_code == 1
    assert broken.stderr == "Error: 2 violations in 1 workspace.\n"


def test_verify_of_no_workspace_is_told(headgate: Headgate) -> None:
    assert (
        headgate("verify", "--workspace", "999999999").stderr == "Error: There is no workspace 999999999.\n"
    )


def test_dsn_prints_the_address(headgate: Headgate, database: Database) -> None:
    assert Dsn.parse(headgate("dsn").stdout.strip()) == Dsn.parse(database.owner_url)
    assert "has no service account that is known here" in headgate("dsn", "--as", "service").stderr


def test_events_are_shown_of_a_user_or_a_workspace(
    headgate: Headgate, user: User, new_user: Callable[[], User], call: Callable[..., Any]
) -> None:
    other = new_user()
    call("set_member", user.id, user.workspace_id, other.name, "viewer")
    call("log_login_failure", user.id, "192.0.2.7", "curl/8.5")

    about_user = headgate("events", "--user", user.name)
    about_workspace = headgate("events", "--workspace", str(user.workspace_id), "--limit", "1")

    assert about_user.exit_code == about_workspace.exit_code == 0, about_user.output
    assert "login_failed" in about_user.stdout
    assert "192.0.2.7" in about_user.stdout
    assert "member_added" not in about_user.stdout
    assert other.name[:8] in about_workspace.stdout
    assert "login_failed" not in about_workspace.stdout


def test_events_are_shown_of_an_organization_a_column_each(
    headgate: Headgate, user: User, new_user: Callable[[], User], call: Callable[..., Any]
) -> None:
    other = new_user()
    mine, another = (call("create_organization", user.id, name)[0]["organization_id"] for name in "AB")
    for organization, role in ((mine, "member"), (mine, "admin"), (another, "viewer")):
        call("set_organization_member", user.id, organization, other.name, role)
    call("remove_organization_member", user.id, mine, other.name)

    lines = headgate("events", "--organization", str(mine)).stdout.splitlines()

    assert [line.split()[2] for line in lines] == [
        "organization_member_removed",
        "organization_role_changed",
        "organization_member_added",
        "organization_member_added",
    ]
    assert {line.index("user=") for line in lines} == {lines[0].index("user=")}
