"""verify_workspace names each kind of damage, and rebuild_workspace heals what can be derived again.

Damage is done in a database of its own, as the owner, with some guards dropped.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from service.database import migrate
from service.database.calls import call as call_procedure
from service.database.connection import open_connection
from tests.conftest import new_database
from tests.servers import run as run_statement

# It still tells the trigger that counts whether the new row blocks.
JUDGES_NOTHING = (
    "CREATE TRIGGER dependency_before_insert BEFORE INSERT ON dependency FOR EACH ROW"
    " SET @headgate_is_blocking = (SELECT is_open FROM node WHERE task_id = NEW.depends_on_id)"
)


@dataclass(frozen=True)
class Damaged:
    """A workspace where ship waits for build waits for design, and a session that may do anything."""

    connection: object
    user: int
    workspace: int
    ship: int
    build: int
    design: int

    def call(self, procedure, *args):
        return call_procedure(self.connection, procedure, *args)

    def run(self, statement):
        return run_statement(self.connection, statement.format(**vars(self)))

    def found(self):
        return {
            row["invariant"]: row["violations"]
            for row in self.call("verify_workspace", self.user, None)
            if row["violations"]
        }


@pytest.fixture(scope="module")
def _unguarded() -> Iterator[object]:
    with new_database("headgate_d") as dsn:
        migrate.up(dsn)
        with open_connection(dsn) as connection, connection.cursor() as cursor:
            for guard in (
                "claim_before_insert",
                "tag_before_insert",
                "comment_before_insert",
                "reaction_before_insert",
                "membership_before_delete",
                "change_log_before_delete",
                "dependency_before_insert",
                "team_before_delete",
                "attachment_before_update",
                "stored_file_before_update",
            ):
                cursor.execute(f"DROP TRIGGER {guard}")
            cursor.execute(JUDGES_NOTHING)
        yield dsn


@pytest.fixture
def damaged(_unguarded) -> Iterator[Damaged]:
    with open_connection(_unguarded) as connection:
        name = f"user-{secrets.token_hex(6)}"
        (user,) = call_procedure(connection, "create_user", name, f"{name}@example.org", "x")
        ids = []
        for title in ("design", "build", "ship"):
            fields = {"title": title, "depends_on": ids[-1:]}
            ids.append(call_procedure(connection, "create_task", user["user_id"], None, fields)[0]["task_id"])
        one = Damaged(connection, user["user_id"], user["workspace_id"], *reversed(ids))
        assert one.found() == {}
        one.run("SET @headgate_deriving = 1, foreign_key_checks = 0")
        yield one


HEALABLE = {
    "every dependency goes uphill": "UPDATE node SET topo_rank = -5 WHERE task_id = {ship}",
    "every task has its node, with its own status and priority": "UPDATE node SET priority_rank = 9 WHERE task_id = {ship}",
    "every claim is on a task in progress, of its assignee": "INSERT INTO claim"
    " (task_id, workspace_id, user_id, fence, lease_expires_at) VALUES ({design}, {workspace}, {user}, 1, NOW())",
    "every node has its task": "INSERT INTO node (task_id, workspace_id, topo_rank, is_open, priority_rank)"
    " VALUES (777777777777 + {ship}, {workspace}, 1, 1, 1)",
    "every task is found by the words of its text": "DELETE FROM task_word WHERE task_id = {ship} AND word = 'ship'",
    "every word that is found has its task": "INSERT INTO task_word VALUES ({workspace}, 'x', 777777777777 + {ship}, 1, 1)",
    "waiting_for counts the open direct prerequisites": "UPDATE node SET waiting_for = 5 WHERE task_id = {ship}",
}
LASTING = {
    "no dependency hangs in the air or leaves the workspace": "INSERT INTO dependency (workspace_id, task_id, depends_on_id)"
    " VALUES ({workspace}, {ship}, 999999999999)",
    "no tag hangs in the air": "INSERT INTO tag (workspace_id, task_id, name) VALUES ({workspace}, 999999999999, 'x')",
    "no completed task waits for an open one": "INSERT INTO dependency (workspace_id, task_id, depends_on_id)"
    " SELECT {workspace}, id, {design} FROM task WHERE workspace_id = {workspace} AND status = 'completed'",
    "the change log has every revision once": "DELETE FROM change_log WHERE workspace_id = {workspace} AND revision = 3",
    "the workspace exists and has an owner": "UPDATE membership SET direct_role = 'admin' WHERE workspace_id = {workspace}",
}


@pytest.mark.parametrize("invariant", HEALABLE)
def test_damage_to_derived_rows_is_named_and_healed(damaged, invariant):
    damaged.run(HEALABLE[invariant])

    assert damaged.found()[invariant] == 1
    damaged.call("rebuild_workspace", damaged.user, None)
    assert damaged.found() == {}


def test_a_node_that_is_gone_or_elsewhere_is_named_and_healed(damaged):
    for damage in (
        "DELETE FROM node WHERE task_id = {build}",
        "UPDATE node SET workspace_id = 1000000 WHERE task_id = {build}",
    ):
        damaged.run("SET @headgate_deriving = 1")
        damaged.run(damage)

        assert damaged.found()["every task has its node, with its own status and priority"] == 1, damage
        damaged.call("rebuild_workspace", damaged.user, None)
        assert damaged.found() == {}, damage


@pytest.mark.parametrize("column", ["is_pending", "is_claimed"])
def test_a_node_that_is_out_of_date_for_the_queue_is_named_and_healed(damaged, column):
    damaged.run(f"UPDATE node SET {column} = NOT {column} WHERE task_id = {{ship}}")

    assert damaged.found()["every task has its node, with its own status and priority"] == 1
    damaged.call("rebuild_workspace", damaged.user, None)
    assert damaged.found() == {}


def test_a_task_of_a_team_from_elsewhere_is_named(damaged):
    (organization,) = damaged.call("create_organization", damaged.user, "Example")
    number = organization["organization_id"]
    (place,) = damaged.call("create_organization_workspace", damaged.user, number, "Website")
    (team,) = damaged.call("create_team", damaged.user, number, "Writers")
    damaged.call("set_team_role", damaged.user, place["workspace_id"], team["team_id"], "viewer")
    task = {"title": "t", "assignee_team_id": team["team_id"]}
    damaged.call("create_task", damaged.user, place["workspace_id"], task)

    damaged.run(f"DELETE FROM team WHERE id = {team['team_id']}")

    rows = damaged.call("verify_workspace", damaged.user, place["workspace_id"])
    assert [row["invariant"] for row in rows if row["violations"]] == [
        "every task has one assignee at most, and a team only of its organization"
    ]


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO comment (workspace_id, task_id, body) VALUES ({workspace}, 999999999999, 'x')",
        "INSERT INTO comment_version (workspace_id, comment_id, version, body, written_at) VALUES ({workspace}, 999999999999, 1, 'x', NOW())",
        "INSERT INTO mention (workspace_id, comment_id, user_id) VALUES ({workspace}, 999999999999, {user})",
        "INSERT INTO reaction (workspace_id, comment_id, kind, user_id) VALUES ({workspace}, 999999999999, 'heart', {user})",
    ],
)
def test_a_comment_that_hangs_in_the_air_is_named_and_what_belongs_to_it(damaged, damage):
    damaged.run(damage)

    assert damaged.found() == {"no comment hangs in the air, nor what belongs to one": 1}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stored_file SET state = 'dropped' WHERE id = {upload}",
        "UPDATE stored_file SET version = 2 WHERE id = {upload}",
        "UPDATE attachment SET task_id = 999999999999 WHERE file_id = {upload}",
    ],
)
def test_an_attachment_without_its_task_or_its_file_is_named(damaged, damage):
    (task,) = damaged.call("create_task", damaged.user, None, {"title": "t"})
    (upload,) = damaged.call("begin_upload", damaged.user, task["task_id"], "a.txt", 1, 1, 9, 60)
    damaged.call(
        "finish_upload", damaged.user, task["task_id"], upload["upload_id"], 1, "a" * 64, "text/plain"
    )
    assert damaged.found() == {}

    damaged.run(damage.format(upload=upload["upload_id"]))

    assert damaged.found() == {"every attachment has its task, and the file that it names is kept": 1}


@pytest.mark.parametrize("invariant", LASTING)
def test_damage_to_facts_is_named(damaged, invariant):
    damaged.call("create_task", damaged.user, None, {"title": "done", "status": "completed"})
    damaged.run("SET @headgate_deriving = 1")
    if "owner" in invariant:
        # The guard of an update still stands; the one of a deletion does not.
        damaged.run("DELETE FROM membership WHERE workspace_id = {workspace}")
        (row,) = [
            row for row in damaged.call("verify_workspace", None, damaged.workspace) if row["violations"]
        ]
        assert (row["invariant"], row["violations"]) == (invariant, 1)
    else:
        damaged.run(LASTING[invariant])
        assert damaged.found()[invariant] == 1


def test_a_cycle_in_the_facts_is_named_and_cannot_be_rebuilt(damaged, refused):
    damaged.run(
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {design}, {ship})"
    )

    assert damaged.found()["every dependency goes uphill"] == 1
    with refused("dependency_cycle") as refusal:
        damaged.call("rebuild_workspace", damaged.user, None)
    assert refusal.value.facts["tasks"] == sorted([damaged.ship, damaged.build, damaged.design])


def test_rebuilding_a_sound_workspace_changes_nothing(damaged):
    before = damaged.run("SELECT * FROM node WHERE workspace_id = {workspace} ORDER BY task_id")

    (told,) = damaged.call("rebuild_workspace", damaged.user, None)

    assert told == {"workspace_id": damaged.workspace, "tasks": 3, "dependencies": 2, "reordered": 0}
    assert damaged.run("SELECT * FROM node WHERE workspace_id = {workspace} ORDER BY task_id") == before


def test_rebuilding_finds_an_order_anew(damaged):
    damaged.run("UPDATE node SET topo_rank = -topo_rank WHERE workspace_id = {workspace}")

    (told,) = damaged.call("rebuild_workspace", damaged.user, None)

    assert told["reordered"] == 1
    assert damaged.found() == {}


def test_whoever_speaks_for_all_need_not_name_one(call, user, refused):
    assert {row["violations"] for row in call("verify_workspace", None, user.workspace_id)} == {0}
    assert call("rebuild_workspace", None, user.workspace_id)[0]["workspace_id"] == user.workspace_id
    for procedure in ("verify_workspace", "rebuild_workspace"):
        with refused("actor_required"):
            call(procedure, None, None)


def test_a_workspace_that_is_not_there(call, user, refused):
    for procedure in ("verify_workspace", "rebuild_workspace"):
        with refused("workspace_not_found"):
            call(procedure, user.id, 2**62)
    assert [row["invariant"] for row in call("verify_workspace", None, 2**62) if row["violations"]] == [
        "the workspace exists and has an owner"
    ]


def test_rebuilding_is_for_owners_and_admins(call, team, refused):
    call("rebuild_workspace", team.admin.id, team.workspace_id)

    for who in (team.member, team.viewer):
        with refused("permission_denied"):
            call("rebuild_workspace", who.id, team.workspace_id)
