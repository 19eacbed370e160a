"""/api/v1/workspaces/{id}/changes: what changed, in order."""

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
