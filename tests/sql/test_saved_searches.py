"""Saved searches: whose they are, what they stand for in others, and what becomes of those that mean nothing any more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.servers import run


@pytest.fixture
def save(call, user) -> Callable[..., int]:
    """Save a search in the user's workspace and return its id."""

    def create(name: str, query: str | None = None, wanted: Any = None, *, is_shared: bool = False) -> int:
        return int(call("create_saved_search", user.id, None, name, query, wanted, is_shared)[0]["search_id"])

    return create


@pytest.fixture
def found(call, user) -> Callable[..., list[str]]:
    """The titles that a line or an object finds."""

    def titles(wanted: Any, sort: str | None = "id") -> list[str]:
        line = wanted if isinstance(wanted, str) else None
        rows = call("list_tasks", user.id, None, None if line else wanted, line, sort, None, 0, 100)
        return [row["title"] for row in rows]

    return titles


def test_a_search_is_a_term_like_any_other(save, found, tasks, call, user) -> None:
    a, _, _ = tasks("a report", "b report", "c")
    call("update_task", user.id, a, {"priority": "urgent"}, None, False)
    number = save("my reports", "report -x", {"status": "pending"})
    save("urgent", None, {"priority": ["urgent"]})

    assert (
        found('search:"my reports"')
        == found(f"search:{number}")
        == found({"search": number})
        == ["a report", "b report"]
    )
    assert found(f"search:{number} search:URGENT") == ["a report"]
    assert found(f"-search:{number}") == found({"not": {"search": "my reports"}}) == ["c"]
    assert (
        found(f"search:{number},urgent -search:urgent")
        == found({"search": [number, "urgent"], "not": {"search": "urgent"}})
        == ["b report"]
    )
    assert found("c or search:urgent") == ["a report", "c"]


def test_the_order_of_a_search_holds_where_nothing_else_is_asked_for(save, found, tasks) -> None:
    tasks("b", "a", "c")
    save("by title", "is:open sort:title")

    assert found('search:"by title"', None) == ["a", "b", "c"]
    assert found('search:"by title" is:ready', None) == ["c", "a", "b"]


def test_a_personal_search_is_there_for_nobody_else(call, team, refused) -> None:
    for person, shared in ((team.owner, False), (team.member, True)):
        call("create_saved_search", person.id, team.workspace_id, "same", f"{person.name}", None, shared)

    def names(person: Any) -> list[tuple[int, int]]:
        return [
            (row["owner_id"], row["is_shared"])
            for row in call("list_saved_searches", person.id, team.workspace_id)
        ]

    personal = call("list_saved_searches", team.owner.id, team.workspace_id)[0]["search_id"]
    assert names(team.owner) == [(team.owner.id, 0), (team.member.id, 1)]
    assert names(team.viewer) == [(team.member.id, 1)]
    for ask in (
        lambda: call("get_saved_search", team.admin.id, personal),
        lambda: call("delete_saved_search", team.admin.id, personal),
        lambda: call("update_saved_search", team.admin.id, personal, "x", "x", None, False),
    ):
        with refused("search_not_found"):
            ask()
    with refused("invalid_request"):
        call("list_tasks", team.viewer.id, team.workspace_id, None, f"search:{personal}", None, None, 0, 5)


def test_the_own_search_comes_before_a_shared_one_of_the_same_name(call, team) -> None:
    for title in ("mine", "ours"):
        call("create_task", team.owner.id, team.workspace_id, {"title": title})
    call("create_saved_search", team.owner.id, team.workspace_id, "same", "ours", None, True)
    call("create_saved_search", team.viewer.id, team.workspace_id, "same", "mine", None, False)

    def titles(person: Any) -> list[str]:
        return [
            row["title"]
            for row in call("list_tasks", person.id, team.workspace_id, None, "search:same", None, None, 0, 5)
        ]

    assert (titles(team.viewer), titles(team.member)) == (["mine"], ["ours"])


def test_sharing_takes_the_right_to_plan_and_others_need_to_administer(call, team, refused) -> None:
    (shared,) = call("create_saved_search", team.member.id, team.workspace_id, "s", "x", None, True)
    (own,) = call("create_saved_search", team.viewer.id, team.workspace_id, "s", "x", None, False)

    with refused("permission_denied"):
        call("create_saved_search", team.viewer.id, team.workspace_id, "t", "x", None, True)
    with refused("permission_denied"):
        call("update_saved_search", team.viewer.id, own["search_id"], "s", "x", None, True)
    with refused("permission_denied"):
        call("delete_saved_search", team.viewer.id, shared["search_id"])
    (changed,) = call("update_saved_search", team.admin.id, shared["search_id"], "s", "y", None, True)
    assert (changed["query"], changed["owner_id"]) == ("y", team.member.id)
    call("delete_saved_search", team.admin.id, shared["search_id"])


def test_who_administers_changes_the_search_of_whoever_is_gone_or_may_less_now(
    call, team, refused, new_user, person
) -> None:
    """Also at the prompt, where nobody asks as the owner of the search."""
    gone = new_user()
    call("set_member", team.owner.id, team.workspace_id, gone.name, "member")
    (left,) = call("create_saved_search", gone.id, team.workspace_id, "left", "x", None, True)
    (kept,) = call("create_saved_search", team.member.id, team.workspace_id, "kept", "x", None, True)
    call("create_saved_search", team.member.id, team.workspace_id, "other", "x", None, True)
    call("create_saved_search", team.admin.id, team.workspace_id, "mine", "x", None, True)
    admin = person("planner", team.admin)

    call("remove_member", team.owner.id, team.workspace_id, gone.name)
    call("set_member", team.owner.id, team.workspace_id, team.member.name, "viewer")

    for search, owner in ((left, gone), (kept, team.member)):
        (changed,) = admin.call(
            "update_saved_search", None, search["search_id"], "mine", "y assignee:me", None, True
        )
        assert (changed["query"], changed["owner_id"]) == ("y assignee:me", owner.id)
    with refused("search_exists"):
        admin.call("update_saved_search", None, kept["search_id"], "other", "y", None, True)


@pytest.mark.parametrize(
    ("name", "query", "wanted"),
    [("5", "x", None), (" ", "x", None), ("a", "colour:red", None), ("a", None, {"status": "done"}), ("a", "sort:colour", None),
     ("a", "search:kept", None), ("a", None, {"not": {"search": "kept"}}), ("a", "%", None)],
)  # fmt: skip
def test_what_means_nothing_is_not_saved(save, refused, name, query, wanted) -> None:
    save("kept", "x")

    with refused("invalid_request"):
        save(name, query, wanted)


def test_a_name_is_there_once(save, refused, call, user) -> None:
    save("a", "x")
    other = save("b", "x")

    with refused("search_exists"):
        save("A", "x")
    with refused("search_exists"):
        call("update_saved_search", user.id, other, "a", "x", None, False)


def test_a_search_that_cannot_be_read_any_more_says_so_and_is_counted(
    save, found, call, user, owner, refused
) -> None:
    broken, nested, gone = save("broken", "x"), save("nested", "x"), save("gone", "x")
    for number, query in ((broken, "x ("), (nested, "search:gone"), (gone, "assignee:nobody-here")):
        run(owner, "UPDATE saved_search SET query = %s WHERE id = %s", query, number)

    for line in ("search:broken", "-search:nested"):
        with refused("search_invalid"):
            found(line)
    with refused("invalid_request") as refusal:
        found("x search:gone")

    assert refusal.value.facts["at"] == 3
    violations = {row["invariant"]: row["violations"] for row in call("verify_workspace", user.id, None)}
    assert violations["every saved search can be read"] == 3
