"""get_task and the revisions: one task as people see it, and the clock of its workspace."""

import pytest


@pytest.mark.parametrize("task_id", [None, 0, 2**63])
def test_a_task_that_is_not_there_is_not_found(call, user, refused, task_id):
    with refused("task_not_found"):
        call("get_task", user.id, task_id)


def test_somebody_elses_task_is_not_found_either(call, tasks, new_user, refused):
    (mine,) = tasks("mine")

    with refused("task_not_found") as refusal:
        call("get_task", new_user().id, mine)

    assert refusal.value.facts == {"task_id": mine}


def test_a_viewer_may_read(call, team):
    (task,) = call("create_task", team.member.id, team.workspace_id, {"title": "t"})

    (seen,) = call("get_task", team.viewer.id, task["task_id"])

    assert seen == task


def test_readiness_follows_what_the_task_waits_for(call, user, tasks, wait):
    build, design = tasks("build", "design")
    wait(build, design)

    seen = [call("get_task", user.id, build)[0]]
    call("complete_task", user.id, design)
    seen += call("get_task", user.id, build)
    call("complete_task", user.id, build)
    seen += call("get_task", user.id, build)

    assert [(task["readiness"], task["waiting_for"]) for task in seen] == [
        ("blocked", 1),
        ("ready", 0),
        ("closed", 0),
    ]


def test_the_revision_names_the_newest_change(call, user, tasks):
    (task,) = tasks("one")

    (by_task,) = call("get_task_revision", user.id, task)
    (by_workspace,) = call("get_workspace_revision", user.id, None)
    (seen,) = call("get_task", user.id, task)

    assert by_task == by_workspace == {"workspace_id": user.workspace_id, "revision": seen["revision"]}


def test_reading_changes_no_revision(call, user, tasks, revision):
    (task,) = tasks("one")
    before = revision()

    call("get_task", user.id, task)
    call("list_tasks", user.id, None, None, None, "id", None, 0, 10)
    call("get_dependency_tree", user.id, task, "upstream", None)
    call("verify_workspace", user.id, None)

    assert revision() == before


@pytest.mark.parametrize("procedure", ["get_task_revision", "get_task"])
def test_the_revision_of_somebody_elses_task_is_hidden(call, tasks, new_user, refused, procedure):
    (mine,) = tasks("mine")

    with refused("task_not_found"):
        call(procedure, new_user().id, mine)


def test_the_revision_of_somebody_elses_workspace_is_hidden(call, user, new_user, refused):
    with refused("workspace_not_found"):
        call("get_workspace_revision", new_user().id, user.workspace_id)
