"""list_levels: the waves in which the tasks of a workspace can be done, against networkx."""

import json
import random

import networkx as nx
import pytest

from tests.graphs import graph_lines, import_lines
from tests.servers import run


@pytest.fixture
def levels(call, user):
    """The ids of each level, and the chain, after checking that the rows agree with themselves."""

    def find(open_only=True, workspace_id=None):
        rows = call("list_levels", user.id, workspace_id, open_only)
        waves = [json.loads(row["task_ids"]) for row in rows]
        assert [row["level"] for row in rows] == list(range(len(rows)))
        assert [row["width"] for row in rows] == [len(wave) for wave in waves]
        assert all(wave == sorted(wave) for wave in waves)
        assert all(row["longest_chain_id"] in wave for row, wave in zip(rows, waves, strict=True))
        return waves, [row["longest_chain_id"] for row in rows]

    return find


def test_a_task_comes_one_level_above_the_highest_that_it_waits_for(levels, tasks, wait):
    ship, build, design, review, plan = tasks("ship", "build", "design", "review", "plan")
    wait(ship, build, design)
    wait(ship, review)

    assert levels() == ([[design, review, plan], [build], [ship]], [design, build, ship])


def test_a_shortcut_lowers_nothing(levels, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    wait(ship, design)

    assert levels()[0] == [[design], [build], [ship]]


def test_without_tasks_there_are_no_levels(levels):
    assert levels() == ([], [])


def test_level_zero_of_the_open_tasks_are_the_ready_ones(levels, call, user, tasks, wait):
    ship, build, design, review = tasks("ship", "build", "design", "review")
    wait(ship, build, design)
    wait(review, design)
    call("complete_task", user.id, design)
    call("start_task", user.id, review)

    waves, chain = levels()

    known = {task: call("get_task", user.id, task)[0]["readiness"] for task in (ship, build, design, review)}
    assert waves[0] == [task for task, readiness in known.items() if readiness == "ready"]
    assert waves == [[build, review], [ship]]
    assert chain == [build, ship]


def test_a_cancelled_task_holds_nobody_up(levels, call, user, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("cancel_task", user.id, build)

    assert levels() == levels(None)
    assert levels()[0] == [sorted([ship, design])]


def test_all_tasks_keep_their_levels_whatever_is_done(levels, call, user, tasks, wait):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("complete_task", user.id, design)
    call("cancel_task", user.id, build)

    assert levels(False) == ([[design], [build], [ship]], [design, build, ship])


def test_any_graph_has_the_levels_of_networkx(levels, database, owner, user):
    chance = random.Random(11)
    graph = nx.DiGraph()
    graph.add_nodes_from(str(number) for number in range(120))
    for _ in range(200):
        one, other = chance.sample(range(120), 2)
        graph.add_edge(str(max(one, other)), str(min(one, other)))
    with database.service() as connection:
        import_lines(connection, user.id, graph_lines(graph))
    keys = {
        row["id"]: row["task_key"]
        for row in run(owner, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    }

    waves, chain = levels()

    expected = [set(wave) for wave in nx.topological_generations(graph.reverse())]
    assert [{keys[task] for task in wave} for wave in waves] == expected
    assert nx.is_path(graph, [keys[task] for task in reversed(chain)])
    assert len(chain) == nx.dag_longest_path_length(graph) + 1


def test_what_an_interrupted_call_left_behind_does_not_matter(database, user, call, tasks, wait):
    ship, build = tasks("ship", "build")
    wait(ship, build)

    with database.owner() as connection:
        run(connection, "CREATE TEMPORARY TABLE leveled_edge (task_id TEXT)")
        run(connection, "CREATE TEMPORARY TABLE leveled_wave (task_id TEXT)")
        rows = run(connection, "CALL list_levels(%s, NULL, TRUE)", user.id)

    assert [json.loads(row["task_ids"]) for row in rows] == [[build], [ship]]


def test_a_viewer_reads_the_levels_and_a_stranger_does_not(call, team, new_user, refused):
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})

    (row,) = call("list_levels", team.viewer.id, team.workspace_id, True)

    assert (row["longest_chain_id"], row["longest_chain_title"]) == (task["task_id"], "t")
    with refused("workspace_not_found"):
        call("list_levels", new_user().id, team.workspace_id, True)


def test_an_analyst_reads_them_at_the_prompt(person, user, tasks):
    (task,) = tasks("t")

    rows = person("analyst", user).call("list_levels", None, None, None)

    assert [row["task_ids"] for row in rows] == [f"[{task}]"]
