"""create_api_key, use_api_key, list_api_keys, revoke_api_key: a key is a user of one workspace, in the role of its scope."""

import hashlib
import secrets
from dataclasses import dataclass

import pytest
from pymysql.err import MySQLError

from service.vocabulary import rows
from tests.servers import run

CLIENT = ("192.0.2.7", "curl/8.5")
DAY = 86_400


@dataclass(frozen=True)
class Key:
    id: int
    user_id: int
    name: str
    hash: str


@pytest.fixture
def make(call, team):
    def create(scope: str = "write", seconds: int | None = DAY, who=None, workspace_id=None) -> Key:
        prefix, key_hash = secrets.token_hex(5), hashlib.sha256(secrets.token_bytes(32)).hexdigest()
        (row,) = call(
            "create_api_key",
            (who or team.owner).id,
            workspace_id or team.workspace_id,
            "robot",
            scope,
            seconds,
            prefix,
            key_hash,
        )
        return Key(row["api_key_id"], row["user_id"], row["username"], key_hash)

    return create


@pytest.fixture
def use(call):
    def use(key: Key, address: str = CLIENT[0]):
        (row,) = call("use_api_key", key.hash, address, CLIENT[1])
        return row

    return use


def test_a_key_acts_as_a_user_of_its_own(call, make, use, team):
    key = make()

    assert use(key) == {"api_key_id": key.id, "user_id": key.user_id, "workspace_id": team.workspace_id}
    (task,) = call("create_task", key.user_id, team.workspace_id, {"title": "t"})
    (change,) = call("list_changes", team.owner.id, team.workspace_id, task["revision"] - 1, 1)[-1:]
    assert change["actor_id"] == key.user_id
    (me,) = call("get_user", key.user_id)
    assert (me["username"], me["email"], me["workspace_id"]) == (key.name, None, team.workspace_id)


@pytest.mark.parametrize("row", rows("api_key_scope"), ids=lambda row: row["scope"])
def test_a_key_may_what_the_role_of_its_scope_may(call, make, team, new_user, refused, row):
    allowed = {one["permission"] for one in rows("role_permission") if one["role"] == row["role"]}
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})
    key = make(row["scope"])

    for permission, (procedure, *args) in {
        "read": ("get_task", task["task_id"]),
        "plan": ("start_task", task["task_id"]),
        "administer": ("set_member", team.workspace_id, new_user().name, "member"),
        "own": ("list_security_events", team.workspace_id, 0, 1),
    }.items():
        if permission in allowed:
            call(procedure, key.user_id, *args)
        else:
            with refused("permission_denied"):
                call(procedure, key.user_id, *args)


@pytest.mark.parametrize("scope", [None, "", "own", "owner", "READ", "viewer"])
def test_there_are_no_other_scopes(make, refused, scope):
    with refused("invalid_request"):
        make(scope)


def test_only_owners_and_admins_make_list_and_revoke_keys(call, make, team, refused, new_user):
    key = make(who=team.admin)
    for who in (team.member, team.viewer):
        for procedure, *args in (("list_api_keys",), ("revoke_api_key", key.id)):
            with refused("permission_denied"):
                call(procedure, who.id, team.workspace_id, *args)
        with refused("permission_denied"):
            make(who=who)
    with refused("workspace_not_found"):
        make(who=new_user())


def test_a_key_makes_no_keys(make, refused):
    admin = make("admin")

    class Machine:
        id = admin.user_id

    with refused("permission_denied"):
        make(who=Machine)


def test_a_key_belongs_to_one_workspace_and_owns_none(call, make, team, user, refused, new_user):
    key, other = make("admin"), new_user()
    (elsewhere,) = call("create_workspace", other.id, "Elsewhere")

    with refused("api_key_bound"):
        call("set_member", other.id, elsewhere["workspace_id"], key.name, "viewer")
    with refused("api_key_bound"):
        call("set_member", team.owner.id, team.workspace_id, key.name, "owner")
    with refused("api_key_bound"):
        call("create_workspace", key.user_id, "Mine")
    with refused("workspace_not_found"):
        call("list_members", key.user_id, elsewhere["workspace_id"])
    assert [row["workspace_id"] for row in call("list_workspaces", key.user_id)] == [team.workspace_id]


def test_not_even_raw_statements_take_a_key_elsewhere(call, make, owner, refused, new_user, team):
    key, other = make(), new_user()

    with refused("api_key_bound"):
        run(
            owner,
            "INSERT INTO membership (workspace_id, user_id, direct_role) VALUES (%s, %s, 'viewer')",
            other.workspace_id,
            key.user_id,
        )
    with refused("api_key_bound"):
        run(owner, "UPDATE membership SET direct_role = 'owner' WHERE user_id = %s", key.user_id)


def test_nobody_logs_in_as_a_key(call, make):
    key = make()

    assert call("get_credentials", key.name) == []


def test_an_unknown_expired_or_revoked_key_opens_nothing(call, make, use, owner, team, refused):
    expired, revoked = make(), make()
    run(owner, "UPDATE api_key SET expires_at = CURRENT_TIMESTAMP(6) WHERE id = %s", expired.id)
    (row,) = call("revoke_api_key", team.admin.id, team.workspace_id, revoked.id)

    for key in (expired, revoked, Key(0, 0, "", "0" * 64), Key(0, 0, "", None)):
        with refused("unauthenticated"):
            use(key)
    assert row["revoked_at"] is not None
    with refused("workspace_not_found"):
        call("list_members", revoked.user_id, team.workspace_id)
    with refused("api_key_not_found"):
        call("revoke_api_key", team.admin.id, team.workspace_id, revoked.id)
    with refused("api_key_not_found"):
        call("revoke_api_key", team.admin.id, team.workspace_id, None)


def test_a_key_for_ever(make, use):
    assert use(make(seconds=None))


def test_the_list_tells_all_but_the_secret(call, make, use, team):
    key, gone = make("read"), make("admin")
    use(key)
    call("revoke_api_key", team.owner.id, team.workspace_id, gone.id)

    newest, oldest = call("list_api_keys", team.admin.id, team.workspace_id)

    assert (newest["api_key_id"], newest["scope"], newest["used_at"]) == (gone.id, None, None)
    assert (oldest["api_key_id"], oldest["scope"], oldest["created_by"]) == (key.id, "read", team.owner.id)
    assert oldest["used_at"] is not None
    assert key.hash not in str(oldest)


def test_another_role_is_another_scope(call, make, use, team):
    key = make("admin")

    call("set_member", team.owner.id, team.workspace_id, key.name, "viewer")

    (row,) = call("list_api_keys", team.owner.id, team.workspace_id)
    assert row["scope"] == "read"
    assert use(key)


@pytest.mark.parametrize("how", ["demoted", "removed", "left"])
def test_keys_end_with_the_rights_of_whoever_made_them(call, make, use, team, refused, how):
    theirs, others = [make(who=team.admin), make("read", who=team.admin)], make()

    if how == "demoted":
        call("set_member", team.owner.id, team.workspace_id, team.admin.name, "member")
    else:
        who = team.owner if how == "removed" else team.admin
        call("remove_member", who.id, team.workspace_id, team.admin.name)

    for key in theirs:
        with refused("unauthenticated"):
            use(key)
        with refused("workspace_not_found"):
            call("list_members", key.user_id, team.workspace_id)
    assert use(others)


def test_nor_do_raw_statements_leave_keys_behind(call, make, use, team, owner, refused):
    key = make(who=team.admin)

    run(
        owner,
        "UPDATE membership SET direct_role = 'viewer' WHERE user_id = %s AND workspace_id = %s",
        team.admin.id,
        team.workspace_id,
    )

    with refused("unauthenticated"):
        use(key)


def test_what_happens_to_keys_is_told(call, make, use, team):
    key = make()
    for address in ("192.0.2.7", "192.0.2.7", "2001:db8::7"):
        use(key, address)
    call("revoke_api_key", team.owner.id, team.workspace_id, key.id)

    events = call("list_security_events", team.owner.id, team.workspace_id, 0, 20)

    told = [(row["event"], row["address"]) for row in events if row["event"].startswith("api_key")]
    assert told == [
        ("api_key_revoked", None),
        ("api_key_used_elsewhere", "2001:db8::7"),
        ("api_key_used_elsewhere", "192.0.2.7"),
        ("api_key_created", None),
    ]


def test_at_the_prompt_keys_are_listed_and_revoked_but_not_made_or_used(make, person, team):
    key, planner = make(), person("planner", team.owner)

    for procedure, *args in (
        ("create_api_key", None, team.workspace_id, "n", "read", DAY, "prefix", "0" * 64),
        ("use_api_key", key.hash, *CLIENT),
    ):
        with pytest.raises(MySQLError, match="denied"):
            planner.call(procedure, *args)
    assert [row["api_key_id"] for row in planner.call("list_api_keys", None, team.workspace_id)] == [key.id]
    planner.call("revoke_api_key", None, team.workspace_id, key.id)
