"""Whether this process is about to end, for whatever would otherwise go on."""

import asyncio
from typing import Any

from aiohttp import web

LEAVING = web.AppKey("leaving", asyncio.Event)
# Each request until its answer is sent.
IN_FLIGHT = web.AppKey("in_flight", set[asyncio.Task[Any]])


async def leave(app: web.Application) -> None:
    """A signal of aiohttp's, sent when the application shuts down."""
    app[LEAVING].set()


async def send_away(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's, sent for each answer: once we leave, its connection is not used again."""
    if request.app[LEAVING].is_set():
        response.force_close()
        response.headers["Connection"] = "close"


def note_request(app: web.Application) -> None:
    """The request of the current task is in flight, until the task ends."""
    if task := asyncio.current_task():
        app[IN_FLIGHT].add(task)
        task.add_done_callback(app[IN_FLIGHT].discard)


async def finish_requests(app: web.Application, seconds: float) -> None:
    """Wait for the requests in flight so long; the connections of what is left then are closed.

    To be called before aiohttp cleans up: from then on it reads no more, and bodies would never arrive.
    """
    requests, loop = app[IN_FLIGHT], asyncio.get_running_loop()
    deadline = loop.time() + seconds
    # On connections that are kept open others may come meanwhile.
    while requests and (left := deadline - loop.time()) > 0:
        await asyncio.wait(requests, timeout=left)
    for request in requests:
        request.cancel()
