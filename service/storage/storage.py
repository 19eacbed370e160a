"""What a storage of files can do. Keys are made by MySQL, at random; nothing of a client is part of one."""

from collections.abc import AsyncIterator
from typing import Protocol


class Writer(Protocol):
    """A file that is being written; nobody reads it before it is committed."""

    async def write(self, chunk: bytes) -> None:
        """Add bytes at the end."""

    async def commit(self) -> None:
        """Make it a file under its key: when this returns, it outlives the process and the machine."""

    async def abort(self) -> None:
        """Forget what was written; does nothing once it was committed."""


class Storage(Protocol):
    """Files under their keys. Refuses with `storage_unavailable` whatever it is that cannot be done now."""

    async def create(self, key: str) -> Writer:
        """Begin a file; its key has never been used before."""

    def read(self, key: str, first: int, count: int) -> AsyncIterator[bytes]:
        """So many bytes of a file from that one on; before the first, `file_missing` if there is none."""

    async def delete(self, key: str) -> None:
        """Remove whatever there is of a file, also of one that was never committed, be it nothing."""

    def all_keys(self) -> AsyncIterator[str]:
        """The key of all of which there is something."""

    async def close(self) -> None:
        """Let go of what it holds."""
