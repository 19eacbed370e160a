"""A connection, as aiohttp serves it; only what is no HTTP is answered and told of by us.

aiohttp would repeat it in the answer and in the log, and what cannot be read may hold a token.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError, HttpProcessingError, LineTooLong

from service import log
from service.errors import Refused, problem
from service.http.security import secure

LOGGER = logging.getLogger(__name__)


class Protocol(web.RequestHandler):
    """A connection of a client."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be read, or what failed where no handler of ours was asked."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        log.begin(request)
        LOGGER.info("request_malformed", extra={"reason": type(exc).__name__})
        response = problem(_refused(exc), request[log.REQUEST_ID])
        secure(response)
        log.add_ids(request, response)
        response.force_close()
        return response

    def log_exception(self, *args: Any, **told: Any) -> None:
        """What a client's bytes have caused has been answered, and told of in the line of its request."""
        if not isinstance(told.get("exc_info"), HttpProcessingError | web.RequestPayloadError):
            super().log_exception(*args, **told)


def _refused(error: HttpProcessingError) -> Refused:
    if isinstance(error, ContentEncodingError):
        return Refused("unsupported_media_type", "Send the body as it is, or as gzip or deflate.")
    if isinstance(error, LineTooLong):
        return Refused("malformed_request", "A line of the request is too long.")
    return Refused("malformed_request", "The request is not HTTP.")


def serving(server: web.Server) -> Callable[[], Protocol]:
    """What is made for each new connection."""
    loop = asyncio.get_running_loop()
    return lambda: Protocol(server, loop=loop, access_log=None)  # type: ignore[arg-type]
