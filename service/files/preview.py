"""Small pictures of files: made in a process of their own when first asked for, then kept beside the file."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

from aiohttp import web

from service.db import Row
from service.errors import Refused
from service.files import thumbnail
from service.files.collection import preview_of
from service.storage import STORAGE
from service.storage.storage import Storage

# What there can be a picture of, and how large the file may be.
SHOWN = frozenset(
    {"application/pdf", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/tiff", "image/webp"}
)
LARGEST = 64 * 1024 * 1024
# By the clock; of the processor it gets less (thumbnail.py).
SECONDS = 20.0
# So many at once; the next ones wait.
AT_ONCE = 2
LARGEST_PREVIEW = 1024 * 1024
# How long one may wait for it. It is made and kept well before a file that is deleted meanwhile is removed.
PATIENCE = 60.0
# What is kept of a file that cannot be shown.
NOTHING = b"-"
PROGRAM = Path(thumbnail.__file__)


class Previews:
    """Makes previews, a few at once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def of(self, file: Row) -> bytes:
        """The preview, in WebP, of a file that get_attachment_file found; refused if there can be none."""
        if file["media_type"] not in SHOWN or file["size_bytes"] > LARGEST:
            raise _none("It is too large for a preview, or nothing that there are previews of.")
        try:
            async with asyncio.timeout(PATIENCE):
                made = await self._kept(file) or await self._taken_turn(file)
        except TimeoutError as error:
            raise _none("Too many are being made; ask again.") from error
        if made == NOTHING:
            raise _none("It cannot be shown: it is damaged, locked, or too much at once.")
        return made

    async def _taken_turn(self, file: Row) -> bytes:
        async with self._turn:
            # Who waited may find what another one has made.
            if made := await self._kept(file):
                return made
            made = await self._made(file)
            await self._keep(preview_of(file["storage_key"]), made)
            return made

    async def _kept(self, file: Row) -> bytes:
        """What was made before; empty if nobody has tried."""
        try:
            async with aclosing(
                self._storage.read(preview_of(file["storage_key"]), 0, LARGEST_PREVIEW)
            ) as content:
                return b"".join([chunk async for chunk in content])
        except Refused as refused:
            if refused.error.code != "file_missing":
                raise
            return b""

    async def _made(self, file: Row) -> bytes:
        # Without our environment, in which there are secrets.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", PROGRAM, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env={},
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        try:
            async with asyncio.timeout(SECONDS):
                with suppress(BrokenPipeError, ConnectionResetError):
                    async with aclosing(
                        self._storage.read(file["storage_key"], 0, file["size_bytes"])
                    ) as content:
                        async for chunk in content:
                            process.stdin.write(chunk)
                            await process.stdin.drain()
                process.stdin.close()
                made = await _read(process.stdout)
                code = await process.wait() if len(made) < LARGEST_PREVIEW else None
        except TimeoutError as error:
            raise _none("It takes too long to be shown.") from error
        finally:
            if process.returncode is None:
                process.kill()
                # What is left in the pipe has to be read, or its end is not noticed.
                await process.communicate()
        if code == thumbnail.NOT_INSTALLED:
            raise Refused("preview_missing", "What makes previews is not installed here.")
        return made if code == 0 else NOTHING

    async def _keep(self, name: str, made: bytes) -> None:
        # Whoever asks next makes it once more, if it cannot be kept.
        with suppress(Refused):
            await self._storage.delete(name)
            writer = await self._storage.create(name)
            try:
                await writer.write(made)
                await writer.commit()
            finally:
                await writer.abort()


async def _read(output: asyncio.StreamReader) -> bytes:
    """What it says, as far as that can be a preview."""
    made = b""
    while len(made) < LARGEST_PREVIEW and (chunk := await output.read(LARGEST_PREVIEW - len(made))):
        made += chunk
    return made


async def previews(app: web.Application) -> AsyncIterator[None]:
    app[PREVIEWS] = Previews(app[STORAGE])
    yield


PREVIEWS = web.AppKey("previews", Previews)


def _none(why: str) -> Refused:
    return Refused("preview_unavailable", why)
