"""The cursor of what was told: each change once, in order, by one worker at a time."""

import pytest

from service.database.calls import call as call_procedure
from service.database.migrate import MIGRATIONS
from tests.servers import run


@pytest.fixture
def dispatch(call, user):
    """Dispatch changes of the user's personal workspace: (after, to, is_more), or None."""

    def ask(limit=1000):
        rows = call("dispatch_changes", user.workspace_id, limit)
        return tuple(rows[0].values())[1:] if rows else None

    return ask


def test_a_new_workspace_is_dispatched_from_its_beginning(dispatch, user, revision):
    assert dispatch() == (0, revision(), 0)
    assert dispatch() is None


def test_one_call_goes_on_where_the_last_one_ended(dispatch, tasks, revision):
    tasks("one", "two")
    newest = revision()

    assert [dispatch(3), dispatch(3)] == [(0, 3, 1), (3, newest, 0)]


def test_workspaces_with_something_to_tell_are_found(dispatch, call, user, tasks):
    def is_found():
        return user.workspace_id in {row["workspace_id"] for row in call("list_undispatched", 100_000)}

    assert is_found()
    dispatch()
    assert not is_found()
    tasks("new")
    assert is_found()


def test_while_one_dispatches_another_has_nothing_to_do(owner, dispatch, user, tasks):
    dispatch()
    tasks("new")
    run(owner, "START TRANSACTION")
    run(owner, "SELECT * FROM dispatch WHERE workspace_id = %s FOR UPDATE", user.workspace_id)

    assert dispatch() is None

    run(owner, "ROLLBACK")
    assert dispatch()


def test_nobody_who_writes_is_waited_for(owner, dispatch, call, user, tasks, wait):
    ship, build, other, first = tasks("ship", "build", "other", "first")
    wait(ship, build)
    wait(other, first)
    call("complete_task", user.id, build)
    run(owner, "START TRANSACTION")
    run(owner, "UPDATE task SET status = 'completed' WHERE id = %s", first)

    assert dispatch()
    run(owner, "COMMIT")

    (freed,) = run(owner, "SELECT task_id FROM unblocking WHERE workspace_id = %s", user.workspace_id)
    assert freed["task_id"] == other


def test_what_was_freed_is_kept_until_it_is_dispatched(owner, dispatch, call, user, tasks, wait):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    call("complete_task", user.id, build)

    dispatch()

    assert run(owner, "SELECT * FROM unblocking WHERE workspace_id = %s", user.workspace_id) == []


def test_a_workspace_that_is_not_there_has_nothing_to_tell(call):
    assert call("dispatch_changes", 2**62, 1000) == []


def test_an_upgrade_does_not_tell_the_past(owner, dispatch, call, user, tasks, revision):
    tasks("long ago")
    run(owner, "DELETE FROM dispatch WHERE workspace_id = %s", user.workspace_id)

    run(owner, (MIGRATIONS / "0036.fill-dispatch.sql").read_text().rpartition(";")[0])

    assert dispatch() is None
    before = revision()
    tasks("new")
    assert dispatch() == (before, revision(), 0)


def test_a_look_reads_some_rows_of_each_workspace_and_not_the_log(owner, user, tasks):
    tasks(*(f"t{number}" for number in range(300)))
    ((workspaces,),) = [tuple(row.values()) for row in run(owner, "SELECT COUNT(*) FROM workspace")]

    def read():
        return sum(int(row["Value"]) for row in run(owner, "SHOW SESSION STATUS LIKE 'Handler_read%'"))

    call_procedure(owner, "list_undispatched", 100_000)
    before = read()
    call_procedure(owner, "list_undispatched", 100_000)

    assert read() - before < 8 * workspaces + 100
