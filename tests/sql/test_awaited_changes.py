"""Following what one's own tasks wait for, and many workspaces at once."""

import pytest
from pymysql.connections import Connection

from service.database.calls import call as call_procedure
from service.database.migrate import SQL
from tests.graphs import import_lines, lines
from tests.servers import run


@pytest.fixture
def seen(call, user):
    """What the user is told of the changes after a revision: entity, action, task."""

    def ask(after=0, to=None):
        rows = call("list_awaited_changes", user.id, None, after, to)
        assert [row["revision"] for row in rows] == sorted(row["revision"] for row in rows)
        return [(row["entity"], row["action"], row["task_id"]) for row in rows]

    return ask


@pytest.fixture
def mine(call, user, tasks, wait):
    """A task of the user's that waits for build, which waits for buy; and one that has nothing to do with it."""
    ship, build, buy, other = tasks("ship", "build", "buy", "other")
    call("update_task", user.id, ship, {"assignee_id": user.id}, None, False)
    wait(ship, build)
    wait(build, buy)
    return ship, build, buy, other


def test_what_is_awaited_is_told_however_far_away(seen, call, user, mine, revision):
    before = revision()

    for task in (mine[3], mine[2]):
        call("start_task", user.id, task)

    assert seen(before) == [("task", "update", mine[2])]


def test_a_new_prerequisite_is_told_with_the_dependency(seen, call, user, mine, tasks, wait, revision):
    before = revision()

    (late,) = tasks("late")
    wait(mine[2], late)

    assert seen(before) == [("task", "insert", late), ("dependency", "insert", mine[2])]


def test_what_ceases_to_be_awaited_is_told_once_more(seen, call, user, mine, revision):
    ship, build, buy, _ = mine
    before = revision()

    call("start_task", user.id, buy)
    call("remove_dependency", user.id, ship, build)
    between = revision()
    call("complete_task", user.id, buy)

    assert seen(before, between) == [("task", "update", buy), ("dependency", "delete", ship)]
    assert seen(between) == []


def test_the_end_of_ones_own_task_is_told(seen, call, user, tasks, revision):
    (task,) = tasks("alone")
    call("update_task", user.id, task, {"assignee_id": user.id}, None, False)
    before = revision()

    call("start_task", user.id, task)
    call("complete_task", user.id, task)
    call("delete_task", user.id, task, "refuse", None)

    assert ("task", "delete", task) in seen(before)


def test_whoever_is_in_the_team_awaits_what_its_tasks_wait_for(call, company):
    boss, member, guest = company.owner.id, company.member.id, company.guest.id
    call("add_team_member", boss, company.team, company.member.name)
    call("set_team_role", boss, company.workspace, company.team, "member")
    call("set_member", boss, company.workspace, company.guest.name, "member")
    ship, build, other = (
        call("create_task", boss, company.workspace, {"title": title})[0]["task_id"]
        for title in ("ship", "build", "other")
    )
    call("update_task", boss, ship, {"assignee_team_id": company.team}, None, False)
    call("add_dependency", boss, ship, build)

    def newest():
        return call("get_workspace_revision", boss, company.workspace)[0]["revision"]

    def seen(user, after):
        rows = call("list_awaited_changes", user, company.workspace, after, None)
        return [(row["entity"], row["action"], row["task_id"]) for row in rows]

    before = newest()
    for task in (other, build):
        call("start_task", boss, task)
    theirs, nobodys = seen(member, before), seen(guest, before)
    before = newest()
    call("update_task", boss, ship, {"assignee_team_id": None}, None, False)
    taken = seen(member, before)
    before = newest()
    call("complete_task", boss, build)

    assert (theirs, nobodys) == ([("task", "update", build)], [])
    assert (taken, seen(member, before)) == ([("task", "update", ship)], [])


def test_a_revision_that_was_not_come_to_is_refused(call, user, refused, revision):
    with refused("revision_unknown"):
        call("list_awaited_changes", user.id, None, 0, revision() + 1)


def test_the_newest_revisions_of_several_workspaces_come_at_once(call, user, new_user, revision):
    other = new_user()

    rows = call("list_revisions", [user.workspace_id, other.workspace_id, 999_999_999, "x"])

    assert {row["workspace_id"]: row["revision"] for row in rows} == {
        user.workspace_id: revision(),
        other.workspace_id: 2,
    }


def test_the_newest_revision_is_read_and_not_the_log(owner: Connection, user):
    import_lines(owner, user.id, lines(*({"key": f"t{number}"} for number in range(1000))))
    call_procedure(owner, "list_revisions", [user.workspace_id])

    def read():
        return sum(int(row["Value"]) for row in run(owner, "SHOW SESSION STATUS LIKE 'Handler_read%'"))

    before = read()
    (row,) = call_procedure(owner, "list_revisions", [user.workspace_id])

    assert row["revision"] > 1000
    assert read() - before < 20


def test_a_cursor_from_before_the_kept_log_is_told_where_it_begins(
    call, user, owner: Connection, tasks, refused, revision
):
    tasks("one", "two", "three")
    run(owner, "DROP TRIGGER change_log_before_delete")
    try:
        run(owner, "DELETE FROM change_log WHERE workspace_id = %s AND revision <= 3", user.workspace_id)
    finally:
        run(owner, (SQL / "triggers" / "change_log_before_delete.sql").read_text())

    with refused("revision_gone") as refusal:
        call("list_changes", user.id, None, 2, 10)

    facts = refusal.value.facts
    assert (facts["revision"], facts["oldest"], facts["newest"]) == (2, 4, revision())
    assert [row["revision"] for row in call("list_changes", user.id, None, 3, 10)] == [4, 5]
