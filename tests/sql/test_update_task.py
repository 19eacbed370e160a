"""update_task: what is given replaces, null clears, the rest stays."""

import json

import pytest


@pytest.fixture
def change(call, user):
    """Change a task of the user: `change(task, title="new")`."""
    return lambda task, **changes: call("update_task", user.id, task, changes, None, False)[0]


def test_what_is_not_given_stays(call, user, change):
    (task,) = call(
        "create_task",
        user.id,
        None,
        {"title": "t", "description": "d", "priority": "high", "task_key": "K", "tags": ["a"]},
    )

    after = change(task["task_id"], title="new")

    assert after["title"] == "new"
    same = ("description", "priority", "task_key", "tags", "status", "created_at", "created_by")
    assert [after[name] for name in same] == [task[name] for name in same]
    assert (after["version"], after["revision"]) == (2, task["revision"] + 1)


def test_null_clears_what_may_be_empty(call, user, change):
    full = {
        "title": "t",
        "description": "d",
        "assignee_id": user.id,
        "estimate_minutes": 5,
        "due_at": "2026-12-01",
        "task_key": "K",
    }
    (task,) = call("create_task", user.id, None, full)

    after = change(
        task["task_id"], description=None, assignee_id=None, estimate_minutes=None, due_at=None, task_key=None
    )

    assert after["description"] == ""
    assert after["assignee_id"] is after["estimate_minutes"] is after["due_at"] is after["task_key"] is None


def test_a_change_that_changes_nothing_leaves_version_and_revision(call, user, change, tasks, revision):
    (one,) = tasks("one")
    (task,) = call(
        "create_task",
        user.id,
        None,
        {"title": "t", "tags": ["a"], "depends_on": [one], "due_at": "2026-12-01"},
    )
    before = revision()

    after = [
        change(task["task_id"]),
        change(
            task["task_id"],
            title="t",
            status="pending",
            priority="medium",
            tags=["A"],
            depends_on=[one],
            due_at="2026-12-01 00:00:00",
        ),
    ]

    assert after == [task, task]
    assert revision() == before


def test_case_is_a_change_of_a_title(change, tasks):
    (task,) = tasks("title")

    assert change(task, title="Title")["version"] == 2


def test_sets_are_replaced_whole(change, tasks, violations):
    task, one, two, three = tasks("t", "one", "two", "three")
    change(task, tags=["a", "b"], depends_on=[one, two])

    after = change(task, tags=["b", "c"], depends_on=[two, three])

    assert sorted(json.loads(after["tags"])) == ["b", "c"]
    assert sorted(json.loads(after["depends_on"])) == [two, three]
    assert after["waiting_for"] == 2
    assert change(task, tags=[], depends_on=[])["depends_on"] == "[]"
    assert violations() == {}


def test_only_what_differs_of_a_set_is_logged(change, tasks, log, revision):
    task, one, two = tasks("t", "one", "two")
    change(task, tags=["a", "b"], depends_on=[one])
    before = revision()

    change(task, tags=["b", "c"], depends_on=[one, two])

    assert sorted((line["entity"], line["action"]) for line in log(before)) == [
        ("dependency", "insert"),
        ("tag", "delete"),
        ("tag", "insert"),
    ]


def test_a_task_may_be_freed_and_completed_in_one_change(change, tasks, wait):
    build, design = tasks("build", "design")
    wait(build, design)

    after = change(build, depends_on=[], status="completed")

    assert (after["status"], after["readiness"]) == ("completed", "closed")


def test_a_set_that_would_close_a_cycle_is_refused_whole(change, tasks, wait, refused, revision, violations):
    ship, build, design, free = tasks("ship", "build", "design", "free")
    wait(ship, build, design)
    before = revision()

    with refused("dependency_cycle") as refusal:
        change(design, title="new", tags=["x"], depends_on=[free, ship])

    assert refusal.value.facts["path"] == [design, ship, build, design]
    assert revision() == before
    assert violations() == {}


@pytest.mark.parametrize(("given", "kept"), [(None, True), (1, True), (2, False), (0, False)])
def test_an_expected_version_has_to_be_the_present_one(call, user, tasks, refused, given, kept):
    (task,) = tasks("t")

    if kept:
        assert call("update_task", user.id, task, {"title": "new"}, given, None)[0]["version"] == 2
    else:
        with refused("version_mismatch") as refusal:
            call("update_task", user.id, task, {"title": "new"}, given, None)
        assert refusal.value.facts == {"task_id": task, "version": 1}


@pytest.mark.parametrize(
    "changes",
    [None, "null", "[]", "7", {"title": None}, {"status": None}, {"id": 7}, {"version": 1}, {"tags": None}],
)
def test_an_object_that_does_not_fit_is_refused(call, user, tasks, refused, changes):
    (task,) = tasks("t")

    with refused("invalid_task"):
        call("update_task", user.id, task, changes, None, False)


@pytest.mark.parametrize(
    ("cascade", "code"), [(False, "dependents_completed"), (None, "dependents_completed"), (True, None)]
)
def test_opening_again_may_cascade(call, user, tasks, wait, refused, status, cascade, code):
    build, design = tasks("build", "design")
    wait(build, design)
    call("complete_task", user.id, design)
    call("complete_task", user.id, build)

    if code:
        with refused(code):
            call("update_task", user.id, design, {"status": "in_progress"}, None, cascade)
        assert status(design, build) == ["completed", "completed"]
    else:
        call("update_task", user.id, design, {"status": "in_progress"}, None, cascade)
        assert status(design, build) == ["in_progress", "pending"]


def test_a_taken_key_is_refused(call, user, change, tasks, refused):
    one, two = tasks("one", "two")
    change(one, task_key="K")

    with refused("task_key_taken"):
        change(two, task_key="K")


def test_an_assignee_who_left_may_stay_but_not_come(call, team, refused):
    (task,) = call(
        "create_task", team.owner.id, team.workspace_id, {"title": "t", "assignee_id": team.viewer.id}
    )
    call("remove_member", team.owner.id, team.workspace_id, team.viewer.name)

    (after,) = call("update_task", team.owner.id, task["task_id"], {"title": "new"}, None, False)
    assert after["assignee_id"] == team.viewer.id
    call("update_task", team.owner.id, task["task_id"], {"assignee_id": None}, None, False)
    with refused("member_not_found"):
        call("update_task", team.owner.id, task["task_id"], {"assignee_id": team.viewer.id}, None, False)


def test_somebody_elses_task_and_a_viewer(call, team, new_user, refused):
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})

    with refused("task_not_found"):
        call("update_task", new_user().id, task["task_id"], {"title": "new"}, None, False)
    with refused("permission_denied"):
        call("update_task", team.viewer.id, task["task_id"], {"title": "new"}, None, False)


def test_the_log_tells_before_and_after(change, tasks, log, revision, user):
    (task,) = tasks("old")
    before = revision()

    change(task, title="new", description="long")

    (line,) = log(before)
    assert (line["entity"], line["action"], line["task_id"], line["actor_id"]) == (
        "task",
        "update",
        task,
        user.id,
    )
    old, new = json.loads(line["old_row"]), json.loads(line["new_row"])
    assert (old["title"], new["title"]) == ("old", "new")
    assert (old["description"], new["description"]) == ("", "long")
