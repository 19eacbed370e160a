"""Notifications: the inbox of who asks, what they want to find there, and the tasks that they watch."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask, ask_for_all, ask_one


async def inbox(request: web.Request, unread: bool, cursor: Any, limit: int) -> Row:
    rows, (rest,) = await ask_for_all(request, "list_notifications", unread, cursor, limit)
    return {"items": rows} | rest


async def mark(request: web.Request, notification_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "mark_notification", notification_id, body["is_read"])


async def mark_read(request: web.Request, body: dict[str, Any]) -> Row:
    return await ask_one(request, "mark_notifications_read", body["up_to_id"])


async def preferences(request: web.Request) -> Row:
    return {"items": await ask(request, "list_notification_preferences")}


async def prefer(request: web.Request, body: dict[str, Any]) -> Row:
    return await prefer_here(request, None, body)


async def prefer_here(request: web.Request, workspace_id: int | None, body: dict[str, Any]) -> Row:
    wanted = body["kind"], body["inbox"], body["mail"]
    return await ask_one(request, "set_notification_preference", workspace_id, *wanted)


async def watched(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "get_task_watch", task_id)


async def watch(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "watch_task", task_id)


async def mute(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "mute_task", task_id)


async def unwatch(request: web.Request, task_id: int) -> Row:
    return await ask_one(request, "unwatch_task", task_id)
