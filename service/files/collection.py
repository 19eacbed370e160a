"""What nobody has any more leaves storage: the bytes first, then the row that knows where they are."""

from collections.abc import Awaitable, Callable

from service.db import Row
from service.storage.storage import Storage

BATCH = 100

# Calls a procedure, whoever holds the connection.
Call = Callable[..., Awaitable[list[Row]]]


async def collect(call: Call, storage: Storage) -> int:
    """Remove the bytes of deleted attachments and of uploads that came to nothing; how many files they were.

    It may be killed at any moment, and run in several processes at once.
    """
    removed = 0
    while rows := await call("list_orphans", BATCH):
        for row in rows:
            await storage.delete(preview_of(row["storage_key"]))
            await storage.delete(row["storage_key"])
            await call("forget_orphan", row["file_id"])
        removed += len(rows)
    return removed


def preview_of(key: str) -> str:
    """The key under which the preview of a file is kept; it goes with the file."""
    return f"{key}.preview"
