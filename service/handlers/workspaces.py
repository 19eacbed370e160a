"""Workspaces: each holds one graph and the people who may see it."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one


async def mine(request: web.Request) -> Row:
    return {"items": await ask(request, "list_workspaces")}


async def create(request: web.Request, body: dict[str, Any]) -> Row:
    return await ask_one(request, "create_workspace", body["name"])


async def rename(request: web.Request, workspace_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "rename_workspace", workspace_id, body["name"])


async def move(request: web.Request, workspace_id: int, organization_id: int) -> Row:
    return await ask_one(request, "move_workspace", workspace_id, organization_id)
