"""/api/v1/users/me/notifications and what belongs to them: the inbox, what is wanted there, tasks that are watched."""

from collections.abc import Callable
from typing import Any

import pytest

from service.database.calls import call as call_procedure
from tests.conftest import Database
from tests.http.conftest import Api, problem

INBOX = "/api/v1/users/me/notifications"
PREFERENCES = "/api/v1/users/me/notification-preferences"


@pytest.fixture
def dispatch(database: Database) -> Callable[[int], None]:
    """What the worker does with all that has happened in a workspace."""

    def told(workspace_id: int) -> None:
        with database.owner() as owner:
            call_procedure(owner, "dispatch_changes", workspace_id, 100_000)

    return told


@pytest.fixture
async def shared(api: Api, stranger: Api) -> int:
    """A workspace of the one user in which the other is a member."""
    workspace = (await (await api.post("/api/v1/workspaces", json={"name": "Team"})).json())["id"]
    path = f"/api/v1/workspaces/{workspace}/members/{stranger.user['username']}"
    assert (await api.put(path, json={"role": "member"})).status == 200
    return workspace


@pytest.fixture
def assigned(api: Api, stranger: Api, shared: int, dispatch: Any) -> Callable[[str], Any]:
    """The other user is told of a task that they were given."""

    async def assign(title: str) -> int:
        number = await api.task(title, workspace_id=shared, assignee_id=stranger.user["id"])
        dispatch(shared)
        return number

    return assign


async def inbox(api: Api, **query: Any) -> dict[str, Any]:
    response = await api.get(INBOX, params=query)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_what_somebody_did_is_found_in_the_inbox_of_whom_it_concerns(
    api: Api, stranger: Api, shared: int, assigned: Any
) -> None:
    task = await assigned("Draw the map")

    page = await inbox(stranger)

    (item,) = page["items"]
    told = {
        "kind": "assigned",
        "task_id": task,
        "title": "Draw the map",
        "workspace_id": shared,
        "workspace": "Team",
    }
    assert item | told == item
    assert (item["actor_id"], item["actor"]) == (api.user["id"], api.user["username"])
    assert (item["read_at"], item["due_at"], page["unread"], page["next"]) == (None, None, 1, None)
    assert (await inbox(api))["items"] == []


async def test_the_inbox_comes_in_pages(stranger: Api, assigned: Any) -> None:
    tasks = [await assigned(title) for title in "abc"]

    first = await inbox(stranger, limit=2)
    second = await inbox(stranger, limit=2, cursor=first["next"])

    assert [item["task_id"] for item in [*first["items"], *second["items"]]] == tasks[::-1]
    assert second["next"] is None
    for place in ("InNpeCI", "MTI", "e30", "WyJzaXgiXQ"):
        document = await problem(await stranger.get(INBOX, params={"cursor": place}), 422, "invalid_request")
        assert list(document["errors"]) == ["cursor"]


async def test_what_was_seen_is_read_and_what_came_after_it_is_not(stranger: Api, assigned: Any) -> None:
    tasks = [await assigned(title) for title in "abc"]
    seen = (await inbox(stranger))["items"][1]

    marked = await (await stranger.post(f"{INBOX}/read", json={"up_to_id": seen["id"]})).json()
    rest = await inbox(stranger, unread="true")
    again = await (await stranger.patch(f"{INBOX}/{seen['id']}", json={"is_read": False})).json()
    everything = await (await stranger.post(f"{INBOX}/read", json={})).json()

    assert marked == {"marked": 2}
    assert ([item["task_id"] for item in rest["items"]], rest["unread"]) == (tasks[2:], 1)
    assert (again["id"], again["read_at"]) == (seen["id"], None)
    assert everything == {"marked": 2}
    assert (await inbox(stranger, unread="true")) == {"items": [], "unread": 0, "next": None}


async def test_nobody_marks_what_others_were_told(api: Api, stranger: Api, assigned: Any) -> None:
    await assigned("theirs")
    (item,) = (await inbox(stranger))["items"]

    response = await api.patch(f"{INBOX}/{item['id']}", json={"is_read": True})

    await problem(response, 404, "notification_not_found")
    assert (await inbox(stranger))["items"] == [item]


async def test_what_is_wanted_is_said_for_everywhere_and_for_one_workspace(
    stranger: Api, shared: int, assigned: Any
) -> None:
    body = {"kind": "assigned", "inbox": False, "mail": "none"}
    said = await (await stranger.put(PREFERENCES, json=body)).json()
    await assigned("silent")
    here = await stranger.put(
        f"/api/v1/workspaces/{shared}/notification-preferences", json={"kind": "assigned", "inbox": True}
    )
    task = await assigned("told")

    listed = (await (await stranger.get(PREFERENCES)).json())["items"]

    assert said == body | {
        "workspace_id": None,
        "description": "a task was assigned to you or to a team of yours",
        "is_default": False,
    }
    assert [item["task_id"] for item in (await inbox(stranger))["items"]] == [task]
    assert said in listed
    assert await here.json() in listed
    assert (await here.json())["workspace_id"] == shared


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "gossip"}, "kind"),
        ({"kind": "ready", "mail": "pigeon"}, "mail"),
        ({"kind": "ready", "inbox": "maybe"}, "inbox"),
        ({"kind": "ready", "inbox": 1}, "inbox"),
        ({"kind": "ready", "workspace_id": 1}, "workspace_id"),
    ],
)
async def test_other_wishes_are_refused(api: Api, body: dict[str, Any], field: str) -> None:
    response = await api.put(PREFERENCES, json=body)

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == [field]


async def test_a_task_is_watched_or_muted_or_neither(api: Api, stranger: Api, shared: int) -> None:
    task = await api.task("ours", workspace_id=shared)
    path = f"/api/v1/tasks/{task}"

    answers = [
        await (await stranger.request(method, path + end)).json()
        for method, end in (
            ("GET", "/watch"), ("PUT", "/watch"), ("PUT", "/mute"), ("GET", "/watch"), ("DELETE", "/watch"),
        )
    ]  # fmt: skip

    assert [answer["watch"] for answer in answers] == ["none", "watching", "muted", "muted", "none"]
    assert {answer["task_id"] for answer in answers} == {task}


async def test_a_task_that_is_watched_tells_when_it_is_completed(
    api: Api, stranger: Api, shared: int, dispatch: Any
) -> None:
    task = await api.task("ours", workspace_id=shared)
    await stranger.put(f"/api/v1/tasks/{task}/watch")

    await api.patch(f"/api/v1/tasks/{task}", json={"status": "completed"})
    dispatch(shared)

    assert [(item["kind"], item["task_id"]) for item in (await inbox(stranger))["items"]] == [
        ("completed", task)
    ]
