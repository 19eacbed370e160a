"""/api/v1/workspaces/{id}/changes and /diff, /tasks/{id}/tree/as-of: what changed, and how it was before."""

from typing import Any

import pytest

from tests.http.conftest import Api, problem


@pytest.fixture
def changes_path(api: Api) -> str:
    return f"/api/v1/workspaces/{api.user['workspace_id']}/changes"


async def test_a_feed_goes_on_where_it_stopped(api: Api, changes_path: str) -> None:
    task = await api.task("ship", due_at="2030-01-31T17:00:00+01:00")

    first = await (await api.get(changes_path, params={"limit": 2})).json()
    second = await (await api.get(changes_path, params={"after": first["next_after"]})).json()
    third = await (await api.get(changes_path, params={"after": second["next_after"]})).json()

    assert [item["revision"] for item in first["items"]] == [1, 2]
    assert (first["next_after"], first["has_more"]) == (2, True)
    (item,) = second["items"]
    assert (item["entity"], item["action"], item["task_id"]) == ("task", "insert", task)
    assert (item["actor_id"], item["old_row"]) == (api.user["id"], None)
    assert item["new_row"]["title"] == "ship"
    assert item["new_row"]["due_at"] == "2030-01-31T16:00:00Z"
    assert item["changed_at"].endswith("Z")
    assert second["has_more"] is False
    assert third == {"items": [], "next_after": 3, "has_more": False}


async def test_a_follower_sees_a_change_at_once(api: Api, changes_path: str) -> None:
    seen = (await (await api.get(changes_path)).json())["next_after"]
    assert (await (await api.get(changes_path, params={"after": seen})).json())["items"] == []

    task = await api.task("ship")

    (item,) = (await (await api.get(changes_path, params={"after": seen})).json())["items"]
    assert item["task_id"] == task


async def test_a_revision_of_the_future_is_refused(api: Api, changes_path: str) -> None:
    response = await api.get(changes_path, params={"after": 1000})

    assert (await problem(response, 404, "revision_unknown"))["newest"] == 2


async def test_a_stranger_sees_no_changes(stranger: Api, changes_path: str) -> None:
    await problem(await stranger.get(changes_path), 404, "workspace_not_found")


@pytest.mark.parametrize("wrong", [{"after": "-1"}, {"after": "x"}, {"limit": "0"}, {"limit": "1001"}])
async def test_a_wrong_cursor_is_refused(api: Api, changes_path: str, wrong: dict[str, str]) -> None:
    response = await api.get(changes_path, params=wrong)

    assert (await problem(response, 422, "invalid_request"))["errors"].keys() == wrong.keys()


@pytest.fixture
async def shipped(api: Api, changes_path: str) -> tuple[int, int, dict[str, Any]]:
    """A task that waited for another, the other, deleted by now, and the change by which it began to wait."""
    design = await api.task("design")
    ship = await api.task("ship")
    await api.post(f"/api/v1/tasks/{ship}/dependencies", json={"depends_on_id": design})
    (*_, joined) = (await (await api.get(changes_path)).json())["items"]
    await api.delete(f"/api/v1/tasks/{design}", params={"mode": "splice"})
    return ship, design, joined


def as_of(task: int) -> str:
    return f"/api/v1/tasks/{task}/tree/as-of"


@pytest.mark.parametrize(("name", "column"), [("revision", "revision"), ("time", "changed_at")])
async def test_a_tree_of_the_past_has_what_was_deleted_since(
    api: Api, shipped: tuple[int, int, dict[str, Any]], name: str, column: str
) -> None:
    ship, design, joined = shipped

    up = await (await api.get(as_of(ship), params={name: joined[column]})).json()
    down = await (
        await api.get(
            as_of(design), params={name: joined[column], "direction": "downstream", "format": "flat"}
        )
    ).json()

    assert (up["revision"], up["count"], up["tree"]["readiness"]) == (joined["revision"], 1, "blocked")
    assert [(child["id"], child["title"]) for child in up["tree"]["children"]] == [(design, "design")]
    assert [row["id"] for row in down["items"]] == [design, ship]


async def test_a_task_that_was_not_there_has_no_tree(
    api: Api, shipped: tuple[int, int, dict[str, Any]]
) -> None:
    ship, design, _ = shipped

    early = await api.get(as_of(ship), params={"time": "2000-01-01T00:00:00Z"})
    late = await api.get(as_of(design), params={"time": "2999-01-01T00:00:00Z"})
    never = await api.get(as_of(2**50), params={"revision": 1})

    assert (await problem(early, 404, "task_absent_then"))["revision"] == 0
    await problem(late, 404, "task_absent_then")
    await problem(never, 404, "task_not_found")


async def test_a_question_about_the_past_says_when(api: Api) -> None:
    task = await api.task("ship")

    for when in ({}, {"revision": 1, "time": "2030-01-01"}, {"time": "soon"}, {"revision": -1}):
        await problem(await api.get(as_of(task), params=when), 422, "invalid_request")
    await problem(await api.get(as_of(task), params={"revision": 1000}), 404, "revision_unknown")


async def test_a_stranger_sees_no_tree_of_the_past(
    stranger: Api, shipped: tuple[int, int, dict[str, Any]]
) -> None:
    ship, design, joined = shipped

    for task in (ship, design):
        response = await stranger.get(as_of(task), params={"revision": joined["revision"]})
        await problem(response, 404, "task_not_found")


def diff(api: Api) -> str:
    return f"/api/v1/workspaces/{api.user['workspace_id']}/diff"


async def test_a_difference_is_net(api: Api) -> None:
    ship, gone = await api.task("ship"), await api.task("gone")
    before = await (await api.get(diff(api), params={"from": 0})).json()
    await api.patch(f"/api/v1/tasks/{ship}", json={"title": "sail", "due_at": "2030-01-31T17:00:00Z"})
    await api.delete(f"/api/v1/tasks/{gone}")
    await api.delete(f"/api/v1/tasks/{await api.task('came and went')}")
    new = await api.task("new", depends_on=[ship], tags=["red"])

    answer = await (await api.get(diff(api), params={"from": before["to_revision"]})).json()

    assert [(item["entity"], item["action"]) for item in before["items"]] == [
        ("workspace", "insert"), ("membership", "insert"), ("task", "insert"), ("task", "insert"),
    ]  # fmt: skip
    assert (answer["from_revision"], answer["has_more"]) == (before["to_revision"], False)
    changed, deleted, made, tagged, waits = answer["items"]
    assert (changed["task_id"], changed["action"]) == (ship, "update")
    assert changed["old_row"] == {"title": "ship", "due_at": None}
    assert changed["new_row"] == {"title": "sail", "due_at": "2030-01-31T17:00:00Z"}
    assert (deleted["task_id"], deleted["action"], deleted["old_row"]["title"]) == (gone, "delete", "gone")
    assert (made["task_id"], made["action"], made["new_row"]["title"]) == (new, "insert", "new")
    assert (tagged["entity"], tagged["new_row"]) == ("tag", {"name": "red"})
    assert (waits["entity"], waits["task_id"], waits["depends_on_id"]) == ("dependency", new, ship)


async def test_a_difference_is_asked_for_by_time_too_and_in_pages(api: Api, changes_path: str) -> None:
    first, second = await api.task("first"), await api.task("second")
    moments = [item["changed_at"] for item in (await (await api.get(changes_path)).json())["items"]]

    pages = [
        await (
            await api.get(diff(api), params={"from": moments[1], "to": moments[3], "skip": skip, "limit": 1})
        ).json()
        for skip in (0, 1)
    ]

    assert [(page["from_revision"], page["to_revision"]) for page in pages] == [(2, 4), (2, 4)]
    assert [page["items"][0]["task_id"] for page in pages] == [first, second]
    assert [page["has_more"] for page in pages] == [True, False]


async def test_a_difference_that_is_not_one_is_refused(api: Api, stranger: Api) -> None:
    for wrong in ({}, {"from": "soon"}, {"from": -1}, {"from": 2, "to": 1}, {"from": 1, "limit": 1001}):
        await problem(await api.get(diff(api), params=wrong), 422, "invalid_request")
    await problem(await api.get(diff(api), params={"from": 1, "to": 1000}), 404, "revision_unknown")
    await problem(await stranger.get(diff(api), params={"from": 1}), 404, "workspace_not_found")
