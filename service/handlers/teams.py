"""Teams: members of an organization who are given roles together."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one


async def of_organization(request: web.Request, organization_id: int) -> Row:
    return {"items": await ask(request, "list_teams", organization_id)}


async def create(request: web.Request, organization_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "create_team", organization_id, body["name"])


async def delete(request: web.Request, team_id: int) -> Row:
    return await ask_one(request, "delete_team", team_id)


async def members(request: web.Request, team_id: int) -> Row:
    return {"items": await ask(request, "list_team_members", team_id)}


async def add_member(request: web.Request, team_id: int, username: str) -> Row:
    return await ask_one(request, "add_team_member", team_id, username)


async def remove_member(request: web.Request, team_id: int, username: str) -> Row:
    return await ask_one(request, "remove_team_member", team_id, username)
