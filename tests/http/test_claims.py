"""/api/v1/claims and /api/v1/tasks/{id}/claim: the next task of the queue, for one worker, for a time."""

import asyncio
from typing import Any

import pytest

from tests.http.conftest import Api, problem

CLAIMS = "/api/v1/claims"


def path(task: int, rest: str = "") -> str:
    return f"/api/v1/tasks/{task}/claim{rest}"


async def claimed(api: Api, **body: Any) -> dict[str, Any]:
    response = await api.post(CLAIMS, json={"lease_seconds": 600} | body)
    assert response.status == 201, await response.text()
    return await response.json()


async def test_the_next_task_is_claimed_and_completed(api: Api) -> None:
    low, high = await api.task("low"), await api.task("high", priority="high")

    first = await claimed(api)
    response = await api.post(path(high, "/complete"), json={"fence": first["fence"]})
    done = await response.json()

    assert (first["id"], first["status"], first["assignee_id"]) == (high, "in_progress", api.user["id"])
    assert (response.status, done["status"]) == (200, "completed")
    assert (await claimed(api))["id"] == low


async def test_an_empty_queue_says_so(api: Api) -> None:
    response = await api.post(CLAIMS, json={"lease_seconds": 600})

    await problem(response, 404, "nothing_to_claim")


async def test_filters_are_part_of_the_body(api: Api) -> None:
    red = await api.task("red", tags=["red"], priority="high", assignee_id=api.user["id"])

    for other in ({"tags": ["blue"]}, {"min_priority": "urgent"}, {"assignee": "unassigned"}):
        response = await api.post(CLAIMS, json={"lease_seconds": 600} | other)
        await problem(response, 404, "nothing_to_claim")

    assert (await claimed(api, tags=["red"], min_priority="high", assignee="mine"))["id"] == red


async def test_a_workspace_can_be_named(api: Api) -> None:
    workspace = await (await api.post("/api/v1/workspaces", json={"name": "Team"})).json()
    await api.task("mine")
    task = await api.task("ours", workspace_id=workspace["id"])

    row = await claimed(api, workspace_id=workspace["id"])
    listed = await (await api.get(CLAIMS, params={"workspace_id": workspace["id"]})).json()

    assert row["id"] == task
    assert [claim["task_id"] for claim in listed["items"]] == [task]


async def test_claims_are_listed_as_they_are_at_this_moment(api: Api) -> None:
    task = await api.task("one")
    row = await claimed(api)

    before = await (await api.get(CLAIMS)).json()
    renewed = await (
        await api.post(path(task, "/renew"), json={"fence": row["fence"], "lease_seconds": 6000})
    ).json()
    after = await (await api.get(CLAIMS)).json()

    assert [claim["lease_expires_at"] for claim in before["items"]] == [row["lease_expires_at"]]
    assert [claim["lease_expires_at"] for claim in after["items"]] == [renewed["lease_expires_at"]]
    assert (after["items"][0]["username"], after["items"][0]["is_expired"]) == (api.user["username"], False)
    assert renewed["fence"] == row["fence"]


async def test_a_claim_is_given_back(api: Api) -> None:
    task = await api.task("one")
    row = await claimed(api)

    response = await api.delete(path(task), params={"fence": row["fence"]})

    assert (response.status, (await response.json())["status"]) == (200, "pending")
    assert (await (await api.get(f"/api/v1/tasks/{task}")).json())["status"] == "pending"
    assert (await claimed(api))["fence"] > row["fence"]


async def test_who_has_lost_the_claim_is_told_so(api: Api) -> None:
    task = await api.task("one")
    row = await claimed(api)
    await api.patch(f"/api/v1/tasks/{task}", json={"status": "cancelled"})

    late = [
        await api.post(path(task, "/complete"), json={"fence": row["fence"]}),
        await api.post(path(task, "/renew"), json={"fence": row["fence"], "lease_seconds": 600}),
        await api.delete(path(task), params={"fence": row["fence"]}),
    ]

    for response in late:
        document = await problem(response, 409, "claim_lost")
        assert (document["task_id"], document["fence"]) == (task, row["fence"])


async def test_strangers_find_nothing(api: Api, stranger: Api) -> None:
    task = await api.task("one")
    row = await claimed(api)

    response = await stranger.post(path(task, "/complete"), json={"fence": row["fence"]})

    await problem(response, 404, "task_not_found")
    workspace = {"workspace_id": row["workspace_id"]}
    await problem(
        await stranger.post(CLAIMS, json={"lease_seconds": 600} | workspace), 404, "workspace_not_found"
    )
    await problem(await stranger.get(CLAIMS, params=workspace), 404, "workspace_not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lease_seconds"),
        ({"lease_seconds": 0}, "lease_seconds"),
        ({"lease_seconds": 86_401}, "lease_seconds"),
        ({"lease_seconds": "600"}, "lease_seconds"),
        ({"lease_seconds": 600, "assignee": "me"}, "assignee"),
        ({"lease_seconds": 600, "min_priority": "highest"}, "min_priority"),
        ({"lease_seconds": 600, "tags": "red"}, "tags"),
        ({"lease_seconds": 600, "status": "pending"}, "status"),
    ],
)
async def test_other_bodies_are_refused(api: Api, body: dict[str, Any], field: str) -> None:
    await api.task("one")

    response = await api.post(CLAIMS, json=body)

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == [field]


async def test_the_fence_is_required(api: Api) -> None:
    task = await api.task("one")

    for response in (
        await api.delete(path(task)),
        await api.post(path(task, "/complete"), json={}),
        await api.post(path(task, "/renew"), json={"lease_seconds": 600}),
    ):
        assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["fence"]


async def test_clients_at_once_get_different_tasks(api: Api) -> None:
    tasks = [await api.task(f"task {number}") for number in range(12)]

    rows = await asyncio.gather(*(claimed(api) for _ in tasks))

    assert sorted(row["id"] for row in rows) == tasks
