"""Structured logs: one JSON object a line, each with the id of the request it belongs to."""

import logging
import re
import sys
import time
import uuid
from contextvars import ContextVar

from aiohttp import web
from aiohttp.typedefs import Handler
from pythonjsonlogger.json import JsonFormatter

from service import metrics

REQUEST_ID = web.RequestKey("request_id", str)
USER_ID = web.RequestKey("user_id", int)

ACCESS = logging.getLogger("service.access")
FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s"
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class RequestIdFilter(logging.Filter):
    """Give every record the id of the request that is being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


class Seldom:
    """Lets a repeated warning through once in a few seconds, so that an outage does not flood the log."""

    def __init__(self, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._quiet_until = 0.0

    def __bool__(self) -> bool:
        now = time.monotonic()
        if now < self._quiet_until:
            return False
        self._quiet_until = now + self._seconds
        return True


def configure(level: str, form: str) -> None:
    """Send all logs to standard error, as JSON lines or (for eyes) as text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(
        JsonFormatter(FIELDS, rename_fields={"asctime": "time", "levelname": "level", "name": "logger"})
        if form == "json"
        else logging.Formatter("%(asctime)s %(levelname)-7s %(message)s [%(request_id)s]")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request, and write one line about it when it has been answered.

    Nothing that a client sends is logged but the method and, as the route's
    pattern, the path: no token, password, body or query.
    """
    given = request.headers.get("X-Request-Id", "")
    request_id = given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
    request[REQUEST_ID] = request_id
    token = _request_id.set(request_id)
    started = time.perf_counter()
    status = 499  # the client left before it was answered
    try:
        response = await handler(request)
        status = response.status
        response.headers["X-Request-Id"] = request_id
        return response
    except web.HTTPException as redirect:
        status = redirect.status
        raise
    finally:
        seconds = time.perf_counter() - started
        resource = request.match_info.route.resource
        route = resource.canonical if resource else None
        labels = metrics.method(request.method), route or "none"
        metrics.REQUESTS.labels(*labels, status).inc()
        metrics.REQUEST_SECONDS.labels(*labels).observe(seconds)
        line = {
            "method": request.method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "user_id": request.get(USER_ID),
        }
        ACCESS.info("%(method)s %(route)s %(status)s %(ms)s ms", line, extra=line)
        _request_id.reset(token)
