"""Many changes in one request: done, or only looked at."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.handlers import ask_one


async def apply(
    request: web.Request,
    workspace_id: int,
    preview: bool,
    idempotency_key: str | None,
    body: dict[str, Any],
) -> Row:
    mode = "preview" if preview else "apply"
    return await ask_one(request, "apply_changes", workspace_id, body["changes"], mode, idempotency_key)
