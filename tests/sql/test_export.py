"""export_tasks: a workspace as import takes it, in pages, each task after all that it waits for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.database.calls import call as call_procedure
from tests.conftest import Database, Row, User
from tests.examples import examples
from tests.graphs import export, exported_graph, graph_lines, import_lines, lines, same_graph

Call = Callable[..., list[Row]]
Refusal = Callable[[str], "AbstractContextManager[Any]"]
Service = "Connection[DictCursor]"

NODES = range(8)
PAIRS = [(str(a), str(b)) for a in NODES for b in NODES if a > b]


@pytest.fixture
def service(database: Database) -> Iterator[Service]:
    with database.service() as connection:
        yield connection


def in_order(rows: list[Row]) -> bool:
    """Whether every task comes after all that it waits for."""
    seen: set[str] = set()
    for row in rows:
        if not seen.issuperset(row["depends_on"]):
            return False
        seen.add(row["key"])
    return True


def as_lines(rows: list[Row]) -> list[Row]:
    """Exported rows as lines of a file."""
    return [
        {name: value for name, value in row.items() if name not in ("position", "due_at")}
        | {"line": number, "due_at": str(row["due_at"]) if row["due_at"] else None}
        for number, row in enumerate(rows, 1)
    ]


def test_an_empty_workspace_has_nothing_to_export(service: Service, user: User) -> None:
    assert call_procedure(service, "export_tasks", user.id, None, None, 10) == []


def test_a_task_is_told_with_all_that_was_said(service: Service, user: User, call: Call) -> None:
    (first,) = call("create_task", user.id, None, {"title": "no key"})
    call(
        "create_task",
        user.id,
        None,
        {
            "task_key": "K",
            "title": "second",
            "description": "long",
            "status": "in_progress",
            "priority": "high",
            "assignee_id": user.id,
            "estimate_minutes": 5,
            "due_at": "2030-01-31 17:00:00",
            "tags": ["b", "a"],
            "depends_on": [first["task_id"]],
        },
    )

    plain, full = export(service, user.id)

    handle = f"#{first['task_id']}"
    assert (plain["key"], plain["tags"], plain["depends_on"], plain["assignee"]) == (handle, [], [], None)
    assert sorted(full.pop("tags")) == ["a", "b"]
    assert full.pop("position")
    assert str(full.pop("due_at")) == "2030-01-31 17:00:00"
    assert full == {
        "key": "K",
        "title": "second",
        "description": "long",
        "status": "in_progress",
        "priority": "high",
        "depends_on": [handle],
        "estimate_minutes": 5,
        "assignee": user.name,
        "team": None,
    }


@pytest.mark.parametrize("page", [1, 2, 3, 1_000])
def test_pages_hold_every_task_once_and_in_order(service: Service, user: User, page: int) -> None:
    graph = nx.DiGraph([(str(n), str(n + 1)) for n in range(6)])
    import_lines(service, user.id, graph_lines(graph))

    rows = export(service, user.id, page=page)

    assert [row["key"] for row in rows] == ["6", "5", "4", "3", "2", "1", "0"]


def test_tasks_of_the_same_rank_are_paged_by_their_ids(
    service: Service, user: User, database: Database
) -> None:
    import_lines(service, user.id, lines(*({"key": str(number)} for number in range(5))))
    with database.owner() as owner, owner.cursor() as cursor:
        cursor.execute("SET @headgate_deriving = TRUE")
        cursor.execute("UPDATE node SET topo_rank = 7 WHERE workspace_id = %s", (user.workspace_id,))

    assert [row["key"] for row in export(service, user.id, page=2)] == ["0", "1", "2", "3", "4"]


def test_ranks_below_zero_are_paged_like_others(service: Service, user: User, database: Database) -> None:
    import_lines(service, user.id, lines(*({"key": str(number)} for number in range(5))))
    with database.owner() as owner, owner.cursor() as cursor:
        cursor.execute("SET @headgate_deriving = TRUE")
        cursor.execute(
            "UPDATE node SET topo_rank = topo_rank - 1152921504606846976 WHERE workspace_id = %s",
            (user.workspace_id,),
        )

    assert [row["key"] for row in export(service, user.id, page=2)] == ["0", "1", "2", "3", "4"]


def test_a_viewer_may_export_and_a_stranger_may_not(
    service: Service, user: User, new_user: Callable[[], User], call: Call, refused: Refusal
) -> None:
    viewer, stranger = new_user(), new_user()
    call("set_member", user.id, user.workspace_id, viewer.name, "viewer")
    import_lines(service, user.id, lines({"key": "a"}))

    assert [row["key"] for row in export(service, viewer.id, user.workspace_id)] == ["a"]
    with refused("workspace_not_found"):
        export(service, stranger.id, user.workspace_id)


@examples(25)
@given(edges=st.sets(st.sampled_from(PAIRS)), order=st.permutations(PAIRS), page=st.integers(1, 9))
def test_what_was_made_step_by_step_comes_out_in_order_and_goes_in_again(
    service: Service,
    new_user: Callable[[], User],
    edges: set[tuple[str, str]],
    order: list[tuple[str, str]],
    page: int,
) -> None:
    """Dependencies are added one by one in a random order, against that of the ids: ranks end up anyhow."""
    wanted = nx.DiGraph()
    wanted.add_nodes_from(map(str, NODES))
    wanted.add_edges_from(edges)
    one, other = new_user(), new_user()
    ids = {
        key: call_procedure(service, "create_task", one.id, None, {"title": key, "task_key": key})[0][
            "task_id"
        ]
        for key in reversed(list(wanted))
    }
    for task, prerequisite in order:
        if (task, prerequisite) in edges:
            call_procedure(service, "add_dependency", one.id, ids[task], ids[prerequisite])

    rows = export(service, one.id, page=page)
    import_lines(service, other.id, as_lines(rows))
    again = export(service, other.id, page=page)

    assert in_order(rows)
    assert in_order(again)
    assert same_graph(exported_graph(rows), wanted)
    assert same_graph(exported_graph(again), wanted)


@examples(20)
@given(data=st.data())
def test_every_member_survives_export_and_import(
    service: Service, new_user: Callable[[], User], data: st.DataObject
) -> None:
    one, other = new_user(), new_user()
    text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
    task = st.fixed_dictionaries(
        {"title": text},
        optional={
            "description": st.text(st.characters(codec="utf-8"), max_size=50),
            "status": st.sampled_from(["pending", "in_progress", "completed", "cancelled"]),
            "priority": st.sampled_from(["low", "medium", "high", "urgent"]),
            "tags": st.lists(st.sampled_from(["a", "b", "ç", "d e"]), unique=True),
            "estimate_minutes": st.integers(0, 5_256_000),
            "due_at": st.datetimes()
            .map(lambda moment: moment.isoformat(" ", "seconds"))
            .filter(lambda due: due > "1000"),
        },
    )
    said = data.draw(st.lists(task, min_size=1, max_size=5))
    import_lines(service, one.id, lines(*({"key": f"K-{n}"} | task for n, task in enumerate(said))))

    rows = export(service, one.id)
    import_lines(service, other.id, as_lines(rows))

    def comparable(rows: list[Row]) -> list[Row]:
        return [row | {"position": None, "tags": sorted(row["tags"])} for row in rows]

    assert comparable(export(service, other.id)) == comparable(rows)
    assert [(row["title"], row["description"]) for row in rows] == [
        (task["title"], task.get("description", "")) for task in said
    ]
    assert [sorted(row["tags"]) for row in rows] == [sorted(task.get("tags", ())) for task in said]
