"""/api/v1/tasks/{id}/blockers, /impact, /path and /effective-priority: questions about one task."""

from typing import Any

import pytest

from tests.http.conftest import Api, problem


async def answer(api: Api, task: int, question: str, **parameters: Any) -> dict[str, Any]:
    response = await api.get(f"/api/v1/tasks/{task}/{question}", params=parameters)
    assert response.status == 200, await response.text()
    return await response.json()


@pytest.fixture
async def chain(api: Api) -> tuple[int, int, int]:
    """ship, urgent, waits for build, which waits for design, which is low."""
    design = await api.task("design", priority="low", assignee_id=api.user["id"])
    build = await api.task("build", depends_on=[design])
    ship = await api.task("ship", depends_on=[build], priority="urgent")
    return ship, build, design


async def test_blockers_are_the_tasks_that_can_be_worked_on(api: Api, chain: tuple[int, int, int]) -> None:
    ship, build, design = chain

    found = await answer(api, ship, "blockers")

    (blocker,) = found["items"]
    assert found["task_id"] == ship
    assert 0 <= blocker.pop("age_days") < 1
    assert blocker == {
        "id": design,
        "title": "design",
        "status": "pending",
        "priority": "low",
        "assignee_id": api.user["id"],
        "assignee": api.user["username"],
        "assignee_team_id": None,
        "team": None,
        "would_free": 1,
        "distance": 2,
        "path": [ship, build, design],
    }
    assert (await answer(api, design, "blockers"))["items"] == []


async def test_the_impact_counts_what_waits_and_lists_what_becomes_ready(
    api: Api, chain: tuple[int, int, int]
) -> None:
    ship, build, design = chain

    found = await answer(api, design, "impact")

    assert (found["task_id"], found["waiting"]) == (design, 2)
    assert [task["id"] for task in found["would_free"]] == [build]
    nobody = dict.fromkeys(("assignee_id", "assignee", "assignee_team_id", "team"))
    assert found["waiting_by"] == [{"status": "pending", "tasks": 2} | nobody]
    assert await answer(api, ship, "impact") == {
        "task_id": ship,
        "would_free": [],
        "waiting": 0,
        "waiting_by": [],
    }


async def test_the_impact_follows_each_change(api: Api, chain: tuple[int, int, int]) -> None:
    _, build, design = chain
    assert (await answer(api, design, "impact"))["waiting"] == 2

    await api.patch(f"/api/v1/tasks/{build}", json={"status": "cancelled"})

    assert (await answer(api, design, "impact"))["waiting"] == 0


async def test_a_path_leads_from_a_task_to_what_it_waits_for(api: Api, chain: tuple[int, int, int]) -> None:
    ship, build, design = chain

    found = await answer(api, ship, "path", to=design)
    back = await answer(api, design, "path", to=ship)

    assert [task["id"] for task in found["items"]] == [ship, build, design]
    assert (found["task_id"], found["to"]) == (ship, design)
    assert back["items"] == []


@pytest.mark.parametrize("to", [None, "0", "x"])
async def test_a_path_needs_to_know_where_it_leads(api: Api, to: str | None) -> None:
    task = await api.task()

    response = await api.get(f"/api/v1/tasks/{task}/path", params={"to": to} if to else {})

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["to"]


async def test_a_low_task_says_what_makes_it_urgent(api: Api, chain: tuple[int, int, int]) -> None:
    ship, _, design = chain

    assert await answer(api, design, "effective-priority") == {
        "task_id": design,
        "priority": "low",
        "effective_priority": "urgent",
        "from_task_id": ship,
        "from_title": "ship",
    }


@pytest.mark.parametrize("question", ["blockers", "impact", "path", "effective-priority"])
async def test_strangers_are_told_nothing(api: Api, stranger: Api, question: str) -> None:
    mine, theirs = await api.task(), await stranger.task()
    parameters = {"to": theirs} if question == "path" else {}

    response = await stranger.get(f"/api/v1/tasks/{mine}/{question}", params=parameters)

    await problem(response, 404, "task_not_found")


async def test_a_path_to_the_task_of_somebody_else_is_not_found(api: Api, stranger: Api) -> None:
    mine, theirs = await api.task(), await stranger.task()

    await problem(await api.get(f"/api/v1/tasks/{mine}/path", params={"to": theirs}), 404, "task_not_found")
