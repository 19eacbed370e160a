"""Organizations and teams, and what somebody is in a workspace through them."""

from typing import Any

import pytest

from tests.conftest import User
from tests.servers import run
from tests.sql.conftest import Company


@pytest.fixture
def roles(call: Any, company: Company) -> Any:
    """What everybody is in the workspace: (role, direct_role, is_guest) by name."""

    def read() -> dict[str, tuple[str, str | None, bool]]:
        return {
            row["username"]: (row["role"], row["direct_role"], bool(row["is_guest"]))
            for row in call("list_members", company.owner.id, company.workspace)
        }

    return read


def test_owners_and_admins_of_an_organization_are_that_in_its_workspaces(
    call: Any, company: Company, roles: Any, violations: Any
) -> None:
    assert roles() == {
        company.owner.name: ("owner", "owner", False),
        company.admin.name: ("admin", None, False),
    }

    call("set_organization_member", company.owner.id, company.organization, company.member.name, "admin")
    call("set_organization_member", company.owner.id, company.organization, company.admin.name, "member")

    assert roles() == {
        company.owner.name: ("owner", "owner", False),
        company.member.name: ("admin", None, False),
    }
    assert violations(company.workspace) == {}


def test_a_member_is_the_highest_of_what_was_given(
    call: Any, company: Company, roles: Any, violations: Any
) -> None:
    owner, workspace, who = company.owner.id, company.workspace, company.member.name
    seen = []

    for asked in (
        ("set_member", workspace, who, "viewer"),
        ("set_team_role", workspace, company.team, "member"),
        ("add_team_member", company.team, who),
        ("set_team_role", workspace, company.team, "admin"),
        ("remove_member", workspace, who),
        ("set_member", workspace, who, "member"),
        ("remove_team_member", company.team, who),
        ("add_team_member", company.team, who),
        ("remove_team_role", workspace, company.team),
        ("set_team_role", workspace, company.team, "owner"),
        ("delete_team", company.team),
        ("remove_member", workspace, who),
    ):
        procedure, *args = asked
        call(procedure, owner, *args)
        seen.append(roles().get(who, (None, None))[:2])
        assert violations(workspace) == {}, asked

    assert seen == [
        ("viewer", "viewer"),
        ("viewer", "viewer"),
        ("member", "viewer"),
        ("admin", "viewer"),
        ("admin", None),
        ("admin", "member"),
        ("member", "member"),
        ("admin", "member"),
        ("member", "member"),
        ("owner", "member"),
        ("member", "member"),
        (None, None),
    ]


def test_every_change_of_a_role_is_a_revision(call: Any, company: Company, log: Any) -> None:
    (before,) = call("get_workspace_revision", company.owner.id, company.workspace)
    call("add_team_member", company.owner.id, company.team, company.member.name)

    call("set_team_role", company.admin.id, company.workspace, company.team, "member")
    call("remove_organization_member", company.owner.id, company.organization, company.member.name)

    lines = log(before["revision"], company.workspace)
    assert [(line["entity"], line["action"], line["actor_id"]) for line in lines] == [
        ("membership", "insert", company.admin.id),
        ("membership", "delete", company.owner.id),
    ]
    events = call("list_own_security_events", company.member.id, 0, 10)
    assert [row["event"] for row in events] == [
        "organization_member_removed",
        "member_removed",
        "member_added",
        "organization_member_added",
    ]


def test_who_leaves_an_organization_leaves_its_teams_and_workspaces(
    call: Any, company: Company, roles: Any, violations: Any
) -> None:
    owner, who = company.owner.id, company.member
    call("set_member", owner, company.workspace, who.name, "admin")
    call("add_team_member", owner, company.team, who.name)
    call("set_team_role", owner, company.workspace, company.team, "member")

    call("remove_organization_member", who.id, company.organization, who.name)

    assert who.name not in roles()
    assert call("list_team_members", owner, company.team) == []
    assert call("list_organizations", who.id) == []
    assert violations(company.workspace) == {}


def test_a_guest_shares_one_workspace_and_nothing_else(
    call: Any, company: Company, roles: Any, refused: Any
) -> None:
    owner, guest = company.owner.id, company.guest
    call("create_organization_workspace", owner, company.organization, "Secret")

    call("set_member", owner, company.workspace, guest.name, "member")

    assert roles()[guest.name] == ("member", "member", True)
    call("create_task", guest.id, company.workspace, {"title": "from outside"})
    seen = {row["workspace_id"] for row in call("list_workspaces", guest.id)}
    assert seen == {guest.workspace_id, company.workspace}
    with refused("organization_not_found"):
        call("list_organization_members", guest.id, company.organization)
    with refused("team_not_found"):
        call("list_team_members", guest.id, company.team)
    for role in ("admin", "owner"):
        with refused("guest_restricted"):
            call("set_member", owner, company.workspace, guest.name, role)
    with refused("guest_restricted"):
        call("transfer_workspace", owner, company.workspace, guest.name)
    with refused("member_not_found"):
        call("add_team_member", owner, company.team, guest.name)


def test_a_role_by_the_organization_is_not_removed_in_the_workspace(
    call: Any, company: Company, refused: Any
) -> None:
    with refused("role_inherited"):
        call("remove_member", company.owner.id, company.workspace, company.admin.name)


def test_an_organization_keeps_an_owner(call: Any, company: Company, refused: Any) -> None:
    owner, number = company.owner, company.organization

    with refused("last_owner"):
        call("set_organization_member", owner.id, number, owner.name, "member")
    with refused("last_owner"):
        call("remove_organization_member", owner.id, number, owner.name)
    with refused("permission_denied"):
        call("set_organization_member", company.admin.id, number, company.member.name, "owner")

    call("transfer_organization", owner.id, number, company.member.name)
    found = {row["username"]: row["role"] for row in call("list_organization_members", owner.id, number)}
    assert (found[owner.name], found[company.member.name]) == ("admin", "owner")


@pytest.mark.parametrize(
    "asked",
    [
        ("add_team_member", "{team}", "{admin}"),
        ("remove_team_member", "{team}", "{member}"),
        ("delete_team", "{team}"),
        ("remove_organization_member", "{organization}", "{member}"),
        ("remove_team_role", "{workspace}", "{team}"),
        ("set_team_role", "{workspace}", "{team}", "viewer"),
        ("invite_to_organization", "{organization}", "owner", 1),
    ],
    ids=lambda asked: asked[0],
)
def test_only_owners_make_or_unmake_owners_by_a_team(
    call: Any, company: Company, roles: Any, refused: Any, asked: tuple[Any, ...]
) -> None:
    call("set_team_role", company.owner.id, company.workspace, company.team, "owner")
    call("add_team_member", company.owner.id, company.team, company.member.name)
    procedure, *args = asked
    things = {
        "team": company.team,
        "workspace": company.workspace,
        "organization": company.organization,
        "admin": company.admin.name,
        "member": company.member.name,
    }
    args = [arg.format(**things) if isinstance(arg, str) else arg for arg in args]
    before = roles()

    with refused("permission_denied"):
        call(procedure, company.admin.id, *args)

    assert roles() == before
    assert before[company.member.name][0] == "owner"
    call(procedure, company.owner.id, *args)


def test_who_owns_a_workspace_directly_is_put_out_by_its_owners_only(
    call: Any, company: Company, roles: Any, refused: Any
) -> None:
    call("set_member", company.owner.id, company.workspace, company.member.name, "owner")

    with refused("permission_denied"):
        call("remove_organization_member", company.admin.id, company.organization, company.member.name)

    assert roles()[company.member.name][0] == "owner"
    call("set_member", company.owner.id, company.workspace, company.admin.name, "owner")
    call("remove_organization_member", company.admin.id, company.organization, company.member.name)
    assert company.member.name not in roles()


def test_who_owns_a_workspace_may_leave_its_organization(
    call: Any, company: Company, roles: Any, violations: Any
) -> None:
    call("set_team_role", company.owner.id, company.workspace, company.team, "owner")
    call("add_team_member", company.owner.id, company.team, company.member.name)

    call("remove_organization_member", company.member.id, company.organization, company.member.name)

    assert company.member.name not in roles()
    assert violations(company.workspace) == {}


def test_a_workspace_is_given_away(call: Any, team: Any, violations: Any, refused: Any) -> None:
    (answer,) = call("transfer_workspace", team.owner.id, team.workspace_id, team.member.name)

    found = {row["username"]: row["role"] for row in call("list_members", team.viewer.id, team.workspace_id)}
    assert answer["role"] == found[team.member.name] == "owner"
    assert found[team.owner.name] == "admin"
    assert violations(team.workspace_id) == {}
    with refused("permission_denied"):
        call("transfer_workspace", team.owner.id, team.workspace_id, team.owner.name)


def test_a_personal_workspace_stays_with_its_user(
    call: Any, user: User, new_user: Any, owner: Any, refused: Any, violations: Any
) -> None:
    other, place = new_user(), user.workspace_id
    call("set_member", user.id, place, other.name, "owner")

    for who in (user, other):
        for asked in (
            ("transfer_workspace", place, user.name),
            ("remove_member", place, user.name),
            ("set_member", place, user.name, "admin"),
        ):
            with refused("workspace_personal"):
                call(asked[0], who.id, *asked[1:])
    for statement in (
        "DELETE FROM membership WHERE workspace_id = %s AND user_id = %s",
        "UPDATE membership SET direct_role = 'viewer' WHERE workspace_id = %s AND user_id = %s",
    ):
        with refused("workspace_personal"):
            run(owner, statement, place, user.id)

    call("set_member", other.id, place, user.name, "owner")
    call("set_member", user.id, place, other.name, "viewer")
    call("remove_member", user.id, place, other.name)
    assert [row["username"] for row in call("list_members", user.id, place)] == [user.name]
    assert violations(place) == {}


def test_names_change(call: Any, company: Company, refused: Any, log: Any) -> None:
    (place,) = call("rename_workspace", company.admin.id, company.workspace, "Shop")
    (organization,) = call("rename_organization", company.admin.id, company.organization, "Group")
    for name in (" ", None):
        with refused("invalid_request"):
            call("rename_workspace", company.owner.id, company.workspace, name)
        with refused("invalid_request"):
            call("rename_organization", company.owner.id, company.organization, name)

    assert (place["name"], place["role"], place["organization_id"]) == ("Shop", "admin", company.organization)
    assert (organization["name"], organization["role"]) == ("Group", "admin")
    line = log(place["revision"] - 1, company.workspace)[0]
    assert (line["entity"], line["old_row"]) == ("workspace", '{"name": "Website"}')


def test_an_organization_without_workspaces_is_deleted_with_its_teams(
    call: Any, company: Company, new_user: Any, refused: Any
) -> None:
    boss, second = new_user(), new_user()
    number = call("create_organization", boss.id, "Short")[0]["organization_id"]
    for one, role in ((second, "owner"), (company.member, "member")):
        call("set_organization_member", boss.id, number, one.name, role)
    team = call("create_team", boss.id, number, "Writers")[0]["team_id"]
    call("add_team_member", boss.id, team, company.member.name)
    call("invite_to_organization", boss.id, number, "member", 1)

    with refused("organization_in_use") as refusal:
        call("delete_organization", company.owner.id, company.organization)
    (gone,) = call("delete_organization", boss.id, number)

    assert refusal.value.facts["workspaces"] == 1
    assert gone == {"organization_id": number, "name": "Short"}
    for one in (boss, second, company.member):
        with refused("organization_not_found"):
            call("list_teams", one.id, number)


def test_the_last_of_an_organization_deletes_it_instead_of_leaving(
    call: Any, new_user: Any, refused: Any
) -> None:
    boss = new_user()
    number = call("create_organization", boss.id, "Short")[0]["organization_id"]

    with refused("last_owner"):
        call("remove_organization_member", boss.id, number, boss.name)

    call("delete_organization", boss.id, number)


def test_a_workspace_is_moved_into_an_organization_by_who_owns_both(
    call: Any, company: Company, refused: Any, violations: Any
) -> None:
    own = call("create_workspace", company.owner.id, "Own")[0]["workspace_id"]
    for one, role in ((company.guest, "member"), (company.admin, "owner")):
        call("set_member", company.owner.id, own, one.name, role)
    call("create_api_key", company.owner.id, own, "robot", "admin", None, "1" * 10, company.owner.name)
    task = call("create_task", company.guest.id, own, {"title": "t"})[0]["task_id"]

    for who, workspace, code in (
        (company.admin, own, "permission_denied"),
        (company.guest, own, "permission_denied"),
        (company.owner, company.workspace, "workspace_in_organization"),
        (company.owner, company.owner.workspace_id, "workspace_personal"),
        (company.owner, 2**62, "workspace_not_found"),
    ):
        with refused(code):
            call("move_workspace", who.id, workspace, company.organization)
    with refused("organization_not_found"):
        call("move_workspace", company.owner.id, own, 2**62)
    (moved,) = call("move_workspace", company.owner.id, own, company.organization)

    assert (moved["organization_id"], moved["role"]) == (company.organization, "owner")
    guests = {row["username"] for row in call("list_members", company.owner.id, own) if row["is_guest"]}
    assert company.guest.name in guests
    assert call("get_task", company.guest.id, task)[0]["task_id"] == task
    assert violations(own) == {}


def test_a_workspace_that_a_stranger_administers_is_not_moved(
    call: Any, company: Company, refused: Any
) -> None:
    own = call("create_workspace", company.owner.id, "Own")[0]["workspace_id"]
    call("set_member", company.owner.id, own, company.guest.name, "admin")

    with refused("guest_restricted"):
        call("move_workspace", company.owner.id, own, company.organization)


def test_teams_have_names_of_their_own(call: Any, company: Company, refused: Any) -> None:
    with refused("team_exists"):
        call("create_team", company.owner.id, company.organization, "writers")
    for name in (None, "", " "):
        with refused("invalid_request"):
            call("create_team", company.owner.id, company.organization, name)


def test_a_team_has_no_role_elsewhere(call: Any, company: Company, user: User, refused: Any) -> None:
    (elsewhere,) = call("create_workspace", user.id, "Of nobody")

    with refused("team_not_found"):
        call("set_team_role", user.id, elsewhere["workspace_id"], company.team, "member")


ATTACKS = [
    ("last_owner", "DELETE FROM organization_member WHERE organization_id = {organization}"),
    ("last_owner", "UPDATE organization_member SET role = 'admin' WHERE organization_id = {organization}"),
    ("last_owner", "DELETE FROM organization WHERE id = {organization}"),
    ("immutable_column", "UPDATE organization SET id = 99999999 WHERE id = {organization}"),
    ("immutable_column", "UPDATE organization_member SET user_id = 1 WHERE user_id = {member}"),
    ("invalid_request", "UPDATE organization_member SET role = 'Owner' WHERE user_id = {member}"),
    ("user_not_found", "INSERT INTO organization_member (organization_id, user_id, role) VALUES ({organization}, 99999999, 'member')"),
    ("organization_not_found", "INSERT INTO organization_member (organization_id, user_id, role) VALUES (99999999, {member}, 'owner')"),
    ("immutable_column", "UPDATE organization_workspace SET organization_id = 99999999 WHERE workspace_id = {workspace}"),
    ("immutable_column", "DELETE FROM organization_workspace WHERE workspace_id = {workspace}"),
    ("workspace_personal", "INSERT INTO organization_workspace (workspace_id, organization_id) VALUES ({personal}, {organization})"),
    ("guest_restricted", "INSERT INTO organization_workspace (workspace_id, organization_id) VALUES ({foreign}, {organization})"),
    ("workspace_not_found", "INSERT INTO organization_workspace (workspace_id, organization_id) VALUES (99999999, {organization})"),
    ("member_not_found", "INSERT INTO team_member (team_id, user_id) VALUES ({team}, {guest})"),
    ("team_not_found", "INSERT INTO team_member (team_id, user_id) VALUES (99999999, {member})"),
    ("immutable_column", "UPDATE team_member SET user_id = {guest} WHERE team_id = {team}"),
    ("immutable_column", "UPDATE team SET organization_id = 99999999 WHERE id = {team}"),
    ("team_not_found", "INSERT INTO team_role (workspace_id, team_id, role) VALUES ({foreign}, {team}, 'member')"),
    ("invalid_request", "UPDATE team_role SET role = 'king' WHERE team_id = {team}"),
    ("guest_restricted", "INSERT INTO membership (workspace_id, user_id, direct_role) VALUES ({workspace}, {guest}, 'admin')"),
    ("derived_row", "INSERT INTO membership (workspace_id, user_id, role) VALUES ({workspace}, {guest}, 'member')"),
    ("derived_row", "UPDATE membership SET role = 'owner' WHERE workspace_id = {workspace} AND user_id = {member}"),
    ("role_inherited", "DELETE FROM membership WHERE workspace_id = {workspace} AND user_id = {member}"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "statement"), ATTACKS)
def test_a_raw_statement_that_breaks_a_rule_is_refused(
    call: Any, owner: Any, company: Company, refused: Any, violations: Any, code: str, statement: str
) -> None:
    call("add_team_member", company.owner.id, company.team, company.member.name)
    call("set_team_role", company.owner.id, company.workspace, company.team, "member")
    foreign = call("create_workspace", company.guest.id, "Foreign")[0]["workspace_id"]
    names = {
        "organization": company.organization,
        "workspace": company.workspace,
        "personal": company.owner.workspace_id,
        "foreign": foreign,
        "team": company.team,
        "member": company.member.id,
        "guest": company.guest.id,
    }
    for foreign_keys in (1, 0):
        run(owner, f"SET foreign_key_checks = {foreign_keys}")

        with refused(code):
            run(owner, statement.format(**names))

        assert violations(company.workspace) == {}


def test_raw_changes_of_what_a_role_follows_from_are_followed(
    call: Any, owner: Any, company: Company, roles: Any, violations: Any
) -> None:
    who = company.member
    for statement, found in (
        (f"INSERT INTO team_member (team_id, user_id) VALUES ({company.team}, {who.id})", None),
        (f"INSERT INTO team_role (workspace_id, team_id, role) VALUES ({company.workspace}, {company.team}, 'viewer')", "viewer"),
        (f"UPDATE team_role SET role = 'admin' WHERE team_id = {company.team}", "admin"),
        (f"UPDATE organization_member SET role = 'owner' WHERE user_id = {who.id}", "owner"),
        (f"DELETE FROM team WHERE id = {company.team}", "owner"),
        (f"DELETE FROM organization_member WHERE user_id = {who.id}", None),
    ):  # fmt: skip
        run(owner, statement)

        assert roles().get(who.name, (None,))[0] == found, statement
        assert violations(company.workspace) == {}, statement


def test_a_workspace_brings_its_members_into_an_organization(
    call: Any, owner: Any, company: Company, violations: Any
) -> None:
    own = call("create_workspace", company.owner.id, "Own")[0]["workspace_id"]
    call("set_member", company.owner.id, own, company.guest.name, "viewer")

    run(
        owner,
        "INSERT INTO organization_workspace (workspace_id, organization_id) VALUES (%s, %s)",
        own,
        company.organization,
    )

    found = {row["username"]: row["role"] for row in call("list_members", company.guest.id, own)}
    assert found == {
        company.owner.name: "owner",
        company.admin.name: "admin",
        company.guest.name: "viewer",
    }
    assert violations(own) == {}
