"""create_user, get_user, get_credentials, workspaces and their members."""

import secrets

import pytest

from service.database.calls import call as call_procedure
from service.vocabulary import rows
from tests.servers import run


def test_a_new_user_has_a_workspace_of_their_own(call):
    name = f"ada-{secrets.token_hex(6)}"

    (created,) = call("create_user", name, f"{name}@example.org", "hash")

    (seen,) = call("get_user", created["user_id"])
    (workspace,) = call("list_workspaces", created["user_id"])
    (secret,) = call("get_credentials", name.upper())
    assert seen == created
    assert (workspace["workspace_id"], workspace["role"], workspace["is_personal"]) == (
        created["workspace_id"],
        "owner",
        1,
    )
    assert (secret["user_id"], secret["password_hash"]) == (created["user_id"], "hash")
    assert workspace["revision"] == 2


def test_names_and_addresses_are_taken_once_in_any_case(call, user, refused):
    with refused("username_taken"):
        call("create_user", user.name.upper(), "new@example.org", "hash")
    with refused("email_taken"):
        call("create_user", f"{user.name}-2", f"{user.name}@EXAMPLE.org", "hash")


def test_nobody_has_no_credentials(call):
    assert call("get_credentials", "nobody at all") == call("get_credentials", None) == []


@pytest.mark.parametrize("procedure", ["get_user", "list_workspaces"])
def test_the_service_says_for_whom(call, refused, procedure):
    with refused("actor_required"):
        call(procedure, None)


def test_the_login_is_looked_up_however_many_there_are(owner, user):
    accounts = [(f"{user.name}-{number}", user.id) for number in range(300)]
    with owner.cursor() as cursor:
        cursor.executemany("INSERT INTO sql_account (login, user_id) VALUES (%s, %s)", accounts)
        call_procedure(owner, "list_workspaces", user.id)

        def read():
            return sum(int(row["Value"]) for row in run(owner, "SHOW SESSION STATUS LIKE 'Handler_read%'"))

        before = read()
        call_procedure(owner, "list_workspaces", user.id)
        assert read() - before < 100
        cursor.execute("DELETE FROM sql_account WHERE user_id = %s", (user.id,))


def test_a_user_that_is_not_there(call, refused):
    with refused("user_not_found"):
        call("get_user", 2**62)
    with refused("user_not_found"):
        call("create_workspace", 2**62, "W")
    assert call("list_workspaces", 2**62) == []


def test_a_shared_workspace_belongs_to_whoever_made_it(call, user):
    (made,) = call("create_workspace", user.id, "Website")

    assert (made["name"], made["role"], made["is_personal"], made["revision"]) == ("Website", "owner", 0, 2)
    assert [one["workspace_id"] for one in call("list_workspaces", user.id)] == [
        user.workspace_id,
        made["workspace_id"],
    ]


@pytest.mark.parametrize("name", [None, "", "   "])
def test_a_workspace_has_a_name(call, user, refused, name):
    with refused("invalid_request"):
        call("create_workspace", user.id, name)


def test_members_are_listed_by_name(call, team):
    found = call("list_members", team.viewer.id, team.workspace_id)

    assert {row["user_id"]: row["role"] for row in found} == {
        team.owner.id: "owner",
        team.admin.id: "admin",
        team.member.id: "member",
        team.viewer.id: "viewer",
    }
    assert [row["username"] for row in found] == sorted(row["username"] for row in found)


ALLOWED = {(row["role"], row["permission"]) for row in rows("role_permission")}


@pytest.mark.parametrize("role", [row["role"] for row in rows("role")])
def test_a_role_may_what_the_table_says(call, team, new_user, refused, role):
    who = getattr(team, role)
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})
    asked = {
        "read": ("get_task", who.id, task["task_id"]),
        "plan": ("start_task", who.id, task["task_id"]),
        "administer": ("set_member", who.id, team.workspace_id, new_user().name, "member"),
        "own": ("set_member", who.id, team.workspace_id, new_user().name, "owner"),
    }

    for permission, (procedure, *args) in asked.items():
        if (role, permission) in ALLOWED:
            call(procedure, *args)
        else:
            with refused("permission_denied"):
                call(procedure, *args)


def test_who_is_no_member_learns_nothing(call, team, new_user, refused):
    stranger = new_user()

    for asked in (
        ("create_task", stranger.id, team.workspace_id, {"title": "t"}),
        ("set_member", stranger.id, team.workspace_id, stranger.name, "owner"),
        ("remove_member", stranger.id, team.workspace_id, team.viewer.name),
        ("rebuild_workspace", stranger.id, team.workspace_id),
    ):
        with refused("workspace_not_found"):
            call(*asked)


def test_a_role_changes_and_is_logged_once(call, team, log):
    (before,) = call("get_workspace_revision", team.owner.id, team.workspace_id)

    (first,) = call("set_member", team.admin.id, team.workspace_id, team.viewer.name, "member")
    (again,) = call("set_member", team.admin.id, team.workspace_id, team.viewer.name, "member")

    assert first["revision"] == again["revision"] == before["revision"] + 1
    (line,) = log(before["revision"], team.workspace_id)
    assert (line["entity"], line["action"], line["actor_id"]) == ("membership", "update", team.admin.id)


@pytest.mark.parametrize("role", [None, "", "king", "Owner", "OWNER"])
def test_a_role_that_is_none_is_refused(call, team, refused, role):
    with refused("invalid_request"):
        call("set_member", team.owner.id, team.workspace_id, team.viewer.name, role)


@pytest.mark.parametrize("name", [None, "", "nobody at all"])
def test_a_member_that_is_none_is_refused(call, team, refused, name):
    with refused("user_not_found"):
        call("set_member", team.owner.id, team.workspace_id, name, "member")
    with refused("member_not_found"):
        call("remove_member", team.owner.id, team.workspace_id, name)


def test_only_owners_unmake_owners_and_never_the_last(call, team, refused, violations):
    for asked in (("set_member", team.owner.name, "viewer"), ("remove_member", team.owner.name)):
        procedure, *args = asked
        with refused("permission_denied"):
            call(procedure, team.admin.id, team.workspace_id, *args)
        with refused("last_owner"):
            call(procedure, team.owner.id, team.workspace_id, *args)

    call("set_member", team.owner.id, team.workspace_id, team.admin.name, "owner")
    call("remove_member", team.admin.id, team.workspace_id, team.owner.name)
    with refused("workspace_not_found"):
        call("list_members", team.owner.id, team.workspace_id)
    assert violations(team.workspace_id) == {}


def test_help_is_the_manual_of_public_procedures_only(call, refused):
    (row,) = call("help", "add_dependency")

    assert row["help"].startswith("Make one task wait for another.")
    for name in (None, "", "_identify", "raise_error", "no_such"):
        with refused("unknown_procedure") as refusal:
            call("help", name)
        assert "SELECT name FROM procedure_help" in refusal.value.detail


def test_the_schema_tells_its_migrations(call):
    names = [row["name"] for row in call("get_schema_status")]

    assert names == sorted(names)
    assert names[0].startswith("0001.")
