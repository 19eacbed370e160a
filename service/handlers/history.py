"""The past: what changed, in order, and how it was before."""

from datetime import datetime

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one, page
from service.handlers.dependencies import nested


async def changes(request: web.Request, workspace_id: int, after: int, limit: int) -> Row:
    rows = await ask(request, "list_changes", workspace_id, after, limit + 1)
    items = rows[:limit]
    return {
        "items": items,
        "next_after": items[-1]["revision"] if items else after,
        "has_more": len(rows) > limit,
    }


# The name of the query parameter is part of the API.
async def tree(
    request: web.Request,
    task_id: int,
    direction: str,
    depth: int | None,
    format: str,  # noqa: A002
    revision: int | None,
    time: datetime | None,
) -> Row:
    rows = await ask(request, "get_tree_as_of", task_id, direction, depth, revision, time)
    answer = {
        "task_id": task_id,
        "direction": direction,
        "count": len(rows) - 1,
        "revision": rows[0]["revision"],
    }
    return answer | ({"items": rows} if format == "flat" else {"tree": nested(rows)})


async def difference(
    request: web.Request,
    workspace_id: int,
    earlier: int | datetime,
    later: int | datetime | None,
    skip: int,
    limit: int,
) -> Row:
    start, end = [await _revision(request, workspace_id, point) for point in (earlier, later)]
    rows = await ask(request, "get_workspace_diff", workspace_id, start, end, skip, limit + 1)
    told = {"workspace_id": workspace_id, "from_revision": start, "to_revision": end}
    return told | page(rows, skip, limit)


async def _revision(request: web.Request, workspace_id: int, point: int | datetime | None) -> int:
    if isinstance(point, int):
        return point
    revision: int = (await ask_one(request, "get_revision_as_of", workspace_id, point))["revision"]
    return revision
