"""Claims: the queue of a workspace, and the tasks that are taken from it for a time."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.errors import Refused
from service.handlers import ask, ask_one, page


async def claim(request: web.Request, workspace_id: int, body: dict[str, Any]) -> Row:
    lease_seconds = body.pop("lease_seconds")
    if rows := await ask(request, "claim_next_task", workspace_id, body, lease_seconds):
        return rows[0]
    raise Refused("nothing_to_claim", "No task that fits is ready to be claimed.")


async def all_claims(request: web.Request, workspace_id: int, skip: int, limit: int) -> Row:
    return page(await ask(request, "list_claims", workspace_id, skip, limit + 1), skip, limit)


async def renew(request: web.Request, task_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "renew_claim", task_id, body["fence"], body["lease_seconds"])


async def complete(request: web.Request, task_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "complete_claim", task_id, body["fence"])


async def release(request: web.Request, task_id: int, fence: int) -> Row:
    return await ask_one(request, "release_claim", task_id, fence)
