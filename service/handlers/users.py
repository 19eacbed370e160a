"""Users: who may come in."""

from typing import Any

from aiohttp import web

from service.client import address, agent
from service.db import DATABASE, Row
from service.errors import Refused
from service.handlers import ask_one
from service.handlers.sessions import open_session
from service.passwords import PASSWORDS


async def register(request: web.Request, body: dict[str, Any]) -> Row:
    hashed = await request.app[PASSWORDS].hash(body["password"])
    return await request.app[DATABASE].call_one("create_user", body["username"], body["email"], hashed)


async def login(request: web.Request, body: dict[str, Any]) -> Row:
    rows = await request.app[DATABASE].call("get_credentials", body["username"])
    user = rows[0] if rows else {}
    if not await request.app[PASSWORDS].match(body["password"], user.get("password_hash")):
        await request.app[DATABASE].call(
            "log_login_failure", user.get("user_id"), address(request), agent(request)
        )
        raise Refused("invalid_credentials", "There is no user of that name with that password.")

    return await open_session(request, user)


async def me(request: web.Request) -> Row:
    return await ask_one(request, "get_user")


async def change_me(request: web.Request, body: dict[str, Any]) -> Row:
    return await ask_one(request, "set_time_zone", body["time_zone"])
