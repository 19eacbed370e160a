"""The inbox: who is told of what, once, and who is not."""

from collections.abc import Callable
from typing import Any

import pytest

from service.database.calls import call as call_procedure
from tests.conftest import Database, User
from tests.servers import run
from tests.sql.conftest import Call, Company, Team

Inbox = Callable[..., list[tuple[str, int]]]


@pytest.fixture
def dispatch(owner: Any) -> Callable[[int], None]:
    """What the worker does with all that has happened in a workspace."""

    def told(workspace_id: int) -> None:
        call_procedure(owner, "dispatch_changes", workspace_id, 100_000)

    return told


@pytest.fixture
def inbox(call: Call) -> Inbox:
    """The kind and the task of all that a user was told, newest first."""

    def read(user: User, is_unread: bool = False) -> list[tuple[str, int]]:
        return [
            (row["kind"], row["task_id"])
            for row in call("list_notifications", user.id, is_unread, None, None)
        ]

    return read


@pytest.fixture
def task(call: Call, team: Team) -> Callable[..., int]:
    """Make a task of the team's owner."""

    def create(title: str = "task", **fields: Any) -> int:
        task_id: int = call("create_task", team.owner.id, team.workspace_id, {"title": title} | fields)[0][
            "task_id"
        ]
        return task_id

    return create


def test_whoever_is_assigned_a_task_is_told_once(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    number = task(assignee_id=team.member.id)
    for _ in range(3):
        dispatch(team.workspace_id)
    call("update_task", team.owner.id, number, {"title": "other"}, None, False)
    dispatch(team.workspace_id)

    (row,) = call("list_notifications", team.member.id, False, None, None)

    assert (row["kind"], row["task_id"], row["title"]) == ("assigned", number, "other")
    assert (row["actor_id"], row["actor"], row["workspace"]) == (team.owner.id, team.owner.name, "Team")
    assert (row["read_at"], row["due_at"], row["comment_id"]) == (None, None, None)
    assert inbox(team.admin) == []


def test_what_was_told_is_not_told_again_when_the_worker_forgets_where_it_was(
    call: Call, owner: Any, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    first, then = task(), task(assignee_id=team.member.id)
    wait(then, first)
    call("complete_task", team.owner.id, first)
    dispatch(team.workspace_id)
    before = inbox(team.member)

    run(owner, f"UPDATE dispatch SET revision = 0 WHERE workspace_id = {team.workspace_id}")
    dispatch(team.workspace_id)

    assert inbox(team.member) == before == [("ready", then), ("assigned", then)]


def test_nobody_is_told_of_their_own_deeds(
    call: Call, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    mine, then = task(assignee_id=team.owner.id), task(assignee_id=team.owner.id)
    wait(then, mine)
    call("watch_task", team.owner.id, mine)
    call("complete_task", team.owner.id, mine)

    dispatch(team.workspace_id)

    assert inbox(team.owner) == []


def test_a_task_that_becomes_ready_is_told_as_ready_and_nothing_else(
    call: Call, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    first, second, then = task(), task(), task()
    wait(then, first)
    wait(then, second)
    call("update_task", team.owner.id, then, {"assignee_id": team.member.id}, None, False)
    dispatch(team.workspace_id)
    call("mark_notifications_read", team.member.id, None)

    call("complete_task", team.owner.id, first)
    dispatch(team.workspace_id)
    one = inbox(team.member, is_unread=True)
    call("mark_notifications_read", team.member.id, None)
    call("complete_task", team.owner.id, second)
    dispatch(team.workspace_id)

    assert one == [("completed", first)]
    assert inbox(team.member, is_unread=True) == [("ready", then)]


def test_a_task_that_is_blocked_again_by_then_is_not_told_as_ready(
    call: Call, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    first, then = task(), task(assignee_id=team.member.id)
    wait(then, first)
    call("complete_task", team.owner.id, first)
    call("reopen_task", team.owner.id, first, False)

    dispatch(team.workspace_id)
    assert inbox(team.member) == [("completed", first), ("assigned", then)]

    call("cancel_task", team.owner.id, first)
    dispatch(team.workspace_id)
    assert inbox(team.member)[0] == ("ready", then)


def test_a_prerequisite_that_is_taken_away_makes_ready_too(
    call: Call, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    first, then = task(), task(assignee_id=team.member.id)
    wait(then, first)
    call("remove_dependency", team.owner.id, then, first)

    dispatch(team.workspace_id)

    assert inbox(team.member) == [("ready", then), ("assigned", then)]


def test_whoever_watches_is_told_as_if_the_task_were_theirs(
    call: Call, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    first, then = task(), task()
    wait(then, first)
    call("watch_task", team.viewer.id, then)
    call("watch_task", team.member.id, first)

    call("complete_task", team.owner.id, first)
    dispatch(team.workspace_id)

    assert inbox(team.viewer) == [("ready", then)]
    assert inbox(team.member) == [("completed", first)]
    assert inbox(team.admin) == []


def test_of_a_muted_task_its_assignee_hears_nothing(
    call: Call, team: Team, task: Any, wait: Any, dispatch: Any, inbox: Inbox
) -> None:
    first, then = task(), task()
    wait(then, first)
    call("mute_task", team.member.id, then)
    call("update_task", team.owner.id, then, {"assignee_id": team.member.id}, None, False)
    call("complete_task", team.owner.id, first)
    dispatch(team.workspace_id)
    silent = inbox(team.member)

    call("unwatch_task", team.member.id, then)
    call("reopen_task", team.owner.id, first, False)
    call("complete_task", team.owner.id, first)
    dispatch(team.workspace_id)

    assert silent == []
    assert inbox(team.member) == [("ready", then)]


@pytest.mark.parametrize(
    ("procedure", "watch"), [("watch_task", "watching"), ("mute_task", "muted"), ("unwatch_task", "none")]
)
def test_what_is_said_last_counts(call: Call, team: Team, task: Any, procedure: str, watch: str) -> None:
    number = task()
    call("mute_task", team.member.id, number)

    answer = call(procedure, team.member.id, number)

    assert answer == call("get_task_watch", team.member.id, number) == [{"task_id": number, "watch": watch}]
    assert call("get_task_watch", team.admin.id, number)[0]["watch"] == "none"


def test_a_task_of_a_team_is_told_to_its_members(
    call: Call, company: Company, new_user: Any, dispatch: Any, inbox: Inbox
) -> None:
    boss, mate, other = company.owner, company.member, new_user()
    call("set_organization_member", boss.id, company.organization, other.name, "member")
    call("add_team_member", boss.id, company.team, mate.name)
    call("set_team_role", boss.id, company.workspace, company.team, "viewer")
    call("set_member", boss.id, company.workspace, other.name, "member")

    (row,) = call(
        "create_task", boss.id, company.workspace, {"title": "ours", "assignee_team_id": company.team}
    )
    dispatch(company.workspace)

    assert inbox(mate) == [("assigned", row["task_id"])]
    assert inbox(other) == inbox(boss) == []


def test_who_may_not_read_any_more_is_shown_and_told_nothing(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox, refused: Any
) -> None:
    call("watch_task", team.member.id, task("watched"))
    number = task(assignee_id=team.member.id)
    dispatch(team.workspace_id)
    (row,) = call("list_notifications", team.member.id, False, None, None)
    call("remove_member", team.owner.id, team.workspace_id, team.member.name)

    hidden = inbox(team.member)
    with refused("notification_not_found"):
        call("mark_notification", team.member.id, row["notification_id"], True)
    call("complete_task", team.owner.id, number)
    dispatch(team.workspace_id)
    call("set_member", team.owner.id, team.workspace_id, team.member.name, "viewer")

    assert hidden == []
    assert inbox(team.member) == [("assigned", number)]


def test_of_what_may_not_be_read_any_more_nothing_is_marked_or_counted(
    call: Call, team: Team, user: User, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    (other,) = call("create_workspace", user.id, "Other")
    call("set_member", user.id, other["workspace_id"], team.member.name, "member")
    call("create_task", user.id, other["workspace_id"], {"title": "seen", "assignee_id": team.member.id})
    hidden = [task(assignee_id=team.member.id) for _ in range(3)]
    for workspace in (team.workspace_id, other["workspace_id"]):
        dispatch(workspace)
    call("remove_member", team.owner.id, team.workspace_id, team.member.name)

    marked = call("mark_notifications_read", team.member.id, None)
    call("set_member", team.owner.id, team.workspace_id, team.member.name, "viewer")

    assert marked == [{"marked": 1}]
    assert inbox(team.member, is_unread=True) == [("assigned", number) for number in reversed(hidden)]


def test_who_left_before_it_was_told_is_not_told(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    task(assignee_id=team.member.id)
    call("remove_member", team.owner.id, team.workspace_id, team.member.name)

    dispatch(team.workspace_id)
    call("set_member", team.owner.id, team.workspace_id, team.member.name, "viewer")

    assert inbox(team.member) == []


def test_with_a_task_goes_what_was_told_of_it(
    call: Call, owner: Any, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    number = task(assignee_id=team.member.id)
    call("watch_task", team.admin.id, number)
    dispatch(team.workspace_id)
    call("delete_task", team.owner.id, number, "refuse", None)

    at_once = inbox(team.member)
    dispatch(team.workspace_id)

    assert at_once == []
    for table in ("notification", "task_watch"):
        assert run(owner, f"SELECT COUNT(*) AS count FROM {table} WHERE task_id = {number}") == [{"count": 0}]


def test_raw_changes_are_told_to_everybody_concerned(
    owner: Any, team: Team, task: Any, dispatch: Any, call: Call
) -> None:
    number = task()

    run(owner, f"UPDATE task SET assignee_id = {team.owner.id} WHERE id = {number}")
    dispatch(team.workspace_id)

    (row,) = call("list_notifications", team.owner.id, False, None, None)
    assert (row["kind"], row["actor_id"], row["actor"]) == ("assigned", None, None)


def test_what_is_older_than_a_week_is_not_told(owner: Any, team: Team, dispatch: Any, inbox: Inbox) -> None:
    run(owner, "SET timestamp = UNIX_TIMESTAMP() - 8 * 86400")
    run(
        owner,
        f"INSERT INTO task (workspace_id, title, description, assignee_id)"
        f" VALUES ({team.workspace_id}, 'old', '', {team.member.id})",
    )
    run(owner, "SET timestamp = DEFAULT")

    dispatch(team.workspace_id)

    assert inbox(team.member) == []


def test_a_page_says_where_the_next_begins(
    call: Call, team: Team, task: Any, dispatch: Any, database: Database
) -> None:
    numbers = [task(assignee_id=team.member.id) for _ in range(5)]
    dispatch(team.workspace_id)

    with database.service() as service, service.cursor() as cursor:
        seen, after = [], None
        while True:
            cursor.execute("CALL list_notifications(%s, 0, %s, 2)", (team.member.id, after))
            seen += [row["task_id"] for row in cursor.fetchall()]
            cursor.nextset()
            place = cursor.fetchone()
            assert place["unread"] == 5
            while cursor.nextset():
                pass
            if (after := place["after"]) is None:
                break

    assert seen == numbers[::-1]


@pytest.mark.parametrize("place", ['"x"', "[-1]", "{}", "null", "[1e30]", "[]"])
def test_a_place_that_is_none_is_refused(call: Call, user: User, refused: Any, place: str) -> None:
    with refused("invalid_request"):
        call("list_notifications", user.id, False, place, 2)


def test_what_was_read_can_be_unread_again(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox, refused: Any
) -> None:
    first, second = task(assignee_id=team.member.id), task(assignee_id=team.member.id)
    dispatch(team.workspace_id)
    newest, oldest = call("list_notifications", team.member.id, True, None, None)

    marked = call("mark_notifications_read", team.member.id, oldest["notification_id"])
    after_some = inbox(team.member, is_unread=True)
    (read,) = call("mark_notification", team.member.id, newest["notification_id"], True)
    after_all = inbox(team.member, is_unread=True)
    (unread,) = call("mark_notification", team.member.id, oldest["notification_id"], False)

    assert marked == [{"marked": 1}]
    assert (after_some, after_all) == ([("assigned", second)], [])
    assert (bool(read["read_at"]), unread["read_at"]) == (True, None)
    assert inbox(team.member, is_unread=True) == [("assigned", first)]
    with refused("notification_not_found"):
        call("mark_notification", team.admin.id, newest["notification_id"], True)


def test_what_is_not_wanted_is_not_told(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    call("set_notification_preference", team.member.id, None, "assigned", False, "none")
    task(assignee_id=team.member.id)
    dispatch(team.workspace_id)
    silent = inbox(team.member)

    call("set_notification_preference", team.member.id, team.workspace_id, "assigned", True, None)
    number = task(assignee_id=team.member.id)
    dispatch(team.workspace_id)

    assert silent == []
    assert inbox(team.member) == [("assigned", number)]


def test_a_preference_of_a_workspace_comes_before_the_general_one(call: Call, team: Team) -> None:
    me = team.member.id
    call("set_notification_preference", me, None, "ready", None, "digest")
    answer = call("set_notification_preference", me, team.workspace_id, "ready", False, None)
    general = {
        row["kind"]: row for row in call("list_notification_preferences", me) if not row["workspace_id"]
    }
    special = [row for row in call("list_notification_preferences", me) if row["workspace_id"]]
    call("set_notification_preference", me, team.workspace_id, "ready", None, None)
    call("remove_member", team.owner.id, team.workspace_id, team.member.name)

    assert (general["ready"]["inbox"], general["ready"]["mail"], general["ready"]["is_default"]) == (
        1,
        "digest",
        0,
    )
    assert (general["assigned"]["mail"], general["assigned"]["is_default"]) == ("at_once", 1)
    assert special == answer
    assert (answer[0]["inbox"], answer[0]["mail"], answer[0]["is_default"]) == (0, "digest", 0)
    assert not [row for row in call("list_notification_preferences", me) if row["workspace_id"]]


@pytest.mark.parametrize(
    ("kind", "mail"),
    [("gossip", "none"), ("ready", "pigeon"), (None, "none"), ("réady", "none"), ("ready", "nöne")],
)
def test_a_preference_for_what_there_is_not_is_refused(
    call: Call, user: User, refused: Any, kind: str | None, mail: str
) -> None:
    with refused("invalid_request"):
        call("set_notification_preference", user.id, None, kind, True, mail)


def comment(call: Call, author: User, task_id: int, body: str) -> int:
    number: int = call("create_comment", author.id, task_id, body)[0]["comment_id"]
    return number


def test_whom_a_comment_names_is_told_so_and_others_that_there_is_one(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    number = task(assignee_id=team.member.id)
    call("watch_task", team.admin.id, number)
    call("mute_task", team.viewer.id, number)
    said = comment(
        call, team.owner, number, f"Ask @{team.viewer.name} or @{team.admin.name}, not @{team.owner.name}."
    )
    dispatch(team.workspace_id)

    assert inbox(team.viewer) == [("mentioned", number)]
    assert inbox(team.admin) == [("mentioned", number)]
    assert inbox(team.member) == [("commented", number), ("assigned", number)]
    assert inbox(team.owner) == []
    assert call("list_notifications", team.admin.id, False, None, None)[0]["comment_id"] == said


def test_a_comment_that_is_changed_tells_only_whom_it_did_not_name_before(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    number = task()
    said = comment(call, team.owner, number, f"@{team.viewer.name}")
    dispatch(team.workspace_id)
    for body in (f"@{team.viewer.name} and @{team.admin.name}", f"@{team.admin.name}, @{team.viewer.name}"):
        call("update_comment", team.owner.id, number, said, body)
        dispatch(team.workspace_id)

    assert inbox(team.viewer) == inbox(team.admin) == [("mentioned", number)]


def test_a_comment_that_is_deleted_by_then_tells_nobody(
    call: Call, team: Team, task: Any, dispatch: Any, inbox: Inbox
) -> None:
    number = task()
    said = comment(call, team.owner, number, f"@{team.viewer.name}")
    call("delete_comment", team.owner.id, number, said)
    dispatch(team.workspace_id)

    assert inbox(team.viewer) == []
