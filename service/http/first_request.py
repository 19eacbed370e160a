"""A connection is closed that has sent no whole request some seconds after it was opened.

aiohttp waits for ever for the end of the first request's headers. Later requests of a connection, and bodies,
have time limits of their own (aiohttp's keep-alive; service/http/arguments.py).
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from service.http.leaving import note_request

FIRST_REQUEST_SECONDS = 30.0


class Waiting(asyncio.Protocol):
    """What stands between a connection and the protocol that serves it, until the first request is there."""

    def __init__(self, serving: asyncio.Protocol) -> None:
        self._serving = serving
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._end = asyncio.get_running_loop().call_later(FIRST_REQUEST_SECONDS, transport.abort)  # type: ignore[attr-defined]
        self._serving.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._serving.data_received(data)

    def eof_received(self) -> bool | None:
        return self._serving.eof_received()

    def pause_writing(self) -> None:
        self._serving.pause_writing()

    def resume_writing(self) -> None:
        self._serving.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self.stop()
        self._serving.connection_lost(error)

    def stop(self) -> asyncio.Protocol:
        """There is a request: wait no longer. The protocol that serves from now on."""
        if self._end:
            self._end.cancel()
        return self._serving


def waiting(server: Callable[[], Any]) -> Callable[[], asyncio.Protocol]:
    """The same server, but for connections that say nothing."""
    return lambda: Waiting(server())


@web.middleware
async def arrived(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Step out of the way of a connection that has sent a request, which is in flight from now on."""
    note_request(request.app)
    if (transport := request.transport) and isinstance(first := transport.get_protocol(), Waiting):
        transport.set_protocol(first.stop())
    return await handler(request)
