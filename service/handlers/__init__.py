"""What the API's operations do: each calls a procedure for the user who asks."""

from typing import Any

from aiohttp import web

from service.admission.auth import caller
from service.db import DATABASE, Database, Row

# Where all calls of a request go that are to see the same moment.
SNAPSHOT = web.RequestKey("snapshot", Database)


async def ask(request: web.Request, procedure: str, *args: Any) -> list[Row]:
    """Call a procedure in the name of the user who asks."""
    return await _database(request).call(procedure, caller(request).user_id, *args)


async def ask_for_all(request: web.Request, procedure: str, *args: Any) -> list[list[Row]]:
    """The same for a procedure that answers several results."""
    return await _database(request).call_for_all(procedure, caller(request).user_id, *args)


async def ask_one(request: web.Request, procedure: str, *args: Any) -> Row:
    """The same for a procedure that answers exactly one row."""
    return await _database(request).call_one(procedure, caller(request).user_id, *args)


def _database(request: web.Request) -> Database:
    return request.get(SNAPSHOT) or request.app[DATABASE]


def page(rows: list[Row], skip: int, limit: int) -> Row:
    """One page of a list that was asked for one row more, which says whether another page follows."""
    return {"items": rows[:limit], "skip": skip, "limit": limit, "has_more": len(rows) > limit}
