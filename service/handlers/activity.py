"""Activity: what happened to a task and what was said about it, in one time line."""

from collections.abc import Awaitable

from aiohttp import web

from service.db import Row
from service.handlers import ask
from service.handlers.comments import with_html


async def of_task(
    request: web.Request,
    task_id: int,
    cursor: int | None,
    limit: int,
    format: str,  # noqa: A002 - the name of the query parameter is part of the API
) -> Row | Awaitable[Row]:
    rows = await ask(request, "list_activity", task_id, cursor, limit + 1)
    items = rows[:limit]
    comments = [row for row in items if row["comment_id"]]
    for row in items:
        # One row is both, and each schema shows its part of it.
        row["comment"] = row if row["comment_id"] else None
    answer = {"items": items, "next": str(items[-1]["revision"]) if len(rows) > limit else None}
    return with_html(answer, comments) if format == "html" else answer
