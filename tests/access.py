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
# author: whoever wrote it; self: about the actor, whoever that is; open: about nobody; service: for the service
# alone, which vouches.
RULES = {
    "abandon_upload": "service",
    "accept_invitation": "self",
    "add_dependency": "plan",
    "add_reaction": "plan",
    "add_team_member": "administer",
    "apply_changes": "plan",
    "begin_import": "service",
    "begin_upload": "plan",
    "cancel_task": "plan",
    "change_password": "self",
    "claim_mail": "service",
    "claim_next_task": "plan",
    "claim_webhook_deliveries": "service",
    "complete_claim": "plan",
    "complete_task": "plan",
    "confirm_email": "service",
    "count_tasks": "read",
    "create_api_key": "administer",
    "create_comment": "plan",
    "create_organization": "self",
    "create_organization_workspace": "plan",
    "create_saved_search": "plan",
    "create_session": "service",
    "create_task": "plan",
    "create_team": "administer",
    "create_user": "service",
    "create_webhook": "administer",
    "create_workspace": "self",
    "delete_attachment": "plan",
    "delete_comment": "administer",
    "delete_organization": "own",
    "delete_saved_search": "administer",
    "delete_task": "plan",
    "delete_team": "administer",
    "describe_tasks": "read",
    "delete_webhook": "administer",
    "dispatch_changes": "service",
    "explain_blocked": "read",
    "export_tasks": "read",
    "find_path": "read",
    "find_ready_tasks": "read",
    "find_similar_tasks": "read",
    "finish_import": "plan",
    "finish_mail": "service",
    "finish_upload": "plan",
    "finish_webhook_delivery": "service",
    "follow_search": "read",
    "forget_orphan": "service",
    "gather_digests": "service",
    "gather_mail": "service",
    "get_attachment": "read",
    "get_attachment_file": "read",
    "get_comment": "read",
    "get_credentials": "service",
    "get_dependency_tree": "read",
    "get_effective_priority": "read",
    "get_facets": "read",
    "get_impact": "read",
    "get_revision_as_of": "read",
    "get_saved_search": "read",
    "get_schema_status": "service",
    "get_task": "read",
    "get_task_graph": "read",
    "get_task_revision": "read",
    "get_task_watch": "read",
    "get_tree_as_of": "read",
    "get_user": "self",
    "get_webhook_delivery": "administer",
    "get_workspace_diff": "read",
    "get_workspace_graph": "read",
    "get_workspace_revision": "read",
    "help": "open",
    "highlight_tasks": "read",
    "invite_to_organization": "administer",
    "invite_to_workspace": "administer",
    "list_activity": "read",
    "list_api_keys": "administer",
    "list_attachment_versions": "read",
    "list_attachments": "read",
    "list_awaited_changes": "read",
    "list_blocked_tasks": "read",
    "list_changes": "read",
    "list_claims": "read",
    "list_comment_versions": "read",
    "list_comments": "read",
    "list_dependents": "read",
    "list_levels": "read",
    "list_members": "read",
    "list_notification_preferences": "self",
    "list_notifications": "self",
    "list_organization_invitations": "administer",
    "list_organization_members": "read",
    "list_organization_security_events": "own",
    "list_organizations": "self",
    "list_orphans": "service",
    "list_own_security_events": "self",
    "list_prerequisites": "read",
    "list_ready_tasks": "read",
    "list_redundant_dependencies": "read",
    "list_revisions": "service",
    "list_revoked_sessions": "service",
    "list_saved_searches": "read",
    "list_security_events": "own",
    "list_sessions": "self",
    "list_tasks": "read",
    "list_team_members": "read",
    "list_team_roles": "read",
    "list_teams": "read",
    "list_touched_tasks": "service",
    "list_undispatched": "service",
    "list_webhook_deliveries": "administer",
    "list_webhooks": "administer",
    "list_workspace_invitations": "administer",
    "list_workspaces": "self",
    "log_login_failure": "service",
    "mark_notification": "self",
    "mark_notifications_read": "self",
    "move_workspace": "own",
    "mute_task": "read",
    "rebuild_workspace": "administer",
    "release_abandoned_claims": "service",
    "release_claim": "plan",
    "release_expired_claims": "plan",
    "remove_dependency": "plan",
    "remove_member": "administer",
    "remove_old_rows": "service",
    "remove_organization_member": "administer",
    "remove_reaction": "plan",
    "remove_team_member": "administer",
    "remove_team_role": "administer",
    "rename_organization": "administer",
    "rename_workspace": "administer",
    "renew_claim": "plan",
    "reopen_task": "plan",
    "request_email_confirmation": "self",
    "replay_webhook_deliveries": "administer",
    "revoke_api_key": "administer",
    "revoke_invitation": "administer",
    "revoke_session": "self",
    "revoke_sessions": "self",
    "rotate_session": "service",
    "send_reminders": "service",
    "rotate_webhook_secret": "administer",
    "set_member": "administer",
    "set_notification_preference": "read",
    "set_organization_member": "administer",
    "set_team_role": "administer",
    "set_time_zone": "self",
    "stage_tasks": "service",
    "start_task": "plan",
    "stop_mail": "service",
    "suggest_tags": "read",
    "take_upload": "plan",
    "test_webhook": "administer",
    "transfer_organization": "own",
    "transfer_workspace": "own",
    "unwatch_task": "read",
    "update_comment": "author",
    "update_saved_search": "administer",
    "update_task": "plan",
    "update_user": "self",
    "update_webhook": "administer",
    "use_api_key": "service",
    "verify_workspace": "read",
    "watch_task": "read",
}

# Operations of the API that are neither public nor one procedure: "GET /path": rule.
ROUTE_RULES: dict[str, str] = {
    "POST /api/v1/changes/tickets": "self",
    "PUT /api/v1/users/me/notification-preferences": "self",
}

# What a call is about is the first of these among its parameters; to who may not see it, it is not there.
THINGS = {
    "p_task_id": "task_not_found",
    "p_workspace_id": "workspace_not_found",
    "p_organization_id": "organization_not_found",
    "p_team_id": "team_not_found",
    "p_invitation_id": "invitation_not_found",
    "p_search_id": "search_not_found",
}
# In these, somebody who is only a guest in the workspace is a stranger.
OF_THE_ORGANIZATION = {"organization_not_found", "team_not_found"}

# Each who asks, and as what they belong to the house; all but the guest belong to its organization as the same.
ASKERS = {
    "owner": "owner",
    "admin": "admin",
    "member": "member",
    "viewer": "viewer",
    "guest": "member",
    "stranger": None,
    "neighbour": None,
}
# The owner wrote the comment of the house.
ALLOWED = {(row["role"], row["permission"]) for row in rows("role_permission")} | {("owner", "author")}
PERMISSIONS = {permission for _, permission in ALLOWED}
MISSING = 2**62

Call = Callable[..., list[Row]]


def expected(rule: str, asker: str, hidden: str) -> str | None:
    """The code that an asker is refused with, None for who may; `hidden` is what strangers are told."""
    role = None if asker == "guest" and hidden in OF_THE_ORGANIZATION else ASKERS[asker]
    if rule not in PERMISSIONS or (role, rule) in ALLOWED:
        return None
    return "permission_denied" if role else hidden


@dataclass(frozen=True)
class House:
    """A workspace of an organization, with people, a team and tasks; and what a call is given, by parameter."""

    values: dict[str, Any]

    @classmethod
    def build(cls, call: Call, people: dict[str, User], mate: User) -> "House":
        """A new one of these people; the mate is the member whom calls are about."""
        owner = people["owner"].id
        organization = call("create_organization", owner, "House")[0]["organization_id"]
        number = call("create_organization_workspace", owner, organization, "House")[0]["workspace_id"]
        belonging = [(people[name], role) for name, role in ASKERS.items() if role and name != "owner"]
        for user, role in [*belonging, (mate, "member")]:
            if user is not people["guest"]:
                call("set_organization_member", owner, organization, user.name, role)
            call("set_member", owner, number, user.name, role)
        team = call("create_team", owner, organization, "Team")[0]["team_id"]
        call("add_team_member", owner, team, mate.name)
        call("set_team_role", owner, number, team, "viewer")
        task, prerequisite = (
            call("create_task", owner, number, {"title": title})[0]["task_id"] for title in ("task", "other")
        )
        secret = secrets.token_hex(5), secrets.token_hex(32)
        (key,) = call("create_api_key", owner, number, "robot", "read", None, *secret)
        (invitation,) = call("invite_to_workspace", owner, number, "viewer", 1)
        begun = [
            call("begin_upload", owner, task, "plan.pdf", 4, 4, 1000, 60)[0]["upload_id"] for _ in range(2)
        ]
        (attached,) = call("finish_upload", owner, task, begun[0], 4, "0" * 64, "application/pdf")
        (comment,) = call("create_comment", owner, task, "Who does this?")
        (search,) = call("create_saved_search", owner, number, "urgent ones", "is:open", None, True)
        (webhook,) = call("create_webhook", owner, number, "https://example.org/", ["task.ready"], "secret")
        (delivery,) = call("test_webhook", owner, number, webhook["webhook_id"])
        (now,) = call("get_workspace_revision", owner, number)
        return cls(
            VALUES
            | {
                "p_organization_id": organization,
                "p_workspace_id": number,
                "p_team_id": team,
                "p_invitation_id": invitation["invitation_id"],
                "p_search_id": search["search_id"],
                "p_token": "c0ffee",
                "p_task_id": task,
                "p_attachment_id": attached["attachment_id"],
                "p_upload_id": begun[1],
                "p_depends_on_id": prerequisite,
                "p_comment_id": comment["comment_id"],
                "p_revision": now["revision"],
                "p_to": prerequisite,
                "p_to_id": prerequisite,
                "p_assignee_id": mate.id,
                "p_username": mate.name,
                "p_api_key_id": key["api_key_id"],
                "p_webhook_id": webhook["webhook_id"],
                "p_delivery_id": delivery["delivery_id"],
                "p_prefix": secrets.token_hex(5),
                "p_key_hash": secrets.token_hex(32),
            }
        )


# What calls are given in any house; a parameter that is not named here or by the house is NULL.
VALUES: dict[str, Any] = {
    "p_after_revision": 0,
    "p_body": "I do.",
    "p_bytes": 4,
    "p_cascade": False,
    "p_changes": {"title": "new"},
    "p_depends_on": [],
    "p_depth": 1,
    "p_direction": "upstream",
    "p_fence": 1,
    "p_filter": {},
    "p_from": 0,
    "p_from_revision": 0,
    "p_hours": 1,
    "p_inbox": True,
    "p_is_read": True,
    "p_is_shared": True,
    "p_kind": "rocket",
    "p_kinds": ["task.ready"],
    "p_lease_seconds": 60,
    "p_limit": 1,
    "p_mail": "none",
    "p_media_type": "application/pdf",
    "p_mode": "refuse",
    "p_most_bytes": 4,
    "p_name": "Website",
    "p_on_cycle": "refuse",
    "p_quota_bytes": 1000,
    "p_revision": 4,
    "p_role": "viewer",
    "p_scope": "read",
    "p_secret": "secret",
    "p_sha256": "0" * 64,
    "p_skip": 0,
    "p_task": {"title": "new"},
    "p_task_ids": [1],
    "p_time_zone": "+01:00",
    "p_title": "Paint",
    "p_transitive": False,
    "p_url": "https://example.org/",
}
