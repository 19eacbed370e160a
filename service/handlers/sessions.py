"""Sessions: staying logged in, and being logged out."""

from typing import Any

from aiohttp import web

from service.admission.auth import REVOKED, TOKENS, caller
from service.admission.tokens import Caller, RefreshToken
from service.config import SETTINGS
from service.db import DATABASE, Row
from service.errors import Refused
from service.handlers import ask, ask_one
from service.http.client import address, agent


async def open_session(request: web.Request, user: Row) -> Row:
    """Log somebody in whose password was right: `user` is their row of get_credentials."""
    token = RefreshToken.first()
    session = await request.app[DATABASE].call_one(
        "create_session",
        user["user_id"],
        user["password_hash"],
        token.family_hash,
        token.token_hash,
        request.app[SETTINGS].refresh_seconds,
        address(request),
        agent(request),
    )
    return _answer(request, session | {"workspace_id": user["workspace_id"]}, token)


async def refresh(request: web.Request, body: dict[str, Any]) -> Row:
    settings = request.app[SETTINGS]
    token = RefreshToken.parse(body["refresh_token"])
    successor = token.successor(settings)
    session = await request.app[DATABASE].call_one(
        "rotate_session",
        token.family_hash,
        token.token_hash,
        successor.token_hash,
        settings.refresh_seconds,
        settings.refresh_grace_seconds,
        address(request),
        agent(request),
    )
    return _answer(request, session, successor)


async def mine(request: web.Request) -> Row:
    current = caller(request).session_id
    rows = await ask(request, "list_sessions")
    return {"items": [row | {"is_current": row["session_id"] == current} for row in rows]}


def own_session(request: web.Request) -> int:
    """The session of whoever asks; a refusal for an API key, which has neither one nor a password."""
    number = caller(request).session_id
    if number is None:
        raise Refused("permission_denied", "An API key has no session and no password.")
    return number


async def logout(request: web.Request) -> Row:
    return await end_sessions(request, "revoke_session", own_session(request))


async def revoke(request: web.Request, session_id: int) -> Row:
    return await end_sessions(request, "revoke_session", session_id)


async def revoke_all(request: web.Request) -> Row:
    return await end_sessions(request, "revoke_sessions")


async def end_sessions(request: web.Request, procedure: str, *args: Any) -> Row:
    """Call a procedure that ends sessions; this process knows of it at once."""
    try:
        return await ask_one(request, procedure, *args)
    finally:
        request.app[REVOKED].ask_anew()


def _answer(request: web.Request, session: Row, token: RefreshToken) -> Row:
    tokens = request.app[TOKENS]
    asks = Caller(session["user_id"], session["workspace_id"], session["session_id"])
    return {
        "access_token": tokens.issue(asks),
        "token_type": "bearer",
        "expires_in": tokens.seconds,
        "refresh_token": token.text,
        "refresh_expires_in": request.app[SETTINGS].refresh_seconds,
    }
