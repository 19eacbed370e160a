"""get_task_graph and get_workspace_graph: tasks and the dependencies between them, for pictures."""

import random

import networkx as nx
import pytest

from service.database.calls import call_for_all
from tests.graphs import graph_lines, import_lines
from tests.servers import run


@pytest.fixture
def graph(database, user):
    """The ids and the edges that a procedure answers."""
    with database.service() as connection:

        def find(procedure, *args):
            tasks, edges = call_for_all(connection, procedure, user.id, *args)
            return [row["task_id"] for row in tasks], [
                (row["task_id"], row["depends_on_id"]) for row in edges
            ]

        yield find


def test_a_graph_goes_as_far_as_asked(graph, tasks, wait):
    ship, build, design, plan = tasks("ship", "build", "design", "plan")
    wait(ship, build, design, plan)

    assert graph("get_task_graph", build, "upstream", None) == (
        [build, design, plan],
        [(build, design), (design, plan)],
    )
    assert graph("get_task_graph", build, "upstream", 1) == ([build, design], [(build, design)])
    assert graph("get_task_graph", build, "downstream", None) == ([ship, build], [(ship, build)])
    assert graph("get_task_graph", build, "both", 1) == (
        [ship, build, design],
        [(ship, build), (build, design)],
    )


def test_every_dependency_between_the_tasks_is_shown(graph, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    wait(ship, design)

    expected = ([ship, build, design], [(ship, build), (ship, design), (build, design)])

    assert graph("get_task_graph", ship, "upstream", None) == expected
    assert graph("get_task_graph", ship, "upstream", 1) == expected
    assert graph("get_workspace_graph", None, False) == expected


def test_a_workspace_can_be_shown_without_what_is_closed(graph, call, user, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("complete_task", user.id, design)

    assert graph("get_workspace_graph", None, True) == ([ship, build], [(ship, build)])
    assert graph("get_workspace_graph", None, None)[0] == [ship, build, design]


def test_an_empty_workspace_has_an_empty_graph(graph):
    assert graph("get_workspace_graph", None, False) == ([], [])


def test_any_neighbourhood_is_that_of_networkx(graph, database, owner, user):
    chance = random.Random(3)
    wanted = nx.gn_graph(60, seed=3)
    wanted.add_edges_from(
        (high, low) for low, high in (sorted(chance.sample(range(60), 2)) for _ in range(60))
    )
    wanted = nx.relabel_nodes(wanted, str)
    with database.service() as connection:
        import_lines(connection, user.id, graph_lines(wanted))
    ids = {
        row["task_key"]: row["id"]
        for row in run(owner, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    }

    for key in chance.sample(sorted(ids), 12):
        for direction, view in [("upstream", wanted), ("downstream", wanted.reverse())]:
            for depth in (1, 2, None):
                near = nx.single_source_shortest_path_length(view, key, cutoff=depth)

                found, edges = graph("get_task_graph", ids[key], direction, depth)

                assert found == sorted(ids[other] for other in near)
                assert edges == sorted((ids[one], ids[other]) for one, other in wanted.subgraph(near).edges)


def test_a_graph_that_no_picture_holds_is_refused(database, owner, user, call, refused):
    wanted = nx.DiGraph()
    wanted.add_edges_from(("hub", str(number)) for number in range(3_000))
    with database.service() as connection:
        import_lines(connection, user.id, graph_lines(wanted))
    (hub,) = run(owner, "SELECT id FROM task WHERE workspace_id = %s AND task_key = 'hub'", user.workspace_id)

    with refused("graph_too_large") as refusal:
        call("get_task_graph", user.id, hub["id"], "upstream", None)
    assert refusal.value.facts == {"limit": 3_000}
    with refused("graph_too_large"):
        call("get_workspace_graph", user.id, None, False)

    (leaf,) = call("list_prerequisites", user.id, hub["id"], False, 0, 1)
    call("complete_task", user.id, leaf["task_id"])
    assert len(call("get_workspace_graph", user.id, None, True)) == 3_000


def test_a_graph_of_too_many_dependencies_is_refused(database, user, call, refused):
    wanted = nx.DiGraph()
    wanted.add_edges_from((str(high), str(low)) for high in range(174) for low in range(high))
    with database.service() as connection:
        import_lines(connection, user.id, graph_lines(wanted))

    with refused("graph_too_large") as refusal:
        call("get_workspace_graph", user.id, None, False)

    assert refusal.value.facts == {"limit": 15_000}


@pytest.mark.parametrize("direction", ["sideways", None, ""])
def test_a_direction_that_is_none_is_refused(call, user, tasks, refused, direction):
    (task,) = tasks("t")

    with refused("invalid_request"):
        call("get_task_graph", user.id, task, direction, None)
