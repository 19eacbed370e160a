"""list_activity: the changes of a task and what was said about it, newest first, in pages that fit together."""

import json
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from pymysql.connections import Connection

from service.database.calls import call as call_procedure
from tests.conftest import Database, Row
from tests.servers import run
from tests.sql.conftest import Call, Team

LINES = 100_000


@pytest.fixture
def task(call: Call, team: Team) -> int:
    """A task of the team, about which something was said and done."""
    number: int = call("create_task", team.owner.id, team.workspace_id, {"title": "t", "tags": ["red"]})[0][
        "task_id"
    ]
    other = call("create_task", team.owner.id, team.workspace_id, {"title": "other"})[0]["task_id"]
    comment = call("create_comment", team.member.id, number, f"Well, @{team.admin.name}?")[0]["comment_id"]
    call("start_task", team.admin.id, number)
    call("update_comment", team.member.id, number, comment, "Well?")
    call("add_dependency", team.owner.id, number, other)
    call("add_reaction", team.owner.id, number, comment, "eyes")
    return number


@pytest.fixture
def pages(call: Call, team: Team, task: int) -> Callable[..., list[list[Row]]]:
    """The activity of the task in pages of so many rows; between two of them something is done."""

    def read(limit: int, between: Callable[[], object] = lambda: None) -> list[list[Row]]:
        found: list[list[Row]] = []
        before = None
        while rows := call("list_activity", team.viewer.id, task, before, limit):
            found.append(rows)
            before = rows[-1]["revision"]
            between()
        return found

    return read


def test_comments_and_changes_are_in_one_time_line(team: Team, task: int, pages: Any) -> None:
    (rows,) = pages(100)

    assert [(row["entity"], row["action"], row["actor"]) for row in rows] == [
        ("reaction", "insert", team.owner.name),
        ("dependency", "insert", team.owner.name),
        ("comment", "update", team.member.name),
        ("task", "update", team.admin.name),
        ("comment", "insert", team.member.name),
        ("tag", "insert", team.owner.name),
        ("task", "insert", team.owner.name),
    ]
    assert {(row["task_id"], row["workspace_id"]) for row in rows} == {(task, team.workspace_id)}


def test_a_comment_is_shown_where_it_was_written_as_it_is_now(
    call: Call, team: Team, task: int, pages: Any
) -> None:
    (listed,) = call("list_comments", team.viewer.id, task, 0, 10)

    (rows,) = pages(100)

    (said,) = [row for row in rows if row["comment_id"]]
    assert (said["entity"], said["action"], said["body"]) == ("comment", "insert", "Well?")
    assert {name: said[name] for name in listed} == listed
    assert json.loads(said["reactions"])[0]["kind"] == "eyes"


def test_of_a_deleted_comment_it_shows_the_place(call: Call, team: Team, task: int, pages: Any) -> None:
    (listed,) = call("list_comments", team.viewer.id, task, 0, 10)
    call("delete_comment", team.member.id, task, listed["comment_id"])

    (rows,) = pages(100)

    (said,) = [row for row in rows if row["comment_id"]]
    assert (said["body"], said["deleted_at"] is None) == (None, False)
    assert [row["entity"] for row in rows[:2]] == ["comment", "reaction"]


def test_pages_fit_together_whatever_is_done_between_them(
    call: Call, team: Team, task: int, pages: Any
) -> None:
    (before,) = pages(100)

    def disturb() -> None:
        call("create_comment", team.member.id, task, "and another thing")
        call("update_task", team.owner.id, task, {"title": str(next(numbers))}, None, False)

    numbers = count()
    found = [row for page in pages(2, disturb) for row in page]

    assert [row["revision"] for row in found] == [row["revision"] for row in before]


def test_nothing_is_missed_or_told_twice_while_others_write(
    call: Call, database: Database, team: Team, task: int, pages: Any, owner: "Connection[Any]"
) -> None:
    is_over = threading.Event()

    def write() -> None:
        with database.service() as connection:
            while not is_over.is_set():
                call_procedure(connection, "create_comment", team.member.id, task, "meanwhile")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        # Until something was written meanwhile.
        several: list[list[int]] = []
        while len(several) < 5 or several[-1][0] == several[0][0]:
            assert writer.is_alive()
            several.append([row["revision"] for page in pages(3) for row in page])
    finally:
        is_over.set()
        writer.join()

    log = run(
        owner,
        "SELECT revision FROM change_log WHERE workspace_id = %s AND task_id = %s",
        team.workspace_id,
        task,
    )
    everything = sorted((row["revision"] for row in log), reverse=True)
    for found in several:
        assert found == [revision for revision in everything if revision <= found[0]]


def test_a_page_costs_the_same_however_long_the_log_is(
    call: Call, team: Team, task: int, owner: "Connection[Any]", database: Database
) -> None:
    (other,) = call("create_task", team.owner.id, team.workspace_id, {"title": "busy"})
    # What is said about another task, and as much of no task at all; the guard of the log lets its own code write.
    run(owner, "SET @headgate_deriving = 1")
    run(
        owner,
        "INSERT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ INTO change_log"
        " (workspace_id, revision, login, entity, action, task_id, new_row)"
        " WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < %s)"
        " SELECT %s, 1000 + n, 'x', 'tag', 'insert', IF(n %% 2, %s, NULL), '{\"name\": \"x\"}' FROM number",
        LINES,
        team.workspace_id,
        other["task_id"],
    )
    run(owner, "ANALYZE TABLE change_log")

    with database.service() as connection:

        def read(number: int, before: int | None) -> tuple[int, int]:
            """How many rows a page has, and how many the storage engine was asked for."""
            start = rows_read(connection)
            rows = call_procedure(connection, "list_activity", team.viewer.id, number, before, 50)
            return len(rows), rows_read(connection) - start

        read(task, None)
        few, many, later = read(task, None), read(other["task_id"], None), read(other["task_id"], 20_000)

    assert (few[0], many[0], later[0]) == (7, 50, 50)
    assert max(few[1], many[1], later[1]) < 600


def rows_read(connection: "Connection[Any]") -> int:
    rows = run(connection, "SHOW SESSION STATUS LIKE 'Handler_read%'")
    return sum(int(row["Value"]) for row in rows)


def test_a_task_that_the_actor_does_not_see_has_none(
    call: Call, task: int, new_user: Any, refused: Any
) -> None:
    with refused("task_not_found"):
        call("list_activity", new_user().id, task, None, 10)
