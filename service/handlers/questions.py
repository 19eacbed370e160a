"""Questions about a task: what blocks it, what it holds up, how it is connected, how urgent it really is."""

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_for_all, ask_one


async def blockers(request: web.Request, task_id: int) -> Row:
    return {"task_id": task_id, "items": await ask(request, "explain_blocked", task_id)}


async def impact(request: web.Request, task_id: int) -> Row:
    freed, waiting = await ask_for_all(request, "get_impact", task_id)
    return {
        "task_id": task_id,
        "would_free": freed,
        "waiting": sum(row["tasks"] for row in waiting),
        "waiting_by": waiting,
    }


async def path(request: web.Request, task_id: int, to: int) -> Row:
    return {"task_id": task_id, "to": to, "items": await ask(request, "find_path", task_id, to)}


async def effective_priority(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "get_effective_priority", task_id)
