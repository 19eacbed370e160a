"""Webhooks: who is told of changes, what is on its way, and what came of it."""

from typing import Any

from aiohttp import web

from service.config import SETTINGS
from service.db import Row
from service.handlers import ask, ask_one
from service.webhooks.destination import check_url
from service.webhooks.signing import Keeper, new_secret


async def of_workspace(request: web.Request, workspace_id: int) -> Row:
    return {"items": await ask(request, "list_webhooks", workspace_id)}


async def create(request: web.Request, workspace_id: int, body: dict[str, Any]) -> Row:
    settings = request.app[SETTINGS]
    check_url(body["url"], settings)
    secret = new_secret()
    sealed = Keeper(settings).seal(secret)
    row = await ask_one(request, "create_webhook", workspace_id, body["url"], body["kinds"], sealed)
    return row | {"secret": secret}


async def update(request: web.Request, workspace_id: int, webhook_id: int, body: dict[str, Any]) -> Row:
    if "url" in body:
        check_url(body["url"], request.app[SETTINGS])
    return await ask_one(request, "update_webhook", workspace_id, webhook_id, body)


async def delete(request: web.Request, workspace_id: int, webhook_id: int) -> Row:
    return await ask_one(request, "delete_webhook", workspace_id, webhook_id)


async def rotate(request: web.Request, workspace_id: int, webhook_id: int, body: dict[str, Any]) -> Row:
    secret = new_secret()
    sealed = Keeper(request.app[SETTINGS]).seal(secret)
    row = await ask_one(
        request, "rotate_webhook_secret", workspace_id, webhook_id, sealed, body["old_for_hours"]
    )
    return row | {"secret": secret}


async def test(request: web.Request, workspace_id: int, webhook_id: int) -> Row:
    return await ask_one(request, "test_webhook", workspace_id, webhook_id)


async def replay_dead(request: web.Request, workspace_id: int, webhook_id: int) -> Row:
    return await ask_one(request, "replay_webhook_deliveries", workspace_id, webhook_id, None)


async def replay(request: web.Request, workspace_id: int, webhook_id: int, delivery_id: int) -> Row:
    return await ask_one(request, "replay_webhook_deliveries", workspace_id, webhook_id, delivery_id)


async def deliveries(
    request: web.Request,
    workspace_id: int,
    webhook_id: int,
    state: str | None,
    before: int | None,
    limit: int,
) -> Row:
    rows = await ask(request, "list_webhook_deliveries", workspace_id, webhook_id, state, before, limit + 1)
    shown = rows[:limit]
    return {"items": shown, "next_before": shown[-1]["delivery_id"] if len(rows) > limit else None}


async def show_delivery(request: web.Request, workspace_id: int, webhook_id: int, delivery_id: int) -> Row:
    return await ask_one(request, "get_webhook_delivery", workspace_id, webhook_id, delivery_id)
