"""What a workspace was at each revision, from its change log, and what the API should have answered then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from pymysql.connections import Connection

from tests.servers import run

Row = dict[str, Any]
CLOSED = {"completed", "cancelled"}


@dataclass
class State:
    """A workspace at one revision."""

    revision: int = 0
    tasks: dict[int, Row] = field(default_factory=dict)
    tags: set[tuple[int, str]] = field(default_factory=set)
    edges: set[tuple[int, int]] = field(default_factory=set)
    members: set[int] = field(default_factory=set)

    def after(self, change: Row) -> "State":
        """The next one."""
        told = orjson.loads(change["new_row"] or change["old_row"] or "{}")
        is_there = change["action"] != "delete"
        tasks, tags, edges, members = self.tasks, self.tags, self.edges, self.members
        if change["entity"] == "task":
            tasks = tasks | {change["task_id"]: tasks.get(change["task_id"], {}) | told}
            if not is_there:
                del tasks[change["task_id"]]
        elif change["entity"] == "tag":
            tags = _changed(tags, (change["task_id"], told["name"]), is_there)
        elif change["entity"] == "dependency":
            edges = _changed(edges, (change["task_id"], change["depends_on_id"]), is_there)
        elif change["entity"] == "membership":
            members = _changed(members, told["user_id"], is_there)
        return State(change["revision"], tasks, tags, edges, members)

    def waiting_for(self, task: int) -> int:
        return sum(
            self.tasks[other]["status"] not in CLOSED for waiting, other in self.edges if waiting == task
        )

    def readiness(self, task: int) -> str:
        closed = self.tasks[task]["status"] in CLOSED
        return "closed" if closed else "blocked" if self.waiting_for(task) else "ready"

    def reach(self, task: int, upstream: bool) -> set[int]:
        """The tasks that it waits for, or that wait for it, also through others."""
        found, new = set(), {task}
        while new:
            new = {
                there
                for edge in self.edges
                for here, there in [edge if upstream else edge[::-1]]
                if here in new
            } - found
            found |= new
        return found


def _changed(things: set[Any], thing: Any, is_there: bool) -> set[Any]:
    return things | {thing} if is_there else things - {thing}


def states(owner: "Connection[Any]", workspace: int) -> list[State]:
    """The workspace at each of its revisions, in order; the first is 0, before anything."""
    found = [State()]
    for change in run(owner, "SELECT * FROM change_log WHERE workspace_id = %s ORDER BY revision", workspace):
        found.append(found[-1].after(change))
    return found


def _task(state: State, told: Row) -> bool:
    task, row = told["id"], state.tasks.get(told["id"])
    return row is not None and (
        {name: row[name] for name in ("title", "status", "priority")}
        | {
            "revision": state.revision,
            "tags": sorted(name for tagged, name in state.tags if tagged == task),
            "depends_on": sorted(other for waiting, other in state.edges if waiting == task),
            "waiting_for": state.waiting_for(task),
            "readiness": state.readiness(task),
        }
        == {
            name: sorted(told[name]) if isinstance(told[name], list) else told[name]
            for name in ("title", "status", "priority", "revision", "tags", "depends_on", "waiting_for", "readiness")
        }
    )  # fmt: skip


def _related(state: State, told: Row) -> bool:
    row = state.tasks.get(told["id"], {})
    return bool(row) and (told["title"], told["status"], told["readiness"]) == (
        row["title"],
        row["status"],
        state.readiness(told["id"]),
    )


def _items(state: State, body: Row, expected: set[int]) -> bool:
    items = body["items"]
    return (
        len(items) == len(expected)
        and {item["id"] for item in items} == expected
        and all(_task(state, item) if "tags" in item else True for item in items)
    )


# What is asked: its path, and whether an answer is what the workspace was. `{}` is a task.
QUESTIONS: dict[str, Callable[[State, int, Row], bool]] = {
    "tasks/{}": lambda state, task, body: body["id"] == task and _task(state, body),
    "tasks?limit=1000&workspace_id=": lambda state, _, body: _items(state, body, set(state.tasks)),
    "tasks/ready?limit=1000&workspace_id=": lambda state, _, body: _items(
        state, body, {task for task in state.tasks if state.readiness(task) == "ready"}
    ),
    "tasks/{}/dependents?transitive=true&limit=1000": lambda state, task, body: (
        _items(state, body, state.reach(task, upstream=False))
        and all(_related(state, item) for item in body["items"])
    ),
    "tasks/{}/tree?format=flat": lambda state, task, body: (
        _items(state, body, state.reach(task, upstream=True) | {task})
        and all(_related(state, item) for item in body["items"])
    ),
}
