"""Files in a folder of this machine. Its disk is asked in a few threads, so that nobody waits for it."""

import asyncio
import logging
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from service.errors import Refused
from service.storage.storage import Link, Troubles, missing

LOGGER = logging.getLogger(__name__)
T = TypeVar("T")
CHUNK = 256 * 1024
THREADS = 4
# The only names that are made or opened: keys, and keys of files that are not whole yet.
KEY = re.compile(r"[0-9a-f]{32}(\.preview)?")
PART = ".part"


class Folder:
    """A storage in a folder: a file is written beside its name, and renamed when it is on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="storage")
        self._troubles = Troubles(LOGGER)

    async def create(self, key: str) -> "PartFile":
        path = self._path(key)
        return PartFile(self, path, await self.run(_create, path))

    async def read(self, key: str, first: int, count: int) -> AsyncGenerator[bytes, None]:
        path, end = self._path(key), first + count
        while True:
            chunk = await self.run(_read, path, first, min(CHUNK, end - first))
            yield chunk
            first += len(chunk)
            if first >= end or not chunk:
                return

    async def copy(self, source: str, key: str) -> int:
        raise self._not_direct()

    async def upload_link(self, key: str, size: int, seconds: int) -> Link:
        raise self._not_direct()

    async def download_link(self, key: str, media_type: str, disposition: str, seconds: int) -> Link:
        raise self._not_direct()

    async def delete(self, key: str) -> None:
        await self.run(_delete, self._path(key))

    async def all_keys(self) -> AsyncIterator[str]:
        for key in await self.run(_keys, self._root):
            yield key

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """Have a thread do something with the disk; once begun, it is not left half done."""
        doing = asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            # Whoever waited goes, and may close the file only when the thread is through with it.
            await asyncio.wait([doing])
            raise
        except FileNotFoundError as error:
            raise missing() from error
        except OSError as error:
            raise self._troubles.unavailable(error) from error

    @staticmethod
    def _not_direct() -> Refused:
        return Refused(
            "direct_transfer_unavailable",
            "Files are kept in a folder here, which nobody reaches but the service.",
        )

    def _path(self, key: str) -> Path:
        assert KEY.fullmatch(key)
        return self._root / key[:2] / key


class PartFile:
    """A file that is not whole yet."""

    def __init__(self, folder: Folder, path: Path, file: BinaryIO) -> None:
        self._folder, self._path, self._file = folder, path, file

    async def write(self, chunk: bytes) -> None:
        await self._folder.run(self._file.write, chunk)

    async def commit(self) -> None:
        await self._folder.run(_commit, self._file, self._path)

    async def abort(self) -> None:
        await self._folder.run(_abort, self._file, self._path)


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}{PART}")


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open(_part(path), "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _commit(file: BinaryIO, path: Path) -> None:
    with file:
        file.flush()
        os.fsync(file.fileno())
    _part(path).rename(path)
    _sync(path.parent)
    # The folder itself may be new.
    _sync(path.parent.parent)


def _abort(file: BinaryIO, path: Path) -> None:
    if not file.closed:
        file.close()
        _part(path).unlink(missing_ok=True)


def _read(path: Path, first: int, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(first)
        return file.read(count)


def _delete(path: Path) -> None:
    if path.parent.exists():
        path.unlink(missing_ok=True)
        _part(path).unlink(missing_ok=True)
        _sync(path.parent)


def _keys(root: Path) -> list[str]:
    found = {path.name.removesuffix(PART) for path in root.glob("??/*")}
    return sorted(key for key in found if KEY.fullmatch(key))


def _sync(folder: Path) -> None:
    """Have the disk know the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
