"""Tasks: what is to be done."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one, page

Fields = dict[str, Any]


async def create(request: web.Request, workspace_id: int, body: Fields) -> Row:
    return await ask_one(request, "create_task", workspace_id, body)


async def search(
    request: web.Request,
    workspace_id: int,
    sort_by: str,
    sort_order: str,
    skip: int,
    limit: int,
    **wanted: Any,
) -> Row:
    rows = await ask(request, "list_tasks", workspace_id, wanted, sort_by, sort_order, skip, limit + 1)
    return page(rows, skip, limit)


async def ready(request: web.Request, workspace_id: int, by: str, skip: int, limit: int) -> Row:
    effective = by == "effective_priority"
    return page(await ask(request, "list_ready_tasks", workspace_id, effective, skip, limit + 1), skip, limit)


async def blocked(request: web.Request, workspace_id: int, skip: int, limit: int) -> Row:
    return page(await ask(request, "list_blocked_tasks", workspace_id, skip, limit + 1), skip, limit)


async def show(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "get_task", task_id)


async def update(request: web.Request, task_id: int, cascade: bool, body: Fields) -> Row:
    version = body.pop("version", None)
    return await ask_one(request, "update_task", task_id, body, version, cascade)


async def delete(request: web.Request, task_id: int, mode: str) -> Row:
    return await ask_one(request, "delete_task", task_id, mode)
