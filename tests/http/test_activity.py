"""/api/v1/tasks/{id}/activity: what happened to a task and what was said about it, newest first."""

from typing import Any

import pytest

from tests.http.conftest import Api, problem


async def activity(api: Api, task: int, **parameters: Any) -> dict[str, Any]:
    response = await api.get(f"/api/v1/tasks/{task}/activity", params=parameters)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_pages_are_followed_by_their_cursors(api: Api) -> None:
    task = await api.task("first")
    comments = f"/api/v1/tasks/{task}/comments"
    await api.patch(f"/api/v1/tasks/{task}", json={"title": "second"})
    made = await (await api.post(comments, json={"body": "**why?**"})).json()

    first = await activity(api, task, limit=2, format="html")
    await api.post(comments, json={"body": "because"})
    second = await activity(api, task, limit=2, cursor=first["next"])
    newest = await activity(api, task, limit=1)

    assert [(item["entity"], item["action"]) for item in first["items"]] == [
        ("comment", "insert"),
        ("task", "update"),
    ]
    said, changed = first["items"]
    assert said["comment"] == {key: value for key, value in made.items() if key != "revision"} | {
        "body_html": "<p><strong>why?</strong></p>\n"
    }
    assert (said["revision"], said["actor"]) == (made["revision"], api.user["username"])
    assert changed["comment"] is None
    assert (changed["old_row"]["title"], changed["new_row"]["title"]) == ("first", "second")
    assert [(item["entity"], item["action"]) for item in second["items"]] == [("task", "insert")]
    assert second["next"] is None
    assert newest["items"][0]["comment"]["body"] == "because"
    assert "body_html" not in newest["items"][0]["comment"]


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA", "dHJ1ZQ", "LTE", "MS41", "WzFd", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
async def test_a_cursor_that_no_page_gave_is_refused(api: Api, cursor: str) -> None:
    response = await api.get(f"/api/v1/tasks/{await api.task()}/activity", params={"cursor": cursor})

    await problem(response, 422, "invalid_request")
