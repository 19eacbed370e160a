"""Whoever loses their role, in whatever way, can do nothing any more: as the service asks, at the prompt, with a key."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import User
from tests.servers import run
from tests.sql.conftest import Company

# How somebody came to administer the workspace, and what takes it from them.
WAYS = {
    "taken out of the team": ("team", "remove_team_member", "{team}", "{name}"),
    "the team loses its role": ("team", "remove_team_role", "{workspace}", "{team}"),
    "the team is deleted": ("team", "delete_team", "{team}"),
    "put out of the organization, in by the team": ("team", "remove_organization_member", "{organization}", "{name}"),
    "put out of the organization": ("organization", "remove_organization_member", "{organization}", "{name}"),
    "a plain member of the organization": ("organization", "set_organization_member", "{organization}", "{name}", "member"),
    "put out of the workspace": ("self", "remove_member", "{workspace}", "{name}"),
}  # fmt: skip


@dataclass(frozen=True)
class Leaver:
    """Somebody who administers the workspace: planner and analyst at the prompt, with a key and a claimed task."""

    user: User
    planner: Any
    analyst: Any
    key_user: int
    key_hash: str
    task: int
    fence: int


@pytest.fixture
def administrator(call: Any, company: Company, new_user: Any, person: Any) -> Any:
    """Let somebody administer the workspace by the team, the organization or themselves."""

    def come(by: str) -> Leaver:
        user, boss = new_user(), company.owner.id
        call(
            "set_organization_member",
            boss,
            company.organization,
            user.name,
            "admin" if by == "organization" else "member",
        )
        if by == "team":
            call("add_team_member", boss, company.team, user.name)
            call("set_team_role", boss, company.workspace, company.team, "admin")
        elif by == "self":
            call("set_member", boss, company.workspace, user.name, "admin")
        key_hash = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        (key,) = call(
            "create_api_key",
            user.id,
            company.workspace,
            "robot",
            "write",
            None,
            secrets.token_hex(5),
            key_hash,
        )
        lasting = call("create_team", boss, company.organization, "Lasting")[0]["team_id"]
        call("set_team_role", boss, company.workspace, lasting, "viewer")
        call("create_task", user.id, company.workspace, {"title": "held", "tags": ["x"]})
        (held,) = call("claim_next_task", user.id, company.workspace, None, 600)
        (after,) = call(
            "create_task", user.id, company.workspace, {"title": "t", "depends_on": [held["task_id"]]}
        )
        assert after["waiting_for"] == 1
        return Leaver(
            user,
            person("planner", user),
            person("analyst", user),
            key["user_id"],
            key_hash,
            held["task_id"],
            held["fence"],
        )

    return come


def calls(company: Company, one: Leaver) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """What is asked for, and as what it is then not there."""
    changes = [{"op": "complete", "task": one.task}]
    yield "workspace_not_found", "list_tasks", (company.workspace, None, None, None, None, 0, 10)
    yield "workspace_not_found", "list_changes", (company.workspace, 0, 10)
    yield "workspace_not_found", "export_tasks", (company.workspace, None, 10)
    yield "workspace_not_found", "create_task", (company.workspace, {"title": "late"})
    yield "workspace_not_found", "apply_changes", (company.workspace, changes, "apply", None)
    yield "workspace_not_found", "claim_next_task", (company.workspace, None, 600)
    yield "workspace_not_found", "list_members", (company.workspace,)
    yield "workspace_not_found", "set_member", (company.workspace, one.user.name, "admin")
    yield "task_not_found", "get_task", (one.task,)
    yield "task_not_found", "get_tree_as_of", (one.task, "upstream", None, 1, None)
    yield "task_not_found", "complete_claim", (one.task, one.fence)
    yield "task_not_found", "renew_claim", (one.task, one.fence, 600)
    yield "task_not_found", "update_task", (one.task, {"title": "late"}, None, False)
    yield "task_not_found", "delete_task", (one.task, "splice", None)


VIEWS = (
    "visible_workspace", "visible_task", "ready_task", "blocked_task", "visible_dependency", "visible_tag",
    "visible_membership", "visible_change", "visible_team",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_whoever_loses_their_role_can_do_nothing_any_more(
    call: Any, company: Company, administrator: Any, refused: Any, violations: Any, way: str
) -> None:
    by, procedure, *names = WAYS[way]
    one = administrator(by)
    seen = f"SELECT COUNT(*) AS count FROM {{}} WHERE workspace_id = {company.workspace}"
    doors = [one.planner.run(seen.format(view))[0]["count"] for view in VIEWS]
    assert all(doors), doors
    call("use_api_key", one.key_hash, "192.0.2.7", None)
    call("list_ready_tasks", one.key_user, company.workspace, False, 0, 10)

    given = {"team": company.team, "workspace": company.workspace, "organization": company.organization}
    call(procedure, company.owner.id, *(name.format(**given, name=one.user.name) for name in names))

    for code, asked, args in calls(company, one):
        for who in (one.user.id, one.key_user):
            with refused(code):
                call(asked, who, *args)
        with refused(code):
            one.planner.call(asked, None, *args)
    with refused("workspace_not_found"):
        one.analyst.call("list_ready_tasks", None, company.workspace, False, 0, 10)
    with refused("unauthenticated"):
        call("use_api_key", one.key_hash, "192.0.2.7", None)
    for view in VIEWS:
        for login in (one.planner, one.analyst):
            assert login.run(seen.format(view)) == [{"count": 0}], view
    assert violations(company.workspace) == {}


def test_a_role_that_is_lowered_ends_the_keys_that_it_had_made(
    call: Any, company: Company, administrator: Any, refused: Any
) -> None:
    one = administrator("team")

    call("set_team_role", company.owner.id, company.workspace, company.team, "viewer")

    assert call("list_ready_tasks", one.user.id, company.workspace, False, 0, 10)
    with refused("permission_denied"):
        call("complete_claim", one.user.id, one.task, one.fence)
    with refused("unauthenticated"):
        call("use_api_key", one.key_hash, "192.0.2.7", None)
    with refused("workspace_not_found"):
        call("list_ready_tasks", one.key_user, company.workspace, False, 0, 10)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM team_member WHERE user_id = {user}",
        "DELETE FROM team_role WHERE team_id = {team}",
        "UPDATE team_role SET role = 'viewer' WHERE team_id = {team}",
        "DELETE FROM team WHERE id = {team}",
        "DELETE FROM organization_member WHERE user_id = {user}",
    ],
)
def test_so_do_raw_statements(
    call: Any, company: Company, administrator: Any, owner: Any, refused: Any, statement: str
) -> None:
    one = administrator("team")

    run(owner, statement.format(user=one.user.id, team=company.team))

    with refused("permission_denied" if "viewer" in statement else "workspace_not_found"):
        call("create_task", one.user.id, company.workspace, {"title": "late"})
    with refused("workspace_not_found"):
        call("create_task", one.key_user, company.workspace, {"title": "late"})
