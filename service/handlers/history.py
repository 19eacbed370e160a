"""The past of a workspace: its changes, in order."""

from aiohttp import web

from service.db import Row
from service.handlers import ask


async def changes(request: web.Request, workspace_id: int, after: int, limit: int) -> Row:
    rows = await ask(request, "list_changes", workspace_id, after, limit + 1)
    items = rows[:limit]
    return {
        "items": items,
        "next_after": items[-1]["revision"] if items else after,
        "has_more": len(rows) > limit,
    }
