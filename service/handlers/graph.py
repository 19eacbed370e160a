"""Questions about the graph of a whole workspace: what can be done side by side."""

from aiohttp import web

from service.db import Row
from service.handlers import ask


async def levels(request: web.Request, workspace_id: int, open_only: bool) -> Row:
    rows = await ask(request, "list_levels", workspace_id, open_only)
    return {
        "tasks": sum(row["width"] for row in rows),
        "longest_chain": [row["longest_chain_id"] for row in rows],
        "items": rows,
    }
