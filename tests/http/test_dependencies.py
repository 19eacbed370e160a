"""/api/v1/tasks/{id}/dependencies, /dependents and /tree: which task waits for which."""

from typing import Any

import pytest

from tests.http.conftest import Api, problem


def path(task: int, rest: str = "dependencies") -> str:
    return f"/api/v1/tasks/{task}/{rest}"


async def chain(api: Api, *titles: str) -> list[int]:
    """Tasks that each wait for the one before."""
    tasks: list[int] = []
    for title in titles:
        tasks.append(await api.task(title, depends_on=tasks[-1:]))
    return tasks


async def ids(api: Api, where: str, **parameters: Any) -> list[int]:
    response = await api.get(where, params=parameters)
    assert response.status == 200, await response.text()
    return [task["id"] for task in (await response.json())["items"]]


async def test_a_task_is_made_to_wait_for_another(api: Api) -> None:
    build, design = await api.task("build"), await api.task("design")

    response = await api.post(path(build), json={"depends_on_id": design})

    edge = await response.json()
    assert response.status == 201
    assert (edge["task_id"], edge["depends_on_id"], edge["created_by"]) == (build, design, api.user["id"])
    assert await ids(api, path(build)) == [design]


async def test_a_cycle_is_refused_with_its_path(api: Api) -> None:
    design, build, ship = await chain(api, "design", "build", "ship")

    response = await api.post(path(design), json={"depends_on_id": ship})

    document = await problem(response, 409, "dependency_cycle")
    cycle = [step["task_id"] if isinstance(step, dict) else step for step in document["path"]]
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {design, build, ship}


async def test_a_task_cannot_wait_for_itself(api: Api) -> None:
    task = await api.task()

    await problem(await api.post(path(task), json={"depends_on_id": task}), 409, "dependency_cycle")


async def test_a_dependency_is_added_once(api: Api) -> None:
    design, build = await chain(api, "design", "build")

    await problem(await api.post(path(build), json={"depends_on_id": design}), 409, "dependency_exists")


async def test_a_dependency_on_the_task_of_somebody_else_is_refused(api: Api, stranger: Api) -> None:
    mine, theirs = await api.task(), await stranger.task()

    await problem(await api.post(path(mine), json={"depends_on_id": theirs}), 404, "task_not_found")


@pytest.mark.parametrize(
    "body",
    [{}, {"depends_on_id": None}, {"depends_on_id": "1"}, {"depends_on_id": 0}, {"depends_on_id": True}],
)
async def test_a_body_without_a_proper_id_is_refused(api: Api, body: dict[str, Any]) -> None:
    task = await api.task()

    response = await api.post(path(task), json=body)

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["depends_on_id"]


async def test_a_dependency_is_removed_once(api: Api) -> None:
    design, build = await chain(api, "design", "build")

    removed = await api.delete(path(build, f"dependencies/{design}"))
    again = await api.delete(path(build, f"dependencies/{design}"))

    assert removed.status == 200
    assert await ids(api, path(build)) == []
    await problem(again, 404, "dependency_not_found")


async def test_neighbours_are_direct_or_transitive(api: Api) -> None:
    design, build, ship = await chain(api, "design", "build", "ship")

    assert await ids(api, path(ship)) == [build]
    assert sorted(await ids(api, path(ship), transitive="true")) == sorted([design, build])
    assert await ids(api, path(design, "dependents")) == [build]
    assert sorted(await ids(api, path(design, "dependents"), transitive="true")) == sorted([build, ship])


async def test_neighbours_are_read_page_by_page(api: Api) -> None:
    tasks = await chain(api, "a", "b", "c", "d")

    first = await api.get(path(tasks[-1]), params={"transitive": "true", "limit": 2})
    second = await api.get(path(tasks[-1]), params={"transitive": "true", "limit": 2, "skip": 2})

    pages = [await first.json(), await second.json()]
    assert [page["has_more"] for page in pages] == [True, False]
    assert sorted(task["id"] for page in pages for task in page["items"]) == sorted(tasks[:-1])


async def test_a_tree_is_nested_by_default(api: Api) -> None:
    design, build, ship = await chain(api, "design", "build", "ship")

    answer = await (await api.get(path(ship, "tree"))).json()

    assert (answer["task_id"], answer["direction"], answer["count"]) == (ship, "upstream", 2)
    root = answer["tree"]
    (child,) = root["children"]
    (grandchild,) = child["children"]
    assert [node["id"] for node in (root, child, grandchild)] == [ship, build, design]
    assert [node["depth"] for node in (root, child, grandchild)] == [0, 1, 2]
    assert [node["readiness"] for node in (root, child, grandchild)] == ["blocked", "blocked", "ready"]
    assert "items" not in answer


async def test_a_tree_of_a_diamond_holds_each_task_once(api: Api) -> None:
    base = await api.task("base")
    left, right = await api.task("left", depends_on=[base]), await api.task("right", depends_on=[base])
    top = await api.task("top", depends_on=[left, right])

    answer = await (await api.get(path(top, "tree"), params={"format": "flat"})).json()

    assert sorted(item["id"] for item in answer["items"]) == sorted([base, left, right, top])
    assert {item["id"]: item["depth"] for item in answer["items"]} == {top: 0, left: 1, right: 1, base: 2}
    assert "tree" not in answer


async def test_a_tree_goes_the_other_way_and_only_so_deep(api: Api) -> None:
    design, build, _ = await chain(api, "design", "build", "ship")

    response = await api.get(path(design, "tree"), params={"direction": "downstream", "depth": 1})

    answer = await response.json()
    assert (answer["direction"], answer["count"]) == ("downstream", 1)
    assert [child["id"] for child in answer["tree"]["children"]] == [build]


async def test_a_tree_deeper_than_a_hundred_levels_is_nested_only_in_part(api: Api) -> None:
    top = (await chain(api, *(f"step {number}" for number in range(102))))[-1]

    nested = await api.get(path(top, "tree"))
    flat = await api.get(path(top, "tree"), params={"format": "flat"})
    cut = await api.get(path(top, "tree"), params={"depth": 100})

    await problem(nested, 422, "tree_too_deep")
    assert len((await flat.json())["items"]) == 102
    assert (await cut.json())["count"] == 100


@pytest.mark.parametrize(
    ("name", "value"),
    [("direction", "sideways"), ("depth", "0"), ("depth", "x"), ("format", "xml"), ("limit", "1")],
)
async def test_a_wrong_parameter_of_a_tree_is_named(api: Api, name: str, value: str) -> None:
    task = await api.task()

    response = await api.get(path(task, "tree"), params={name: value})

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == [name]
