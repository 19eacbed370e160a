"""The ready list of what a search finds."""

import pytest


@pytest.fixture
def five(call, user, tasks):
    """a and b are ready, c waits for b and is urgent, d is ready and low, e is done; all but d have a tag."""
    ids = tasks("a", "b", "c", "d", "e")
    a, b, c, d, e = ids
    for task in (a, b, c, e):
        call("update_task", user.id, task, {"tags": ["web"]}, None, False)
    call("update_task", user.id, c, {"priority": "urgent"}, None, False)
    call("update_task", user.id, d, {"priority": "low"}, None, False)
    call("add_dependency", user.id, c, b)
    call("complete_task", user.id, e)
    return ids


@pytest.fixture
def found(call, user):
    """The titles in a ready list, and how urgent each is by those that wait for it."""

    def titles(wanted=None, line=None, by_effective=False, skip=0, limit=10):
        rows = call("find_ready_tasks", user.id, None, wanted, line, by_effective, skip, limit)
        return [(row["title"], row["effective_priority"]) if by_effective else row["title"] for row in rows]

    return titles


def test_what_a_search_finds_and_is_ready_comes_most_urgent_first(five, call, user, found):
    (search,) = call("create_saved_search", user.id, None, "web ones", "tag:web sort:title", None, False)
    call("update_task", user.id, five[1], {"priority": "high"}, None, False)

    assert found(line='search:"web ones"') == found({"search": search["search_id"]}) == ["b", "a"]
    assert found(line="-search:'web ones'".replace("'", '"')) == ["d"]
    assert found({"tag": "web"}, "a") == ["a"]
    assert found(line="tag:web", limit=1) == ["b"]
    assert found(line="tag:web", skip=1) == ["a"]
    assert found(line="is:blocked") == found({"ready": False}) == []
    assert found({"ready": True, "tag": "web"}) == ["b", "a"]


def test_by_effective_priority_what_others_wait_for_comes_first(five, found):
    assert found(line="tag:web", by_effective=True) == [("b", "urgent"), ("a", "medium")]
    assert found(line="-tag:web", by_effective=True) == [("d", "low")]
    assert found(line="tag:web", by_effective=True, skip=1) == [("a", "medium")]
    assert found(line="tag:nowhere", by_effective=True) == []


@pytest.mark.parametrize("by_effective", [False, True])
def test_without_a_search_it_is_the_ready_list(five, call, user, by_effective):
    listed = call("list_ready_tasks", user.id, None, by_effective, 0, 10)

    assert call("find_ready_tasks", user.id, None, None, None, by_effective, 0, 10) == listed
    assert call("find_ready_tasks", user.id, None, {}, "", by_effective, 0, 10) == listed
    assert call("find_ready_tasks", user.id, None, {"open": True}, "is:open", by_effective, 0, 10) == listed


def test_an_error_points_at_what_was_typed(user, call, refused):
    with refused("invalid_request") as refusal:
        call("find_ready_tasks", user.id, None, None, "is:open colour:red", False, 0, 10)
    assert refusal.value.facts["at"] == 9
    with refused("invalid_request") as refusal:
        call("find_ready_tasks", user.id, None, {"not": {"colour": "red"}}, None, False, 0, 10)
    with refused("invalid_request") as listed:
        call("list_tasks", user.id, None, {"not": {"colour": "red"}}, None, None, None, 0, 10)
    assert refusal.value.facts == listed.value.facts


@pytest.mark.parametrize("wanted", ["[]", "[{}]", '[{"tag": "a"}]', "null", "1", '""'])
@pytest.mark.parametrize("by_effective", [False, True])
def test_a_filter_that_is_no_object_is_refused(user, call, refused, wanted, by_effective):
    with refused("invalid_request"):
        call("find_ready_tasks", user.id, None, wanted, None, by_effective, 0, 10)
