"""A file on its way in: each chunk is counted, hashed and written before the next one is taken."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import NamedTuple

from service.errors import Refused
from service.files import media_type
from service.storage.storage import Storage

# Called with each chunk.
Write = Callable[[bytes], Awaitable[None]]


class Stored(NamedTuple):
    """What is known of a file when all of it is stored."""

    size_bytes: int
    sha256: str
    media_type: str


class Wanted(NamedTuple):
    """What a file has to be; without a SHA-256 it may have any, and without types it may be anything."""

    most_bytes: int
    sha256: str | None
    types: tuple[str, ...]


async def receive(content: AsyncIterator[bytes], storage: Storage, key: str, wanted: Wanted) -> Stored:
    """Store a file under a key, where it then stays for good; refused, nothing of it stays."""
    writer = await storage.create(key)
    try:
        stored = await examine(content, wanted, writer.write)
        await writer.commit()
    finally:
        await writer.abort()
    return stored


async def take_over(storage: Storage, source: str, key: str, wanted: Wanted) -> Stored:
    """Copy a file that a client has stored to where it can write no more, and look at it there."""
    size = await storage.copy(source, key)
    async with aclosing(storage.read(key, 0, size)) as content:
        return await examine(content, wanted)


async def examine(content: AsyncIterator[bytes], wanted: Wanted, write: Write | None = None) -> Stored:
    """Look at each chunk of a file, and write it."""
    size, hashed, head, told = 0, hashlib.sha256(), b"", None
    async for chunk in content:
        size += len(chunk)
        if size > wanted.most_bytes:
            raise Refused(
                "attachment_too_large",
                f"The file has more than {wanted.most_bytes} bytes, and no more may be taken.",
                {"most_bytes": wanted.most_bytes},
            )
        hashed.update(chunk)
        if write:
            await write(chunk)
        if told is None:
            head += chunk
            if len(head) >= media_type.HEAD_BYTES:
                told = await media_type.media_type(head)
                media_type.check(told, wanted.types)
    if told is None:
        told = await media_type.media_type(head)
        media_type.check(told, wanted.types)
    if wanted.sha256 and hashed.hexdigest() != wanted.sha256:
        raise Refused(
            "checksum_mismatch",
            "The bytes that came are not those of the checksum.",
            {"sha256": hashed.hexdigest()},
        )
    return Stored(size, hashed.hexdigest(), told)
