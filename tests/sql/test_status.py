"""start_task, complete_task, cancel_task, reopen_task: the gate, and what may become what."""

import pytest

from service.vocabulary import rows

PROCEDURES = {
    "in_progress": ("start_task",),
    "completed": ("complete_task",),
    "cancelled": ("cancel_task",),
    "pending": ("update_task", {"status": "pending"}, None, False),
}
STATUSES = [row["status"] for row in rows("task_status")]
ALLOWED = {(row["from_status"], row["to_status"]) for row in rows("status_transition")}


@pytest.mark.parametrize("to_status", STATUSES)
@pytest.mark.parametrize("from_status", STATUSES)
def test_a_status_changes_as_the_table_says(call, user, refused, violations, from_status, to_status):
    (task,) = call("create_task", user.id, None, {"title": "t", "status": from_status})
    procedure, *rest = PROCEDURES[to_status]

    if from_status == to_status or (from_status, to_status) in ALLOWED:
        (after,) = call(procedure, user.id, task["task_id"], *rest)
        assert after["status"] == to_status
        assert after["version"] == task["version"] + (from_status != to_status)
        assert after["revision"] == task["revision"] + (from_status != to_status)
        assert (after["completed_at"] is not None) == (to_status == "completed")
    else:
        with refused("transition_not_allowed") as refusal:
            call(procedure, user.id, task["task_id"], *rest)
        assert refusal.value.facts == {"task_id": task["task_id"], "from": from_status, "to": to_status}

    assert violations() == {}


@pytest.mark.parametrize("status", ["pending", "in_progress"])
def test_reopening_leaves_an_open_task_as_it_is(call, user, status):
    (task,) = call("create_task", user.id, None, {"title": "t", "status": status})

    (after,) = call("reopen_task", user.id, task["task_id"], False)

    assert after == task


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda one: one[0])
class TestEachOfThem:
    @pytest.mark.parametrize("task_id", [None, 0, 2**63])
    def test_refuses_a_task_that_is_not_there(self, call, user, refused, procedure, task_id):
        with refused("task_not_found"):
            call(procedure[0], user.id, task_id, *procedure[1:])

    def test_hides_somebody_elses_task(self, call, tasks, new_user, refused, procedure):
        (mine,) = tasks("mine")

        with refused("task_not_found"):
            call(procedure[0], new_user().id, mine, *procedure[1:])

    def test_refuses_a_viewer(self, call, team, refused, procedure):
        (task,) = call("create_task", team.member.id, team.workspace_id, {"title": "t"})

        with refused("permission_denied") as refusal:
            call(procedure[0], team.viewer.id, task["task_id"], *procedure[1:])

        assert refusal.value.facts["role"] == "viewer"


def test_work_is_timed(call, user, tasks):
    (task,) = tasks("t")

    (started,) = call("start_task", user.id, task)
    (completed,) = call("complete_task", user.id, task)
    (reopened,) = call("reopen_task", user.id, task, False)

    assert started["started_at"] is not None
    assert completed["started_at"] == started["started_at"] <= completed["completed_at"]
    assert reopened["completed_at"] is None
    assert reopened["started_at"] == started["started_at"]


def test_a_task_is_not_completed_before_what_it_waits_for(call, user, tasks, wait, refused, status):
    ship, build, docs, design = tasks("ship", "build", "docs", "design")
    wait(ship, build)
    wait(ship, docs)
    wait(ship, design)
    call("complete_task", user.id, design)
    call("start_task", user.id, docs)

    with refused("task_blocked") as refusal:
        call("complete_task", user.id, ship)

    assert refusal.value.facts["task_id"] == ship
    named = sorted(
        (task["task_id"], task["title"], task["status"]) for task in refusal.value.facts["open_prerequisites"]
    )
    assert named == [(build, "build", "pending"), (docs, "docs", "in_progress")]
    assert status(ship) == ["pending"]


def test_a_refusal_names_no_more_than_twenty(call, user, tasks, refused):
    many = tasks(*(f"t{number}" for number in range(25)))
    (last,) = call("create_task", user.id, None, {"title": "last", "depends_on": many})

    with refused("task_blocked") as refusal:
        call("complete_task", user.id, last["task_id"])

    assert len(refusal.value.facts["open_prerequisites"]) == 20


def test_only_direct_prerequisites_block(call, user, tasks, wait, status):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("cancel_task", user.id, build)

    call("complete_task", user.id, ship)

    assert status(ship, build, design) == ["completed", "cancelled", "pending"]


def test_a_cancelled_prerequisite_no_longer_blocks(call, user, tasks, wait):
    build, design = tasks("build", "design")
    wait(build, design)

    call("cancel_task", user.id, design)

    (task,) = call("get_task", user.id, build)
    assert (task["readiness"], task["waiting_for"]) == ("ready", 0)


def test_a_blocked_task_may_be_started_and_cancelled(call, user, tasks, wait, status):
    build, design = tasks("build", "design")
    wait(build, design)

    call("start_task", user.id, build)
    call("cancel_task", user.id, build)

    assert status(build) == ["cancelled"]


@pytest.mark.parametrize("again", [("reopen_task", False), ("reopen_task", None), ("start_task",)])
def test_a_task_that_completed_ones_wait_for_is_not_opened_again(
    call, user, tasks, wait, refused, status, again
):
    build, design = tasks("build", "design")
    wait(build, design)
    call("complete_task", user.id, design)
    call("complete_task", user.id, build)

    with refused("dependents_completed") as refusal:
        call(again[0], user.id, design, *again[1:])

    assert refusal.value.facts["completed_dependents"] == [{"task_id": build, "title": "build"}]
    assert status(build, design) == ["completed", "completed"]


def test_a_cancelled_task_that_a_completed_one_waits_for_is_not_opened_either(
    call, user, tasks, wait, refused
):
    build, design = tasks("build", "design")
    wait(build, design)
    call("cancel_task", user.id, design)
    call("complete_task", user.id, build)

    with refused("dependents_completed"):
        call("reopen_task", user.id, design, False)


def test_cascade_reopens_a_diamond_once(call, user, tasks, wait, status, violations, log, revision):
    ship, docs, code, design = tasks("ship", "docs", "code", "design")
    for task, prerequisite in [(ship, docs), (ship, code), (docs, design), (code, design)]:
        wait(task, prerequisite)
    for task in (design, code, docs, ship):
        call("complete_task", user.id, task)
    before = revision()

    call("reopen_task", user.id, design, True)

    assert status(ship, docs, code, design) == ["pending"] * 4
    assert sorted(line["task_id"] for line in log(before)) == sorted([ship, docs, code, design])
    assert violations() == {}


def test_cascade_follows_the_order_of_the_graph_and_not_of_the_ids(
    call, user, tasks, wait, status, violations
):
    first, second, third = tasks("first", "second", "third")
    wait(first, second, third)
    for task in (third, second, first):
        call("complete_task", user.id, task)

    call("reopen_task", user.id, third, True)

    assert status(first, second, third) == ["pending"] * 3
    assert violations() == {}


def test_cascade_stops_at_what_is_not_completed(call, user, tasks, wait, status, violations):
    after_cancelled, cancelled, after_open, still_open, design = tasks("a", "b", "c", "d", "design")
    wait(after_cancelled, cancelled, design)
    wait(after_open, design)
    wait(still_open, design)
    call("cancel_task", user.id, cancelled)
    call("complete_task", user.id, after_cancelled)
    call("complete_task", user.id, design)
    call("start_task", user.id, still_open)
    call("complete_task", user.id, after_open)

    call("reopen_task", user.id, design, True)

    assert status(after_cancelled, cancelled, after_open, still_open) == [
        "completed",
        "cancelled",
        "pending",
        "in_progress",
    ]
    assert violations() == {}


def test_cascade_without_dependents_is_a_plain_reopening(call, user, tasks, status):
    (task,) = tasks("t")
    call("complete_task", user.id, task)

    call("reopen_task", user.id, task, True)

    assert status(task) == ["pending"]
