"""Invitations: a token that is shown once and lets one user join, for some time."""

from typing import Any

import pytest

from tests.servers import run


@pytest.fixture
def organization(call: Any, team: Any) -> int:
    number: int = call("create_organization", team.owner.id, "Example")[0]["organization_id"]
    return number


def test_the_token_lets_one_user_join_once(
    call: Any, team: Any, new_user: Any, refused: Any, violations: Any
) -> None:
    one, other = new_user(), new_user()
    (made,) = call("invite_to_workspace", team.admin.id, team.workspace_id, "member", 24)
    assert len(call("list_workspace_invitations", team.admin.id, team.workspace_id)) == 1

    (joined,) = call("accept_invitation", one.id, made["token"])

    assert (joined["workspace_id"], joined["role"]) == (team.workspace_id, "member")
    roles = {row["username"]: row["role"] for row in call("list_members", team.owner.id, team.workspace_id)}
    assert roles[one.name] == "member"
    assert call("list_workspace_invitations", team.admin.id, team.workspace_id) == []
    with refused("invitation_not_found"):
        call("accept_invitation", other.id, made["token"])
    assert violations(team.workspace_id) == {}


def test_the_token_is_not_kept(call: Any, owner: Any, team: Any) -> None:
    (made,) = call("invite_to_workspace", team.owner.id, team.workspace_id, "viewer", 24)

    (row,) = run(owner, "SELECT * FROM invitation WHERE id = %s", made["invitation_id"])

    assert len(made["token"]) == 64
    assert made["token"] not in map(str, row.values())
    (hashed,) = run(owner, "SELECT SHA2(%s, 256) AS digest", made["token"])
    assert row["token_hash"] == hashed["digest"]


def test_an_organization_invites_too(
    call: Any, team: Any, new_user: Any, organization: int, refused: Any
) -> None:
    who = new_user()
    (made,) = call("invite_to_organization", team.owner.id, organization, "admin", 24)
    (late,) = call("invite_to_organization", team.owner.id, organization, "member", 24)

    call("accept_invitation", who.id, made["token"])

    assert call("list_organizations", who.id)[0]["role"] == "admin"
    with refused("member_exists"):
        call("accept_invitation", who.id, late["token"])
    (left,) = call("list_organization_invitations", who.id, organization)
    assert left["invitation_id"] == late["invitation_id"]


def test_an_old_or_revoked_one_is_good_for_nothing(
    call: Any, owner: Any, team: Any, new_user: Any, refused: Any
) -> None:
    who = new_user()
    (old,) = call("invite_to_workspace", team.owner.id, team.workspace_id, "viewer", 1)
    (revoked,) = call("invite_to_workspace", team.owner.id, team.workspace_id, "viewer", 1)
    run(owner, "UPDATE invitation SET expires_at = NOW(6) WHERE id = %s", old["invitation_id"])
    call("revoke_invitation", team.admin.id, revoked["invitation_id"])

    with refused("invitation_expired"):
        call("accept_invitation", who.id, old["token"])
    with refused("invitation_not_found"):
        call("accept_invitation", who.id, revoked["token"])
    with refused("invitation_not_found"):
        call("revoke_invitation", team.admin.id, revoked["invitation_id"])
    for token in (None, "", "c0ffee", revoked["token"].upper()):
        with refused("invitation_not_found"):
            call("accept_invitation", who.id, token)


def test_it_is_worth_what_its_maker_may_still_give(call: Any, team: Any, new_user: Any, refused: Any) -> None:
    with refused("permission_denied"):
        call("invite_to_workspace", team.admin.id, team.workspace_id, "owner", 1)
    (made,) = call("invite_to_workspace", team.admin.id, team.workspace_id, "viewer", 1)
    call("set_member", team.owner.id, team.workspace_id, team.admin.name, "member")

    with refused("invitation_not_found"):
        call("accept_invitation", new_user().id, made["token"])


def test_a_guest_is_not_invited_to_administer(
    call: Any, team: Any, new_user: Any, organization: int, refused: Any
) -> None:
    owner = team.owner.id
    number = call("create_organization_workspace", owner, organization, "Website")[0]["workspace_id"]
    (admin,) = call("invite_to_workspace", owner, number, "admin", 1)
    (member,) = call("invite_to_workspace", owner, number, "member", 1)
    guest = new_user()

    with refused("guest_restricted"):
        call("accept_invitation", guest.id, admin["token"])
    call("accept_invitation", guest.id, member["token"])

    (found,) = [row for row in call("list_members", owner, number) if row["user_id"] == guest.id]
    assert (found["role"], found["is_guest"]) == ("member", 1)


@pytest.mark.parametrize(
    ("role", "hours"), [("king", 1), (None, 1), ("viewer", 0), ("viewer", 721), ("viewer", None)]
)
def test_a_wrong_invitation_is_refused(call: Any, team: Any, refused: Any, role: Any, hours: Any) -> None:
    with refused("invalid_request"):
        call("invite_to_workspace", team.owner.id, team.workspace_id, role, hours)
