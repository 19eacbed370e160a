"""Users: who may come in."""

from typing import Any

from aiohttp import web

from service.admission.confirmation import LINKS
from service.admission.login_delay import LOGIN_DELAY
from service.admission.passwords import PASSWORDS
from service.config import SETTINGS
from service.db import DATABASE, Row
from service.errors import Refused
from service.handlers import ask_one
from service.handlers.sessions import end_sessions, open_session, own_session
from service.http.client import address, agent


async def register(request: web.Request, body: dict[str, Any]) -> Row:
    hashed = await request.app[PASSWORDS].hash(body["password"])
    user = await request.app[DATABASE].call_one("create_user", body["username"], body["email"], hashed)
    if request.app[SETTINGS].smtp_url:
        await request.app[DATABASE].call_one("request_email_confirmation", user["user_id"])
    return user


async def login(request: web.Request, body: dict[str, Any]) -> Row:
    """Log in.

    Exchange a user name and a password for an access token and a refresh token.
    """
    if not (user := await proven(request, body["username"], body["password"])):
        raise Refused("invalid_credentials", "There is no user of that name with that password.")
    return await open_session(request, user)


async def change_password(request: web.Request, body: dict[str, Any]) -> Row:
    kept = own_session(request)
    name = (await me(request))["username"]
    if not (user := await proven(request, name, body["old_password"])):
        raise Refused("password_wrong", "The old password is wrong.")
    hashed = await request.app[PASSWORDS].hash(body["new_password"])
    return await end_sessions(request, "change_password", user["password_hash"], hashed, kept)


async def me(request: web.Request) -> Row:
    return await ask_one(request, "get_user")


async def change_me(request: web.Request, body: dict[str, Any]) -> Row:
    return await ask_one(request, "update_user", body.get("email"), body.get("time_zone"))


async def request_confirmation(request: web.Request) -> Row:
    return await ask_one(request, "request_email_confirmation")


async def confirm_email(request: web.Request, body: dict[str, Any]) -> Row:
    user_id, address = request.app[LINKS].confirmed(body["token"])
    return await request.app[DATABASE].call_one("confirm_email", user_id, address)


async def unsubscribe(request: web.Request, token: str, body: dict[str, Any]) -> Row:
    user_id = request.app[LINKS].unsubscribed(token)
    return await request.app[DATABASE].call_one("stop_mail", user_id)


async def proven(request: web.Request, name: str, password: str) -> Row | None:
    """The row of get_credentials of a user who knows the password; None is told and made to wait."""
    rows = await request.app[DATABASE].call("get_credentials", name)
    user = rows[0] if rows else {}
    account, client = str(user.get("user_id", name)), address(request)
    await request.app[LOGIN_DELAY].attempt(account, client)
    if not await request.app[PASSWORDS].match(password, user.get("password_hash")):
        await request.app[DATABASE].call("log_login_failure", user.get("user_id"), client, agent(request))
        return None
    await request.app[LOGIN_DELAY].succeeded(account, client)
    return user
