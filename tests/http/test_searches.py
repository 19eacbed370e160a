"""Saved searches over REST: /api/v1/searches."""

from typing import Any

from tests.http.conftest import Api, problem

SEARCHES = "/api/v1/searches"


async def test_a_search_is_saved_used_changed_and_deleted(api: Api) -> None:
    await api.task("b report", tags=["x"])
    await api.task("a report")
    await api.task("other")

    made = await api.post(SEARCHES, json={"name": "Reports", "query": "report sort:title", "is_shared": True})
    search = await made.json()
    place = f"{SEARCHES}/{search['id']}"
    found = await (await api.get(f"{place}/tasks", params={"fields": "title"})).json()
    narrowed = await (
        await api.get(f"{place}/tasks", params={"tags": "x", "fields": "title", "total": "true"})
    ).json()
    typed = await (
        await api.get("/api/v1/tasks", params={"query": "search:reports -tag:x", "fields": "title"})
    ).json()

    assert made.status == 201
    assert [task["title"] for task in found["items"]] == ["a report", "b report"]
    assert ([task["title"] for task in narrowed["items"]], narrowed["total"]) == (["b report"], 1)
    assert [task["title"] for task in typed["items"]] == ["a report"]
    changed = await api.put(place, json={"name": "Others", "filter": {"not": {"text": "report"}}})
    assert (await changed.json())["filter"] == {"not": {"text": "report"}}
    assert [task["title"] for task in (await (await api.get(f"{place}/tasks")).json())["items"]] == ["other"]
    assert [(one["name"], one["is_shared"]) for one in (await (await api.get(SEARCHES)).json())["items"]] == [
        ("Others", False)
    ]
    assert (await api.delete(place)).status == 200
    await problem(await api.get(f"{place}/tasks"), 404, "search_not_found")


async def test_a_search_says_something(api: Api) -> None:
    await problem(await api.post(SEARCHES, json={"name": "Nothing"}), 422, "invalid_request")
    await problem(await api.post(SEARCHES, json={"name": "Nothing", "query": "is:"}), 422, "invalid_request")


async def test_a_search_that_is_nested_too_deep_is_refused(api: Api) -> None:
    for depth in (30, 48, 60, 300):
        deep: dict[str, Any] = {"tag": "a"}
        for _ in range(depth):
            deep = {"and": [deep]}
        response = await api.post(SEARCHES, json={"name": "Deep", "filter": deep})

        assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["filter"]
