"""Questions about one task: why it is blocked, what it holds up, how it is connected, how urgent it really is."""

import json
import random
from collections import Counter
from itertools import pairwise

import networkx as nx
import pytest

from service.database.calls import call_for_all
from tests.graphs import graph_lines, import_lines, lines
from tests.oracle import OPEN, PRIORITIES, Oracle
from tests.servers import run


@pytest.fixture
def causes(call, user):
    """Why a task is blocked: the rows of explain_blocked by task."""

    def find(task):
        rows = {row["task_id"]: row for row in call("explain_blocked", user.id, task)}
        for row in rows.values():
            row["path"] = json.loads(row["path"])
        return rows

    return find


@pytest.fixture
def impact(database, user):
    """What a task holds up: the ids that it would free, and how many wait, by status and assignee."""

    with database.service() as connection:

        def find(task):
            freed, waiting = call_for_all(connection, "get_impact", user.id, task)
            counted = {(row["status"], row["assignee"]): row["tasks"] for row in waiting}
            return [row["task_id"] for row in freed], counted

        yield find


@pytest.fixture
def path(call, user):
    """The ids of a path, checked to be numbered."""

    def find(task, to):
        rows = call("find_path", user.id, task, to)
        assert [row["step"] for row in rows] == list(range(len(rows)))
        return [row["task_id"] for row in rows]

    return find


@pytest.fixture
def effective(call, user):
    """The effective priority of a task and where it comes from."""

    def find(task):
        (row,) = call("get_effective_priority", user.id, task)
        return row["effective_priority"], row["from_task_id"]

    return find


@pytest.fixture
def change(call, user):
    """Change fields of a task."""
    return lambda task, **fields: call("update_task", user.id, task, fields, None, False)


@pytest.fixture
def diamond(tasks, wait):
    """top waits for left and right, both for bottom; top also waits for side."""
    top, left, right, bottom, side = tasks("top", "left", "right", "bottom", "side")
    wait(top, left, bottom)
    wait(top, right, bottom)
    wait(top, side)
    return top, left, right, bottom, side


def test_a_blocked_task_is_explained_by_what_can_be_worked_on(causes, diamond, change, user):
    top, left, _, bottom, side = diamond
    change(bottom, assignee_id=user.id, priority="high")

    found = causes(top)

    assert list(found) == [side, bottom]
    assert found[side]["path"] == [top, side]
    assert found[bottom]["path"] == [top, left, bottom]
    assert [found[task]["distance"] for task in (side, bottom)] == [1, 2]
    assert [found[task]["would_free"] for task in (side, bottom)] == [0, 2]
    row = found[bottom]
    assert (row["title"], row["status"], row["priority"]) == ("bottom", "pending", "high")
    assert (row["assignee_id"], row["assignee"]) == (user.id, user.name)
    assert (found[side]["assignee_id"], found[side]["assignee"]) == (None, None)


def test_a_task_that_is_ready_or_closed_has_nothing_to_explain(call, causes, diamond, user):
    top, left, right, bottom, side = diamond
    call("cancel_task", user.id, left)

    assert causes(bottom) == causes(side) == causes(left) == {}
    assert set(causes(top)) == {bottom, side}
    assert causes(top)[bottom]["path"] == [top, right, bottom]


def test_what_a_closed_task_waits_for_holds_nobody_up(
    call, causes, impact, effective, change, tasks, wait, user
):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    change(ship, priority="urgent")

    call("cancel_task", user.id, build)

    assert causes(ship) == {}
    assert impact(design) == impact(build) == ([], {})
    assert effective(design) == ("medium", design)


def test_the_age_of_a_task_is_told_in_days(causes, owner, tasks, wait, user):
    (ship,) = tasks("ship")
    made = "INSERT INTO task (workspace_id, title, description, created_at) VALUES (%s, 'old', '', NOW(6) - INTERVAL 60 HOUR)"
    run(owner, made, user.workspace_id)
    ((old,),) = (row.values() for row in run(owner, "SELECT LAST_INSERT_ID()"))
    wait(ship, old)

    assert float(causes(ship)[old]["age_days"]) == 2.5


def test_an_explanation_is_the_same_each_time_it_is_asked_for(causes, impact, effective, path, diamond):
    top, left, _, bottom, side = diamond

    for _ in range(4):
        assert set(causes(top)) == {bottom, side}
        assert impact(bottom)[1] == {("pending", None): 3}
        assert effective(bottom) == ("medium", bottom)
        assert path(top, bottom) == [top, left, bottom]


def test_the_impact_is_what_becomes_ready_and_who_waits(call, impact, diamond, change, user):
    top, left, right, bottom, side = diamond
    change(left, assignee_id=user.id)
    change(right, priority="urgent")

    assert impact(bottom) == ([right, left], {("pending", None): 2, ("pending", user.name): 1})
    assert impact(side) == ([], {("pending", None): 1})
    assert impact(top) == ([], {})

    call("complete_task", user.id, side)
    call("complete_task", user.id, bottom)
    call("start_task", user.id, left)

    assert impact(bottom) == ([], {})
    assert impact(left) == ([], {("pending", None): 1})
    call("complete_task", user.id, right)
    assert impact(left) == ([top], {("pending", None): 1})


def test_waiting_tasks_are_counted_by_status(call, owner, impact, tasks, wait, user):
    base, begun, idle = tasks("base", "begun", "idle")
    call("start_task", user.id, begun)
    wait(begun, base)
    wait(idle, begun)

    assert impact(base) == ([begun], {("pending", None): 1, ("in_progress", None): 1})


def test_a_path_is_a_shortest_one_and_goes_one_way(path, diamond, tasks, wait):
    top, left, _, bottom, side = diamond
    (base,) = tasks("base")
    wait(bottom, base)

    assert path(top, base) == [top, left, bottom, base]
    assert path(top, side) == [top, side]
    assert path(top, top) == [top]
    assert path(base, top) == path(left, side) == path(side, bottom) == []

    wait(top, bottom)
    assert path(top, base) == [top, bottom, base]


def test_a_path_leads_through_closed_tasks_too(call, path, tasks, wait, user):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("cancel_task", user.id, build)

    assert path(ship, design) == [ship, build, design]


def test_a_path_is_asked_for_within_a_workspace(call, team, tasks, new_user, refused):
    (mine,) = tasks("mine")
    (row,) = call("create_task", team.owner.id, team.workspace_id, {"title": "ours"})
    ours = row["task_id"]

    with refused("dependency_across_workspaces"):
        call("find_path", team.owner.id, mine, ours)
    for asked in [(team.viewer.id, mine, ours), (team.viewer.id, ours, mine), (team.viewer.id, ours, None)]:
        with refused("task_not_found"):
            call("find_path", *asked)


def test_a_task_is_as_urgent_as_the_most_urgent_that_waits_for_it(call, effective, change, diamond, user):
    top, left, _, bottom, side = diamond
    change(bottom, priority="low")
    change(top, priority="urgent")
    change(left, priority="high")

    assert effective(bottom) == effective(side) == effective(top) == ("urgent", top)
    (row,) = call("get_effective_priority", user.id, bottom)
    assert (row["task_id"], row["priority"], row["from_title"]) == (bottom, "low", "top")

    call("cancel_task", user.id, top)
    assert effective(bottom) == ("high", left)
    assert effective(top) == ("urgent", top)
    change(left, priority="low")
    assert effective(bottom)[0] == "medium"
    change(bottom, priority="medium")
    assert effective(bottom) == ("medium", bottom)


def test_a_chain_of_five_thousand_is_asked_about_from_its_ends(
    call, database, owner, causes, impact, path, effective, user
):
    length = 5_000
    first = {"key": "0", "priority": "low"}
    rows = lines(first, *({"key": str(n), "depends_on": [str(n - 1)]} for n in range(1, length)))
    rows[-1]["priority"] = "urgent"
    with database.service() as connection:
        import_lines(connection, user.id, rows)
    made = run(owner, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    named = {int(row["task_key"]): row["id"] for row in made}
    chain = [named[n] for n in reversed(range(length))]
    top, bottom = chain[0], chain[-1]

    (cause,) = causes(top).values()

    assert (cause["task_id"], cause["distance"], cause["path"]) == (bottom, length - 1, chain[-100:])
    assert path(top, bottom) == chain
    assert impact(bottom) == ([chain[-2]], {("pending", None): length - 1})
    assert effective(bottom) == ("urgent", top)
    (ready,) = call("list_ready_tasks", user.id, None, True, 0, 10)
    assert (ready["task_id"], ready["effective_priority"]) == (bottom, "urgent")


@pytest.mark.parametrize("seed", range(4))
def test_answers_are_those_of_networkx(call, database, owner, causes, impact, path, effective, user, seed):
    drawn = random.Random(seed)
    graph = nx.DiGraph()
    graph.add_nodes_from(str(n) for n in range(60))
    graph.add_edges_from(
        (str(n), str(drawn.randrange(n))) for n in range(1, 60) for _ in range(drawn.choice((0, 1, 3)))
    )
    rows = graph_lines(graph)
    status: dict[str, str] = {}
    for row in rows:
        waits_for_open = any(status[key] in OPEN for key in graph.successors(row["key"]))
        words = ["pending", "in_progress", "cancelled"] + ["completed"] * (not waits_for_open)
        row["status"] = status[row["key"]] = drawn.choices(words, [6, 1, 2, 3][: len(words)])[0]
        row["priority"] = drawn.choices(PRIORITIES, [9, 9, 3, 1])[0]
    with database.service() as connection:
        import_lines(connection, user.id, rows)
    oracle = Oracle(graph, status, {row["key"]: row["priority"] for row in rows})
    made = run(owner, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    named = {row["id"]: row["task_key"] for row in made}

    for task, key in named.items():
        found = causes(task)
        assert {named[cause]: row["distance"] for cause, row in found.items()} == oracle.causes(key)
        for cause, row in found.items():
            steps = [named[step] for step in row["path"]]
            assert (steps[0], steps[-1], len(steps)) == (key, named[cause], row["distance"] + 1)
            assert all(oracle.holding.has_edge(*edge) for edge in pairwise(steps))
            assert row["would_free"] == len(oracle.freed(named[cause]))

        freed, waiting = impact(task)
        by_status = Counter({word: count for (word, _), count in waiting.items()})
        assert ({named[other] for other in freed}, by_status) == (
            oracle.freed(key),
            oracle.waiting_by_status(key),
        )

        priority, origin = effective(task)
        assert priority == oracle.effective_priority(key) == oracle.priority[named[origin]]
        assert named[origin] in oracle.waiting(key) | {key}

    listed = call("list_ready_tasks", user.id, None, True, None, None)
    everywhere = oracle.effective_priorities()
    assert {named[row["task_id"]]: row["effective_priority"] for row in listed} == {
        key: everywhere[key] for key in oracle.ready()
    }
    order = [(-PRIORITIES.index(row["effective_priority"]), row["task_id"]) for row in listed]
    assert order == sorted(order)
    for size in (1, 4, 20):
        starts = range(0, len(listed) + size, size)
        assert listed == [
            row for start in starts for row in call("list_ready_tasks", user.id, None, True, start, size)
        ]

    for task, to in [drawn.sample(list(named), 2) for _ in range(100)]:
        steps = [named[step] for step in path(task, to)]
        if nx.has_path(graph, named[task], named[to]):
            assert (steps[0], steps[-1]) == (named[task], named[to])
            assert len(steps) == nx.shortest_path_length(graph, named[task], named[to]) + 1
            assert all(graph.has_edge(*edge) for edge in pairwise(steps))
        else:
            assert steps == []
