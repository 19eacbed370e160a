"""Security events: what happened to accounts and rights."""

from aiohttp import web

from service.db import Row
from service.handlers import ask, page


async def mine(request: web.Request, skip: int, limit: int) -> Row:
    return page(await ask(request, "list_own_security_events", skip, limit + 1), skip, limit)


async def of_organization(request: web.Request, organization_id: int, skip: int, limit: int) -> Row:
    found = await ask(request, "list_organization_security_events", organization_id, skip, limit + 1)
    return page(found, skip, limit)


async def of_workspace(request: web.Request, workspace_id: int, skip: int, limit: int) -> Row:
    return page(await ask(request, "list_security_events", workspace_id, skip, limit + 1), skip, limit)
