"""Questions about the graph of a whole workspace: what can be done side by side, what goes without saying."""

from aiohttp import web

from service.db import Row
from service.handlers import ask, page


async def levels(request: web.Request, workspace_id: int, open_only: bool) -> Row:
    rows = await ask(request, "list_levels", workspace_id, open_only)
    return {
        "tasks": sum(row["width"] for row in rows),
        "longest_chain": [row["longest_chain_id"] for row in rows],
        "items": rows,
    }


async def redundant(request: web.Request, workspace_id: int, skip: int, limit: int) -> Row:
    rows = await ask(request, "list_redundant_dependencies", workspace_id, skip, limit + 1)
    return page(rows, skip, limit)
