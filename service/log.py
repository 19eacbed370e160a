"""Structured logs: one JSON object a line, each with the ids of its request and of its trace."""

import asyncio
import logging
import random
import re
import sys
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar, Token
from functools import lru_cache
from typing import NamedTuple, TextIO

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from service import metrics

REQUEST_ID = web.RequestKey("request_id", str)
USER_ID = web.RequestKey("user_id", int)

TOLD = "%(method)s %(route)s %(status)s %(ms)s ms"
ACCESS = logging.getLogger("service.access")
# What every record has; whatever else one has was given as `extra`.
USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
FLUSH_SECONDS = 0.1
ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

# W3C Trace Context: a version, a trace, the caller's span, flags. Zeros are no ids, and in version 00 nothing
# comes after that.
TRACEPARENT = re.compile(
    r"(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?"
)


class Trace(NamedTuple):
    """Where a request stands in what somebody traces across services; one that nobody traces begins here."""

    trace_id: str
    parent_id: str | None
    span_id: str
    flags: str

    @classmethod
    def read(cls, traceparents: Sequence[str]) -> "Trace":
        """Go on with the caller's trace, if there is one; whatever is no traceparent counts as none."""
        span = f"{random.getrandbits(64):016x}"
        traceparent = traceparents[0] if len(traceparents) == 1 else ""
        if len(traceparent) <= 255 and (found := TRACEPARENT.fullmatch(traceparent)):
            # Of the flags only "sampled" is told again: we know no other.
            return cls(found[1], found[2], span, f"{int(found[3], 16) & 1:02x}")
        return cls(f"{random.getrandbits(128):032x}", None, span, "00")

    @property
    def header(self) -> str:
        """What `traceresponse` tells: the trace, and the span that is ours."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


TRACE = web.RequestKey("trace", Trace)

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


class JsonLines(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        fields = record.__dict__
        line = {
            "time": told_time(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: fields[name] for name in fields if name not in USUAL}
        if record.exc_info:
            line["exc_info"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


@lru_cache(maxsize=4)
def _told_second(second: int) -> str:
    return time.strftime(logging.Formatter.default_time_format, time.localtime(second))


def told_time(moment: float) -> str:
    """A moment as all lines have it."""
    second = int(moment)
    return f"{_told_second(second)},{int((moment - second) * 1000):03d}"


class Lines(logging.StreamHandler[TextIO]):
    """Writes what is no warning a few times a second, all at once: a write for each line would cost more."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        # Threads add to it too, and none may lose a line.
        self._unwritten: deque[str] = deque()

    def emit(self, record: logging.LogRecord) -> None:
        self.add(self.format(record), record.levelno >= logging.WARNING)

    def add(self, line: str, is_urgent: bool = False) -> None:
        """Write a line soon, or at once."""
        self._unwritten.append(line)
        if is_urgent:
            self.flush()
        elif len(self._unwritten) == 1:
            try:
                asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
            except RuntimeError:
                self.flush()

    def flush(self) -> None:
        lines = []
        with suppress(IndexError):
            while True:
                lines.append(self._unwritten.popleft())
        # Nobody may be there to read it any more.
        with suppress(OSError, ValueError):
            self.stream.write("".join(f"{line}\n" for line in lines))
            super().flush()


# Where access lines go past the logging module, which costs ten times as much.
_access: Lines | None = None


def configure(level: str, form: str) -> None:
    """Send all logs to standard error: as JSON lines, or as text; `auto`: text at a terminal."""
    if form == "auto":
        form = "text" if sys.stderr.isatty() else "json"
    # Which line of our code it was is not told, so nobody need look for it.
    logging._srcfile = None  # noqa: SLF001
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    global _access
    handler = Lines(sys.stderr)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(
        JsonLines()
        if form == "json"
        else logging.Formatter("%(asctime)s %(levelname)-7s %(message)s [%(request_id)s]")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    _access = handler if form == "json" and ACCESS.isEnabledFor(logging.INFO) else None


@lru_cache(maxsize=2000)
def _beginning(method: str, route: str | None, status: int) -> str:
    """What the lines about such requests have in common, up to the number of milliseconds."""
    line = {
        "level": "INFO",
        "logger": ACCESS.name,
        "method": method,
        "route": route,
        "status": status,
        "message": f"{method} {route} {status}",
    }
    return orjson.dumps(line)[1:-2].decode()


def _quoted(text: str | None) -> str:
    """An id that holds no quotes, as JSON."""
    return "null" if text is None else f'"{text}"'


def begin(
    request: web.BaseRequest, given: str = "", traceparents: Sequence[str] = ()
) -> tuple[Token[str | None], Token[Trace | None]]:
    """Name a request and its place in a trace, as its headers say if there are any.

    Every line tells both until the tokens are given back.
    """
    request_id = given if ACCEPTED_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"
    request[REQUEST_ID] = request_id
    request[TRACE] = trace = Trace.read(traceparents)
    return _request_id.set(request_id), _trace.set(trace)


def add_ids(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Tell in an answer which request it answers, and in which trace."""
    response.headers["X-Request-Id"] = request[REQUEST_ID]
    response.headers["traceresponse"] = request[TRACE].header


async def set_ids(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's, sent for each answer before its headers are, also for those that are streams."""
    # Without one: what `Expect` asked for was refused before anybody saw the request.
    if REQUEST_ID in request:
        add_ids(request, response)


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request, and write one line about it when it has been answered.

    Nothing that a client sends is logged but the method and, as the route's
    pattern, the path: no token, password, body or query.
    """
    headers = request.headers
    given, traceparents = headers.get("X-Request-Id", ""), headers.getall("traceparent", ())
    token, trace_token = begin(request, given, traceparents)
    request_id, trace = request[REQUEST_ID], request[TRACE]
    started = time.perf_counter()
    status = 499  # the client left before it was answered, or this process did
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as redirect:
        status = redirect.status
        raise
    finally:
        seconds = time.perf_counter() - started
        resource = request.match_info.route.resource
        route = resource.canonical if resource else None
        metrics.count_request(request.method, route or "none", status, seconds)
        user_id = request.get(USER_ID)
        ms = round(seconds * 1000, 2)
        if _access is None:
            line = {"method": request.method, "route": route, "status": status, "ms": ms}
            ACCESS.info(TOLD, line, extra=line | {"user_id": user_id, "parent_id": trace.parent_id})
        else:
            _access.add(
                f'{{"time":"{told_time(time.time())}",{_beginning(request.method, route, status)} {ms} ms",'
                f'"ms":{ms},"user_id":{user_id or "null"},"parent_id":{_quoted(trace.parent_id)},'
                f'"request_id":"{request_id}","trace_id":"{trace.trace_id}","span_id":"{trace.span_id}"}}'
            )
        _request_id.reset(token)
        _trace.reset(trace_token)
