"""What a storage of files can do. Keys are made by MySQL, at random; nothing of a client is part of one."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from typing import NamedTuple, Protocol

from service.errors import Refused
from service.log import Seldom


class Writer(Protocol):
    """A file that is being written; nobody reads it before it is committed."""

    async def write(self, chunk: bytes) -> None:
        """Add bytes at the end."""

    async def commit(self) -> None:
        """Make it a file under its key: when this returns, it outlives the process and the machine."""

    async def abort(self) -> None:
        """Forget what was written; does nothing once it was committed."""


class Link(NamedTuple):
    """A request that whoever has it may send to the storage itself, for so many seconds."""

    method: str
    url: str
    expires_in: int


class Storage(Protocol):
    """Files under their keys. Refuses with `storage_unavailable` whatever it is that cannot be done now."""

    async def create(self, key: str) -> Writer:
        """Begin a file; its key has never been used before."""

    def read(self, key: str, first: int, count: int) -> AsyncGenerator[bytes, None]:
        """So many bytes of a file from that one on, or what there is; first `file_missing` if it is not."""

    async def copy(self, source: str, key: str) -> int:
        """Make a file that is like another one, and say how large it is."""

    async def upload_link(self, key: str, size: int, seconds: int) -> Link:
        """Let somebody write a file of that size; `direct_transfer_unavailable` where nobody can."""

    async def download_link(self, key: str, media_type: str, disposition: str, seconds: int) -> Link:
        """Let somebody read a file, as what it is and under its name; likewise."""

    async def delete(self, key: str) -> None:
        """Remove whatever there is of a file, also of one that was never committed, be it nothing."""

    def all_keys(self) -> AsyncIterator[str]:
        """The key of all of which there is something."""

    async def close(self) -> None:
        """Let go of what it holds."""


class Troubles:
    """A storage that is away is told of in the log, though not with each request."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._worth_a_line = Seldom()

    def unavailable(self, error: Exception) -> Refused:
        if self._worth_a_line:
            self._logger.error("storage_unavailable", extra={"reason": repr(error)})
        return Refused("storage_unavailable", "The storage of files cannot do that now.", {"retry_after": 5})


def missing() -> Refused:
    return Refused("file_missing", "Its bytes are not where they belong.")
