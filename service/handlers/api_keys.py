"""API keys: how machines come in."""

from typing import Any

from aiohttp import web

from service.admission.api_keys import ApiKey
from service.admission.auth import API_KEYS
from service.db import Row
from service.handlers import ask, ask_one

DAY = 86_400


async def of_workspace(request: web.Request, workspace_id: int) -> Row:
    return {"items": await ask(request, "list_api_keys", workspace_id)}


async def create(request: web.Request, workspace_id: int, body: dict[str, Any]) -> Row:
    key = ApiKey.new()
    days = body["expires_in_days"]
    seconds = None if days is None else days * DAY
    row = await ask_one(
        request, "create_api_key", workspace_id, body["name"], body["scope"], seconds, key.prefix, key.hash
    )
    return row | {"key": key.text}


async def revoke(request: web.Request, workspace_id: int, api_key_id: int) -> Row:
    try:
        return await ask_one(request, "revoke_api_key", workspace_id, api_key_id)
    finally:
        request.app[API_KEYS].ask_anew()
