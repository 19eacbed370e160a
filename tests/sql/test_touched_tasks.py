"""list_touched_tasks: whatever looks different after some changes is told, and little else is."""

import random
from contextlib import suppress
from typing import Any

import networkx as nx
import orjson
from pymysql.connections import Connection

from service.errors import Refused
from tests.conftest import Database, User
from tests.graphs import graph_lines, import_lines
from tests.http.history import State, states
from tests.servers import run
from tests.sql.conftest import Call


def looks(state: State, task: int) -> Any:
    """All that people see of a task."""
    if task not in state.tasks:
        return None
    return (
        state.tasks[task],
        {name for tagged, name in state.tags if tagged == task},
        {other for waiting, other in state.edges if waiting == task},
        state.waiting_for(task),
    )


def told(call: Call, workspace: int, after: int) -> tuple[int, set[int], bool]:
    (row,) = call("list_touched_tasks", workspace, after)
    return row["revision"], set(orjson.loads(row["task_ids"])), bool(row["touches_people"])


def test_whatever_looks_different_was_told(
    call: Call, user: User, new_user: Any, owner: "Connection[Any]", tasks: Any
) -> None:
    rng, ids, guest = random.Random(5), tasks(*"abcdefghij"), new_user()
    for _ in range(150):
        task, other = rng.sample(ids, 2)
        procedure, *args = rng.choice(
            [
                ("add_dependency", user.id, task, other),
                ("remove_dependency", user.id, task, other),
                ("complete_task", user.id, task),
                ("reopen_task", user.id, task, True),
                ("update_task", user.id, task, {"title": str(rng.random())}, None, False),
                ("update_task", user.id, task, {"tags": rng.sample("xyz", 2)}, None, False),
                ("set_member", user.id, user.workspace_id, guest.name, rng.choice(["viewer", "member"])),
            ]
        )
        with suppress(Refused):
            call(procedure, *args)
    history = states(owner, user.workspace_id)

    for after in range(0, len(history) - 1, 7):
        revision, touched, people = told(call, user.workspace_id, after)
        before, now = history[after], history[revision]
        assert {task for task in ids if looks(before, task) != looks(now, task)} <= touched
        assert before.members == now.members or people


def test_others_are_not_told(call: Call, user: User, tasks: Any, wait: Any, revision: Any) -> None:
    ship, build, design, other = tasks("ship", "build", "design", "other")
    wait(ship, build, design)
    before = revision()

    call("complete_task", user.id, design)
    call("update_task", user.id, other, {"title": "another"}, None, False)

    assert told(call, user.workspace_id, before) == (revision(), {design, build, other}, False)


def test_without_changes_nothing_is_told(call: Call, user: User, revision: Any) -> None:
    (row,) = call("list_touched_tasks", user.workspace_id, revision())

    assert row == {"revision": None, "task_ids": "[]", "touches_people": 0}


def test_there_may_be_too_many_to_tell(
    call: Call, user: User, database: Database, owner: "Connection[Any]", revision: Any
) -> None:
    graph = nx.DiGraph((str(number), "hub") for number in range(2001))
    with database.service() as connection:
        import_lines(connection, user.id, graph_lines(graph))
    (hub,) = run(owner, "SELECT id FROM task WHERE workspace_id = %s AND task_key = 'hub'", user.workspace_id)
    before = revision()

    call("complete_task", user.id, hub["id"])

    (row,) = call("list_touched_tasks", user.workspace_id, before)
    assert (row["revision"], row["task_ids"]) == (revision(), None)
