"""Who is asking: passwords at the door, signed tokens after it."""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import bcrypt
import jwt
from aiohttp import web
from aiohttp.typedefs import Handler

from service.config import SETTINGS, Settings
from service.errors import Refused
from service.log import USER_ID

T = TypeVar("T")

NAME = "headgate"
LEEWAY_SECONDS = 5
CLAIMS = ["sub", "ws", "iat", "exp", "jti", "iss", "aud"]
MAX_WAITING = 64


@dataclass(frozen=True)
class Caller:
    """The user that a token was issued to, and the workspace meant where none is named."""

    user_id: int
    workspace_id: int


class Tokens:
    """Issues access tokens and reads them back."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.require_secret()
        self.seconds = settings.access_token_minutes * 60

    def issue(self, caller: Caller) -> str:
        """A signed token that names the caller for `seconds`."""
        now = int(time.time())
        claims = {
            "sub": str(caller.user_id),
            "ws": caller.workspace_id,
            "iat": now,
            "exp": now + self.seconds,
            "jti": secrets.token_hex(8),
            "iss": NAME,
            "aud": NAME,
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, header: str) -> Caller:
        """The caller whom an Authorization header names; Refused says why there is none."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused("unauthenticated", "Send the header Authorization: Bearer <access_token>.")
        try:
            claims = jwt.decode(
                token.strip(),
                self._key,
                algorithms=["HS256"],
                issuer=NAME,
                audience=NAME,
                leeway=LEEWAY_SECONDS,
                options={"require": CLAIMS},
            )
            return Caller(int(claims["sub"]), int(claims["ws"]))
        except jwt.ExpiredSignatureError as error:
            raise Refused("unauthenticated", "The access token has expired; log in again.") from error
        except (jwt.InvalidTokenError, TypeError, ValueError) as error:
            raise Refused("unauthenticated", "The access token is not valid.") from error


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
        return bcrypt.checkpw(password[:72], known) and len(password) <= 72

    async def _run(self, work: Callable[..., T], *args: bytes) -> T:
        # A queue that is long already would only make everybody in it wait in vain.
        if self._waiting >= MAX_WAITING:
            raise Refused("rate_limited", "Too many passwords are being checked.", {"retry_after": 2})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1


TOKENS = web.AppKey("tokens", Tokens)
PASSWORDS = web.AppKey("passwords", Passwords)
CALLER = web.RequestKey("caller", Caller)
STRANGER = web.RequestKey("stranger", Refused)


def caller(request: web.Request) -> Caller:
    """Who asks; raises the refusal of the token if nobody known does."""
    if CALLER not in request:
        raise request[STRANGER]
    return request[CALLER]


@web.middleware
async def identified(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note who asks, or why that is not known; only `caller` turns the latter into a refusal."""
    try:
        found = request.app[TOKENS].read(request.headers.get("Authorization", ""))
    except Refused as refused:
        request[STRANGER] = refused
    else:
        request[CALLER] = found
        request[USER_ID] = found.user_id
    return await handler(request)


async def authentication(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that holds the threads that hash passwords."""
    app[PASSWORDS] = Passwords(app[SETTINGS].bcrypt_cost)
    yield
    app[PASSWORDS].close()
