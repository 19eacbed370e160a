"""add_dependency and remove_dependency: the graph stays acyclic, in whatever order it is built."""

import random

import pytest


def test_a_task_waits_for_another(call, user, tasks, revision):
    build, design = tasks("build", "design")
    before = revision()

    (edge,) = call("add_dependency", user.id, build, design)

    assert (edge["task_id"], edge["depends_on_id"], edge["created_by"]) == (build, design, user.id)
    assert (edge["workspace_id"], edge["revision"]) == (user.workspace_id, before + 1)


def test_a_cycle_is_refused_with_its_path(call, user, tasks, wait, refused, revision, violations):
    ship, build, design, plan = tasks("ship", "build", "design", "plan")
    wait(ship, build, design, plan)
    before = revision()

    paths = []
    for task, prerequisite in [(plan, plan), (plan, design), (plan, build), (plan, ship)]:
        with refused("dependency_cycle") as refusal:
            call("add_dependency", user.id, task, prerequisite)
        paths.append((refusal.value.facts["path"], refusal.value.facts["length"]))

    assert paths == [
        ([plan, plan], 1),
        ([plan, design, plan], 2),
        ([plan, build, design, plan], 3),
        ([plan, ship, build, design, plan], 4),
    ]
    assert revision() == before
    assert violations() == {}


def test_a_diamond_is_not_a_cycle(call, user, tasks, wait, violations):
    ship, docs, code, design = tasks("ship", "docs", "code", "design")

    for task, prerequisite in [(ship, docs), (ship, code), (docs, design), (code, design)]:
        wait(task, prerequisite)

    assert violations() == {}


def test_any_acyclic_graph_can_be_built_in_any_order_and_no_other(call, user, tasks, refused, violations):
    numbers = tasks(*(f"t{number}" for number in range(14)))
    order = random.Random(7)
    place = dict(zip(order.sample(numbers, len(numbers)), range(len(numbers)), strict=True))
    pairs = [(task, other) for task in numbers for other in numbers if place[task] > place[other]]

    for task, other in order.sample(pairs, 40):
        call("add_dependency", user.id, task, other)

    assert violations() == {}


def test_twice_is_refused(call, user, tasks, wait, refused):
    build, design = tasks("build", "design")
    wait(build, design)

    with refused("dependency_exists"):
        call("add_dependency", user.id, build, design)


def test_a_completed_task_takes_no_open_prerequisite(call, user, tasks, refused):
    build, design = tasks("build", "design")
    call("complete_task", user.id, build)

    with refused("task_blocked") as refusal:
        call("add_dependency", user.id, build, design)

    assert [task["task_id"] for task in refusal.value.facts["open_prerequisites"]] == [design]
    call("cancel_task", user.id, design)
    call("add_dependency", user.id, build, design)


def test_no_dependency_leaves_the_workspace(call, user, tasks, team, new_user, refused):
    (mine,) = tasks("mine")
    (ours,) = call("create_task", user.id, team.workspace_id, {"title": "ours"})
    stranger = new_user()
    (theirs,) = call("create_task", stranger.id, None, {"title": "theirs"})

    with refused("dependency_across_workspaces"):
        call("add_dependency", user.id, mine, ours["task_id"])
    for task, prerequisite in [(mine, theirs["task_id"]), (theirs["task_id"], mine)]:
        with refused("task_not_found") as refusal:
            call("add_dependency", user.id, task, prerequisite)
        assert refusal.value.facts == {"task_id": theirs["task_id"]}


@pytest.mark.parametrize("procedure", ["add_dependency", "remove_dependency"])
def test_a_viewer_may_not(call, team, refused, procedure):
    one, two = (
        call("create_task", team.owner.id, team.workspace_id, {"title": "t"})[0]["task_id"] for _ in "ab"
    )

    with refused("permission_denied"):
        call(procedure, team.viewer.id, one, two)


def test_numbers_that_are_none(call, user, tasks, refused):
    (task,) = tasks("t")

    for one, other, procedure, code in [
        (None, task, "add_dependency", "task_not_found"),
        (task, None, "add_dependency", "task_not_found"),
        (None, None, "add_dependency", "task_not_found"),
        (None, task, "remove_dependency", "task_not_found"),
        (task, None, "remove_dependency", "dependency_not_found"),
        (task, task, "remove_dependency", "dependency_not_found"),
    ]:
        with refused(code):
            call(procedure, user.id, one, other)


def test_a_removed_dependency_blocks_no_longer(call, user, tasks, wait, revision, refused, violations):
    build, design = tasks("build", "design")
    wait(build, design)
    before = revision()

    (edge,) = call("remove_dependency", user.id, build, design)

    assert edge == {
        "workspace_id": user.workspace_id,
        "task_id": build,
        "depends_on_id": design,
        "revision": before + 1,
    }
    assert call("get_task", user.id, build)[0]["readiness"] == "ready"
    with refused("dependency_not_found"):
        call("remove_dependency", user.id, build, design)
    call("add_dependency", user.id, design, build)
    assert violations() == {}
