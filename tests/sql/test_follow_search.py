"""Following a saved search: what enters and leaves it, whatever made the difference, each once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymysql.connections import Connection

from service.database.calls import call_for_all
from tests.servers import run

Told = list[tuple[str, str | None]]


class Follower:
    """Somebody's place in a search; `told` goes on from it."""

    def __init__(self, owner: Connection, user_id: int, search_id: int) -> None:
        self._owner = owner
        self.user_id, self.search_id = user_id, search_id
        self.place: int | None = None
        self.told()

    def look(
        self, after: int | None, limit: int | None = None
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        rows, (place,) = call_for_all(
            self._owner, "follow_search", self.user_id, self.search_id, after, limit
        )
        return rows, place

    def told(self, limit: int | None = None) -> Told:
        rows, place = self.look(self.place, limit)
        assert [row["place"] for row in rows] == list(range((self.place or 0) + 1, place["place"] + 1))[
            : len(rows)
        ]
        self.place = place["place"]
        return [(row["event"], row["title"]) for row in rows]


@pytest.fixture
def follow(call, owner, user) -> Callable[..., Follower]:
    """Save a search of the user's and follow it."""

    def begin(query: str | None, wanted: Any = None) -> Follower:
        (search,) = call(
            "create_saved_search", user.id, None, f"followed {query} {wanted}"[:60], query, wanted, False
        )
        return Follower(owner, user.id, search["search_id"])

    return begin


def test_what_is_there_at_first_has_not_entered(follow, tasks) -> None:
    tasks("old")
    follower = follow("is:open")

    assert follower.told() == []
    tasks("new")
    assert follower.told() == [("entered", "new")]
    assert follower.told() == []


def test_a_task_enters_and_leaves_by_what_others_do(follow, tasks, call, user) -> None:
    first, second = tasks("first", "second")
    call("add_dependency", user.id, second, first)
    follower = follow("is:ready")

    call("complete_task", user.id, first)
    assert follower.told() == [("left", "first"), ("entered", "second")]
    call("reopen_task", user.id, first, False)
    assert follower.told() == [("left", "second"), ("entered", "first")]
    call("delete_task", user.id, first, "splice", None)
    assert follower.told() == [("left", None), ("entered", "second")]


def test_words_tags_and_comments_make_a_task_enter(follow, tasks, call, user) -> None:
    (task,) = tasks("plain")
    words, tags, far = follow("report"), follow("tag:web"), follow(None, {"waits_for": task})

    call("create_comment", user.id, task, "see the report")
    call("update_task", user.id, task, {"tags": ["web"]}, None, False)
    (waiting,) = tasks("waiting")
    call("add_dependency", user.id, waiting, task)

    assert words.told() == tags.told() == [("entered", "plain")]
    assert far.told() == [("entered", "waiting")]


def test_time_alone_makes_a_task_enter(follow, tasks, call, user, owner) -> None:
    (task,) = tasks("due")
    (moment,) = run(
        owner, "SELECT DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL 1 SECOND, '%Y-%m-%dT%H:%i:%s') AS soon"
    )
    call("update_task", user.id, task, {"due_at": moment["soon"]}, None, False)
    follower = follow("is:overdue")
    (before,) = run(owner, "SELECT _revision(%s) AS revision", user.workspace_id)

    run(owner, "DO SLEEP(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), %s) / 1000000 + 1.1)", moment["soon"])

    assert follower.told() == [("entered", "due")]
    assert before == run(owner, "SELECT _revision(%s) AS revision", user.workspace_id)[0]


def test_a_changed_search_is_told_as_what_it_changes(follow, tasks, call, user) -> None:
    tasks("a", "b")
    follower = follow("a")

    call("update_saved_search", user.id, follower.search_id, "other", "b", None, False)

    assert follower.told() == [("left", "a"), ("entered", "b")]


def test_two_followers_each_have_a_place_and_mean_themselves(team, call, owner) -> None:
    (search,) = call(
        "create_saved_search", team.owner.id, team.workspace_id, "mine", "assignee:me", None, True
    )
    (task,) = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})
    one, other = (Follower(owner, person.id, search["search_id"]) for person in (team.owner, team.viewer))

    call("update_task", team.owner.id, task["task_id"], {"assignee_id": team.viewer.id}, None, False)

    assert (one.told(), other.told()) == ([], [("entered", "t")])


def test_a_page_ends_where_it_is_asked_to_and_the_rest_follows(follow, tasks) -> None:
    follower = follow("is:open")
    tasks("a", "b", "c")

    rows, place = follower.look(0, 2)
    assert ([row["title"] for row in rows], place) == (["a", "b"], {"place": 2, "is_more": 1})
    assert follower.told(2) == [("entered", "a"), ("entered", "b")]
    assert follower.told(2) == [("entered", "c")]
    assert follower.look(0)[1] == {"place": 3, "is_more": 0}


@pytest.mark.parametrize("place", [1, 2**63])
def test_a_place_that_never_was_is_refused(follow, call, user, refused, place) -> None:
    follower = follow("is:open")

    with refused("place_gone") as refusal:
        call("follow_search", user.id, follower.search_id, place, None)

    assert refusal.value.facts == {"search_id": follower.search_id, "place": place, "oldest": 0, "newest": 0}


def test_a_wide_search_is_refused_and_nothing_is_noted(follow, call, user, owner, refused) -> None:
    (search,) = call("create_saved_search", user.id, None, "wide", "is:open", None, False)
    run(owner, "SET @headgate_deriving = 2")
    run(
        owner,
        "INSERT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ INTO task (workspace_id, title, description)"
        " WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10001)"
        " SELECT %s, n, '' FROM number",
        user.workspace_id,
    )
    run(owner, "SET @headgate_deriving = 0")

    (narrow,) = call(
        "create_saved_search", user.id, None, "narrow", None, {"not": {"status": "completed"}}, False
    )
    with refused("search_too_wide"):
        call("follow_search", user.id, narrow["search_id"], None, None)
    with refused("place_gone"):
        call("follow_search", user.id, search["search_id"], 5, None)
    assert run(owner, "SELECT * FROM search_watch WHERE user_id = %s", user.id) == []


def test_who_may_not_see_the_search_follows_it_no_more(team, call, owner, refused) -> None:
    (search,) = call("create_saved_search", team.owner.id, team.workspace_id, "ours", "is:open", None, True)
    follower = Follower(owner, team.viewer.id, search["search_id"])

    call("update_saved_search", team.owner.id, search["search_id"], "mine", "is:open", None, False)

    with refused("search_not_found"):
        call("follow_search", team.viewer.id, search["search_id"], follower.place, None)


def test_a_deleted_search_takes_what_was_noted_with_it(follow, call, user, owner, tasks) -> None:
    tasks("a")
    follower = follow("is:open")
    tasks("b")
    follower.told()

    call("delete_saved_search", user.id, follower.search_id)

    for table in ("search_watch", "search_member", "search_event"):
        assert run(owner, f"SELECT * FROM {table} WHERE search_id = %s", follower.search_id) == []


def test_who_look_at_once_are_told_the_same_and_all_of_it(database, call, user, tasks) -> None:
    (search,) = call("create_saved_search", user.id, None, "open ones", "is:open", None, False)
    call("follow_search", user.id, search["search_id"], None, None)
    writing = threading.Event()
    writing.set()

    def follow(_: int) -> list[tuple[int, str, int]]:
        told, place = [], 0
        with database.service() as connection:
            is_last = False
            while not is_last:
                is_last = not writing.is_set()
                rows, (at,) = call_for_all(
                    connection, "follow_search", user.id, search["search_id"], place, 3
                )
                is_last = is_last and not at["is_more"]
                told += [(row["place"], row["event"], row["task_id"]) for row in rows]
                place = at["place"]
        return told

    with ThreadPoolExecutor(4) as pool:
        following = [pool.submit(follow, number) for number in range(4)]
        try:
            ids = [task for _ in range(15) for task in tasks("a", "b")]
            for task in ids[::2]:
                call("complete_task", user.id, task)
        finally:
            writing.clear()
        told = [one.result(60) for one in following]

    longest = max(told, key=len)
    assert [place for place, _, _ in longest] == list(range(1, len(longest) + 1))
    assert all(one == longest for one in told)
    state: set[int] = set()
    for _, event, task in longest:
        assert (task in state) == (event == "left")
        state ^= {task}
    assert state == set(ids[1::2])
