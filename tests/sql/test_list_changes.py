"""The change log, read in order and followed by a cursor."""

import orjson
import pytest

from tests.servers import run


@pytest.fixture
def changes(call, user):
    """The changes of the user's personal workspace after a revision."""
    return lambda after=0, limit=None: call("list_changes", user.id, None, after, limit)


def test_a_workspace_begins_with_itself_and_its_owner(changes, user, call):
    created, joined = changes()

    assert (created["revision"], created["entity"], created["action"]) == (1, "workspace", "insert")
    assert (joined["revision"], joined["entity"], joined["action"]) == (2, "membership", "insert")
    assert orjson.loads(joined["new_row"]) == {"user_id": user.id, "role": "owner"}


def test_a_change_tells_who_did_what_and_how_it_was_before(changes, call, user, tasks, revision):
    (task,) = tasks("ship")
    before = revision()

    call("start_task", user.id, task)

    (change,) = changes(before)
    assert (change["revision"], change["actor_id"]) == (before + 1, user.id)
    assert (change["entity"], change["action"], change["task_id"]) == ("task", "update", task)
    assert orjson.loads(change["old_row"])["status"] == "pending"
    assert orjson.loads(change["new_row"])["status"] == "in_progress"


def test_a_dependency_is_told_by_its_ids(changes, wait, tasks, revision):
    ship, build = tasks("ship", "build")
    before = revision()

    wait(ship, build)

    (change,) = changes(before)
    assert (change["entity"], change["action"]) == ("dependency", "insert")
    assert (change["task_id"], change["depends_on_id"]) == (ship, build)
    assert change["old_row"] is change["new_row"] is None


def test_a_change_by_raw_sql_has_a_login_and_no_actor(changes, owner, tasks, revision):
    (task,) = tasks("ship")
    before = revision()

    run(owner, "UPDATE task SET title = 'sail' WHERE id = %s", task)

    (change,) = changes(before)
    assert change["actor_id"] is None
    assert change["login"] == owner.user.decode()


def test_pages_follow_one_another_without_gap(changes, tasks):
    tasks("one", "two", "three")

    seen, after = [], 0
    while page := changes(after, 2):
        seen += page
        after = page[-1]["revision"]

    assert [row["revision"] for row in seen] == [1, 2, 3, 4, 5]
    assert seen == changes()


def test_nothing_new_is_no_rows(changes, revision):
    assert changes(revision()) == []


def test_a_revision_that_was_not_come_to_is_refused(changes, revision, refused):
    newest = revision()

    with refused("revision_unknown") as refusal:
        changes(newest + 1)

    assert refusal.value.facts["newest"] == newest


def test_a_viewer_reads_and_a_stranger_does_not(call, team, new_user, refused):
    assert call("list_changes", team.viewer.id, team.workspace_id, None, None)

    with refused("workspace_not_found"):
        call("list_changes", new_user().id, team.workspace_id, None, None)


def test_an_analyst_reads_the_changes_of_the_user_it_is_bound_to(person, user):
    analyst = person("analyst", user)

    assert [row["revision"] for row in analyst.call("list_changes", None, None, None, None)] == [1, 2]
