"""Who is asking: a signed access token says it, unless its session was ended; or an API key does.

Reading a token costs no question to anybody. Which sessions were ended is asked of MySQL at most twice a
second in each process, whatever the number of requests and users: a session that was ended, at whatever door,
is refused everywhere within a second.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator

from aiohttp import web

from service.admission.api_keys import PREFIX, ApiKey, ApiKeys
from service.admission.tokens import LEEWAY_SECONDS, STREAM, Caller, Tokens
from service.db import DATABASE, Database
from service.errors import Refused
from service.http.client import address, agent
from service.log import USER_ID

REVOKED_FRESH_SECONDS = 0.5
STREAM_PATH = re.compile(r"/api/v1/(searches/\d+/)?changes/stream/?")

TOKENS = web.AppKey("tokens", Tokens)
CALLER = web.RequestKey("caller", Caller)
API_KEY = web.RequestKey("api_key", ApiKey)
STRANGER = web.RequestKey("stranger", Refused)


class RevokedSessions:
    """The sessions that were ended while an access token of theirs may still be about."""

    def __init__(self, database: Database, access_seconds: int) -> None:
        self._database = database
        self._seconds = access_seconds + LEEWAY_SECONDS
        self._known: set[int] = set()
        self._asked_at = -REVOKED_FRESH_SECONDS
        self._asking = asyncio.Lock()

    async def refuse(self, session_id: int) -> None:
        """Raise Refused if the session was ended."""
        if self._is_old():
            async with self._asking:
                if self._is_old():
                    asked_at = time.monotonic()
                    rows = await self._database.call("list_revoked_sessions", self._seconds)
                    self._known, self._asked_at = {row["session_id"] for row in rows}, asked_at
        if session_id in self._known:
            raise Refused("unauthenticated", "The session was ended; log in again.")

    def ask_anew(self) -> None:
        """Ask before the next request is answered: this process has just ended one."""
        self._asked_at = -REVOKED_FRESH_SECONDS

    def _is_old(self) -> bool:
        return time.monotonic() - self._asked_at >= REVOKED_FRESH_SECONDS


REVOKED = web.AppKey("revoked", RevokedSessions)
API_KEYS = web.AppKey("api_keys", ApiKeys)


def caller(request: web.Request) -> Caller:
    """Who asks, once `admit` has let them in; raises the refusal of the token if nobody known does."""
    if CALLER not in request:
        raise request[STRANGER]
    return request[CALLER]


async def admit(request: web.Request) -> Caller:
    """Who asks, if the session of the token goes on or the key is good."""
    if key := request.get(API_KEY):
        found = await request.app[API_KEYS].caller(key, address(request), agent(request))
        request[CALLER], request[USER_ID] = found, found.user_id
    asks = caller(request)
    if asks.session_id is not None:
        await request.app[REVOKED].refuse(asks.session_id)
    return asks


def identify(request: web.Request) -> None:
    """Note what the request says about who asks, or why it says nothing; `admit` looks whether it is so."""
    try:
        _read(request)
    except Refused as refused:
        request[STRANGER] = refused


def claimed(request: web.Request) -> Caller | None:
    """Who asks if they are admitted, as far as this process knows without asking."""
    if key := request.get(API_KEY):
        return request.app[API_KEYS].last_caller(key, address(request))
    return request.get(CALLER)


def _read(request: web.Request) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if key := request.headers.get("X-API-Key"):
        if token:
            raise Refused("unauthenticated", "Send a token or a key, not both.")
        request[API_KEY] = ApiKey.parse(key)
    elif not token and STREAM_PATH.fullmatch(request.path) and (ticket := request.query.get("ticket")):
        # A browser's EventSource and WebSocket send no header of ours.
        found = request.app[TOKENS].read(ticket, STREAM)
        request[CALLER], request[USER_ID] = found, found.user_id
    elif scheme.lower() != "bearer" or not token:
        raise Refused("unauthenticated", "Send the header Authorization: Bearer <access_token>.")
    elif token.startswith(PREFIX):
        request[API_KEY] = ApiKey.parse(token)
    else:
        found = request.app[TOKENS].read(token)
        request[CALLER], request[USER_ID] = found, found.user_id


async def authentication(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that knows which sessions were ended, and which keys are good."""
    app[API_KEYS] = ApiKeys(app[DATABASE])
    app[REVOKED] = RevokedSessions(app[DATABASE], app[TOKENS].seconds)
    yield
