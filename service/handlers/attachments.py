"""Attachments: files that hang on tasks."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web
from pymysql.err import MySQLError

from service.config import SETTINGS
from service.db import DATABASE, Row
from service.errors import Refused
from service.files.receiving import receive
from service.files.sending import send
from service.handlers import ask, ask_one, page
from service.http.turns import TURNS
from service.storage import STORAGE

LOGGER = logging.getLogger(__name__)

# A client that sends nothing for so long is not waited for, nor one that takes longer for all of a file.
IDLE_SECONDS = 30.0
UPLOAD_SECONDS = 3600
# The lease is longer, so that nothing is given up that may still be finished.
LEASE_SECONDS = 2 * UPLOAD_SECONDS


async def upload(
    request: web.Request, task_id: int, name: str, digest: str | None, encoding: str | None
) -> Row:
    settings = request.app[SETTINGS]
    if encoding:
        raise Refused("unsupported_media_type", "Send the file as it is, without a Content-Encoding.")
    # No turn is held while the bytes come: that may take an hour.
    async with _turn(request, task_id):
        begun = await ask_one(
            request, "begin_upload", task_id, name, request.content_length,
            settings.attachment_max_bytes, settings.attachment_quota_bytes, LEASE_SECONDS,
        )  # fmt: skip
    try:
        stored = await receive(
            _content(request), request.app[STORAGE], begun["storage_key"], begun["reserved_bytes"], digest,
            settings.attachment_types,
        )  # fmt: skip
        async with _turn(request, task_id):
            return await ask_one(request, "finish_upload", task_id, begun["upload_id"], *stored)
    except BaseException:
        await asyncio.shield(_abandon(request.app, begun["upload_id"]))
        raise


async def of_task(request: web.Request, task_id: int, skip: int, limit: int) -> Row:
    return page(await ask(request, "list_attachments", task_id, skip, limit + 1), skip, limit)


async def show(request: web.Request, task_id: int, attachment_id: int) -> Row:
    return await ask_one(request, "get_attachment", task_id, attachment_id)


async def versions(request: web.Request, task_id: int, attachment_id: int, skip: int, limit: int) -> Row:
    rows = await ask(request, "list_attachment_versions", task_id, attachment_id, skip, limit + 1)
    return page(rows, skip, limit)


async def download(
    request: web.Request, task_id: int, attachment_id: int, version: int | None, inline: bool, **_: Any
) -> web.StreamResponse:
    file = await ask_one(request, "get_attachment_file", task_id, attachment_id, version)
    return await send(request, request.app[STORAGE], file, inline=inline)


async def delete(request: web.Request, task_id: int, attachment_id: int) -> Row:
    return await ask_one(request, "delete_attachment", task_id, attachment_id)


def _turn(request: web.Request, task_id: int) -> AbstractAsyncContextManager[None]:
    turns = request.app[TURNS]
    return turns.turn(turns.workspace({"task_id": task_id}))


async def _content(request: web.Request) -> AsyncIterator[bytes]:
    """The body, as it comes."""
    clock = asyncio.get_running_loop().time
    end = clock() + UPLOAD_SECONDS
    try:
        while True:
            async with asyncio.timeout(min(IDLE_SECONDS, end - clock())):
                chunk = await request.content.readany()
            if not chunk:
                return
            yield chunk
    except (web.RequestPayloadError, ConnectionError, TimeoutError) as error:
        raise Refused("malformed_request", "The body did not arrive whole, or not in time.") from error


async def _abandon(app: web.Application, upload_id: int) -> None:
    try:
        await app[DATABASE].call("abandon_upload", upload_id)
    except (Refused, MySQLError):
        # The end of its lease does the same.
        LOGGER.warning("upload_not_abandoned", exc_info=True)
