"""Lists of tasks: /api/v1/tasks, /ready and /blocked."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.vocabulary import SORT_COLUMNS
from tests.http.conftest import Api, problem

TASKS = "/api/v1/tasks/"


async def titles(api: Api, path: str = TASKS, **parameters: Any) -> list[str]:
    response = await api.get(path, params=parameters)
    assert response.status == 200, await response.text()
    return [task["title"] for task in (await response.json())["items"]]


async def test_a_list_has_the_newest_first(api: Api) -> None:
    for title in ("one", "two", "three"):
        await api.task(title)

    assert await titles(api) == ["three", "two", "one"]


async def test_a_list_is_read_page_by_page(api: Api) -> None:
    for title in ("one", "two", "three"):
        await api.task(title)

    first = await (await api.get(TASKS, params={"limit": 2, "sort_order": "asc"})).json()
    second = await (await api.get(TASKS, params={"limit": 2, "skip": 2, "sort_order": "asc"})).json()

    assert ([task["title"] for task in first["items"]], first["has_more"]) == (["one", "two"], True)
    assert ([task["title"] for task in second["items"]], second["has_more"]) == (["three"], False)
    assert (second["skip"], second["limit"]) == (2, 2)


async def test_filters_narrow_the_list_together(api: Api) -> None:
    await api.task("plain")
    await api.task("both", priority="high", tags=["urgent", "web"])
    await api.task("one", priority="high", tags=["web"])

    assert await titles(api, priority="high", tags="urgent") == ["both"]
    assert await titles(api, tags="web", sort_order="asc") == ["both", "one"]
    response = await api.get(f"{TASKS}?tags=web&tags=urgent")
    assert [task["title"] for task in (await response.json())["items"]] == ["both"]


async def test_a_search_looks_into_titles_and_descriptions(api: Api) -> None:
    await api.task("Translate the website")
    await api.task("other", description="about the WEBSITE too")
    await api.task("nothing of it")

    assert sorted(await titles(api, search="website")) == ["Translate the website", "other"]


@pytest.mark.parametrize("search", ["100%", "a' OR '1'='1", "plain OR 1", "@1"])
async def test_a_search_for_odd_characters_finds_nothing_wrong(api: Api, search: str) -> None:
    await api.task("plain")

    assert await titles(api, search=search) == []


@pytest.mark.parametrize("search", ["%", "_", "\\", "+", "*", '"', "()"])
async def test_a_search_without_a_word_is_refused(api: Api, search: str) -> None:
    await problem(await api.get(TASKS, params={"search": search}), 422, "invalid_request")


async def test_a_search_tells_where_its_words_stand(api: Api) -> None:
    await api.task("Deploy the shop", description="The shop opens when it is deployed. <b>")
    await api.task("other", description="shop, deployments")

    page = await (
        await api.get(TASKS, params={"search": "deplo* & shop", "include": "highlights", "fields": "title"})
    ).json()

    assert page["sort"] == "relevance"
    assert page["items"] == [
        {
            "title": "Deploy the shop",
            "highlights": [
                {
                    "field": "title",
                    "comment_id": None,
                    "fragment": "Deploy the shop",
                    "marks": [[0, 6], [11, 4]],
                },
                {
                    "field": "description",
                    "comment_id": None,
                    "fragment": "The shop opens when it is deployed. <b>",
                    "marks": [[4, 4], [26, 8]],
                },
            ],
        },
        {
            "title": "other",
            "highlights": [
                {
                    "field": "description",
                    "comment_id": None,
                    "fragment": "shop, deployments",
                    "marks": [[0, 4], [6, 11]],
                }
            ],
        },
    ]


async def test_a_list_includes_who_does_a_task_and_what_it_waits_for(api: Api) -> None:
    me = await (await api.get("/api/v1/users/me")).json()
    design = await api.task("design", tags=["web"])
    await api.task("build", depends_on=[design], assignee_id=me["id"])

    page = await (
        await api.get(TASKS, params={"include": "assignee,dependencies,tags", "fields": "title"})
    ).json()
    plain = await (await api.get(TASKS, params={"include": "assignee"})).json()

    assert page["items"] == [
        {
            "title": "build",
            "assignee": {"user_id": me["id"], "username": me["username"]},
            "dependencies": [
                {
                    "id": design,
                    "title": "design",
                    "status": "pending",
                    "priority": "medium",
                    "readiness": "ready",
                }
            ],
            "tags": [],
        },
        {"title": "design", "assignee": None, "dependencies": [], "tags": ["web"]},
    ]
    assert plain["items"][0]["assignee"]["username"] == me["username"]
    assert "dependencies" not in plain["items"][0]


async def test_a_new_task_is_told_what_it_is_like(api: Api) -> None:
    await api.task("Translate the website", tags=["web"])
    await api.task("Translate the contract", tags=["legal"])

    similar = await (
        await api.get(f"{TASKS}similar", params={"title": "translate website", "limit": 1})
    ).json()
    tags = await (
        await api.get("/api/v1/tags/suggestions", params={"title": "website", "description": "all"})
    ).json()

    assert [(task["title"], task["score"]) for task in similar["items"]] == [("Translate the website", 1.0)]
    assert tags["items"] == [{"tag": "web", "score": 1.0, "tasks": 1}]


async def test_an_order_by_relevance_has_one_direction(api: Api) -> None:
    await api.task("nothing", description="website")
    await api.task("website")

    for way in ("asc", "desc"):
        assert await titles(api, search="website", sort_by="relevance", sort_order=way) == [
            "website",
            "nothing",
        ]
    await problem(await api.get(TASKS, params={"sort_by": "relevance"}), 422, "invalid_request")


async def test_priorities_sort_by_their_weight(api: Api) -> None:
    for priority in ("medium", "urgent", "low", "high"):
        await api.task(priority, priority=priority)

    assert await titles(api, sort_by="priority", sort_order="asc") == ["low", "medium", "high", "urgent"]


@pytest.mark.parametrize("column", sorted({*SORT_COLUMNS} - {"relevance"}))
async def test_every_column_sorts_both_ways(api: Api, column: str) -> None:
    a = await api.task("a", priority="low", due_at="2030-01-01T00:00:00Z", estimate_minutes=5)
    b = await api.task("b", priority="high", due_at="2031-01-01T00:00:00Z", estimate_minutes=60)
    for task in (a, b):
        for status in ("in_progress", "completed"):
            assert (await api.patch(f"{TASKS}{task}", json={"status": status})).status == 200

    assert await titles(api, sort_by=column, sort_order="asc") == ["a", "b"]
    assert await titles(api, sort_by=column, sort_order="desc") == ["b", "a"]


async def test_ready_and_blocked_share_the_open_tasks(api: Api) -> None:
    design = await api.task("design")
    await api.task("build", depends_on=[design])
    await api.task("done", status="completed")

    assert await titles(api, f"{TASKS}ready") == ["design"]
    assert await titles(api, f"{TASKS}blocked") == ["build"]


async def test_ready_tasks_are_listed_by_their_own_priority_or_that_of_what_waits(api: Api) -> None:
    design = await api.task("design", priority="low")
    await api.task("build", priority="urgent", depends_on=[design])
    await api.task("other")

    assert await titles(api, f"{TASKS}ready") == ["other", "design"]
    assert await titles(api, f"{TASKS}ready", by="priority") == ["other", "design"]
    assert await titles(api, f"{TASKS}ready", by="effective_priority") == ["design", "other"]
    page = await (await api.get(f"{TASKS}ready", params={"by": "effective_priority"})).json()
    assert [task["effective_priority"] for task in page["items"]] == ["urgent", "medium"]
    await problem(await api.get(f"{TASKS}ready", params={"by": "title"}), 422, "invalid_request")


async def test_a_status_filter_shows_that_status(api: Api) -> None:
    await api.task("open")
    await api.task("done", status="completed")

    assert await titles(api, status="completed") == ["done"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "done"),
        ("priority", "huge"),
        ("sort_by", "password_hash"),
        ("sort_order", "sideways"),
        ("skip", "-1"),
        ("skip", str(10**9 + 1)),
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "ten"),
        ("workspace_id", "0"),
        ("assignee_id", "me"),
        ("search", ""),
        ("search", "%"),
        ("search", "web*site"),
        ("tags", ""),
        ("filter", "x"),
        ("filter", "[]"),
        ("filter", "0"),
        ("filter", '{"and":[' * 48 + '{"tag": "a"}' + "]}" * 48),
        ("filter", '{"and":[' * 60 + '{"tag": "a"}' + "]}" * 60),
        ("colour", "red"),
    ],
)
async def test_a_wrong_parameter_is_named(api: Api, name: str, value: str) -> None:
    response = await api.get(TASKS, params={name: value})

    document = await problem(response, 422, "invalid_request")
    assert [path.partition(".")[0] for path in document["errors"]] == [name]


async def test_a_parameter_given_twice_is_refused(api: Api) -> None:
    response = await api.get(f"{TASKS}?limit=1&limit=2")

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["limit"]


async def test_a_query_is_typed_or_sent_as_json(api: Api) -> None:
    await api.task("late", due_at="2020-01-01T00:00:00Z", tags=["web"])
    await api.task("urgent", priority="urgent")
    await api.task("plain")

    assert await titles(api, query="is:overdue or priority:urgent sort:title") == ["late", "urgent"]
    assert await titles(api, filter='{"or": [{"overdue": true}, {"priority": "urgent"}]}') == [
        "urgent",
        "late",
    ]
    assert await titles(api, query="is:overdue or priority:urgent", tags="web") == ["late"]
    assert await titles(api, filter='{"not": {"tag": "web"}}', query="-priority:urgent") == ["plain"]


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("query", "is:open colour:red", 9),
        ("filter", '{"or": [{"is": "open"}, {"colour": 1}]}', "$.or[1].colour"),
        ("filter", '{"stauts": "x"}', "$.stauts"),
    ],
)
async def test_a_wrong_query_is_pointed_at(api: Api, name: str, value: str, at: int | str) -> None:
    document = await problem(await api.get(TASKS, params={name: value}), 422, "invalid_request")

    assert (document["at"], list(document["errors"])) == (at, [name])


@pytest.mark.parametrize("parameters", [{"tags": "web"}, {"search": "web", "status": "pending"}])
@pytest.mark.parametrize(
    ("wanted", "at"),
    [
        ('{"stauts": "x"}', "$.stauts"),
        ('{"and": [{"open": true}, {"colour": 1}]}', "$.and[1].colour"),
        ('{"and": "x"}', "$.and"),
    ],
)
async def test_a_wrong_filter_is_pointed_at_in_the_same_place_beside_other_parameters(
    api: Api, wanted: str, at: str, parameters: dict[str, str]
) -> None:
    response = await api.get(TASKS, params={"filter": wanted} | parameters)

    assert (await problem(response, 422, "invalid_request"))["at"] == at


async def test_a_filter_is_read_as_it_stands(api: Api) -> None:
    """An empty one is of all tasks, and one of nothing but a time gives its order."""
    await api.task("later", due_at="2020-01-02T00:00:00Z", tags=["web"])
    await api.task("sooner", due_at="2020-01-01T00:00:00Z", tags=["web"])
    await api.task("late", due_at="2020-01-03T00:00:00Z")

    assert await titles(api, filter="{}") == ["late", "sooner", "later"]
    assert await titles(api, filter='{"overdue": true}') == ["sooner", "later", "late"]
    assert await titles(api, filter="{}", tags="web") == ["sooner", "later"]
    assert await titles(api, filter='{"and": [{"overdue": true}]}', tags="web") == ["sooner", "later"]


async def test_a_total_that_was_not_asked_for_is_neither_exact_nor_not(api: Api) -> None:
    page = await (await api.get(TASKS)).json()

    assert (page["total"], page["total_is_exact"]) == (None, None)


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter": "{"},
        {"cursor": "?"},
        {"cursor": "bm8"},
        {"cursor": "WzFd"},
        {"sort_by": "title", "cursor": "WzEsMV0"},
    ],
)
async def test_a_parameter_that_cannot_be_read_is_refused(api: Api, parameters: dict[str, str]) -> None:
    await problem(await api.get(TASKS, params=parameters), 422, "invalid_request")


@pytest.mark.parametrize(
    "parameters", [{}, {"query": "sort:title"}, {"sort_by": "due_at", "sort_order": "asc"}]
)
async def test_a_cursor_leads_to_the_next_page(api: Api, parameters: dict[str, str]) -> None:
    for title in "cabed":
        await api.task(title)
    whole = await titles(api, **parameters)

    found, cursor = [], {}
    while cursor is not None:
        page = await (await api.get(TASKS, params=parameters | {"limit": 2} | cursor)).json()
        found += [task["title"] for task in page["items"]]
        cursor = {"cursor": page["next"]} if page["has_more"] else None

    assert found == whole


async def test_what_depends_on_the_clock_is_not_kept(api: Api) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=1)).replace(microsecond=0)
    await api.task("t", due_at=soon.isoformat())

    before = await titles(api, query="is:overdue")
    async with asyncio.timeout(20):
        while await titles(api, query="is:overdue") != ["t"]:
            pass

    assert before == []


async def test_of_several_values_of_a_parameter_one_must_hold(api: Api) -> None:
    for priority in ("low", "high", "urgent"):
        await api.task(priority, priority=priority)

    assert await titles(api, priority="low,urgent") == ["urgent", "low"]
    response = await api.get(f"{TASKS}?priority=low&priority=high&status=pending,completed")
    assert [task["title"] for task in (await response.json())["items"]] == ["high", "low"]


async def test_a_list_tells_what_is_asked_for(api: Api) -> None:
    task = await api.task("one", tags=["web"])
    await api.task("two")

    page = await (await api.get(TASKS, params={"fields": "id,tags", "total": "true", "tags": "web"})).json()

    assert page["items"] == [{"id": task, "tags": ["web"]}]
    assert (page["total"], page["total_is_exact"]) == (1, True)
    await problem(await api.get(TASKS, params={"fields": "id,colour"}), 422, "invalid_request")


async def test_facets_count_what_a_filter_finds(api: Api) -> None:
    await api.task("one", tags=["web"], priority="high")
    await api.task("two", tags=["web"])
    await api.task("three")

    answer = await (await api.get(f"{TASKS}facets", params={"query": "tag:web"})).json()

    assert {"field": "tag", "value": "web", "tasks": 2} in answer["items"]
    assert {"field": "priority", "value": "high", "tasks": 1} in answer["items"]
    assert {"field": "status", "value": "pending", "tasks": 2} in answer["items"]


async def test_a_list_comes_as_a_table_to_those_who_ask_for_one(api: Api) -> None:
    for title in ('say "hi", all', "=1+1", "three"):
        await api.task(title, tags=["web"])
    parameters = {"fields": "title,tags", "limit": 2}

    first = await api.get(TASKS, params=parameters, headers={"Accept": "text/csv"})
    link = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    second = await api.get(link, headers={"Accept": "application/json;q=0.5, application/x-ndjson"})
    usual = await api.get(TASKS, headers={"Accept": "text/html, */*;q=0.8, text/csv;q=0.1"})

    assert first.content_type == "text/csv"
    assert list(csv.reader(io.StringIO(await first.text()))) == [
        ["title", "tags"],
        ["three", '["web"]'],
        ["=1+1", '["web"]'],
    ]
    assert second.content_type == "application/x-ndjson"
    assert await second.text() == '{"title":"say \\"hi\\", all","tags":["web"]}\n'
    assert "Link" not in second.headers
    assert usual.content_type == "application/json"
