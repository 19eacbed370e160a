"""Who belongs to a workspace, and which teams have a role in it."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one


async def members(request: web.Request, workspace_id: int) -> Row:
    return {"items": await ask(request, "list_members", workspace_id)}


async def set_one(request: web.Request, workspace_id: int, username: str, body: dict[str, Any]) -> Row:
    return await ask_one(request, "set_member", workspace_id, username, body["role"])


async def remove(request: web.Request, workspace_id: int, username: str) -> Row:
    return await ask_one(request, "remove_member", workspace_id, username)


async def transfer(request: web.Request, workspace_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "transfer_workspace", workspace_id, body["username"])


async def teams(request: web.Request, workspace_id: int) -> Row:
    return {"items": await ask(request, "list_team_roles", workspace_id)}


async def set_team(request: web.Request, workspace_id: int, team_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "set_team_role", workspace_id, team_id, body["role"])


async def remove_team(request: web.Request, workspace_id: int, team_id: int) -> Row:
    return await ask_one(request, "remove_team_role", workspace_id, team_id)
