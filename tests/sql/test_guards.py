# ruff: noqa: ISC004 - a statement is read in one line
"""The guards: what no door does, raw statements of the tables' owner cannot do either.

Every attack is made in a plain session, with foreign keys switched off, inside a snapshot from before, and in a
SERIALIZABLE transaction. Afterwards the workspace is sound, whatever the session commits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pymysql.connections import Connection
from pymysql.cursors import DictCursor
from pymysql.err import OperationalError

from tests.conftest import Database, Row
from tests.servers import run

SESSIONS = {
    "plain": [],
    "without_foreign_keys": ["SET foreign_key_checks = 0"],
    "repeatable_read": [
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
    ],
    "serializable": ["SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION"],
    "lenient": ["SET sql_mode = '', foreign_key_checks = 0, unique_checks = 0"],
}


@dataclass(frozen=True)
class Scene:
    """ship waits for build waits for design; done (completed) waits for gone (cancelled); free is free.

    About heard there are a comment, which was changed once, mentions its author and has a reaction, and a deleted one.
    """

    workspace: int
    elsewhere: int
    user: int
    ship: int
    build: int
    design: int
    done: int
    gone: int
    free: int
    far: int
    heard: int
    comment: int
    deleted: int
    nothing: int = 888888888888


@pytest.fixture
def scene(call, user, tasks, wait, team) -> Scene:
    ship, build, design, done, gone, free = tasks("ship", "build", "design", "done", "gone", "free")
    wait(ship, build, design)
    wait(done, gone)
    call("cancel_task", user.id, gone)
    call("complete_task", user.id, done)
    call("update_task", user.id, ship, {"tags": ["red"], "task_key": "SHIP"}, None, False)
    (far,) = call("create_task", user.id, team.workspace_id, {"title": "far"})
    (heard,) = tasks("heard")
    comment, deleted = (call("create_comment", user.id, heard, "?")[0]["comment_id"] for _ in range(2))
    call("update_comment", user.id, heard, comment, f"@{user.name}?")
    call("delete_comment", user.id, heard, deleted)
    call("add_reaction", user.id, heard, comment, "heart")
    return Scene(
        user.workspace_id, team.workspace_id, user.id, ship, build, design, done, gone, free,
        far["task_id"], heard, comment, deleted,
    )  # fmt: skip


@pytest.fixture(params=SESSIONS)
def raw(
    request: pytest.FixtureRequest, database: Database, scene: Scene
) -> Iterator[Callable[..., list[Row]]]:
    """Run a statement in a session of the owner; whatever it has not refused is committed."""
    with database.owner() as connection:
        for statement in SESSIONS[request.param]:
            run(connection, statement)
        yield lambda statement, *args: run(connection, statement.format(**vars(scene)), *args)
        connection.commit()


@pytest.fixture(autouse=True)
def sound(violations, scene: Scene) -> Iterator[None]:
    """After each attack both workspaces hold."""
    yield
    assert violations() == {}
    assert violations(scene.elsewhere) == {}


ATTACKS: list[tuple[str, str]] = [
    # dependency: never downhill, never in the air, never across, never against the gate, never bent.
    (
        "dependency_not_uphill",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {design}, {ship})",
    ),
    (
        "dependency_not_uphill",
        "INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {design}, {ship})",
    ),
    (
        "dependency_not_uphill",
        "REPLACE INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {design}, {ship})",
    ),
    (
        "dependency_not_uphill",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {ship}, {ship})",
    ),
    (
        "dependency_not_uphill",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id)"
        " SELECT workspace_id, depends_on_id, task_id FROM dependency AS edge WHERE workspace_id = {workspace} AND task_id = {ship}",
    ),
    (
        "dependency_not_uphill",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id)"
        " VALUES ({workspace}, {free}, {gone}), ({workspace}, {gone}, {free})",
    ),
    (
        "task_not_found",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {nothing}, {ship})",
    ),
    (
        "task_not_found",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {ship}, {nothing})",
    ),
    (
        "task_not_found",
        "INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {far}, {ship})",
    ),
    (
        "task_not_found",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({elsewhere}, {far}, {ship})",
    ),
    (
        "task_not_found",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({nothing}, {ship}, {design})",
    ),
    (
        "task_blocked",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {done}, {design})",
    ),
    (
        "task_blocked",
        "INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {done}, {design})",
    ),
    (
        "immutable_column",
        "UPDATE dependency SET depends_on_id = {free} WHERE workspace_id = {workspace} AND task_id = {ship}",
    ),
    (
        "immutable_column",
        "UPDATE IGNORE dependency SET workspace_id = {elsewhere} WHERE workspace_id = {workspace}",
    ),
    (
        "immutable_column",
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {ship}, {build})"
        " ON DUPLICATE KEY UPDATE depends_on_id = {free}",
    ),
    # task: the gate, the words, what never changes, what hangs on it.
    ("task_blocked", "UPDATE task SET status = 'completed' WHERE id = {ship}"),
    ("task_blocked", "UPDATE IGNORE task SET status = 'completed' WHERE id = {ship}"),
    (
        "task_blocked",
        "UPDATE task SET status = 'completed' WHERE workspace_id = {workspace} AND status = 'pending' ORDER BY id",
    ),
    ("task_blocked", "UPDATE task SET status = 'completed' WHERE id = {ship} AND status = 'pending' LIMIT 1"),
    (
        "task_blocked",
        "INSERT INTO task (id, workspace_id, title, description) VALUES ({ship}, {workspace}, 't', '')"
        " ON DUPLICATE KEY UPDATE status = 'completed'",
    ),
    (
        "task_blocked",
        "UPDATE task JOIN dependency ON dependency.task_id = task.id SET task.status = 'completed' WHERE task.id = {ship}",
    ),
    ("dependents_completed", "UPDATE task SET status = 'pending' WHERE id = {gone}"),
    ("dependents_completed", "UPDATE task SET status = 'in_progress' WHERE id IN ({gone}, {free})"),
    ("transition_not_allowed", "UPDATE task SET status = 'cancelled' WHERE id = {done}"),
    ("invalid_task", "UPDATE task SET status = 'done' WHERE id = {free}"),
    ("invalid_task", "UPDATE task SET status = 'Completed' WHERE id = {free}"),
    ("invalid_task", "UPDATE task SET priority = 'HIGH' WHERE id = {free}"),
    ("invalid_task", "UPDATE task SET priority = 'high ' WHERE id = {free}"),
    (
        "invalid_task",
        "INSERT INTO task (workspace_id, title, description, status) VALUES ({workspace}, 't', '', 'PENDING')",
    ),
    (
        "invalid_task",
        "INSERT INTO task (workspace_id, title, description, status) VALUES ({workspace}, 't', '', 'pending ')",
    ),
    (
        "invalid_task",
        "INSERT INTO task (workspace_id, title, description, priority) VALUES ({workspace}, 't', '', '')",
    ),
    (
        "invalid_task",
        "INSERT INTO task (id, workspace_id, title, description) VALUES (9000000000000000000, {workspace}, 't', '')",
    ),
    ("member_not_found", "UPDATE task SET assignee_id = {nothing} WHERE id = {free}"),
    (
        "member_not_found",
        "INSERT INTO task (workspace_id, title, description, assignee_id) VALUES ({workspace}, 't', '', {nothing})",
    ),
    (
        "workspace_not_found",
        "INSERT INTO task (workspace_id, title, description) VALUES ({nothing}, 't', '')",
    ),
    ("immutable_column", "UPDATE task SET id = {nothing} WHERE id = {free}"),
    ("immutable_column", "UPDATE task SET workspace_id = {elsewhere} WHERE id = {free}"),
    ("immutable_column", "UPDATE task SET created_by = NULL WHERE id = {free}"),
    ("immutable_column", "UPDATE task SET created_at = '2020-01-01' WHERE id = {free}"),
    ("task_has_dependents", "DELETE FROM task WHERE id = {design}"),
    (
        "task_has_dependents",
        "DELETE IGNORE FROM task WHERE workspace_id = {workspace} AND id IN ({free}, {design})",
    ),
    (
        "task_has_dependents",
        "REPLACE INTO task (id, workspace_id, title, description) VALUES ({design}, {workspace}, 't', '')",
    ),
    (
        "task_has_dependents",
        "DELETE task FROM task JOIN dependency ON dependency.depends_on_id = task.id WHERE dependency.task_id = {ship}",
    ),
    ("task_in_use", "DELETE FROM task WHERE id = {ship}"),
    (
        "task_in_use",
        "REPLACE INTO task (workspace_id, task_key, title, description) VALUES ({workspace}, 'SHIP', 't', '')",
    ),
    # tag
    (
        "task_not_found",
        "INSERT INTO tag (workspace_id, task_id, name) VALUES ({workspace}, {nothing}, 'red')",
    ),
    ("task_not_found", "REPLACE INTO tag (workspace_id, task_id, name) VALUES ({workspace}, {far}, 'red')"),
    ("immutable_column", "UPDATE tag SET task_id = {free} WHERE workspace_id = {workspace}"),
    (
        "immutable_column",
        "INSERT INTO tag (workspace_id, task_id, name) VALUES ({workspace}, {ship}, 'red') ON DUPLICATE KEY UPDATE name = 'blue'",
    ),
    # comment, and what belongs to one
    ("task_in_use", "DELETE FROM task WHERE id = {heard}"),
    (
        "task_not_found",
        "INSERT INTO comment (workspace_id, task_id, body) VALUES ({workspace}, {nothing}, 'x')",
    ),
    (
        "task_not_found",
        "REPLACE INTO comment (workspace_id, task_id, body) VALUES ({elsewhere}, {ship}, 'x')",
    ),
    (
        "member_not_found",
        "INSERT INTO comment (workspace_id, task_id, author_id, body) VALUES ({workspace}, {ship}, {nothing}, 'x')",
    ),
    (
        "invalid_comment",
        "INSERT INTO comment (workspace_id, task_id, body) VALUES ({workspace}, {ship}, ' ')",
    ),
    ("invalid_comment", "UPDATE comment SET body = REPEAT('x', 16001) WHERE id = {comment}"),
    ("immutable_column", "UPDATE comment SET task_id = {free} WHERE id = {comment}"),
    ("immutable_column", "UPDATE IGNORE comment SET workspace_id = {elsewhere} WHERE id = {comment}"),
    ("immutable_column", "UPDATE comment SET author_id = NULL WHERE id = {comment}"),
    ("immutable_column", "UPDATE comment SET created_at = '2020-01-01' WHERE id = {comment}"),
    ("comment_deleted", "UPDATE comment SET deleted_at = NULL, body = 'back' WHERE id = {deleted}"),
    ("derived_row", "UPDATE comment_version SET body = 'never' WHERE comment_id = {comment}"),
    ("derived_row", "DELETE FROM comment_version WHERE comment_id = {comment}"),
    (
        "derived_row",
        "INSERT INTO comment_version (workspace_id, comment_id, version, body, written_at)"
        " VALUES ({workspace}, {deleted}, 1, 'x', NOW())",
    ),
    ("derived_row", "UPDATE mention SET user_id = {user} WHERE comment_id = {comment}"),
    ("derived_row", "DELETE IGNORE FROM mention WHERE comment_id = {comment}"),
    (
        "derived_row",
        "INSERT INTO mention (workspace_id, comment_id, user_id) VALUES ({workspace}, {deleted}, {user})",
    ),
    (
        "comment_not_found",
        "REPLACE INTO reaction (workspace_id, comment_id, kind, user_id) VALUES ({elsewhere}, {comment}, 'rocket', {user})",
    ),
    (
        "comment_deleted",
        "INSERT INTO reaction (workspace_id, comment_id, kind, user_id) VALUES ({workspace}, {deleted}, 'rocket', {user})",
    ),
    (
        "reaction_unknown",
        "INSERT INTO reaction (workspace_id, comment_id, kind, user_id) VALUES ({workspace}, {comment}, 'rocket ', {user})",
    ),
    (
        "member_not_found",
        "INSERT IGNORE INTO reaction (workspace_id, comment_id, kind, user_id) VALUES ({workspace}, {comment}, 'rocket', {nothing})",
    ),
    ("immutable_column", "UPDATE reaction SET kind = 'eyes' WHERE comment_id = {comment}"),
    # node and change_log: derived, never by hand.
    ("derived_row", "UPDATE node SET topo_rank = 0 WHERE workspace_id = {workspace}"),
    ("derived_row", "UPDATE IGNORE node SET waiting_for = 0 WHERE task_id = {ship}"),
    ("derived_row", "DELETE FROM node WHERE task_id = {ship}"),
    ("derived_row", "UPDATE task_word SET weight = 255 WHERE task_id = {ship}"),
    ("derived_row", "DELETE FROM task_word WHERE task_id = {ship}"),
    (
        "derived_row",
        "INSERT INTO node (task_id, workspace_id, topo_rank, is_open, priority_rank) VALUES ({nothing}, {workspace}, 1, 1, 1)",
    ),
    (
        "derived_row",
        "REPLACE INTO node (task_id, workspace_id, topo_rank, is_open, priority_rank) VALUES ({ship}, {workspace}, 1, 1, 1)",
    ),
    (
        "derived_row",
        "UPDATE task JOIN node ON node.task_id = task.id SET node.topo_rank = 0 WHERE task.id = {ship}",
    ),
    (
        "derived_row",
        "INSERT INTO change_log (workspace_id, revision, entity, action) VALUES ({workspace}, 1000, 'task', 'insert')",
    ),
    (
        "derived_row",
        "REPLACE INTO change_log (workspace_id, revision, entity, action) VALUES ({workspace}, 1, 'task', 'insert')",
    ),
    ("log_append_only", "UPDATE change_log SET actor_id = NULL WHERE workspace_id = {workspace}"),
    (
        "log_append_only",
        "DELETE FROM change_log WHERE workspace_id = {workspace} ORDER BY revision DESC LIMIT 1",
    ),
    # workspace and membership: an owner at least, a log for ever.
    ("last_owner", "DELETE FROM membership WHERE workspace_id = {workspace}"),
    ("last_owner", "DELETE IGNORE FROM membership WHERE user_id = {user}"),
    ("last_owner", "UPDATE membership SET direct_role = 'viewer' WHERE workspace_id = {workspace}"),
    (
        "last_owner",
        "INSERT INTO membership (workspace_id, user_id, direct_role) VALUES ({workspace}, {user}, 'viewer') ON DUPLICATE KEY UPDATE direct_role = 'viewer'",
    ),
    (
        "last_owner",
        "REPLACE INTO membership (workspace_id, user_id, direct_role) VALUES ({workspace}, {user}, 'viewer')",
    ),
    ("immutable_column", "UPDATE membership SET user_id = {nothing} WHERE workspace_id = {workspace}"),
    ("immutable_column", "UPDATE membership SET workspace_id = {elsewhere} WHERE workspace_id = {workspace}"),
    (
        "workspace_not_found",
        "INSERT INTO membership (workspace_id, user_id, direct_role) VALUES ({nothing}, {user}, 'owner')",
    ),
    (
        "user_not_found",
        "INSERT INTO membership (workspace_id, user_id, direct_role) VALUES ({workspace}, {nothing}, 'owner')",
    ),
    (
        "invalid_request",
        "INSERT INTO membership (workspace_id, user_id, direct_role) SELECT {workspace}, MAX(id), 'king' FROM app_user",
    ),
    (
        "invalid_request",
        "UPDATE membership SET direct_role = 'Owner' WHERE workspace_id = {elsewhere} AND direct_role = 'viewer'",
    ),
    ("immutable_column", "UPDATE workspace SET id = {nothing} WHERE id = {workspace}"),
    ("immutable_column", "UPDATE workspace SET personal_user_id = NULL WHERE id = {workspace}"),
    ("log_append_only", "DELETE FROM workspace WHERE id = {workspace}"),
    ("log_append_only", "REPLACE INTO workspace (id, name) VALUES ({workspace}, 'taken over')"),
]


@pytest.mark.parametrize(
    ("code", "statement"), ATTACKS, ids=[f"{number}-{code}" for number, (code, _) in enumerate(ATTACKS)]
)
def test_a_raw_statement_that_breaks_a_rule_is_refused(database, scene, refused, violations, code, statement):
    for settings in SESSIONS.values():
        with database.owner() as attacker:
            for setting in settings:
                run(attacker, setting)

            with refused(code):
                run(attacker, statement.format(**vars(scene)))

            attacker.commit()
        assert violations() == {}, settings


def test_a_refused_statement_leaves_nothing_of_its_other_rows(raw, refused, scene, owner):
    with refused("task_blocked"):
        raw("UPDATE task SET status = 'completed' WHERE id IN ({free}, {ship}) ORDER BY id DESC")

    raw("UPDATE task SET title = 'still there' WHERE id = {free}")
    raw("COMMIT")
    (free,) = run(owner, "SELECT title, status FROM task WHERE id = %s", scene.free)
    assert free == {"title": "still there", "status": "pending"}


def test_what_keeps_the_rules_passes_and_is_derived_and_logged(raw, scene, owner, revision, log):
    before = revision()

    raw("UPDATE task SET status = 'completed' WHERE id IN ({ship}, {build}, {design}) ORDER BY id DESC")
    raw(
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES ({workspace}, {free}, {design}), ({workspace}, {free}, {gone})"
    )
    raw(
        "INSERT INTO task (workspace_id, title, description) VALUES ({workspace}, 'new', ''), ({workspace}, 'newer', '')"
    )
    raw("DELETE FROM dependency WHERE workspace_id = {workspace} AND task_id = {ship}")
    raw("DELETE FROM tag WHERE workspace_id = {workspace} AND task_id = {ship}")
    raw("DELETE FROM task WHERE id = {ship}")
    raw("COMMIT")

    lines = log(before)
    assert len(lines) == 10
    assert {line["actor_id"] for line in lines} == {None}
    (me,) = run(owner, "SELECT SUBSTRING_INDEX(USER(), '@', 1) AS login")
    assert {line["login"] for line in lines} == {me["login"]}
    assert not run(owner, "SELECT 1 FROM node WHERE task_id = %s", scene.ship)


def test_times_and_version_are_not_the_callers_to_say(raw, scene, owner):
    (before,) = run(owner, "SELECT * FROM task WHERE id = %s", scene.free)

    raw(
        "UPDATE task SET version = 77, updated_at = '2020-01-01', started_at = '2020-01-01', completed_at = '2020-01-01' WHERE id = {free}"
    )
    raw("COMMIT")

    assert run(owner, "SELECT * FROM task WHERE id = %s", scene.free) == [before]


def test_a_failed_statement_does_not_switch_the_guards_off(raw, scene, owner, refused):
    # The number is too large for a rank.
    with pytest.raises(Exception, match="invalid_task"):
        raw(
            "INSERT INTO task (id, workspace_id, title, description) VALUES (9000000000000000000, {workspace}, 't', '')"
        )

    raw("INSERT INTO task (workspace_id, title, description) VALUES ({workspace}, 'after it', '')")
    with refused("derived_row"):
        raw("UPDATE node SET waiting_for = 7 WHERE task_id = {ship}")


def test_a_statement_that_failed_half_way_does_not_switch_the_guards_off(database, scene, owner, refused):
    with database.owner() as holder:
        run(holder, "START TRANSACTION")
        run(holder, "SELECT 1 FROM node WHERE task_id = %s FOR UPDATE", scene.free)
        run(owner, "SET innodb_lock_wait_timeout = 1")

        for statement in (
            f"DELETE FROM task WHERE id = {scene.free}",
            f"UPDATE task SET status = 'completed' WHERE id = {scene.free}",
        ):
            with pytest.raises(OperationalError, match="Lock wait timeout"):
                run(owner, statement)

        holder.rollback()

    # It is logged and has its node, as `sound` checks, and it blocks.
    run(
        owner,
        "INSERT INTO task (workspace_id, title, description) VALUES (%s, 'after it', '')",
        scene.workspace,
    )
    run(
        owner,
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, LAST_INSERT_ID(), %s)",
        scene.workspace,
        scene.design,
    )


@pytest.fixture
def old(database: Database) -> "Iterator[Connection[DictCursor]]":
    """A session of the owner whose snapshot is from before what the test then does."""
    with database.owner() as connection:
        run(connection, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        run(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
        yield connection
        connection.commit()


class TestAnOldSnapshot:
    """What the session still sees does not decide; what is committed does."""

    def test_does_not_hide_a_new_prerequisite(self, call, scene, wait, old, refused):
        wait(scene.free, scene.design)

        with refused("task_blocked"):
            run(old, "UPDATE task SET status = 'completed' WHERE id = %s", scene.free)

    def test_does_not_hide_that_a_prerequisite_was_opened_again(
        self, call, scene, user, wait, database, refused
    ):
        call("complete_task", user.id, scene.free)
        wait(scene.ship, scene.free)
        call("remove_dependency", user.id, scene.ship, scene.build)
        with database.owner() as old:
            run(old, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            run(old, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
            call("reopen_task", user.id, scene.free, False)

            with refused("task_blocked"):
                run(old, "UPDATE task SET status = 'completed' WHERE id = %s", scene.ship)

    def test_does_not_hide_that_a_dependent_was_completed(self, call, scene, user, wait, database, refused):
        wait(scene.free, scene.gone)
        with database.owner() as old:
            run(old, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            run(old, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
            call("complete_task", user.id, scene.free)

            with refused("dependents_completed"):
                run(old, "UPDATE task SET status = 'pending' WHERE id = %s", scene.gone)

    def test_does_not_hide_that_the_task_itself_was_completed(self, call, scene, user, old, refused):
        call("complete_task", user.id, scene.free)

        with refused("task_blocked"):
            run(
                old,
                "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
                scene.workspace,
                scene.free,
                scene.design,
            )

    def test_does_not_hide_a_new_order(self, call, scene, wait, old, refused):
        # It sees free above gone; since then gone has been placed after it.
        wait(scene.design, scene.free)

        with refused("dependency_not_uphill"):
            run(
                old,
                "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
                scene.workspace,
                scene.free,
                scene.design,
            )

    def test_does_not_bring_a_deleted_task_back(self, call, scene, user, old, refused):
        call("delete_task", user.id, scene.free, "refuse", None)
        run(old, "SET foreign_key_checks = 0")

        with refused("task_not_found"):
            run(
                old,
                "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
                scene.workspace,
                scene.ship,
                scene.free,
            )
        with refused("task_not_found"):
            run(
                old,
                "INSERT INTO tag (workspace_id, task_id, name) VALUES (%s, %s, 'x')",
                scene.workspace,
                scene.free,
            )

    def test_does_not_hide_a_new_dependent(self, call, scene, wait, old, refused):
        wait(scene.ship, scene.free)
        run(old, "SET foreign_key_checks = 0")

        with refused("task_has_dependents"):
            run(old, "DELETE FROM task WHERE id = %s", scene.free)

    def test_does_not_hide_that_the_other_owner_left(self, call, scene, team, new_user, database, refused):
        second = new_user()
        call("set_member", team.owner.id, team.workspace_id, second.name, "owner")
        with database.owner() as old:
            run(old, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            run(old, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
            call("remove_member", second.id, team.workspace_id, team.owner.name)

            with refused("last_owner"):
                run(
                    old,
                    "DELETE FROM membership WHERE workspace_id = %s AND user_id = %s",
                    team.workspace_id,
                    second.id,
                )

    def test_does_not_hide_that_the_assignee_left(self, call, scene, team, old, refused):
        call("remove_member", team.owner.id, team.workspace_id, team.viewer.name)

        with refused("member_not_found"):
            run(old, "UPDATE task SET assignee_id = %s WHERE id = %s", team.viewer.id, scene.far)

    def test_counts_and_numbers_by_what_is_committed(self, call, scene, user, old, refused):
        call("complete_task", user.id, scene.design)
        call("create_task", user.id, None, {"title": "since then"})

        run(
            old,
            "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
            scene.workspace,
            scene.free,
            scene.design,
        )
        run(old, "UPDATE task SET status = 'completed' WHERE id = %s", scene.build)


def test_a_file_is_no_way_around_the_guards(database, scene, owner, refused, tmp_path):
    (server,) = run(owner, "SELECT @@secure_file_priv AS folder")
    if server["folder"] != "":
        pytest.skip("this server reads no files")
    tmp_path.chmod(0o755)
    file = tmp_path / "dependency.tsv"
    file.write_text(f"{scene.workspace}\t{scene.design}\t{scene.ship}\n")
    file.chmod(0o644)

    with refused("dependency_not_uphill"):
        run(
            owner,
            "LOAD DATA INFILE %s INTO TABLE dependency (workspace_id, task_id, depends_on_id)",
            str(file),
        )
    with refused("dependency_not_uphill"):
        run(
            owner,
            "LOAD DATA INFILE %s IGNORE INTO TABLE dependency (workspace_id, task_id, depends_on_id)",
            str(file),
        )


def test_only_the_owner_may_make_tables_that_shadow_ours(person, user: Any):
    for role in ("analyst", "planner"):
        somebody = person(role, user)
        with pytest.raises(Exception, match="denied"):
            somebody.run(
                "CREATE TEMPORARY TABLE membership (workspace_id INT, user_id INT, role VARCHAR(16))"
            )
