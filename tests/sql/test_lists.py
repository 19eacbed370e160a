"""Tasks in lists: filtered, ready or blocked, the neighbours of one, its whole tree."""

import pytest
from pymysql.err import DataError


def test_a_list_shows_a_task_as_it_is_shown_alone(call, user, tasks, wait):
    task, prerequisite = tasks("task", "prerequisite")
    wait(task, prerequisite)
    call("update_task", user.id, task, {"tags": ["red", "late"], "estimate_minutes": 90}, None, False)

    listed = call("list_tasks", user.id, None, {}, None, "id", None, 0, 10)

    alone = [row for number in (task, prerequisite) for row in call("get_task", user.id, number)]
    assert listed == alone
    assert [list(row) for row in listed] == [list(row) for row in alone]


@pytest.mark.parametrize("by_effective_priority", [False, True])
def test_the_ready_list_shows_one_thing_more(call, user, tasks, by_effective_priority):
    tasks("one", "two")

    listed = call("list_ready_tasks", user.id, None, by_effective_priority, 0, 10)

    effective = [row.pop("effective_priority") for row in listed]
    assert effective == (["medium", "medium"] if by_effective_priority else [None, None])
    alone = [row for task in listed for row in call("get_task", user.id, task["task_id"])]
    assert [list(row.items()) for row in listed] == [list(row.items()) for row in alone]


def test_ready_and_blocked_are_told_apart_most_urgent_first(call, user, tasks, wait):
    ship, build, free, done = tasks("ship", "build", "free", "done")
    wait(ship, build)
    call("complete_task", user.id, done)
    call("update_task", user.id, free, {"priority": "urgent"}, None, False)

    ready = [row["task_id"] for row in call("list_ready_tasks", user.id, None, False, 0, 10)]
    blocked = [row["task_id"] for row in call("list_blocked_tasks", user.id, None, 0, 10)]

    assert (ready, blocked) == ([free, build], [ship])
    assert [row["task_id"] for row in call("list_ready_tasks", user.id, None, False, 1, 1)] == [build]


def test_a_low_task_rises_with_what_waits_for_it(call, user, tasks, wait):
    ship, build, design, other, low = tasks("ship", "build", "design", "other", "low")
    wait(ship, build, design)
    for task, priority in [(ship, "urgent"), (build, "low"), (design, "low"), (other, "high"), (low, "low")]:
        call("update_task", user.id, task, {"priority": priority}, None, False)

    def ready(by_effective_priority, skip=0, limit=10):
        rows = call("list_ready_tasks", user.id, None, by_effective_priority, skip, limit)
        return [(row["task_id"], row["effective_priority"]) for row in rows]

    risen = [(design, "urgent"), (other, "high"), (low, "low")]
    assert ready(True) == ready(True) == risen
    assert [ready(True, skip, 1) for skip in range(4)] == [[row] for row in risen] + [[]]
    assert ready(False) == ready(None) == [(other, None), (design, None), (low, None)]

    call("cancel_task", user.id, build)
    assert ready(True) == [(ship, "urgent"), (other, "high"), (design, "low"), (low, "low")]
    call("cancel_task", user.id, ship)
    call("complete_task", user.id, other)
    assert ready(True) == [(design, "low"), (low, "low")]


@pytest.fixture
def lattice(tasks, wait):
    """top waits for left and right, both for bottom, which waits for base; top also waits for base."""
    top, left, right, bottom, base = tasks("top", "left", "right", "bottom", "base")
    wait(top, left, bottom, base)
    wait(top, right, bottom)
    wait(top, base)
    return top, left, right, bottom, base


def test_direct_and_transitive_neighbours_come_once(call, user, lattice):
    top, left, right, bottom, base = lattice

    def found(procedure, task, transitive, skip=0, limit=100):
        return [row["task_id"] for row in call(procedure, user.id, task, transitive, skip, limit)]

    assert (
        found("list_prerequisites", top, False)
        == found("list_prerequisites", top, None)
        == [left, right, base]
    )
    assert found("list_prerequisites", top, True) == [left, right, bottom, base]
    assert found("list_dependents", base, False) == [top, bottom]
    assert found("list_dependents", base, True) == [top, left, right, bottom]
    assert found("list_dependents", base, True, 1, 2) == [left, right]
    assert found("list_prerequisites", base, True) == []


def test_a_tree_has_each_task_once_at_its_shortest_depth(call, user, lattice):
    top, left, right, bottom, base = lattice

    def tree(task, direction, depth=None):
        rows = call("get_dependency_tree", user.id, task, direction, depth)
        return [(row["task_id"], row["parent_id"], row["depth"]) for row in rows]

    assert tree(top, "upstream") == [
        (top, None, 0),
        (left, top, 1),
        (right, top, 1),
        (base, top, 1),
        (bottom, left, 2),
    ]
    assert tree(base, "downstream") == [
        (base, None, 0),
        (top, base, 1),
        (bottom, base, 1),
        (left, bottom, 2),
        (right, bottom, 2),
    ]
    assert tree(top, "upstream", 1) == [(top, None, 0), (left, top, 1), (right, top, 1), (base, top, 1)]
    assert tree(top, "upstream", 0) == [(top, None, 0)]
    assert tree(top, "downstream") == [(top, None, 0)]


@pytest.mark.parametrize("direction", [None, "", "up", "sideways"])
def test_a_tree_grows_in_two_directions_only(call, user, tasks, refused, direction):
    (task,) = tasks("t")

    with refused("invalid_request"):
        call("get_dependency_tree", user.id, task, direction, None)


READING_A_TASK = [
    ("explain_blocked",),
    ("get_effective_priority",),
    ("get_impact",),
    ("get_dependency_tree", "upstream", None),
    ("list_prerequisites", False, 0, 10),
    ("list_dependents", True, 0, 10),
]
READING_A_WORKSPACE = [
    ("list_tasks", None, None, "id", None, 0, 10),
    ("list_ready_tasks", True, 0, 10),
    ("list_blocked_tasks", 0, 10),
    ("list_members",),
    ("verify_workspace",),
    ("get_workspace_revision",),
]


@pytest.mark.parametrize("asked", READING_A_TASK, ids=lambda one: one[0])
def test_a_task_is_shown_to_members_only(call, team, new_user, refused, asked):
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})

    call(asked[0], team.viewer.id, task["task_id"], *asked[1:])

    for who, number in [(new_user().id, task["task_id"]), (team.owner.id, None), (team.owner.id, 2**62)]:
        with refused("task_not_found"):
            call(asked[0], who, number, *asked[1:])


@pytest.mark.parametrize("asked", READING_A_WORKSPACE, ids=lambda one: one[0])
def test_a_workspace_is_shown_to_members_only(call, team, new_user, refused, asked):
    call(asked[0], team.viewer.id, team.workspace_id, *asked[1:])

    for who, number in [(new_user().id, team.workspace_id), (team.owner.id, 2**62), (2**62, None)]:
        with refused("workspace_not_found"):
            call(asked[0], who, number, *asked[1:])


@pytest.mark.parametrize("asked", [one for one in READING_A_WORKSPACE if 10 in one], ids=lambda one: one[0])
def test_no_limit_is_all_and_a_negative_one_an_error(call, user, tasks, asked):
    tasks("one", "two")
    start = asked[:-2]

    rows = call(start[0], user.id, None, *start[1:], None, None)

    assert len(rows) == (0 if asked[0] == "list_blocked_tasks" else 2)
    with pytest.raises(DataError):
        call(start[0], user.id, None, *start[1:], -1, 10)
