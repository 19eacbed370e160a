"""/api/v1/workspaces/{id}/levels and /redundant-dependencies: questions about a whole graph."""

from typing import Any

import pytest

from tests.http.conftest import Api, problem


@pytest.fixture
async def chain(api: Api) -> tuple[int, int, int]:
    """Ship waits for build waits for design."""
    design = await api.task("design")
    build = await api.task("build", depends_on=[design])
    return await api.task("ship", depends_on=[build]), build, design


async def answer(api: Api, question: str, **parameters: Any) -> Any:
    path = f"/api/v1/workspaces/{api.user['workspace_id']}/{question}"
    response = await api.get(path, params=parameters)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_the_levels_are_waves_with_one_longest_chain(api: Api, chain: tuple[int, int, int]) -> None:
    ship, build, design = chain
    other = await api.task("other")

    found = await answer(api, "levels")

    assert (found["tasks"], found["longest_chain"]) == (4, [design, build, ship])
    assert [level["task_ids"] for level in found["items"]] == [[design, other], [build], [ship]]
    assert found["items"][0] == {
        "level": 0,
        "width": 2,
        "longest_chain_id": design,
        "longest_chain_title": "design",
        "task_ids": [design, other],
    }


async def test_the_levels_are_those_of_open_tasks_unless_asked_otherwise(
    api: Api, chain: tuple[int, int, int]
) -> None:
    ship, build, design = chain
    await api.patch(f"/api/v1/tasks/{design}", json={"status": "completed"})

    open_ones = await answer(api, "levels")
    all_of_them = await answer(api, "levels", open_only="false")

    assert open_ones["longest_chain"] == [build, ship]
    assert all_of_them["longest_chain"] == [design, build, ship]


async def test_a_redundant_dependency_is_named_with_what_implies_it(
    api: Api, chain: tuple[int, int, int]
) -> None:
    ship, build, design = chain
    assert (await answer(api, "redundant-dependencies"))["items"] == []

    await api.post(f"/api/v1/tasks/{ship}/dependencies", json={"depends_on_id": design})

    assert await answer(api, "redundant-dependencies") == {
        "items": [
            {
                "task_id": ship,
                "task_title": "ship",
                "depends_on_id": design,
                "depends_on_title": "design",
                "via_id": build,
                "via_title": "build",
            }
        ],
        "skip": 0,
        "limit": 50,
        "has_more": False,
    }


async def test_redundant_dependencies_are_read_page_by_page(api: Api, chain: tuple[int, int, int]) -> None:
    ship, build, design = chain
    await api.task("more", depends_on=[ship, build, design])

    pages = [await answer(api, "redundant-dependencies", skip=skip, limit=1) for skip in (0, 1)]

    assert [page["items"][0]["depends_on_id"] for page in pages] == [design, build]
    assert [page["has_more"] for page in pages] == [True, False]


@pytest.mark.parametrize("question", ["levels", "redundant-dependencies"])
async def test_the_graph_of_others_does_not_exist(api: Api, stranger: Api, question: str) -> None:
    response = await stranger.get(f"/api/v1/workspaces/{api.user['workspace_id']}/{question}")

    await problem(response, 404, "workspace_not_found")
