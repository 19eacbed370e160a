"""Saved searches."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one, tasks


async def of_workspace(request: web.Request, workspace_id: int) -> Row:
    return {"items": await ask(request, "list_saved_searches", workspace_id)}


async def create(request: web.Request, workspace_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "create_saved_search", workspace_id, *_said(body))


async def show(request: web.Request, search_id: int) -> Row:
    return await ask_one(request, "get_saved_search", search_id)


async def update(request: web.Request, search_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "update_saved_search", search_id, *_said(body))


async def delete(request: web.Request, search_id: int) -> Row:
    return await ask_one(request, "delete_saved_search", search_id)


async def found(request: web.Request, search_id: int, **asked: Any) -> Row:
    search = await ask_one(request, "get_saved_search", search_id)
    asked["workspace_id"] = search["workspace_id"]
    return await tasks.search(request, saved=search_id, **asked)


def _said(body: dict[str, Any]) -> tuple[Any, ...]:
    return body["name"], body["query"], body["filter"], body["is_shared"]
