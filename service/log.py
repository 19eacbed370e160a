"""Structured logs: one JSON object a line, each with the ids of its request and of its trace."""

import logging
import re
import secrets
import sys
import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler
from pythonjsonlogger.json import JsonFormatter

from service import metrics

REQUEST_ID = web.RequestKey("request_id", str)
USER_ID = web.RequestKey("user_id", int)

ACCESS = logging.getLogger("service.access")
FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s %(trace_id)s %(span_id)s"
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

# W3C Trace Context: a version, a trace, the caller's span, flags. Zeros are no ids.
TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?"
)


@dataclass(frozen=True)
class Trace:
    """Where a request stands in what somebody traces across services; one that nobody traces begins here."""

    trace_id: str
    parent_id: str | None
    span_id: str
    flags: str

    @classmethod
    def read(cls, traceparent: str) -> "Trace":
        """Go on with the caller's trace; whatever is no traceparent counts as none."""
        span = secrets.token_hex(8)
        if len(traceparent) <= 255 and (found := TRACEPARENT.fullmatch(traceparent)):
            # Of the flags only "sampled" is passed on: we know no other.
            return cls(found[1], found[2], span, f"{int(found[3], 16) & 1:02x}")
        return cls(secrets.token_hex(16), None, span, "00")

    @property
    def header(self) -> str:
        """What is passed on, as `traceparent`: our span is the parent of what follows."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


class RequestIdFilter(logging.Filter):
    """Give every record the ids of the request that is being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        trace = _trace.get()
        record.request_id = _request_id.get()
        record.trace_id = trace.trace_id if trace else None
        record.span_id = trace.span_id if trace else None
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
    """Send all logs to standard error: as JSON lines, or as text; `auto`: text at a terminal."""
    if form == "auto":
        form = "text" if sys.stderr.isatty() else "json"
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
    trace = Trace.read(request.headers.get("traceparent", ""))
    token, trace_token = _request_id.set(request_id), _trace.set(trace)
    started = time.perf_counter()
    status = 499  # the client left before it was answered
    try:
        response = await handler(request)
        status = response.status
        response.headers["X-Request-Id"] = request_id
        response.headers["traceresponse"] = trace.header
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
            "parent_id": trace.parent_id,
        }
        ACCESS.info("%(method)s %(route)s %(status)s %(ms)s ms", line, extra=line)
        _request_id.reset(token)
        _trace.reset(trace_token)
