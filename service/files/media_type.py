"""What a file is, told from its bytes. What a client says about it is never asked."""

import asyncio
import re
from fnmatch import fnmatchcase
from functools import cache

# It brings libmagic, and says where to the next import.
import pylibmagic  # noqa: F401
from magic import Magic

from service.errors import Refused

# How much of a file is looked at, from its beginning.
HEAD_BYTES = 64 * 1024
UNKNOWN = "application/octet-stream"
FORM = re.compile(r"[a-z]+/[a-z0-9.+_-]{1,100}")
# What a browser may show in its window: pictures and plain text, in which nothing can run.
SHOWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"})


async def media_type(head: bytes) -> str:
    """What a file is that begins with these bytes."""
    return await asyncio.to_thread(_told, head)


def check(told: str, allowed: tuple[str, ...]) -> None:
    """Refuse a type that none of these patterns names; without patterns all are taken."""
    if allowed and not any(fnmatchcase(told, pattern) for pattern in allowed):
        raise Refused(
            "attachment_type_refused",
            f"The file is {told}, and here only {', '.join(allowed)} may be attached.",
            {"media_type": told, "allowed": list(allowed)},
        )


def _told(head: bytes) -> str:
    told = _magic().from_buffer(head) if head else UNKNOWN
    return told if FORM.fullmatch(told) else UNKNOWN


@cache
def _magic() -> Magic:
    return Magic(mime=True)
