"""What two revisions differ in, whatever happened in between; and which revision a time means."""

from datetime import timedelta

import pytest

from tests.servers import run


@pytest.fixture
def difference(call, user):
    """What differs: `difference(3, 7)` -> entity, action and ids of each row."""

    def read(earlier, later=None):
        rows = call("get_workspace_diff", user.id, None, earlier, later, None, None)
        return [(row["entity"], row["action"], row["task_id"], row["depends_on_id"]) for row in rows]

    return read


def test_what_came_and_went_is_not_shown(call, user, tasks, wait, revision, difference):
    ship, build = tasks("ship", "build")
    before = revision()
    wait(ship, build)
    call("update_task", user.id, ship, {"title": "sail", "tags": ["red"]}, None, False)
    between = revision()
    call("remove_dependency", user.id, ship, build)
    call("update_task", user.id, ship, {"title": "ship", "tags": []}, None, False)

    assert difference(before) == []
    assert difference(before, between) == [
        ("task", "update", ship, None),
        ("tag", "insert", ship, None),
        ("dependency", "insert", ship, build),
    ]
    assert difference(between) == [
        ("task", "update", ship, None),
        ("tag", "delete", ship, None),
        ("dependency", "delete", ship, build),
    ]


def test_a_task_that_was_made_again_under_its_number_is_an_update(owner, call, user, tasks, revision):
    (task,) = tasks("before")
    before = revision()
    call("delete_task", user.id, task, "refuse", None)
    run(
        owner,
        "INSERT INTO task (workspace_id, id, title, description) VALUES (%s, %s, 'after', '')",
        user.workspace_id,
        task,
    )

    (row,) = call("get_workspace_diff", user.id, None, before, None, None, None)

    assert (row["action"], row["old_row"], row["new_row"]) == (
        "update",
        '{"title": "before"}',
        '{"title": "after"}',
    )


def test_members_and_roles_are_shown(call, team):
    before = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]
    call("set_member", team.owner.id, team.workspace_id, team.member.name, "admin")
    call("remove_member", team.owner.id, team.workspace_id, team.viewer.name)

    rows = call("get_workspace_diff", team.member.id, team.workspace_id, before, None, 0, 9)

    assert sorted(row["action"] for row in rows) == ["delete", "update"]
    assert {row["entity"] for row in rows} == {"membership"}


def test_the_later_revision_comes_second(revision, difference, refused):
    for earlier, later in ((2, 1), (None, 2)):
        with refused("invalid_request"):
            difference(earlier, later)


def test_a_revision_that_was_not_come_to_is_refused(revision, difference, refused):
    for earlier, later in ((1, revision() + 1), (revision() + 1, revision() + 1), (revision() + 1, None)):
        with refused("revision_unknown"):
            difference(earlier, later)


def test_a_stranger_sees_no_difference(call, user, new_user, refused):
    stranger = new_user()

    with refused("workspace_not_found"):
        call("get_workspace_diff", stranger.id, user.workspace_id, 1, 2, None, None)
    with refused("workspace_not_found"):
        call("get_revision_as_of", stranger.id, user.workspace_id, None)


def test_a_time_means_the_newest_revision_until_then(call, owner, user, tasks, revision):
    tasks("one", "two")
    rows = run(
        owner,
        "SELECT changed_at FROM change_log WHERE workspace_id = %s ORDER BY revision",
        user.workspace_id,
    )
    moments = [row["changed_at"] for row in rows]

    def found(moment):
        (row,) = call("get_revision_as_of", user.id, None, moment)
        return row["revision"]

    assert [found(moment) for moment in moments[2:]] == [3, 4]
    assert found(moments[3] - timedelta(microseconds=1)) == 3
    assert found(moments[0] - timedelta(days=1)) == 0
    assert found(moments[3] + timedelta(days=1)) == found(None) == revision()
