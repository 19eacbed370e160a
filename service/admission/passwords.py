"""Passwords: bcrypt, in a few threads, for so many at once and no more."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt
from aiohttp import web

from service.config import SETTINGS
from service.errors import Refused

T = TypeVar("T")

MAX_WAITING = 64


class Passwords:
    """bcrypt, in a few threads: a hash takes a quarter of a second of one core."""

    def __init__(self, cost: int) -> None:
        self._cost = cost
        self._threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="bcrypt")
        self._waiting = 0
        # Compared with when there is no such user, so that the answer takes as long.
        self._nobody = self._make(secrets.token_bytes(32))

    async def hash(self, password: str) -> str:
        """The hash to keep of a new password of at most 72 bytes."""
        return (await self._run(self._make, password.encode())).decode()

    async def match(self, password: str, known: str | None) -> bool:
        """Whether the password is the one hashed; `None` (no such user) takes as long and is False."""
        same = await self._run(self._same, password.encode(), known.encode() if known else self._nobody)
        return same and known is not None

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _make(self, password: bytes) -> bytes:
        return bcrypt.hashpw(password, bcrypt.gensalt(self._cost))

    def _same(self, password: bytes, known: bytes) -> bool:
        # A longer password than can have been registered is wrong, but not sooner.
        try:
            return bcrypt.checkpw(password[:72], known) and len(password) <= 72
        except ValueError:
            # No hash of bcrypt: somebody at the SQL door made a user who cannot log in, which does not show.
            bcrypt.checkpw(password[:72], self._nobody)
            return False

    async def _run(self, work: Callable[..., T], *args: bytes) -> T:
        # A queue that is long already would only make everybody in it wait in vain.
        if self._waiting >= MAX_WAITING:
            raise Refused("rate_limited", "Too many passwords are being checked.", {"retry_after": 2})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1


PASSWORDS = web.AppKey("passwords", Passwords)


async def passwords(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that holds the threads that hash passwords."""
    app[PASSWORDS] = Passwords(app[SETTINGS].bcrypt_cost)
    yield
    app[PASSWORDS].close()
