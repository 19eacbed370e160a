"""begin_import, stage_tasks, finish_import: whole graphs at once, all or nothing, and always acyclic."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.database.calls import call as call_procedure
from tests.conftest import Database, Row, User
from tests.examples import examples
from tests.graphs import (
    Imported,
    export,
    exported_graph,
    graph_lines,
    import_lines,
    lines,
    same_graph,
    violations,
)
from tests.servers import run

Call = Callable[..., list[Row]]
Refusal = Callable[[str], "AbstractContextManager[Any]"]
Service = "Connection[DictCursor]"


@pytest.fixture
def service(database: Database) -> Iterator[Service]:
    """A connection of the service's account: what is staged lives in it."""
    with database.service() as connection:
        yield connection


def digraphs(most: int = 9) -> "st.SearchStrategy[nx.DiGraph]":
    """Graphs of a few tasks with loops and cycles as they come, their tasks in any order."""
    keys = st.sampled_from("abcdefghijklmnopqrstuvwxyz"[:most])

    def graph(nodes: list[str], edges: set[tuple[str, str]]) -> nx.DiGraph:
        made = nx.DiGraph()
        made.add_nodes_from(nodes)
        made.add_edges_from(sorted(edges))
        return made

    return st.builds(
        graph,
        st.permutations("abcdefghijklmnopqrstuvwxyz"[:most]),
        st.sets(st.tuples(keys, keys), max_size=30),
    )


def is_maximal_acyclic_part(wanted: nx.DiGraph, imported: Imported, found: nx.DiGraph) -> bool:
    """Whether all is in but what was left out, and each of that closes the cycle that is told with it."""
    assert nx.is_directed_acyclic_graph(found)
    assert set(found) == set(wanted)
    assert set(wanted.edges) == set(found.edges) | imported.left_out
    assert not set(found.edges) & imported.left_out
    assert len(imported.left_out) == len(imported.skipped) == imported.total["skipped"]
    for row in imported.skipped:
        first, *rest = json.loads(row["cycle"])
        assert (first, rest[0], rest[-1]) == (row["task_key"], row["depends_on_key"], row["task_key"])
        assert all(found.has_edge(*step) for step in pairwise(rest))
    return True


def errors(refusal: Any) -> list[tuple[int, str]]:
    """The line and the code of each error of an import that was refused."""
    facts = refusal.value.facts
    assert facts["count"] == len(facts["errors"])
    return [(error["line"], error["code"]) for error in facts["errors"]]


def test_the_columns_of_a_line_arrive(service: Service, user: User, owner: Service) -> None:
    rows = lines(
        {
            "key": "K-1",
            "title": "first",
            "description": "two\nlines",
            "status": "in_progress",
            "priority": "urgent",
            "tags": ["b", "a"],
            "estimate_minutes": 90,
            "due_at": "2030-01-31 17:00:00",
            "assignee": user.name.upper(),
        },
        {"key": "K-2", "depends_on": ["K-1"]},
    )

    imported = import_lines(service, user.id, rows)

    assert (imported.total["workspace_id"], imported.total["tasks"], imported.total["dependencies"]) == (
        user.workspace_id, 2, 1,
    )  # fmt: skip
    first, second = run(owner, "SELECT * FROM task WHERE workspace_id = %s ORDER BY id", user.workspace_id)
    assert {name: first[name] for name in ("task_key", "title", "description", "status", "priority")} == {
        "task_key": "K-1", "title": "first", "description": "two\nlines",
        "status": "in_progress", "priority": "urgent",
    }  # fmt: skip
    assert (first["estimate_minutes"], str(first["due_at"])) == (90, "2030-01-31 17:00:00")
    assert (first["assignee_id"], first["created_by"], first["started_at"]) == (
        user.id, user.id, first["created_at"],
    )  # fmt: skip
    assert (second["title"], second["status"], second["priority"]) == ("K-2", "pending", "medium")
    (shown,) = call_procedure(service, "get_task", user.id, second["id"])
    assert (json.loads(shown["depends_on"]), shown["readiness"]) == ([first["id"]], "blocked")
    (shown,) = call_procedure(service, "get_task", user.id, first["id"])
    assert sorted(json.loads(shown["tags"])) == ["a", "b"]


def test_every_row_is_in_the_change_log_and_the_revision_is_the_last(
    service: Service, user: User, owner: Service
) -> None:
    before = call_procedure(service, "get_workspace_revision", user.id, None)[0]["revision"]

    imported = import_lines(
        service, user.id, lines({"key": "a", "tags": ["x", "y"]}, {"key": "b", "depends_on": ["a"]})
    )

    log = run(
        owner,
        "SELECT revision, entity, action, actor_id FROM change_log"
        " WHERE workspace_id = %s AND revision > %s ORDER BY revision",
        user.workspace_id, before,
    )  # fmt: skip
    assert [row["entity"] for row in log] == ["task", "task", "tag", "tag", "dependency"]
    assert {(row["action"], row["actor_id"]) for row in log} == {("insert", user.id)}
    assert imported.total["revision"] == log[-1]["revision"] == before + 5
    assert violations(service, user.id, None) == {}


def test_every_error_is_told_with_its_line_and_nothing_is_imported(
    service: Service, user: User, new_user: Callable[[], User], call: Call, refused: Refusal
) -> None:
    call("create_task", user.id, None, {"title": "here already", "task_key": "taken"})
    (before,) = call("get_workspace_revision", user.id, None)
    rows = lines(
        {"key": "fine"},
        {"key": "twice"},
        {"key": "taken"},
        {"key": "twice"},
        {"key": "status", "status": "done"},
        {"key": "priority", "priority": "huge"},
        {"key": "assignee", "assignee": new_user().name},
        {"key": "nobody", "assignee": "nobody-at-all"},
        {"key": "unknown", "depends_on": ["fine", "nowhere", "Fine"]},
        {"key": "completed", "status": "completed", "depends_on": ["fine"]},
        {"key": "both", "status": "done", "priority": "huge", "depends_on": ["nowhere"]},
    )

    with refused("import_refused") as refusal:
        import_lines(service, user.id, rows)

    assert errors(refusal) == [
        (3, "task_key_taken"),
        (4, "duplicate_key"),
        (5, "invalid_task"),
        (6, "invalid_task"),
        (7, "member_not_found"),
        (8, "member_not_found"),
        (9, "unknown_key"),
        (9, "unknown_key"),
        (10, "task_blocked"),
        (11, "invalid_task"),
        (11, "invalid_task"),
        (11, "unknown_key"),
    ]
    assert call("get_workspace_revision", user.id, None) == [before]


def test_of_very_many_errors_a_thousand_are_told_and_all_are_counted(
    service: Service, user: User, refused: Refusal
) -> None:
    with refused("import_refused") as refusal:
        import_lines(service, user.id, lines(*({"key": f"k{n}", "status": "done"} for n in range(1_500))))

    facts = refusal.value.facts
    assert facts["count"] == 1_500
    assert [error["line"] for error in facts["errors"]] == list(range(1, 1_001))


def test_a_cycle_is_refused_with_all_its_keys(
    service: Service, user: User, call: Call, refused: Refusal
) -> None:
    (before,) = call("get_workspace_revision", user.id, None)
    graph = nx.DiGraph(
        [("a", "b"), ("b", "c"), ("c", "a"), ("before", "a"), ("c", "behind"), ("self", "self")]
    )

    with refused("import_refused") as refusal:
        import_lines(service, user.id, graph_lines(graph))

    assert [code for _, code in errors(refusal)] == ["dependency_cycle"] * 2
    cycles = [json.loads(error["cycle"]) if isinstance(error["cycle"], str) else error["cycle"]
              for error in refusal.value.facts["errors"]]  # fmt: skip
    assert sorted(sorted(set(cycle)) for cycle in cycles) == [["a", "b", "c"], ["self"]]
    assert call("get_workspace_revision", user.id, None) == [before]


def test_a_connection_can_import_after_a_refusal(service: Service, user: User, refused: Refusal) -> None:
    with refused("import_refused"):
        import_lines(service, user.id, lines({"key": "a", "depends_on": ["a"]}))
    with refused("import_refused"):
        import_lines(service, user.id, lines({"key": "a", "depends_on": ["b"]}))

    assert import_lines(service, user.id, lines({"key": "a"})).total["tasks"] == 1


def test_lines_are_staged_and_finished_only_after_a_beginning(
    service: Service, user: User, refused: Refusal
) -> None:
    with refused("import_not_begun"):
        call_procedure(service, "stage_tasks", lines({"key": "a"}))
    with refused("import_not_begun"):
        call_procedure(service, "finish_import", user.id, None, "refuse")


def test_an_import_is_finished_once(service: Service, user: User, refused: Refusal) -> None:
    import_lines(service, user.id, lines({"key": "a"}))

    with refused("import_not_begun"):
        call_procedure(service, "finish_import", user.id, None, "refuse")


def test_only_planners_may_import(service: Service, user: User, new_user: Callable[[], User], call: Call,
                                  refused: Refusal) -> None:  # fmt: skip
    viewer, stranger = new_user(), new_user()
    call("set_member", user.id, user.workspace_id, viewer.name, "viewer")

    with refused("permission_denied"):
        import_lines(service, viewer.id, lines({"key": "a"}), workspace_id=user.workspace_id)
    with refused("workspace_not_found"):
        import_lines(service, stranger.id, lines({"key": "a"}), workspace_id=user.workspace_id)


def test_a_key_that_starts_with_a_hash_holds_inside_the_file_only(
    service: Service, user: User, owner: Service
) -> None:
    rows = lines({"key": "#1"}, {"key": "kept", "depends_on": ["#1", "#two"]}, {"key": "#two"})

    import_lines(service, user.id, rows)
    import_lines(service, user.id, [row for row in rows if row["key"] != "kept"])

    keys = run(owner, "SELECT task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    assert sorted(row["task_key"] or "" for row in keys) == ["", "", "", "", "kept"]


def test_keys_differ_by_case(service: Service, user: User) -> None:
    import_lines(service, user.id, lines({"key": "a"}, {"key": "A", "depends_on": ["a"]}))

    assert set(exported_graph(export(service, user.id)).edges) == {("A", "a")}


@pytest.mark.parametrize("spelling", ["e\u0301", "\u00e9\u200b"])
def test_two_spellings_of_a_key_are_one_dependency(service: Service, user: User, spelling: str) -> None:
    imported = import_lines(
        service, user.id, lines({"key": "\u00e9"}, {"key": "b", "depends_on": ["\u00e9", spelling]})
    )

    assert imported.total["dependencies"] == 1
    assert set(exported_graph(export(service, user.id)).edges) == {("b", "\u00e9")}


def test_a_line_may_wait_for_a_task_that_is_there(
    service: Service, user: User, call: Call, refused: Refusal
) -> None:
    call("create_task", user.id, None, {"title": "open", "task_key": "open"})
    call("create_task", user.id, None, {"title": "closed", "task_key": "closed", "status": "cancelled"})

    import_lines(
        service,
        user.id,
        lines(
            {"key": "new", "depends_on": ["open", "closed"]},
            {"key": "done", "status": "completed", "depends_on": ["closed"]},
        ),
    )

    assert set(exported_graph(export(service, user.id)).edges) == {
        ("new", "open"), ("new", "closed"), ("done", "closed"),
    }  # fmt: skip
    with refused("import_refused") as refusal:
        import_lines(service, user.id, lines({"key": "late", "status": "completed", "depends_on": ["open"]}))
    assert errors(refusal) == [(1, "task_blocked")]
    assert violations(service, user.id, None) == {}


def test_a_key_of_another_workspace_is_unknown(
    service: Service, user: User, call: Call, refused: Refusal
) -> None:
    (other,) = call("create_workspace", user.id, "other")
    call("create_task", user.id, other["workspace_id"], {"title": "there", "task_key": "there"})

    with refused("import_refused") as refusal:
        import_lines(service, user.id, lines({"key": "here", "depends_on": ["there"]}))

    assert errors(refusal) == [(1, "unknown_key")]


def test_tasks_that_were_ranked_above_all_new_ones_can_be_waited_for(
    service: Service, user: User, owner: Service
) -> None:
    rows = lines({"key": "base"}, *({"key": f"old-{n}", "depends_on": ["base"]} for n in range(3)))
    import_lines(service, user.id, rows)
    # As reordering may leave them: far above what the ids of new tasks will give.
    run(owner, "SET @headgate_deriving = TRUE")
    run(owner, "UPDATE node SET topo_rank = topo_rank + (1 << 50) WHERE workspace_id = %s", user.workspace_id)
    run(owner, "SET @headgate_deriving = NULL")

    import_lines(
        service,
        user.id,
        lines(
            {"key": "new", "depends_on": ["old-0", "old-2"]}, {"key": "newer", "depends_on": ["new", "old-1"]}
        ),
    )

    assert violations(service, user.id, None) == {}
    assert set(exported_graph(export(service, user.id)).edges) == {
        *((f"old-{n}", "base") for n in range(3)),
        ("new", "old-0"), ("new", "old-2"), ("newer", "new"), ("newer", "old-1"),
    }  # fmt: skip


def test_a_completed_task_waits_for_closed_ones_in_any_order_of_lines(service: Service, user: User) -> None:
    import_lines(
        service,
        user.id,
        lines(
            {"key": "last", "status": "completed", "depends_on": ["middle"]},
            {"key": "middle", "status": "cancelled", "depends_on": ["first"]},
            {"key": "first", "status": "in_progress"},
        ),
    )

    assert violations(service, user.id, None) == {}


def test_dependencies_that_close_no_cycle_survive_between_cycles(service: Service, user: User) -> None:
    """A bridge from one cycle to another lies on none, and so does what is before and behind them."""
    wanted = nx.DiGraph()
    nx.add_cycle(wanted, "abc")
    nx.add_cycle(wanted, "xyz")
    wanted.add_edges_from(
        [("a", "x"), ("b", "z"), ("before", "a"), ("before", "y"), ("z", "behind"), ("s", "s")]
    )

    imported = import_lines(service, user.id, graph_lines(wanted), "skip")

    assert is_maximal_acyclic_part(wanted, imported, exported_graph(export(service, user.id)))
    assert len(imported.skipped) == 3


@examples(40)
@given(wanted=digraphs())
def test_of_any_graph_the_most_goes_in(
    service: Service, new_user: Callable[[], User], wanted: nx.DiGraph
) -> None:
    user = new_user()

    imported = import_lines(service, user.id, graph_lines(wanted), "skip")

    assert is_maximal_acyclic_part(wanted, imported, exported_graph(export(service, user.id)))
    assert violations(service, user.id, None) == {}


@examples(25)
@given(wanted=digraphs(6), cut=st.integers(1, 5))
def test_a_graph_may_come_in_two_files(
    service: Service, new_user: Callable[[], User], wanted: nx.DiGraph, cut: int
) -> None:
    """The second waits for tasks of the first, and the order still holds."""
    user, nodes = new_user(), list(wanted)
    first = wanted.subgraph(nodes[:cut]).copy()
    second = wanted.edge_subgraph(edge for edge in wanted.edges if edge[0] in nodes[cut:]).copy()

    import_lines(service, user.id, graph_lines(first), "skip")
    imported = import_lines(
        service,
        user.id,
        lines(*({"key": key, "depends_on": list(second.successors(key)) if key in second else []}
                for key in nodes[cut:])),
        "skip",
    )  # fmt: skip

    found = exported_graph(export(service, user.id))
    assert nx.is_directed_acyclic_graph(found)
    assert {edge for edge in found.edges if edge[0] in nodes[cut:]} == set(second.edges) - imported.left_out
    assert all(nx.has_path(found, prerequisite, task) for task, prerequisite in imported.left_out)
    assert violations(service, user.id, None) == {}


@examples(25)
@given(wanted=digraphs())
def test_a_graph_is_refused_if_and_only_if_it_has_a_cycle(
    service: Service, new_user: Callable[[], User], refused: Refusal, wanted: nx.DiGraph
) -> None:
    user = new_user()

    if nx.is_directed_acyclic_graph(wanted):
        import_lines(service, user.id, graph_lines(wanted))
        assert same_graph(exported_graph(export(service, user.id)), wanted)
    else:
        with refused("import_refused"):
            import_lines(service, user.id, graph_lines(wanted))
        assert export(service, user.id) == []
