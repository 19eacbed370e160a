"""Who may do what: one rule a procedure, at every door. A procedure or a route without one fails the build.

To add a procedure, add its line to RULES. If NULL will not do for a parameter that no other procedure has, give it
a value in VALUES; and add a new kind of thing to THINGS, if its id is what the call is about.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.vocabulary import rows
from tests.conftest import Row, User

# A word of role_permission: what the role of the actor must allow, in the place of the thing asked for. Besides,
# self: about the actor, whoever that is; open: about nobody; service: for the service alone, which vouches.
RULES = {
    "add_dependency": "plan",
    "apply_changes": "plan",
    "begin_import": "service",
    "cancel_task": "plan",
    "change_password": "self",
    "claim_next_task": "plan",
    "complete_claim": "plan",
    "complete_task": "plan",
    "create_api_key": "administer",
    "create_session": "service",
    "create_task": "plan",
    "create_user": "service",
    "create_workspace": "self",
    "delete_task": "plan",
    "explain_blocked": "read",
    "export_tasks": "read",
    "find_path": "read",
    "finish_import": "plan",
    "get_credentials": "service",
    "get_dependency_tree": "read",
    "get_effective_priority": "read",
    "get_impact": "read",
    "get_revision_as_of": "read",
    "get_schema_status": "service",
    "get_task": "read",
    "get_task_graph": "read",
    "get_task_revision": "read",
    "get_tree_as_of": "read",
    "get_user": "self",
    "get_workspace_diff": "read",
    "get_workspace_graph": "read",
    "get_workspace_revision": "read",
    "help": "open",
    "list_api_keys": "administer",
    "list_blocked_tasks": "read",
    "list_changes": "read",
    "list_claims": "read",
    "list_dependents": "read",
    "list_levels": "read",
    "list_members": "read",
    "list_own_security_events": "self",
    "list_prerequisites": "read",
    "list_ready_tasks": "read",
    "list_redundant_dependencies": "read",
    "list_revoked_sessions": "service",
    "list_security_events": "own",
    "list_sessions": "self",
    "list_tasks": "read",
    "list_workspaces": "self",
    "log_login_failure": "service",
    "rebuild_workspace": "administer",
    "release_claim": "plan",
    "release_expired_claims": "plan",
    "remove_dependency": "plan",
    "remove_member": "administer",
    "renew_claim": "plan",
    "reopen_task": "plan",
    "revoke_api_key": "administer",
    "revoke_session": "self",
    "revoke_sessions": "self",
    "rotate_session": "service",
    "set_member": "administer",
    "set_time_zone": "self",
    "stage_tasks": "service",
    "start_task": "plan",
    "update_task": "plan",
    "use_api_key": "service",
    "verify_workspace": "read",
}

# Operations of the API that are neither public nor one procedure: "GET /path": rule.
ROUTE_RULES: dict[str, str] = {}

# What a call is about is the first of these among its parameters; to who may not see it, it is not there.
THINGS = {
    "p_task_id": "task_not_found",
    "p_workspace_id": "workspace_not_found",
}

# Each who asks, and as what they belong to the house.
ASKERS = {
    "owner": "owner",
    "admin": "admin",
    "member": "member",
    "viewer": "viewer",
    "stranger": None,
    "neighbour": None,
}
ALLOWED = {(row["role"], row["permission"]) for row in rows("role_permission")}
PERMISSIONS = {permission for _, permission in ALLOWED}
MISSING = 2**62

Call = Callable[..., list[Row]]


def expected(rule: str, asker: str, hidden: str) -> str | None:
    """The code that an asker is refused with, None for who may; `hidden` is what strangers are told."""
    role = ASKERS[asker]
    if rule not in PERMISSIONS or (role, rule) in ALLOWED:
        return None
    return "permission_denied" if role else hidden


@dataclass(frozen=True)
class House:
    """A workspace with members and tasks, and what a call in it may be given, by parameter."""

    values: dict[str, Any]

    @classmethod
    def build(cls, call: Call, people: dict[str, User], mate: User) -> "House":
        """A new one of these people; the mate is the member whom calls are about."""
        owner = people["owner"].id
        (workspace,) = call("create_workspace", owner, "House")
        number = workspace["workspace_id"]
        for name, role in ASKERS.items():
            if role and name != "owner":
                call("set_member", owner, number, people[name].name, role)
        call("set_member", owner, number, mate.name, "member")
        task, prerequisite = (
            call("create_task", owner, number, {"title": title})[0]["task_id"] for title in ("task", "other")
        )
        secret = secrets.token_hex(5), secrets.token_hex(32)
        (key,) = call("create_api_key", owner, number, "robot", "read", None, *secret)
        return cls(
            VALUES
            | {
                "p_workspace_id": number,
                "p_task_id": task,
                "p_depends_on_id": prerequisite,
                "p_to": prerequisite,
                "p_to_id": prerequisite,
                "p_assignee_id": mate.id,
                "p_username": mate.name,
                "p_api_key_id": key["api_key_id"],
                "p_prefix": secrets.token_hex(5),
                "p_key_hash": secrets.token_hex(32),
            }
        )


# What calls are given in any house; a parameter that is not named here or by the house is NULL.
VALUES: dict[str, Any] = {
    "p_after_revision": 0,
    "p_cascade": False,
    "p_changes": {"title": "new"},
    "p_depends_on": [],
    "p_depth": 1,
    "p_direction": "upstream",
    "p_fence": 1,
    "p_filter": {},
    "p_from": 0,
    "p_from_revision": 0,
    "p_lease_seconds": 60,
    "p_limit": 1,
    "p_mode": "refuse",
    "p_name": "Website",
    "p_on_cycle": "refuse",
    "p_revision": 4,
    "p_role": "viewer",
    "p_scope": "read",
    "p_skip": 0,
    "p_time_zone": "+01:00",
    "p_task": {"title": "new"},
    "p_transitive": False,
}
