"""Questions about the past, against photographs taken while random operations went through both doors.

After every operation all facts of the workspace are read from their tables. Later each question is asked about
each of those revisions, and its answer is worked out anew from the photograph.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import pymysql
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import call as call_procedure
from service.errors import Refused
from tests.conftest import Database, Row, User
from tests.examples import examples
from tests.servers import run

OPEN = {"pending", "in_progress"}
ENTITIES = ["workspace", "membership", "task", "tag", "dependency"]
COLUMNS = (
    "task_key, title, status, priority, assignee_id, assignee_team_id, estimate_minutes, due_at, description"
)


@dataclass(frozen=True)
class Photograph:
    """All facts of a workspace at one revision."""

    revision: int
    name: str
    tasks: dict[int, Row]
    edges: set[tuple[int, int]]
    tags: set[tuple[int, str]]
    members: dict[int, str]

    def graph(self, direction: str) -> nx.DiGraph:
        """An edge leads one step further in this direction."""
        graph = nx.DiGraph()
        graph.add_nodes_from(self.tasks)
        graph.add_edges_from(self.edges if direction == "upstream" else [(b, a) for a, b in self.edges])
        return graph

    def facts(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Each fact under what it is about: its entity, its ids, its name."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {("workspace",): {"name": self.name}}
        for user, role in self.members.items():
            found["membership", user] = {"user_id": user, "role": role}
        for task, row in self.tasks.items():
            found["task", task] = row | {"due_at": row["due_at"] and f"{row['due_at']}.000000"}
        for task, name in self.tags:
            found["tag", task, name] = {"name": name}
        for task, other in self.edges:
            found["dependency", task, other] = {}
        return found

    def readiness(self, task: int) -> str:
        if self.tasks[task]["status"] not in OPEN:
            return "closed"
        waits = (other for number, other in self.edges if number == task)
        return "blocked" if any(self.tasks[other]["status"] in OPEN for other in waits) else "ready"


@dataclass
class Workspace:
    """A workspace that operations are tried on; what is refused is refused."""

    service: "Connection[DictCursor]"
    owner: "Connection[DictCursor]"
    user: User
    guest: User
    id: int
    # Deleted ones too.
    tasks: list[int] = field(default_factory=list)
    photographs: list[Photograph] = field(default_factory=list)

    def call(self, procedure: str, *args: object) -> list[Row]:
        return call_procedure(self.service, procedure, self.user.id, *args)

    def ask(self, procedure: str, *args: object) -> Any:
        """The rows, or the code of the refusal."""
        try:
            return self.call(procedure, *args)
        except Refused as refusal:
            return refusal.error.code

    def look(self, statement: str) -> list[Row]:
        return run(self.owner, statement, self.id)

    def photograph(self) -> None:
        ((revision,),) = (
            row.values() for row in self.look("SELECT MAX(revision) FROM change_log WHERE workspace_id = %s")
        )
        if self.photographs and self.photographs[-1].revision == revision:
            return
        self.photographs.append(
            Photograph(
                revision,
                self.look("SELECT name FROM workspace WHERE id = %s")[0]["name"],
                {
                    row.pop("id"): row
                    for row in self.look(f"SELECT id, {COLUMNS} FROM task WHERE workspace_id = %s")
                },
                {
                    (row["task_id"], row["depends_on_id"])
                    for row in self.look("SELECT * FROM dependency WHERE workspace_id = %s")
                },
                {
                    (row["task_id"], row["name"])
                    for row in self.look("SELECT * FROM tag WHERE workspace_id = %s")
                },
                {
                    row["user_id"]: row["role"]
                    for row in self.look("SELECT user_id, role FROM membership WHERE workspace_id = %s")
                },
            )
        )

    def attempt(self, act: "Callable[[Workspace], object]") -> None:
        try:
            act(self)
        except (Refused, pymysql.MySQLError):
            # The photographs show what came of it.
            run(self.owner, "ROLLBACK")
        self.photograph()


def create(fields: dict[str, Any], waits_for: list[int]) -> Callable[[Workspace], object]:
    def act(workspace: Workspace) -> None:
        some = list({workspace.tasks[which % len(workspace.tasks)] for which in waits_for if workspace.tasks})
        (row,) = workspace.call("create_task", workspace.id, fields | {"depends_on": some})
        workspace.tasks.append(row["task_id"])

    return act


def on_task(which: int, act: Callable[[Workspace, int], object]) -> Callable[[Workspace], object]:
    return lambda workspace: workspace.tasks and act(workspace, workspace.tasks[which % len(workspace.tasks)])


def on_two(
    which: int, other: int, act: Callable[[Workspace, int, int], object]
) -> Callable[[Workspace], object]:
    return lambda workspace: on_task(
        which, lambda _, task: act(workspace, task, workspace.tasks[other % len(workspace.tasks)])
    )(workspace)


def called(procedure: str, *args: object) -> Callable[..., object]:
    return lambda workspace, *tasks: workspace.call(procedure, *tasks, *args)


def raw(statement: str, *args: object) -> Callable[..., object]:
    """A statement of the owner: the workspace first, then the tasks, then other values."""
    return lambda workspace, *tasks: run(workspace.owner, statement, workspace.id, *tasks, *args)


WHICH = st.integers(0, 7)
WORDS = st.sampled_from(["one", "One", "two", "é", "四"])
STATUSES = st.sampled_from(["pending", "in_progress", "completed", "cancelled"])
FIELDS = {
    "status": STATUSES,
    "priority": st.sampled_from(["low", "medium", "high", "urgent"]),
    "description": st.sampled_from(["", "long", "Long"]),
    "estimate_minutes": st.sampled_from([None, 5]),
    "due_at": st.sampled_from([None, "2030-01-31T17:00:00"]),
    "task_key": st.sampled_from([None, None, "K-1", "K-2"]),
    "tags": st.lists(WORDS, unique_by=str.lower, max_size=2),
}
TITLED = st.fixed_dictionaries({"title": WORDS}, optional=FIELDS)

ON_A_TASK = st.one_of(
    st.fixed_dictionaries({}, optional=FIELDS | {"title": WORDS}).map(
        lambda changes: called("update_task", changes, None, True)
    ),
    st.sampled_from(
        [
            called("start_task"),
            called("complete_task"),
            called("cancel_task"),
            called("reopen_task", True),
            called("delete_task", "splice", None),
            called("delete_task", "splice", None),
            called("delete_task", "refuse", None),
            raw("INSERT INTO task (workspace_id, id, title, description) VALUES (%s, %s, 'again', 'a')"),
            raw("UPDATE task SET title = CONCAT(title, '!') WHERE workspace_id = %s AND id = %s"),
            raw("UPDATE task SET description = CONCAT(description, '!') WHERE workspace_id = %s AND id = %s"),
            raw("UPDATE task SET status = 'completed' WHERE workspace_id = %s AND id = %s"),
            raw("DELETE FROM task WHERE workspace_id = %s AND id = %s"),
            raw("DELETE FROM tag WHERE workspace_id = %s AND task_id = %s"),
            raw("INSERT INTO tag (workspace_id, task_id, name) VALUES (%s, %s, 'Raw')"),
        ]
    ),
)
ON_TWO = st.sampled_from(
    [
        called("add_dependency"),
        called("add_dependency"),
        called("remove_dependency"),
        raw("INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)"),
        raw("DELETE FROM dependency WHERE workspace_id = %s AND task_id = %s AND depends_on_id = %s"),
    ]
)
ON_WORKSPACE = st.one_of(
    st.sampled_from(["admin", "viewer", "viewer"]).map(
        lambda role: lambda workspace: workspace.call("set_member", workspace.id, workspace.guest.name, role)
    ),
    st.just(lambda workspace: workspace.call("remove_member", workspace.id, workspace.guest.name)),
    WORDS.map(lambda name: lambda workspace: run(workspace.owner, "UPDATE workspace SET name = %s WHERE id = %s", name, workspace.id)),
)  # fmt: skip
OPERATIONS = st.lists(
    st.one_of(
        st.builds(create, TITLED, st.lists(WHICH, max_size=3)),
        st.builds(create, TITLED, st.lists(WHICH, max_size=3)),
        st.builds(on_task, WHICH, ON_A_TASK),
        st.builds(on_task, WHICH, ON_A_TASK),
        st.builds(on_two, WHICH, WHICH, ON_TWO),
        st.builds(on_two, WHICH, WHICH, ON_TWO),
        ON_WORKSPACE,
    ),
    min_size=10,
    max_size=30,
)


@pytest.fixture
def history(
    database: Database, new_user: Callable[[], User]
) -> Iterator[Callable[[list[Callable[[Workspace], object]]], Workspace]]:
    """Run operations in a new workspace: what was tried, and the photographs."""
    user, guest = new_user(), new_user()
    with database.service() as service, database.owner() as owner:

        def live(operations: list[Callable[[Workspace], object]]) -> Workspace:
            (row,) = call_procedure(service, "create_workspace", user.id, "past")
            workspace = Workspace(service, owner, user, guest, row["workspace_id"])
            workspace.photograph()
            for operation in operations:
                workspace.attempt(operation)
            return workspace

        yield live


def check_tree(rows: list[Row], photograph: Photograph, task: int, direction: str, depth: int | None) -> None:
    graph = photograph.graph(direction)
    depths = nx.single_source_shortest_path_length(graph, task, cutoff=depth)

    assert [(row["depth"], row["task_id"]) for row in rows] == sorted(
        (away, one) for one, away in depths.items()
    )
    for row in rows:
        known = photograph.tasks[row["task_id"]]
        assert (row["title"], row["status"], row["priority"]) == (
            known["title"],
            known["status"],
            known["priority"],
        )
        assert row["readiness"] == photograph.readiness(row["task_id"])
        assert row["revision"] == photograph.revision
        if row["task_id"] == task:
            assert row["parent_id"] is None
        else:
            assert graph.has_edge(row["parent_id"], row["task_id"])
            assert depths[row["parent_id"]] == row["depth"] - 1


@examples(25)
@given(operations=OPERATIONS)
def test_a_tree_is_what_it_was_at_every_revision(history, operations):
    workspace = history(operations)

    for photograph in workspace.photographs:
        for task in set(workspace.tasks):
            for direction, depth in (("upstream", None), ("downstream", None), ("upstream", 1)):
                rows = workspace.ask("get_tree_as_of", task, direction, depth, photograph.revision, None)
                if task in photograph.tasks:
                    check_tree(rows, photograph, task, direction, depth)
                else:
                    assert rows == "task_absent_then"


NOTHING = Photograph(0, "", {}, set(), set(), {})


def expected_difference(earlier: Photograph, later: Photograph) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """For each fact that differs: what is to be done, and the columns of before and after."""
    old, new = ({} if one is NOTHING else one.facts() for one in (earlier, later))
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for key in new.keys() - old.keys():
        found[key] = ("insert", None, new[key] or None)
    for key in old.keys() - new.keys():
        found[key] = ("delete", old[key] or None, None)
    for key in old.keys() & new.keys():
        if old[key] != new[key]:
            other = {name for name in old[key] if old[key][name] != new[key][name] or key[0] == "membership"}
            rows = ({name: facts[key][name] for name in other} for facts in (old, new))
            found[key] = ("update", *rows)
    return found


def told_difference(rows: list[Row]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    found = {}
    for row in rows:
        old, new = (row[name] and json.loads(row[name]) for name in ("old_row", "new_row"))
        some = new or old or {}
        match row["entity"]:
            case "workspace":
                key: tuple[Any, ...] = ("workspace",)
            case "membership":
                key = ("membership", some["user_id"])
            case "tag":
                key = ("tag", row["task_id"], some["name"])
            case "dependency":
                key = ("dependency", row["task_id"], row["depends_on_id"])
            case _:
                key = ("task", row["task_id"])
        assert key not in found
        found[key] = (row["action"], old, new)
    return found


@examples(25)
@given(operations=OPERATIONS)
def test_a_difference_is_what_two_photographs_differ_in(history, operations):
    workspace = history(operations)
    photographs = workspace.photographs
    pairs = [(NOTHING, photographs[-1]), (NOTHING, NOTHING)]
    for place, photograph in enumerate(photographs):
        pairs += [(photograph, photographs[-1]), (photograph, photographs[place // 2 :][0])]
        pairs += [(photograph, photographs[min(place + 3, len(photographs) - 1)]), (photograph, photograph)]

    for one, other in pairs:
        earlier, later = sorted((one, other), key=lambda photograph: photograph.revision)
        rows = workspace.call(
            "get_workspace_diff", workspace.id, earlier.revision, later.revision, None, None
        )

        assert told_difference(rows) == expected_difference(earlier, later)
        order = [
            (row["task_id"] or 0, ENTITIES.index(row["entity"]), row["depends_on_id"] or 0) for row in rows
        ]
        assert order == sorted(order)


@examples(10)
@given(operations=OPERATIONS, size=st.integers(1, 4))
def test_pages_of_a_difference_fit_together(history, operations, size):
    workspace = history(operations)
    newest = workspace.photographs[-1].revision
    whole = workspace.call("get_workspace_diff", workspace.id, 0, None, None, None)

    pages: list[Row] = []
    while page := workspace.call("get_workspace_diff", workspace.id, 0, newest, len(pages), size):
        assert len(page) <= size
        pages += page

    assert pages == whole
