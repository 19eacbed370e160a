"""Attachments: files that hang on tasks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web
from pymysql.err import MySQLError

from service.config import SETTINGS
from service.db import DATABASE, Row
from service.errors import Refused
from service.files.preview import PREVIEWS
from service.files.receiving import Stored, Wanted, receive, take_over
from service.files.sending import disposition, send
from service.handlers import ask, ask_one, page
from service.http import entity_tag
from service.http.turns import TURNS
from service.storage import STORAGE

LOGGER = logging.getLogger(__name__)

# A client that sends nothing for so long is not waited for, nor one that takes longer for all of a file.
IDLE_SECONDS = 30.0
UPLOAD_SECONDS = 3600
# The lease is longer, so that nothing is given up that may still be finished.
LEASE_SECONDS = 2 * UPLOAD_SECONDS
# How long a client may begin what it may do with storage itself.
LINK_SECONDS = 900


async def upload(
    request: web.Request, task_id: int, name: str, digest: str | None, encoding: str | None
) -> Row:
    settings = request.app[SETTINGS]
    if encoding and encoding.lower() != "identity":
        raise Refused("unsupported_media_type", "Send the file as it is, without a Content-Encoding.")
    begun = await _begin(request, task_id, name, request.content_length)
    wanted = Wanted(begun["reserved_bytes"], digest, settings.attachment_types)
    storage, key = request.app[STORAGE], begun["storage_key"]
    return await _finish(
        request, task_id, begun["upload_id"], receive(_content(request), storage, key, wanted)
    )


async def begin_direct(request: web.Request, task_id: int, body: dict[str, Any]) -> Row:
    begun = await _begin(request, task_id, body["name"], body["size_bytes"])
    try:
        link = await request.app[STORAGE].upload_link(begun["storage_key"], body["size_bytes"], LINK_SECONDS)
    except BaseException:
        await asyncio.shield(_abandon(request.app, begun["upload_id"]))
        raise
    return begun | link._asdict()


async def finish_direct(request: web.Request, task_id: int, upload_id: int, body: dict[str, Any]) -> Row:
    async with _turn(request, task_id):
        taken = await ask_one(request, "take_upload", task_id, upload_id, LEASE_SECONDS)
    wanted = Wanted(taken["reserved_bytes"], body["sha256"], request.app[SETTINGS].attachment_types)
    storage = request.app[STORAGE]
    taking = take_over(storage, taken["source_key"], taken["storage_key"], wanted)
    return await _finish(request, task_id, taken["upload_id"], taking)


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


async def preview(
    request: web.Request, task_id: int, attachment_id: int, version: int | None, if_none_match: str | None
) -> web.Response:
    file = await ask_one(request, "get_attachment_file", task_id, attachment_id, version)
    tag = f"{file['sha256']}-preview"
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    made = await request.app[PREVIEWS].of(file)
    # Only now: of a file without a preview not even * names one.
    if entity_tag.names(if_none_match or "", tag):
        return web.Response(status=304, headers=headers)
    headers["Content-Disposition"] = disposition("preview.webp", "inline")
    return web.Response(body=made, content_type="image/webp", headers=headers)


async def link(request: web.Request, task_id: int, attachment_id: int, version: int | None) -> Row:
    file = await ask_one(request, "get_attachment_file", task_id, attachment_id, version)
    # Elsewhere we do not say what a browser may do with it, so it is always saved.
    saved = disposition(file["name"], "attachment")
    storage = request.app[STORAGE]
    link = await storage.download_link(file["storage_key"], file["media_type"], saved, LINK_SECONDS)
    return link._asdict()


async def delete(request: web.Request, task_id: int, attachment_id: int) -> Row:
    return await ask_one(request, "delete_attachment", task_id, attachment_id)


async def _begin(request: web.Request, task_id: int, name: str, size: int | None) -> Row:
    settings = request.app[SETTINGS]
    most, quota = settings.attachment_max_bytes, settings.attachment_quota_bytes
    async with _turn(request, task_id):
        return await ask_one(request, "begin_upload", task_id, name, size, most, quota, LEASE_SECONDS)


async def _finish(
    request: web.Request, task_id: int, upload_id: int, storing: Coroutine[Any, Any, Stored]
) -> Row:
    """Store the bytes, which may take an hour, so no turn is held meanwhile; then they are an attachment."""
    try:
        stored = await storing
        async with _turn(request, task_id):
            return await ask_one(request, "finish_upload", task_id, upload_id, *stored)
    except BaseException:
        await asyncio.shield(_abandon(request.app, upload_id))
        raise


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
