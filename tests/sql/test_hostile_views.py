"""What a view does not show, a query cannot learn either: not from warnings, nor from how much was read.

A condition of the caller that MySQL tried on other people's rows would give them away: CAST(title AS SIGNED)
quotes the title in a warning.
"""

import io
import json
from collections.abc import Callable
from itertools import product

import pytest

from service.transfer.importing import import_tasks
from tests.conftest import User
from tests.servers import run
from tests.sql.conftest import attached

SECRET = "SECRET"

# Of each view: a column that holds a secret, and conditions that lead straight to the stranger's rows.
TARGETS = {
    "visible_task": (
        "title",
        ["task_id = {task}", "task_key = 'SECRET'", "workspace_id = {workspace}", "created_by = {user}",
         "task_id IN ({task}, {other})", "workspace_id = {workspace} AND task_id = {task}", "status = 'pending'"],
    ),
    "ready_task": ("title", ["task_id = {task}", "workspace_id = {workspace}", "priority_rank = 2"]),
    "blocked_task": ("title", ["task_id = {other}", "workspace_id = {workspace}"]),
    "visible_tag": (
        "name",
        ["task_id = {task}", "name = 'SECRET'", "workspace_id = {workspace} AND task_id = {task} AND name = 'SECRET'"],
    ),
    "visible_comment": (
        "body",
        ["comment_id = {comment}", "task_id = {task}", "author_id = {user}", "workspace_id = {workspace}",
         "workspace_id = {workspace} AND task_id = {task}", "workspace_id = {workspace} AND comment_id = {comment}"],
    ),
    "visible_attachment": (
        "name",
        ["attachment_id = {attachment}", "task_id = {task}", "name = 'SECRET'", "uploaded_by = {user}",
         "workspace_id = {workspace} AND task_id = {task} AND name = 'SECRET'"],
    ),
    "visible_dependency": (
        "CONCAT('SECRET', NULLIF(created_by, {me}), created_at)",
        ["task_id = {other}", "depends_on_id = {task}",
         "workspace_id = {workspace} AND task_id = {other} AND depends_on_id = {task}"],
    ),
    "visible_membership": ("username", ["user_id = {user}", "username = '{name}'", "workspace_id = {workspace}"]),
    "visible_workspace": ("name", ["workspace_id = {workspace}", "name = 'SECRET'"]),
    "visible_team": ("name", ["team_id = {team}", "name = 'SECRET'", "workspace_id = {house}"]),
    "visible_change": (
        "COALESCE(new_row, '-')",
        ["workspace_id = {workspace}", "workspace_id = {workspace} AND revision = 1", "task_id = {task}"],
    ),
}  # fmt: skip
FORMS = ["{spy} AND {there}", "{there} AND {spy}", "{there} OR {spy}", "{spy}"]
HINTS = [
    "",
    "/*+ NO_MERGE(seen) */",
    "/*+ MERGE(seen) */",
    "/*+ JOIN_PREFIX(task) NO_INDEX(task) NO_INDEX(tag) NO_INDEX(dependency) NO_INDEX(change_log) */",
    "/*+ JOIN_PREFIX(task@`select#2`) INDEX(task@`select#2` PRIMARY) */",
    "STRAIGHT_JOIN",
]
SWITCHES = [
    "optimizer_switch = DEFAULT",
    "optimizer_switch = 'derived_merge=off'",
    "optimizer_switch = 'derived_condition_pushdown=off'",
    "optimizer_switch = 'mrr=on,mrr_cost_based=off,batched_key_access=on'",
    "optimizer_switch = 'block_nested_loop=off,index_condition_pushdown=off'",
]


def team_of(call: Callable, user: User) -> dict[str, int]:
    """A workspace of a user's organization, in which a team called SECRET has a role."""
    organization = call("create_organization", user.id, "Example")[0]["organization_id"]
    house = call("create_organization_workspace", user.id, organization, "House")[0]["workspace_id"]
    team = call("create_team", user.id, organization, SECRET)[0]["team_id"]
    call("set_team_role", user.id, house, team, "viewer")
    return {"house": house, "team": team}


@pytest.fixture
def stranger(call: Callable, new_user: Callable, owner):
    """Somebody whose every word is a secret, with a task, one that waits for it, a tag and a name."""
    user = new_user()
    run(owner, "UPDATE app_user SET username = CONCAT('SECRET', id) WHERE id = %s", user.id)
    run(owner, "UPDATE workspace SET name = 'SECRET' WHERE id = %s", user.workspace_id)
    (task,) = call("create_task", user.id, None, {"title": SECRET, "task_key": SECRET, "tags": [SECRET]})
    (other,) = call("create_task", user.id, None, {"title": SECRET, "depends_on": [task["task_id"]]})
    (comment,) = call("create_comment", user.id, task["task_id"], SECRET)
    return team_of(call, user) | {
        "attachment": attached(call, user.id, task["task_id"], SECRET),
        "comment": comment["comment_id"],
        "user": user.id,
        "name": f"SECRET{user.id}",
        "workspace": user.workspace_id,
        "task": task["task_id"],
        "other": other["task_id"],
    }


@pytest.mark.parametrize("view", TARGETS)
def test_a_condition_is_tried_on_no_row_of_others(view, person, call, user, tasks, wait, stranger, owner):
    mine, last = tasks("mine", "last")
    wait(last, mine)
    call("update_task", user.id, mine, {"tags": ["mine"]}, None, False)
    call("create_comment", user.id, mine, "mine")
    attached(call, user.id, mine, "mine")
    if view == "visible_team":
        run(owner, "UPDATE team SET name = 'mine' WHERE id = %s", team_of(call, user)["team"])
    me = person("analyst", user)
    column, conditions = TARGETS[view]
    told, tried = [], 0

    for switch in SWITCHES:
        me.run("SET optimizer_switch = DEFAULT")
        me.run(f"SET {switch}")
        for there, form, hint in product([*conditions, "TRUE"], FORMS, HINTS):
            where = form.format(spy=f"CAST({column} AS SIGNED) >= 0", there=there).format(
                **stranger, me=user.id
            )
            me.run(f"SELECT {hint} COUNT(*) FROM {view} AS seen WHERE {where}")
            warnings = " ".join(row["Message"] for row in me.run("SHOW WARNINGS") if row["Code"] == 1292)
            tried += bool(warnings)
            if SECRET in warnings:
                told.append((switch, hint, where, warnings))

    assert told == []
    # Warnings do quote what a condition is tried on: the spy is not blind.
    assert tried or view == "visible_dependency"


def lines(count: int) -> io.BytesIO:
    """A graph in which each task waits for two before it."""
    return io.BytesIO(b"\n".join(
        json.dumps(
            {"key": f"K{one}", "title": f"Task {one}", "tags": ["even"] if one % 2 == 0 else [],
             "status": "pending", "depends_on": [f"K{one - back}" for back in (1, 7) if one > back]}
        ).encode()
        for one in range(count)
    ))  # fmt: skip


def test_a_query_reads_the_rows_of_its_workspace_and_no_others(database, person, call, user, team, new_user):
    stranger = new_user()
    with database.owner() as connection:
        import_tasks(connection, lines(3000), stranger.id, stranger.workspace_id)
        import_tasks(connection, lines(2000), user.id, user.workspace_id)
        import_tasks(connection, lines(50), user.id, team.workspace_id)
        # What the server does by itself, some seconds after a big change.
        run(connection, "ANALYZE TABLE task, dependency, node, tag, change_log")
    me = person("analyst", user)
    (task,) = me.run("SELECT task_id FROM visible_task WHERE task_key = 'K1999'")
    place, task = team.workspace_id, task["task_id"]

    for query, most in {
        f"SELECT title FROM visible_task WHERE task_id = {task}": 20,
        "SELECT title FROM visible_task WHERE task_key = 'K1999'": 20,
        f"SELECT depends_on_id FROM visible_dependency WHERE task_id = {task}": 30,
        f"SELECT task_id FROM visible_dependency WHERE depends_on_id = {task}": 30,
        f"SELECT COUNT(*) FROM visible_task WHERE workspace_id = {place}": 200,
        f"SELECT COUNT(*) FROM ready_task WHERE workspace_id = {place}": 200,
        f"SELECT COUNT(*) FROM blocked_task WHERE workspace_id = {place}": 200,
        f"SELECT COUNT(*) FROM visible_dependency WHERE workspace_id = {place}": 200,
        f"SELECT COUNT(*) FROM visible_tag WHERE workspace_id = {place} AND name = 'even'": 200,
        f"SELECT COUNT(*) FROM visible_change WHERE workspace_id = {place} AND revision > 3": 300,
        f"SELECT COUNT(*) FROM visible_membership WHERE workspace_id = {place}": 50,
        "SELECT COUNT(*) FROM ready_task": 50,
        "SELECT COUNT(*) FROM visible_task": 2 * 2 * 2050 + 50,
        f"SELECT prerequisite.title FROM visible_dependency AS edge JOIN visible_task AS prerequisite"
        f" ON prerequisite.task_id = edge.depends_on_id WHERE edge.task_id = {task}": 60,
    }.items():
        before = rows_read(me)
        me.run(query)
        assert rows_read(me) - before <= most, query


def rows_read(me) -> int:
    """How often the session has asked the storage engine for a row; asking for that reads none."""
    return sum(int(row["Value"]) for row in me.run("SHOW SESSION STATUS LIKE 'Handler_read%'"))


@pytest.mark.parametrize("view", TARGETS)
def test_every_table_is_reached_from_the_login(view, database, person, owner, user):
    """As the plan says it, to a login that may see plans: sql_account, membership, then an index of the workspace."""
    me = person("analyst", user)
    run(owner, f"GRANT SELECT, SHOW VIEW ON {database.name}.* TO `{me.login}`@`%`")
    me.run(f"USE {database.name}")  # where the new rights are read

    plan = me.run(
        f"EXPLAIN FORMAT=TRADITIONAL SELECT * FROM {view} AS seen WHERE CAST({TARGETS[view][0].format(me=0)} AS SIGNED) >= 0"
    )

    assert [row["table"] for row in plan][:2] == ["sql_account", "membership"]
    assert (plan[0]["type"], plan[1]["type"]) == ("const", "ref")
    for row in plan[2:]:
        assert row["type"] in {"ref", "eq_ref"}, row
        assert row["ref"].split(",")[0].split(".")[-1] in {
            "workspace_id",
            "user_id",
            "id",
            "task_id",
            "team_id",
            "file_id",
        }, row
