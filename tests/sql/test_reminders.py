"""Due soon and overdue: told once for a date, however many workers look, and again when the date moves."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymysql.err import MySQLError

from service.database.calls import call as call_procedure
from tests.conftest import Database, User
from tests.servers import is_held_up, run
from tests.sql.conftest import Call, Team

Look = Callable[..., None]


def hours(number: float) -> str:
    """A time so many hours from now."""
    return (datetime.now(UTC) + timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def look(owner: Any, team: Team) -> Look:
    """What a worker does: it follows the log, then tells of what is due."""

    def work(due_soon: int = 24) -> None:
        call_procedure(owner, "dispatch_changes", team.workspace_id, 100_000)
        while call_procedure(owner, "send_reminders", due_soon, 50)[0]["tasks"]:
            pass

    return work


@pytest.fixture
def task(call: Call, team: Team) -> Callable[..., int]:
    """Make a task of the member's that is due in so many hours."""

    def create(due: float, assignee: User | None = None) -> int:
        wanted = {"title": "task", "due_at": hours(due), "assignee_id": (assignee or team.member).id}
        task_id: int = call("create_task", team.owner.id, team.workspace_id, wanted)[0]["task_id"]
        return task_id

    return create


@pytest.fixture
def told(call: Call) -> Callable[[User], list[tuple[str, int]]]:
    """The reminders of a user, oldest first."""

    def read(user: User) -> list[tuple[str, int]]:
        rows = call("list_notifications", user.id, False, None, None)
        return [(row["kind"], row["task_id"]) for row in rows if row["due_at"]][::-1]

    return read


def change(call: Call, team: Team, task_id: int, **fields: Any) -> None:
    call("update_task", team.owner.id, task_id, fields, None, False)


def until_it_waits(owner: Any, thread: int) -> None:
    """Wait until a session waits for a lock of somebody else's."""
    deadline = time.monotonic() + 30
    while not is_held_up(owner, thread):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_due_soon_is_told_once(call: Call, team: Team, task: Any, look: Look, told: Any) -> None:
    soon, _later = task(23), task(25)
    for _ in range(3):
        look()

    assert told(team.member) == [("due_soon", soon)]
    (row,) = [row for row in call("list_notifications", team.member.id, False, None, None) if row["due_at"]]
    assert (row["actor_id"], row["revision"]) == (None, None)
    assert row["due_at"] == call("get_task", team.member.id, soon)[0]["due_at"]
    assert told(team.owner) == told(team.admin) == []


def test_how_soon_is_said_by_the_worker(team: Team, task: Any, look: Look, told: Any) -> None:
    number = task(30)

    look(due_soon=24)
    before = told(team.member)
    look(due_soon=48)

    assert (before, told(team.member)) == ([], [("due_soon", number)])


def test_what_becomes_overdue_is_told_after_it_was_due_soon(
    owner: Any, call: Call, team: Team, task: Any, look: Look, told: Any
) -> None:
    number = task(0.001)
    look()
    # The time goes by.
    run(owner, f"UPDATE reminder SET due_at = due_at - INTERVAL 1 HOUR WHERE task_id = {number}")
    run(owner, f"UPDATE task SET due_at = due_at - INTERVAL 1 HOUR WHERE id = {number}")
    for _ in range(2):
        look()

    assert told(team.member) == [("due_soon", number), ("overdue", number)]


def test_what_was_overdue_when_the_worker_came_is_not_told_as_due_soon_too(
    team: Team, task: Any, look: Look, told: Any
) -> None:
    number = task(-1)

    look()

    assert told(team.member) == [("overdue", number)]


def test_a_date_that_moves_is_told_again_and_one_that_comes_back_is_not(
    call: Call, team: Team, task: Any, look: Look, told: Any
) -> None:
    number = task(5)
    (first,) = call("get_task", team.owner.id, number)
    look()
    for due in (hours(100), hours(6), f"{first['due_at']:%Y-%m-%dT%H:%M:%SZ}"):
        change(call, team, number, due_at=due)
        look()

    assert told(team.member) == [("due_soon", number)] * 2


@pytest.mark.parametrize("change_it", [{"status": "completed"}, {"status": "cancelled"}, {"due_at": None}])
def test_what_is_done_or_has_no_date_any_more_is_not_told(
    call: Call, owner: Any, team: Team, task: Any, look: Look, told: Any, change_it: dict[str, Any]
) -> None:
    number = task(30)
    look()
    change(call, team, number, **change_it)

    # Whether or not the log was followed in between.
    call_procedure(owner, "send_reminders", 48, 1000)
    look(due_soon=48)

    assert told(team.member) == []
    assert run(owner, f"SELECT * FROM reminder WHERE task_id = {number}") == []


def test_what_is_reopened_is_told_again_only_for_another_date(
    call: Call, team: Team, task: Any, look: Look, told: Any
) -> None:
    number = task(5)
    look()
    change(call, team, number, status="completed")
    look()
    change(call, team, number, status="pending")
    look()

    assert told(team.member) == [("due_soon", number)]


def test_whoever_is_given_a_task_that_is_due_soon_is_told_too(
    call: Call, team: Team, task: Any, look: Look, told: Any
) -> None:
    number = task(5)
    look()
    change(call, team, number, assignee_id=team.admin.id)
    look()

    assert told(team.member) == told(team.admin) == [("due_soon", number)]


def test_whoever_watches_is_reminded_and_whoever_muted_is_not(
    call: Call, team: Team, task: Any, look: Look, told: Any
) -> None:
    number = task(5)
    call("watch_task", team.viewer.id, number)
    call("mute_task", team.member.id, number)
    look()

    assert told(team.viewer) == [("due_soon", number)]
    assert told(team.member) == []


def test_many_workers_at_once_tell_each_thing_once(
    call: Call, database: Database, owner: Any, team: Team, task: Any, look: Look, told: Any
) -> None:
    numbers = [task(5) for _ in range(30)]
    call_procedure(owner, "dispatch_changes", team.workspace_id, 100_000)

    def work(_: int) -> int:
        done = 0
        with database.service() as service:
            while count := call_procedure(service, "send_reminders", 24, 3)[0]["tasks"]:
                done += count
        return done

    with ThreadPoolExecutor(4) as workers:
        shares = list(workers.map(work, range(4)))
    look()

    assert sorted(told(team.member)) == [("due_soon", number) for number in numbers]
    assert sum(shares) >= len(numbers)


def test_what_one_worker_is_telling_another_does_not_wait_for(
    call: Call, database: Database, owner: Any, team: Team, task: Any, told: Any
) -> None:
    held, free = task(5), task(5)
    call_procedure(owner, "dispatch_changes", team.workspace_id, 100_000)

    with database.owner() as other:
        other.begin()
        run(other, f"SELECT * FROM reminder WHERE task_id = {held} FOR UPDATE")
        while call_procedure(owner, "send_reminders", 24, 50)[0]["tasks"]:
            pass
        meanwhile = told(team.member)
        other.rollback()
    call_procedure(owner, "send_reminders", 24, 50)

    assert meanwhile == [("due_soon", free)]
    assert sorted(told(team.member)) == [("due_soon", held), ("due_soon", free)]


@pytest.mark.parametrize("procedure", ["dispatch_changes", "send_reminders"])
def test_a_worker_that_is_killed_while_it_tells_leaves_it_to_the_next(
    call: Call, database: Database, owner: Any, team: Team, task: Any, procedure: str
) -> None:
    number = task(5)
    if procedure == "send_reminders":
        call_procedure(owner, "dispatch_changes", team.workspace_id, 100_000)
    args = (team.workspace_id, 1000) if procedure == "dispatch_changes" else (24, 1000)
    told = call("list_notifications", team.member.id, False, None, None)

    with database.owner() as holder, database.service() as killed, ThreadPoolExecutor(1) as worker:
        # It waits for this row when all but its last steps are done.
        holder.begin()
        run(holder, f"SELECT * FROM app_user WHERE id = {team.member.id} FOR UPDATE")
        working = worker.submit(call_procedure, killed, procedure, *args)
        until_it_waits(owner, killed.thread_id())
        run(owner, f"KILL {killed.thread_id()}")
        assert isinstance(working.exception(), MySQLError)
        holder.rollback()

    assert call("list_notifications", team.member.id, False, None, None) == told
    for _ in range(2):
        call_procedure(owner, procedure, *args)
    rows = call("list_notifications", team.member.id, False, None, None)
    kinds = ["assigned"] if procedure == "dispatch_changes" else ["due_soon", "assigned"]
    assert [(row["kind"], row["task_id"]) for row in rows] == [(kind, number) for kind in kinds]
