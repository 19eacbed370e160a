"""Invitations: a link that lets one user join a workspace or an organization."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_one

Fields = dict[str, Any]


async def to_workspace(request: web.Request, workspace_id: int, body: Fields) -> Row:
    return await ask_one(request, "invite_to_workspace", workspace_id, body["role"], body["hours"])


async def to_organization(request: web.Request, organization_id: int, body: Fields) -> Row:
    return await ask_one(request, "invite_to_organization", organization_id, body["role"], body["hours"])


async def of_workspace(request: web.Request, workspace_id: int) -> Row:
    return {"items": await ask(request, "list_workspace_invitations", workspace_id)}


async def of_organization(request: web.Request, organization_id: int) -> Row:
    return {"items": await ask(request, "list_organization_invitations", organization_id)}


async def revoke(request: web.Request, invitation_id: int) -> Row:
    return await ask_one(request, "revoke_invitation", invitation_id)


async def accept(request: web.Request, body: Fields) -> Row:
    return await ask_one(request, "accept_invitation", body["token"])
