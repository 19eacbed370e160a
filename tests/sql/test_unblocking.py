"""Tasks that turn from blocked to ready are written down when it happens, once, whatever door it happens through."""

import random
from contextlib import suppress

import pytest

from service.errors import Refused
from tests.graphs import import_lines, lines
from tests.servers import run


@pytest.fixture
def freed(owner, user):
    """What was written down of the user's personal workspace: (revision, task), in order."""

    def read():
        rows = run(
            owner,
            "SELECT * FROM unblocking WHERE workspace_id = %s ORDER BY revision, task_id",
            user.workspace_id,
        )
        return [(row["revision"], row["task_id"]) for row in rows]

    return read


@pytest.fixture
def ship(tasks, wait):
    """A task that waits for build and for buy."""
    ship, build, buy = tasks("ship", "build", "buy")
    wait(ship, build)
    wait(ship, buy)
    return ship, build, buy


def test_the_last_prerequisite_frees_it_and_no_other(call, user, freed, ship, revision):
    task, build, buy = ship

    call("complete_task", user.id, build)
    assert freed() == []
    call("complete_task", user.id, buy)

    assert freed() == [(revision(), task)]


def test_so_does_one_that_is_cancelled_or_no_longer_waited_for(call, user, freed, ship, revision):
    task, build, buy = ship
    call("cancel_task", user.id, build)
    call("remove_dependency", user.id, task, buy)
    first = (revision(), task)

    call("add_dependency", user.id, task, buy)
    call("delete_task", user.id, buy, "splice", None)

    assert freed() == [first, (freed()[1][0], task)]


def test_raw_sql_frees_too(owner, user, freed, ship, revision):
    task, build, buy = ship

    run(owner, "UPDATE task SET status = 'completed' WHERE id IN (%s, %s)", build, buy)

    assert freed() == [(revision(), task)]


def test_so_does_a_deleted_dependency(owner, freed, ship, revision):
    task, _, _ = ship

    run(owner, "DELETE FROM dependency WHERE task_id = %s", task)

    assert freed() == [(revision(), task)]


def test_one_change_frees_all_that_waited_for_it_alone(owner, call, user, freed, revision):
    import_lines(
        owner,
        user.id,
        lines({"key": "first"}, *({"key": f"t{n}", "depends_on": ["first"]} for n in range(50))),
    )
    ids = {
        row["task_key"]: row["id"]
        for row in run(owner, "SELECT id, task_key FROM task WHERE workspace_id = %s", user.workspace_id)
    }
    assert freed() == []

    call("complete_task", user.id, ids.pop("first"))

    assert freed() == [(revision(), task) for task in sorted(ids.values())]


def test_a_claim_that_is_completed_frees(call, user, freed, tasks, wait, revision):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    (claim,) = call("claim_next_task", user.id, None, None, 600)

    call("complete_claim", user.id, build, claim["fence"])

    assert freed() == [(revision(), ship)]


def test_changes_of_a_batch_free_and_a_preview_does_not(call, user, freed, ship, revision):
    task, build, buy = ship
    batch = [{"op": "complete", "task": number} for number in (build, buy)]

    call("apply_changes", user.id, None, batch, "preview", None)
    assert freed() == []
    call("apply_changes", user.id, None, batch, "apply", None)

    assert freed() == [(revision(), task)]


def test_what_is_closed_is_not_freed(call, user, freed, ship):
    task, build, buy = ship
    call("cancel_task", user.id, task)

    call("complete_task", user.id, build)
    call("complete_task", user.id, buy)

    assert freed() == []


def test_changes_that_free_nothing_write_nothing(call, user, freed, ship, tasks):
    task, build, _ = ship
    (alone,) = tasks("alone")

    call("start_task", user.id, build)
    call("update_task", user.id, build, {"priority": "urgent", "title": "renamed"}, None, False)
    call("complete_task", user.id, alone)
    call("reopen_task", user.id, alone, False)
    call("add_dependency", user.id, alone, task)
    call("rebuild_workspace", user.id, None)

    assert freed() == []


def test_whatever_happens_it_is_what_turned(owner, call, user, freed, tasks, refused):
    rng = random.Random(20261127)
    ids = tasks(*(f"t{number}" for number in range(12)))

    def readiness():
        rows = run(owner, "SELECT task_id, readiness FROM node WHERE workspace_id = %s", user.workspace_id)
        return {row["task_id"]: row["readiness"] for row in rows}

    turned = 0
    for _ in range(300):
        one, other = rng.sample(ids, 2)
        statement, args = rng.choice(
            [
                ("UPDATE task SET status = 'completed' WHERE id = %s", (one,)),
                ("UPDATE task SET status = 'cancelled' WHERE id = %s", (one,)),
                ("UPDATE task SET status = 'pending' WHERE id = %s", (one,)),
                ("UPDATE task SET status = 'pending' WHERE id = %s", (other,)),
                ("DELETE FROM dependency WHERE task_id = %s", (one,)),
                ("CALL add_dependency(%s, %s, %s)", (user.id, max(one, other), min(one, other))),
                ("CALL add_dependency(%s, %s, %s)", (user.id, max(one, other), min(one, other))),
            ]
        )
        before, known = readiness(), freed()
        with suppress(Refused):
            run(owner, statement, *args)
        after = readiness()
        new = [task for revision, task in freed() if (revision, task) not in known]
        assert sorted(new) == sorted(
            task for task in ids if (before[task], after[task]) == ("blocked", "ready")
        )
        turned += len(new)

    assert turned > 3
