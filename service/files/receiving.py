"""A file on its way in: each chunk is counted, hashed and written before the next one is taken."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
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


async def receive(
    content: AsyncIterator[bytes],
    storage: Storage,
    key: str,
    most_bytes: int,
    digest: str | None,
    allowed: tuple[str, ...],
) -> Stored:
    """Store a file under a key, where it then stays for good; refused, nothing of it stays.

    `digest` is the SHA-256 that it has to have, in hexadecimal, and `allowed` the types that it may have.
    """
    writer = await storage.create(key)
    try:
        stored = await _written(content, writer.write, most_bytes, allowed)
        if digest and stored.sha256 != digest:
            raise Refused(
                "checksum_mismatch",
                "The bytes that came are not those of the checksum.",
                {"sha256": stored.sha256},
            )
        await writer.commit()
    finally:
        await writer.abort()
    return stored


async def _written(
    content: AsyncIterator[bytes], write: Write, most_bytes: int, allowed: tuple[str, ...]
) -> Stored:
    size, hashed, head, told = 0, hashlib.sha256(), b"", None
    async for chunk in content:
        size += len(chunk)
        if size > most_bytes:
            raise Refused(
                "attachment_too_large",
                f"The file has more than {most_bytes} bytes, and no more may be taken.",
                {"most_bytes": most_bytes},
            )
        hashed.update(chunk)
        await write(chunk)
        if told is None:
            head += chunk
            if len(head) >= media_type.HEAD_BYTES:
                told = await media_type.media_type(head)
                media_type.check(told, allowed)
    if told is None:
        told = await media_type.media_type(head)
        media_type.check(told, allowed)
    return Stored(size, hashed.hexdigest(), told)
