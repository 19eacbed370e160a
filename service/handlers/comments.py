"""Comments: what people say about tasks."""

from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one
from service.markdown import htmls


async def create(request: web.Request, task_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "create_comment", task_id, body["body"])


# The name of the query parameter is part of the API.
async def listed(
    request: web.Request,
    task_id: int,
    after: int,
    limit: int,
    format: str,  # noqa: A002
) -> Row | Awaitable[Row]:
    rows = await ask(request, "list_comments", task_id, after, limit + 1)
    items = rows[:limit]
    answer = {
        "items": items,
        "next_after": items[-1]["comment_id"] if items else after,
        "has_more": len(rows) > limit,
    }
    return with_html(answer, items) if format == "html" else answer


async def show(
    request: web.Request,
    task_id: int,
    comment_id: int,
    format: str,  # noqa: A002 - as above
) -> Row | Awaitable[Row]:
    row = await ask_one(request, "get_comment", task_id, comment_id)
    return with_html(row, [row]) if format == "html" else row


async def update(request: web.Request, task_id: int, comment_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "update_comment", task_id, comment_id, body["body"])


async def delete(request: web.Request, task_id: int, comment_id: int) -> Row:
    return await ask_one(request, "delete_comment", task_id, comment_id)


async def versions(request: web.Request, task_id: int, comment_id: int) -> Row:
    return {"items": await ask(request, "list_comment_versions", task_id, comment_id)}


async def react(request: web.Request, task_id: int, comment_id: int, kind: str) -> Row:
    return await ask_one(request, "add_reaction", task_id, comment_id, kind)


async def take_back(request: web.Request, task_id: int, comment_id: int, kind: str) -> Row:
    return await ask_one(request, "remove_reaction", task_id, comment_id, kind)


async def with_html(answer: Row, rows: list[Row]) -> Row:
    """An answer whose rows have their bodies also as HTML."""
    for row, html in zip(rows, await htmls(row["body"] for row in rows), strict=True):
        row["body_html"] = html
    return answer
