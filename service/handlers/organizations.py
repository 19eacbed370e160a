"""Organizations: who belongs to them, their workspaces and their teams."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one

Fields = dict[str, Any]


async def mine(request: web.Request) -> Row:
    return {"items": await ask(request, "list_organizations")}


async def create(request: web.Request, body: Fields) -> Row:
    return await ask_one(request, "create_organization", body["name"])


async def rename(request: web.Request, organization_id: int, body: Fields) -> Row:
    return await ask_one(request, "rename_organization", organization_id, body["name"])


async def delete(request: web.Request, organization_id: int) -> Row:
    return await ask_one(request, "delete_organization", organization_id)


async def members(request: web.Request, organization_id: int) -> Row:
    return {"items": await ask(request, "list_organization_members", organization_id)}


async def set_member(request: web.Request, organization_id: int, username: str, body: Fields) -> Row:
    return await ask_one(request, "set_organization_member", organization_id, username, body["role"])


async def remove_member(request: web.Request, organization_id: int, username: str) -> Row:
    return await ask_one(request, "remove_organization_member", organization_id, username)


async def transfer(request: web.Request, organization_id: int, body: Fields) -> Row:
    return await ask_one(request, "transfer_organization", organization_id, body["username"])


async def create_workspace(request: web.Request, organization_id: int, body: Fields) -> Row:
    return await ask_one(request, "create_organization_workspace", organization_id, body["name"])
