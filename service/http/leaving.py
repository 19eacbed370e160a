"""Whether this process is about to end, for whatever would otherwise go on."""

import asyncio

from aiohttp import web

LEAVING = web.AppKey("leaving", asyncio.Event)


async def leave(app: web.Application) -> None:
    """A signal of aiohttp's, sent when the application shuts down."""
    app[LEAVING].set()


async def send_away(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's, sent for each answer: once we leave, its connection is not used again."""
    if request.app[LEAVING].is_set():
        response.force_close()
        response.headers["Connection"] = "close"
