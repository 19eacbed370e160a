"""delete_task: refuse while others wait, or splice them together."""

import json

import pytest


def test_a_task_goes_with_its_tags_and_its_own_dependencies(
    call, user, tasks, wait, refused, violations, log, revision
):
    ship, design = tasks("ship", "design")
    wait(ship, design)
    call("update_task", user.id, ship, {"tags": ["red"]}, None, False)
    before = revision()

    (gone,) = call("delete_task", user.id, ship, "refuse", None)

    assert gone == {"task_id": ship, "workspace_id": user.workspace_id, "revision": before + 3}
    lines = log(before)
    assert [(line["entity"], line["action"]) for line in lines] == [
        ("dependency", "delete"),
        ("tag", "delete"),
        ("task", "delete"),
    ]
    assert json.loads(lines[2]["old_row"])["title"] == "ship"
    with refused("task_not_found"):
        call("get_task", user.id, ship)
    assert violations() == {}


def test_a_task_that_others_wait_for_stays(call, user, tasks, wait, refused, revision):
    ship, docs, design = tasks("ship", "docs", "design")
    wait(ship, design)
    wait(docs, design)
    before = revision()

    with refused("task_has_dependents") as refusal:
        call("delete_task", user.id, design, "refuse", None)

    assert sorted(task["task_id"] for task in refusal.value.facts["dependents"]) == [ship, docs]
    assert revision() == before


def test_splice_makes_dependents_wait_for_prerequisites(call, user, tasks, wait, violations):
    ship, docs, build, design, plan = tasks("ship", "docs", "build", "design", "plan")
    wait(ship, build, design)
    wait(docs, build, plan)
    wait(ship, plan)

    call("delete_task", user.id, build, "splice", None)

    for task in (ship, docs):
        (after,) = call("get_task", user.id, task)
        assert sorted(json.loads(after["depends_on"])) == [design, plan]
        assert after["waiting_for"] == 2
    assert violations() == {}


def test_splice_does_not_put_an_open_task_before_a_completed_one(
    call, user, tasks, wait, refused, violations
):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("cancel_task", user.id, build)
    call("complete_task", user.id, ship)

    with refused("task_blocked"):
        call("delete_task", user.id, build, "splice", None)

    assert violations() == {}


@pytest.mark.parametrize("mode", [None, "", "cascade"])
def test_another_mode_is_refused(call, user, tasks, refused, mode):
    (task,) = tasks("t")

    with refused("invalid_task") as refusal:
        call("delete_task", user.id, task, mode, None)

    assert list(refusal.value.facts["errors"]) == ["mode"]


def test_somebody_elses_task_and_a_viewer(call, team, new_user, refused):
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})

    for nobody in (None, 0, task["task_id"] + 10**9):
        with refused("task_not_found"):
            call("delete_task", team.owner.id, nobody, "refuse", None)
    with refused("task_not_found"):
        call("delete_task", new_user().id, task["task_id"], "refuse", None)
    with refused("permission_denied"):
        call("delete_task", team.viewer.id, task["task_id"], "refuse", None)
