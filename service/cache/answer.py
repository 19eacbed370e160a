"""An answer as it is kept: ready to be sent, and known by a checksum as what was asked for."""

import asyncio
import zlib
from typing import NamedTuple

COMPRESSED_ABOVE = 4 * 1024
IN_A_THREAD_ABOVE = 32 * 1024


class Answer(NamedTuple):
    """A body that is ready to be sent, perhaps compressed, and the tag that it belongs to."""

    tag: str
    body: bytes
    is_compressed: bool = False

    @classmethod
    async def of(cls, tag: str, body: bytes) -> "Answer":
        if len(body) <= COMPRESSED_ABOVE:
            return cls(tag, body)
        if len(body) <= IN_A_THREAD_ABOVE:
            return cls(tag, _compressed(body), True)
        return cls(tag, await asyncio.get_running_loop().run_in_executor(None, _compressed, body), True)

    @classmethod
    def unpacked(cls, key: str, value: bytes) -> "Answer":
        """What was packed for this key; a ValueError for anything else that a Redis might say."""
        head, _, body = value.partition(b"\n")
        _, checksum, coding, tag = head.split(b" ")
        if int(checksum) != _checksum(key, tag, body):
            raise ValueError("an answer that was kept for another question")
        return cls(tag.decode(), body, coding == b"gzip")

    def packed(self, key: str, revision: int) -> bytes:
        """As it is kept: its revision comes first."""
        tag = self.tag.encode()
        coding = b"gzip" if self.is_compressed else b"identity"
        return b"%d %d %s %s\n%s" % (revision, _checksum(key, tag, self.body), coding, tag, self.body)

    @property
    def plain(self) -> bytes:
        return zlib.decompress(self.body, wbits=31) if self.is_compressed else self.body


def _compressed(body: bytes) -> bytes:
    return zlib.compress(body, level=5, wbits=31)


def _checksum(key: str, tag: bytes, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(tag, zlib.crc32(key.encode())))
