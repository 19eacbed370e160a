"""What a job of the worker is."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from aiohttp import web

# Wakes the job of a name: what one did is the work of another.
WAKE: web.AppKey[Callable[[str], None]] = web.AppKey("wake")


class Job:
    """Something to do again and again, in any number of workers at once.

    A worker may be killed at any moment, so what must be done once has to be so by what the database keeps.
    """

    name: ClassVar[str]
    # It begins anew so long after it ended, at the latest.
    seconds: ClassVar[float]

    def __init__(self, app: web.Application) -> None:
        self.app = app
        self._bell = asyncio.Event()

    async def run(self) -> bool:
        """Do some of it; whether more is to be done at once. Refusals and errors are logged by the caller."""
        raise NotImplementedError

    async def end(self) -> None:
        """The process leaves, and this is run no more: finish what goes on beside it."""

    def heard(self, workspace_id: int, revision: int) -> None:
        """Somebody wrote something. Most jobs have time."""

    def wake(self) -> None:
        """There is something to do now."""
        self._bell.set()

    async def rest(self) -> None:
        """Until it is time again, or somebody wakes it."""
        # Jitter, so that several workers do not go hand in hand.
        with suppress(TimeoutError):
            async with asyncio.timeout(self.seconds * random.uniform(0.8, 1.0)):
                await self._bell.wait()
        self._bell.clear()
