"""SQL logins: bound to one user, shown that user's workspaces, and given no more rights than their role."""

import pytest
from pymysql.err import MySQLError

from service.database.calls import call_for_all
from tests.sql.conftest import attached
from tests.test_sources import PROCEDURES, PUBLIC, SQL

VIEWS = [path.stem for path in (SQL / "views").glob("*.sql") if path.stem != "procedure_help"]
TABLES = [
    "app_user",
    "workspace",
    "membership",
    "task",
    "dependency",
    "tag",
    "node",
    "change_log",
    "sql_account",
    "organization",
    "organization_member",
    "organization_workspace",
    "team",
    "team_member",
    "team_role",
    "invitation",
]


def test_null_is_the_user_that_the_login_is_bound_to(person, user, log, revision):
    me = person("planner", user)
    before = revision()

    (task,) = me.call("create_task", None, None, {"title": "mine"})
    (again,) = me.call("get_task", user.id, task["task_id"])

    assert task["created_by"] == user.id
    assert again == task
    (line,) = log(before)
    assert (line["actor_id"], line["login"]) == (user.id, me.login)


def test_a_login_does_not_speak_for_others(person, user, new_user, refused):
    me = person("planner", user)

    for procedure, *args in (
        ("get_user",),
        ("list_workspaces",),
        ("create_task", None, {"title": "t"}),
        ("verify_workspace", None),
    ):
        with refused("actor_not_allowed"):
            me.call(procedure, new_user().id, *args)


def test_a_login_that_is_bound_to_nobody_may_ask_nothing(person, user, tasks, refused):
    nobody = person("planner")
    (task,) = tasks("t")

    for actor in (None, user.id):
        for procedure, *args in (
            ("get_user",),
            ("get_task", task),
            ("complete_task", task),
            ("verify_workspace", user.workspace_id),
        ):
            with refused("actor_not_allowed"):
                nobody.call(procedure, actor, *args)
    for view in VIEWS:
        assert nobody.run(f"SELECT * FROM {view}") == []


def test_views_show_the_workspaces_of_the_user_and_no_others(
    person, call, user, team, company, new_user, tasks, wait
):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    call("update_task", user.id, ship, {"tags": ["red"]}, None, False)
    call("create_comment", user.id, ship, "It leaks.")
    attached(call, user.id, ship, "leak.png")
    call("set_team_role", user.id, company.workspace, company.team, "viewer")
    own = {user.workspace_id, team.workspace_id, company.workspace}
    stranger = new_user()
    call("create_task", stranger.id, None, {"title": "secret", "tags": ["secret"]})
    me, them = person("analyst", user), person("analyst", stranger)

    for view in VIEWS:
        mine = {row["workspace_id"] for row in me.run(f"SELECT workspace_id FROM {view}")}
        theirs = {row["workspace_id"] for row in them.run(f"SELECT workspace_id FROM {view}")}
        assert (company.workspace if view == "visible_team" else user.workspace_id) in mine <= own, view
        assert theirs <= {stranger.workspace_id}, view

    assert [row["task_id"] for row in me.run("SELECT task_id FROM ready_task")] == [build]
    assert [row["task_id"] for row in me.run("SELECT task_id FROM blocked_task")] == [ship]
    (now,) = me.call("get_workspace_revision", None, None)
    assert now in me.run("SELECT workspace_id, revision FROM visible_workspace")
    assert me.run(
        "SELECT MAX(revision) AS revision FROM visible_change WHERE workspace_id = %s", user.workspace_id
    ) == [{"revision": now["revision"]}]


def test_views_follow_membership(person, call, team):
    viewer = person("analyst", team.viewer)
    seen = "SELECT COUNT(*) AS tasks FROM visible_task WHERE workspace_id = %s"
    call("create_task", team.owner.id, team.workspace_id, {"title": "t"})

    before = viewer.run(seen, team.workspace_id)
    call("remove_member", team.owner.id, team.workspace_id, team.viewer.name)

    assert (before, viewer.run(seen, team.workspace_id)) == ([{"tasks": 1}], [{"tasks": 0}])


@pytest.mark.parametrize("role", ["analyst", "planner"])
def test_no_role_reaches_a_table_or_a_private_procedure(person, user, role):
    somebody = person(role, user)

    for table in TABLES:
        for statement in (
            f"SELECT * FROM {table}",
            f"DELETE FROM {table}",
            f"INSERT INTO {table} () VALUES ()",
            f"TRUNCATE {table}",
        ):
            with pytest.raises(MySQLError, match="denied"):
                somebody.run(statement)
    for path in PROCEDURES:
        if path not in PUBLIC:
            with pytest.raises(MySQLError, match="denied"):
                somebody.run(f"CALL {path.stem}()")


def test_each_role_may_call_what_the_grants_say_and_the_service_all_of_it(person, database, user):
    grants = (SQL / "grants.sql").read_text()
    somebody = {role: person(role, user) for role in ("analyst", "planner")}
    service = database.service()

    with service:
        for path in PUBLIC:
            (line,) = [one for one in grants.splitlines() if f"ON PROCEDURE {path.stem} TO" in one]
            parameters = path.read_text().partition("COMMENT")[0].count("    IN ")
            # One argument too many: whoever may call it hears that, and nothing is done.
            statement = f"CALL {path.stem}({', '.join(['NULL'] * (parameters + 1))})"
            for role, one in somebody.items():
                with pytest.raises(
                    MySQLError, match="Incorrect number of arguments" if role in line else "denied"
                ):
                    one.run(statement)
            with pytest.raises(MySQLError, match="Incorrect number of arguments"):
                service.query(statement)


def test_the_service_reads_no_table(database):
    with database.service() as service, service.cursor() as cursor:
        for name in [*TABLES, *VIEWS]:
            with pytest.raises(MySQLError, match="denied"):
                cursor.execute(f"SELECT * FROM {name}")


WRITING = [
    ("create_task", None, {"title": "t"}),
    ("update_task", "task", {"title": "new"}, None, False),
    ("delete_task", "task", "refuse", None),
    ("start_task", "task"),
    ("complete_task", "task"),
    ("cancel_task", "task"),
    ("reopen_task", "task", False),
    ("add_dependency", "task", "other"),
    ("remove_dependency", "task", "other"),
    ("create_workspace", "W"),
    ("set_member", None, "somebody", "member"),
    ("remove_member", None, "somebody"),
    ("create_organization", "O"),
    ("set_organization_member", 1, "somebody", "member"),
    ("remove_organization_member", 1, "somebody"),
    ("transfer_organization", 1, "somebody"),
    ("create_organization_workspace", 1, "W"),
    ("create_team", 1, "T"),
    ("delete_team", 1),
    ("add_team_member", 1, "somebody"),
    ("remove_team_member", 1, "somebody"),
    ("set_team_role", 1, 1, "member"),
    ("remove_team_role", 1, 1),
    ("transfer_workspace", 1, "somebody"),
    ("invite_to_workspace", 1, "viewer", 1),
    ("invite_to_organization", 1, "viewer", 1),
    ("revoke_invitation", 1),
    ("accept_invitation", "c0ffee"),
    ("rebuild_workspace", None),
]


@pytest.mark.parametrize("asked", WRITING, ids=lambda one: one[0])
def test_an_open_transaction_of_the_caller_is_left_alone(database, user, tasks, asked):
    task, other = tasks("task", "other")
    args = [
        {"task": task, "other": other}.get(arg, arg) if isinstance(arg, str) else arg for arg in asked[1:]
    ]
    with database.owner() as connection, connection.cursor() as cursor:
        cursor.execute("START TRANSACTION")
        cursor.execute("UPDATE task SET title = 'work so far' WHERE id = %s", (other,))

        with pytest.raises(MySQLError) as refusal:
            call_for_all(connection, asked[0], user.id, *args)

        assert refusal.value.args[0] == 1568
        cursor.execute("SELECT title FROM task WHERE id = %s", (other,))
        assert cursor.fetchone() == {"title": "work so far"}
        connection.rollback()
        cursor.execute("SELECT title FROM task WHERE id = %s", (other,))
        assert cursor.fetchone() == {"title": "other"}


def test_a_caller_without_autocommit_reads_and_writes(database, user):
    with database.service() as connection:
        connection.autocommit(False)

        (task,) = call_for_all(connection, "create_task", user.id, None, {"title": "t"})[0]

        connection.rollback()
        (seen,) = call_for_all(connection, "get_task", user.id, task["task_id"])[0]
        assert seen["title"] == "t"


def test_a_call_leaves_no_name_behind_for_raw_statements(owner, user, tasks, log, revision):
    (task,) = tasks("t")
    call_for_all(owner, "start_task", user.id, task)
    before = revision()

    with owner.cursor() as cursor:
        cursor.execute("UPDATE task SET title = 'by hand' WHERE id = %s", (task,))

    (line,) = log(before)
    assert line["actor_id"] is None
