"""Tasks: what is to be done."""

from typing import Any

import orjson
from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_for_all, ask_one, page
from service.http.entity_tag import expected_version
from service.schemas.tasks import words

Fields = dict[str, Any]
# The parameters that are fields of a filter, and what they are called there.
FIELDS = {
    "status": "status",
    "priority": "priority",
    "assignee_id": "assignee",
    "assignee_team_id": "team",
    "tags": "tags",
    "search": "text",
    "saved": "search",
}
# What describe_tasks tells, of which a list shows what it includes.
ADDED = {"assignee", "dependencies"}
# Of these all values must hold, of the others one.
ALL_OF = {"tags", "search"}


async def create(request: web.Request, workspace_id: int, body: Fields) -> Row:
    return await ask_one(request, "create_task", workspace_id, body)


async def search(
    request: web.Request,
    workspace_id: int,
    query: str | None,
    filter: str | None,  # noqa: A002 - the name of the query parameter is part of the API
    cursor: list[Any] | None,
    skip: int,
    limit: int,
    total: bool,
    include: list[str],
    **simple: Any,
) -> Row:
    wanted, chosen = everything(filter, simple), simple.get("chosen")
    rows, (place,) = await ask_for_all(
        request, "list_tasks", workspace_id, wanted, query, sort(simple), cursor, skip, limit
    )
    if "highlights" in include:
        await add_highlights(request, workspace_id, wanted, query, rows)
    if not ADDED.isdisjoint(include):
        await add_names(request, workspace_id, rows, ADDED & set(include))
    if chosen:
        kept = {"task_id" if name == "id" else name for name in [*chosen, *include]}
        rows = [{name: row[name] for name in kept} for row in rows]
    counted = await ask_one(request, "count_tasks", workspace_id, wanted, query, None) if total else {}
    return {"items": rows, "skip": skip, "limit": limit} | {
        "total": counted.get("tasks"),
        "total_is_exact": counted.get("is_exact"),
        "has_more": place["after"] is not None,
        "sort": place["sort"],
        "next": place["after"],
    }


async def add_highlights(
    request: web.Request, workspace_id: int, wanted: Fields | None, query: str | None, rows: list[Row]
) -> None:
    """Tell of each task where in it stands what was looked for."""
    marked: dict[int, list[Row]] = {row["task_id"]: [] for row in rows}
    for mark in await ask(request, "highlight_tasks", workspace_id, wanted, query, list(marked)):
        marked[mark["task_id"]].append(mark)
    for row in rows:
        row["highlights"] = marked[row["task_id"]]


async def add_names(request: web.Request, workspace_id: int, rows: list[Row], wanted: set[str]) -> None:
    """Tell of each task who does it, and what it directly waits for."""
    ids = [row["task_id"] for row in rows]
    told = {row["task_id"]: row for row in await ask(request, "describe_tasks", workspace_id, ids)}
    for row in rows:
        row |= {name: orjson.loads(told[row["task_id"]][name] or "null") for name in wanted}


async def similar(
    request: web.Request, workspace_id: int, title: str, description: str | None, limit: int
) -> Row:
    return {"items": await ask(request, "find_similar_tasks", workspace_id, title, description, limit)}


async def suggested_tags(
    request: web.Request, workspace_id: int, title: str, description: str | None, limit: int
) -> Row:
    return {"items": await ask(request, "suggest_tags", workspace_id, title, description, limit)}


async def facets(
    request: web.Request,
    workspace_id: int,
    query: str | None,
    filter: str | None,  # noqa: A002 - as above
    **simple: Any,
) -> Row:
    return {"items": await ask(request, "get_facets", workspace_id, everything(filter, simple), query)}


def everything(given: str | None, simple: dict[str, Any]) -> Fields | None:
    """The filter and the simple parameters in one; a filter may come with parameters of the same name.

    They come last in its "and", so that whatever else may be wrong in it keeps its place.
    """
    wanted: Fields = {
        FIELDS[name]: {"all": words(value) if name == "search" else value} if name in ALL_OF else value
        for name, value in simple.items()
        if name in FIELDS and value != []
    }
    found: Fields = orjson.loads(given) if given else {}
    if found and wanted and isinstance(joined := found.get("and", []), list):
        found["and"] = [*joined, wanted]
    return found or wanted or None


def sort(asked: dict[str, Any]) -> str | None:
    """The order that sort_by and sort_order ask for together; None for the usual one."""
    if not asked.keys() & {"sort_by", "sort_order"}:
        return None
    column: str = asked.get("sort_by", "created_at")
    return column if asked.get("sort_order") == "asc" or column == "relevance" else f"-{column}"


async def ready(
    request: web.Request,
    workspace_id: int,
    query: str | None,
    filter: str | None,  # noqa: A002 - as above
    by: str,
    skip: int,
    limit: int,
) -> Row:
    asked = everything(filter, {}), query, by == "effective_priority"
    rows = await ask(request, "find_ready_tasks", workspace_id, *asked, skip, limit + 1)
    return page(rows, skip, limit)


async def blocked(request: web.Request, workspace_id: int, skip: int, limit: int) -> Row:
    return page(await ask(request, "list_blocked_tasks", workspace_id, skip, limit + 1), skip, limit)


async def show(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "get_task", task_id)


async def update(
    request: web.Request, task_id: int, cascade: bool, if_match: str | None, body: Fields
) -> Row:
    given = body.pop("version", None)
    matched = expected_version(if_match, task_id)
    # Two that differ cannot both be the version; none is 0.
    version = 0 if None not in {given, matched} and given != matched else matched if given is None else given
    return await ask_one(request, "update_task", task_id, body, version, cascade)


async def delete(request: web.Request, task_id: int, mode: str, if_match: str | None) -> Row:
    return await ask_one(request, "delete_task", task_id, mode, expected_version(if_match, task_id))
