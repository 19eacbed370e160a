"""Why a private server cannot be had, in one sentence for a person.

* EmbeddedError
  x DiskFull
  x Unavailable
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# How apt, dpkg and MySQL put it.
NO_SPACE = ("No space left on device", "enough free space", "errno: 28", "Error number 28", "error: 28")


class EmbeddedError(Exception):
    """A private MySQL or Redis cannot be downloaded, started or stopped; `str()` is one clear sentence."""


class Unavailable(EmbeddedError):
    """The archive answered, but does not have what was asked for."""


class DiskFull(EmbeddedError):
    """The folder that was being written to has no room left."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The disk is full: {folder} needs about 700 MB; make room, or set HEADGATE_CACHE elsewhere."
        )


@contextmanager
def disk_full_explained(folder: Path) -> Iterator[None]:
    """Turn the operating system's word for a full disk into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder) from None
        raise
