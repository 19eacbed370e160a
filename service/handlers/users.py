"""Users: who may come in."""

from typing import Any

from aiohttp import web

from service.auth import PASSWORDS, TOKENS, Caller
from service.db import DATABASE, Row
from service.errors import Refused
from service.handlers import ask_one


async def register(request: web.Request, body: dict[str, Any]) -> Row:
    hashed = await request.app[PASSWORDS].hash(body["password"])
    return await request.app[DATABASE].call_one("create_user", body["username"], body["email"], hashed)


async def login(request: web.Request, body: dict[str, Any]) -> Row:
    rows = await request.app[DATABASE].call("get_credentials", body["username"])
    user = rows[0] if rows else {}
    if not await request.app[PASSWORDS].match(body["password"], user.get("password_hash")):
        raise Refused("invalid_credentials", "There is no user of that name with that password.")

    tokens = request.app[TOKENS]
    token = tokens.issue(Caller(user["user_id"], user["workspace_id"]))
    return {"access_token": token, "token_type": "bearer", "expires_in": tokens.seconds}


async def me(request: web.Request) -> Row:
    return await ask_one(request, "get_user")
