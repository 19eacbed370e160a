"""A file on its way out: as fast as its reader takes it, and in a form in which it can do no harm."""

import asyncio
import base64
import codecs
import hashlib
import logging
from contextlib import aclosing
from urllib.parse import quote

from aiohttp import web

from service.db import Row
from service.errors import Refused
from service.files import ranges
from service.files.media_type import SHOWN
from service.http import entity_tag
from service.storage.storage import Storage

LOGGER = logging.getLogger(__name__)
# A reader that takes nothing for so long is sent away.
SLOW_SECONDS = 60.0
# Whatever a browser makes of it, nothing in it runs or fetches anything, or belongs to this site.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


async def send(request: web.Request, storage: Storage, file: Row, *, inline: bool) -> web.StreamResponse:
    """Answer with a file that get_attachment_file found: whole, one range of it, or that it is as it was."""
    tag, size = file["sha256"], file["size_bytes"]
    headers = _headers(file, inline=inline)
    if entity_tag.names(request.headers.get("If-None-Match", ""), tag):
        return web.Response(status=304, headers=headers)

    part = None
    # Of a HEAD no range is meant (RFC 9110).
    if request.method == "GET" and request.headers.get("If-Range", f'"{tag}"') == f'"{tag}"':
        part = ranges.asked(request.headers.get("Range", ""), size)
    first, count = part or (0, size)
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    if part:
        response.headers["Content-Range"] = f"bytes {first}-{first + count - 1}/{size}"
    response.content_length = count

    async with aclosing(storage.read(file["storage_key"], first, count)) as content:
        # Before the headers are sent, since they could not be taken back.
        chunk = await anext(content)
        if file["media_type"] == "text/plain" and first == 0 and _is_utf8(chunk, is_all=len(chunk) == size):
            response.content_type, response.charset = "text/plain", "utf-8"
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        hashed = None if part else hashlib.sha256()
        try:
            async for following in content:
                count -= len(chunk)
                await _write(response, chunk, hashed)
                chunk = following
            if hashed:
                hashed.update(chunk)
            if count != len(chunk) or (hashed and hashed.hexdigest() != tag):
                # Its end is kept back, so nobody takes for the file what is not.
                raise Refused("file_missing", "The bytes in storage are not those that were stored.")
            await _write(response, chunk, None)
            await response.write_eof()
        except (Refused, TimeoutError) as error:
            LOGGER.error("download_aborted", extra={"reason": str(error) or "the reader is too slow"})
            if request.transport:
                request.transport.abort()
    return response


def _is_utf8(beginning: bytes, *, is_all: bool) -> bool:
    """Whether a text is in UTF-8, as far as its beginning tells; that may end within a letter."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning, is_all)
    except UnicodeDecodeError:
        return False
    return True


async def _write(response: web.StreamResponse, chunk: bytes, hashed: "hashlib._Hash | None") -> None:
    if hashed:
        hashed.update(chunk)
    async with asyncio.timeout(SLOW_SECONDS):
        await response.write(chunk)


def _headers(file: Row, *, inline: bool) -> dict[str, str]:
    told = file["media_type"]
    digest = base64.b64encode(bytes.fromhex(file["sha256"])).decode()
    return {
        "Content-Type": told,
        "Content-Disposition": disposition(
            file["name"], "inline" if inline and told in SHOWN else "attachment"
        ),
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-cache",
        "ETag": f'"{file["sha256"]}"',
        "Accept-Ranges": "bytes",
        "Repr-Digest": f"sha-256=:{digest}:",
    }


def disposition(name: str, kind: str) -> str:
    """Content-Disposition with the whole name (RFC 6266), and with what is left of it in ASCII."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\%;' else "_" for letter in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
