"""list_redundant_dependencies: what others imply, against the transitive reduction of networkx."""

import random

import networkx as nx
import pytest

from tests.graphs import graph_lines, import_lines
from tests.servers import run


@pytest.fixture
def redundant(call, user):
    """What can be removed, with what implies it: (task, prerequisite) -> via."""

    def find():
        rows = call("list_redundant_dependencies", user.id, None, 0, None)
        return {(row["task_id"], row["depends_on_id"]): row["via_id"] for row in rows}

    return find


@pytest.fixture
def imported(database, owner, user):
    """Import a graph and return the ids of its keys."""

    def bring(graph):
        with database.service() as connection:
            import_lines(connection, user.id, graph_lines(graph))
        rows = run(owner, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
        return {row["task_key"]: row["id"] for row in rows}

    return bring


def test_a_shortcut_is_redundant(redundant, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    assert redundant() == {}

    wait(ship, design)

    assert redundant() == {(ship, design): build}


def test_a_diamond_has_nothing_to_spare(redundant, tasks, wait):
    ship, docs, code, design = tasks("ship", "docs", "code", "design")
    wait(ship, docs, design)
    wait(ship, code, design)

    assert redundant() == {}


def test_what_implies_a_dependency_may_be_far_from_its_end(redundant, tasks, wait):
    top, *middle, bottom = tasks(*(f"t{number}" for number in range(12)))
    wait(top, *middle, bottom)

    wait(top, bottom)

    assert redundant() == {(top, bottom): middle[0]}


def test_nobody_waits_for_what_is_behind_a_cancelled_task(redundant, call, user, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    wait(ship, design)

    call("cancel_task", user.id, build)

    assert redundant() == {}


def test_what_a_completed_task_waited_for_is_still_implied(redundant, call, user, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    wait(ship, design)

    call("complete_task", user.id, design)
    call("complete_task", user.id, build)

    assert redundant() == {(ship, design): build}


def test_removing_all_of_them_changes_for_nobody_what_is_waited_for(redundant, call, user, tasks):
    chance = random.Random(5)
    found = tasks(*(f"t{number}" for number in range(12)))
    for _ in range(40):
        task, other = sorted(chance.sample(found, 2), reverse=True)
        if other not in {row["task_id"] for row in call("list_prerequisites", user.id, task, False, 0, None)}:
            call("add_dependency", user.id, task, other)

    def behind():
        return {
            task: {row["task_id"] for row in call("list_prerequisites", user.id, task, True, 0, None)}
            for task in found
        }

    before = behind()
    spare = redundant()

    for task, other in spare:
        call("remove_dependency", user.id, task, other)

    assert spare
    assert redundant() == {}
    assert behind() == before


@pytest.mark.parametrize(("size", "edges"), [(40, 300), (150, 500), (150, 4_000)])
def test_any_graph_is_reduced_as_by_networkx(redundant, imported, size, edges):
    chance = random.Random(size + edges)
    names = [str(number) for number in chance.sample(range(size), size)]
    graph = nx.DiGraph()
    graph.add_nodes_from(chance.sample(names, size))
    for _ in range(edges):
        low, high = sorted(chance.sample(range(size), 2))
        graph.add_edge(names[high], names[low])
    ids = imported(graph)

    found = redundant()

    keys = {number: key for key, number in ids.items()}
    expected = set(graph.edges) - set(nx.transitive_reduction(graph).edges)
    assert {(keys[task], keys[other]) for task, other in found} == expected
    for (task, other), via in found.items():
        assert graph.has_edge(keys[task], keys[via])
        assert nx.has_path(graph, keys[via], keys[other])
        assert via != other


def test_there_may_be_more_ends_than_bits_in_an_aggregate(redundant, imported):
    """More than 4,088 tasks at whose end a dependency is redundant: they are looked at in portions."""
    ends = [f"end {number}" for number in range(4_100)]
    graph = nx.DiGraph()
    graph.add_edges_from(("build", end) for end in ends)
    graph.add_edges_from(("ship", end) for end in ends)
    graph.add_edge("ship", "build")
    ids = imported(graph)

    found = redundant()

    assert found == {(ids["ship"], ids[end]): ids["build"] for end in ends}


def test_they_are_read_page_by_page(call, user, tasks, wait):
    one, two, three, four = tasks("one", "two", "three", "four")
    wait(four, three, two, one)
    for task, other in [(four, two), (four, one), (three, one)]:
        wait(task, other)

    pages = [
        [
            (row["task_id"], row["depends_on_id"])
            for row in call("list_redundant_dependencies", user.id, None, *page)
        ]
        for page in [(0, 2), (2, 2), (3, 2), (None, None)]
    ]

    everything = sorted([(three, one), (four, one), (four, two)])
    assert pages == [everything[:2], everything[2:], [], everything]


def test_what_an_interrupted_call_left_behind_does_not_matter(database, user, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    wait(ship, design)

    with database.owner() as connection:
        run(connection, "CREATE TEMPORARY TABLE shortcut (task_id TEXT)")
        run(connection, "CREATE TEMPORARY TABLE leveled_task (task_id TEXT)")
        rows = run(connection, "CALL list_redundant_dependencies(%s, NULL, 0, 50)", user.id)

    assert [(row["task_title"], row["depends_on_title"], row["via_title"]) for row in rows] == [
        ("ship", "design", "build")
    ]
