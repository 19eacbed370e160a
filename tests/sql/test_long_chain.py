"""Graphs that break naive traversals: very long chains, and lattices with more paths than can be counted."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import networkx as nx
import pytest

from service.database.calls import call
from tests.conftest import Database, User
from tests.graphs import export, exported_graph, graph_lines, import_lines, lines, same_graph, violations
from tests.servers import run

Service = "Connection[DictCursor]"
Refusal = Callable[[str], "AbstractContextManager[Any]"]

# Seconds. A test that takes longer is not slow: it enumerates paths, or is quadratic.
PATIENCE = 400


@pytest.fixture
def service(database: Database) -> Iterator[Service]:
    """A connection that the server ends when patience does: no setting stops a procedure."""
    with database.service() as connection, database.owner() as owner:
        ending = threading.Timer(PATIENCE, run, [owner, "KILL %s", connection.thread_id()])
        ending.start()
        yield connection
        ending.cancel()


def ids(connection: Service, user: User) -> dict[str, int]:
    """The ids of a user's tasks by their keys."""
    return {
        row["task_key"]: row["id"]
        for row in run(connection, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    }


def test_a_very_long_chain(service: Service, owner: Service, user: User, refused: Refusal) -> None:
    """It goes in, cannot be closed to a ring, and can be looked at from its ends."""
    length = int(os.environ.get("HEADGATE_CHAIN", "20_000"))
    rows = lines({"key": "0"}, *({"key": str(n), "depends_on": [str(n - 1)]} for n in range(1, length)))
    import_lines(service, user.id, rows)
    numbers = ids(owner, user)
    first, last = numbers["0"], numbers[str(length - 1)]

    with refused("dependency_cycle") as refusal:
        call(service, "add_dependency", user.id, first, last)
    assert refusal.value.facts["length"] == length
    path = refusal.value.facts["path"]
    assert path[:3] == [first, last, numbers[str(length - 2)]]
    assert len(path) == 1_000

    dependents = call(service, "list_dependents", user.id, first, True, 0, length)
    assert [row["task_id"] for row in dependents] == sorted(numbers.values())[1:]
    assert len(call(service, "list_prerequisites", user.id, last, True, 0, length)) == length - 1

    tree = call(service, "get_dependency_tree", user.id, last, "upstream", 50)
    assert [(row["task_id"], row["depth"]) for row in tree] == [
        (numbers[str(length - 1 - depth)], depth) for depth in range(51)
    ]

    assert violations(service, user.id, None) == {}


def test_a_chain_whose_lines_come_in_the_wrong_order(service: Service, user: User) -> None:
    wanted = nx.path_graph(map(str, range(2_000)), create_using=nx.DiGraph)

    import_lines(service, user.id, graph_lines(wanted))

    assert same_graph(exported_graph(export(service, user.id)), wanted)
    assert violations(service, user.id, None) == {}


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
def test_the_tree_of_a_long_chain(service: Service, owner: Service, user: User, direction: str) -> None:
    length = 3_000
    rows = lines({"key": "0"}, *({"key": str(n), "depends_on": [str(n - 1)]} for n in range(1, length)))
    import_lines(service, user.id, rows)
    chain = sorted(ids(owner, user).values(), reverse=direction == "upstream")

    tree = call(service, "get_dependency_tree", user.id, chain[0], direction, None)

    assert [(row["task_id"], row["parent_id"], row["depth"]) for row in tree] == [
        (task, parent, depth) for depth, (task, parent) in enumerate(zip(chain, [None, *chain], strict=False))
    ]


def test_a_ring_is_imported_but_for_one_dependency(service: Service, user: User) -> None:
    wanted = nx.cycle_graph(map(str, range(1_500)), create_using=nx.DiGraph)

    imported = import_lines(service, user.id, graph_lines(wanted), "skip")

    assert len(imported.skipped) == 1
    assert nx.is_directed_acyclic_graph(exported_graph(export(service, user.id)))
    assert violations(service, user.id, None) == {}


def test_a_lattice_with_a_trillion_paths(
    service: Service, owner: Service, user: User, refused: Refusal
) -> None:
    """Forty layers of two tasks, each waiting for both of the layer before: 2^40 ways from top to bottom."""
    layers = 40
    rows = lines(
        *(
            {"key": f"{layer}{side}", "depends_on": [f"{layer - 1}a", f"{layer - 1}b"] if layer else []}
            for layer in range(layers)
            for side in "ab"
        )
    )
    import_lines(service, user.id, rows)
    numbers = ids(owner, user)
    bottom, top = numbers["0a"], numbers[f"{layers - 1}a"]

    tree = call(service, "get_dependency_tree", user.id, top, "upstream", None)
    dependents = call(service, "list_dependents", user.id, bottom, True, 0, 1_000)
    prerequisites = call(service, "list_prerequisites", user.id, top, True, 0, 1_000)
    with refused("dependency_cycle") as refusal:
        call(service, "add_dependency", user.id, bottom, top)

    assert {row["task_id"]: row["depth"] for row in tree} == {top: 0} | {
        numbers[f"{layer}{side}"]: layers - 1 - layer for layer in range(layers - 1) for side in "ab"
    }
    assert len(dependents) == len(prerequisites) == 2 * (layers - 1)
    assert refusal.value.facts["length"] == layers
