"""Changes that arrive by themselves: a request that waits, Server-Sent Events, a WebSocket."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from datetime import UTC, datetime

import orjson
from aiohttp import WSCloseCode, web

from service import metrics
from service.admission.auth import TOKENS, caller
from service.admission.tokens import STREAM
from service.db import Row
from service.errors import Refused
from service.live.feed import FEED, RETRY_SECONDS, Feed
from service.live.follower import Follower
from service.live.news import LOOK_SECONDS, NEWS
from service.schemas.history import Change
from service.schemas.searches import SearchEvent

# A reader that takes nothing for so long is sent away.
SLOW_SECONDS = 10.0
# How long it may take to read why.
FAREWELL_SECONDS = 5.0
CHANGE = Change()
ENTERED = SearchEvent()
# Where a row keeps its text, which is the same for all who read it.
TEXT = "text"

# Called with an event, its data, and the cursor to which its reader has come then, if it is a new one.
Send = Callable[[str, bytes, int | None], Awaitable[None]]


async def wait(
    request: web.Request, workspace_id: int, task_id: int | None, awaited: bool, after: int, wait: int
) -> Row:
    asks = caller(request)
    async with request.app[FEED].follow(asks, workspace_id, after, task_id, awaited) as follower:
        return await _wait(request.app[FEED], follower, wait)


async def wait_for_search(request: web.Request, search_id: int, after: int | None, wait: int) -> Row:
    async with request.app[FEED].follow_search(caller(request), search_id, after) as follower:
        return await _wait(request.app[FEED], follower, wait)


async def _wait(feed: Feed, follower: Follower, seconds: float) -> Row:
    deadline = time.monotonic() + seconds
    while True:
        items = await feed.read(follower)
        left = deadline - time.monotonic()
        if follower.is_behind and not items and (left > 0 or follower.search_id is None):
            continue
        if items or left <= 0 or follower.is_over:
            # Another process answers who comes again.
            if not items and follower.ended and follower.ended.error.code != "service_leaving":
                raise follower.ended
            return {"items": items, "next_after": follower.cursor, "has_more": follower.is_behind}
        await follower.wait(min(left, LOOK_SECONDS))


async def ticket(request: web.Request) -> Row:
    """Get a ticket for a stream, which browsers send as a parameter because they can send no header.

    It opens streams for as long as an access token would, and nothing else.
    """
    tokens = request.app[TOKENS]
    return {"ticket": tokens.issue(caller(request), STREAM), "expires_in": tokens.seconds}


async def stream(
    request: web.Request,
    workspace_id: int,
    task_id: int | None,
    awaited: bool,
    after: int | None,
    ticket: str | None,
    last_event_id: int | None,
) -> web.StreamResponse:
    start = after if last_event_id is None else last_event_id
    following = request.app[FEED].follow(caller(request), workspace_id, start, task_id, awaited)
    return await _stream(request, following)


async def stream_of_search(
    request: web.Request, search_id: int, after: int | None, ticket: str | None, last_event_id: int | None
) -> web.StreamResponse:
    start = after if last_event_id is None else last_event_id
    return await _stream(request, request.app[FEED].follow_search(caller(request), search_id, start))


async def _stream(
    request: web.Request, following: AbstractAsyncContextManager[Follower]
) -> web.StreamResponse:
    asks = caller(request)
    async with AsyncExitStack() as stack:
        stack.enter_context(request.app[FEED].counted(asks.user_id))
        follower = await stack.enter_async_context(following)
        follower.until = asks.until
        follower.is_there = lambda: request.transport is not None
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await _over_socket(request, follower)
        return await _as_events(request, follower)


async def _as_events(request: web.Request, follower: Follower) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            # A proxy that collects the answer first would hold the events back.
            "X-Accel-Buffering": "no",
        }
    )
    # So that it may be cut off afterwards.
    response.force_close()
    await response.prepare(request)
    if request.method == "HEAD":
        return response

    async def send(event: str, data: bytes, cursor: int | None) -> None:
        # A line with an id alone moves the reader's Last-Event-ID and shows it nothing.
        place = b"id: %d\n" % cursor if cursor is not None else b""
        told = b"event: %b\ndata: %b\n" % (event.encode(), data) if data else b""
        await response.write(place + told + b"\n")

    await response.write(b"retry: 1000\n\n")
    await _attend(request, follower, send)
    asyncio.get_running_loop().call_later(FAREWELL_SECONDS, _abort, request)
    return response


async def _over_socket(request: web.Request, follower: Follower) -> web.StreamResponse:
    socket = web.WebSocketResponse(heartbeat=2 * LOOK_SECONDS, compress=False, max_msg_size=1024)
    await socket.prepare(request)

    async def send(event: str, data: bytes, cursor: int | None) -> None:
        place = b'"%b":%d,' % (follower.counts.encode(), cursor) if cursor is not None else b""
        await socket.send_str(
            (b'{"event":"%b",%b"data":%b}' % (event.encode(), place, data or b"null")).decode()
        )

    async def hear() -> None:
        """Nothing is expected but the end; pings are answered on the way."""
        async for _ in socket:
            pass
        follower.go()

    hearing = asyncio.create_task(hear())
    refused = await _attend(request, follower, send)
    asyncio.get_running_loop().call_later(FAREWELL_SECONDS, _abort, request)
    hearing.cancel()
    leaves = refused is None or refused.error.code == "service_leaving"
    code = WSCloseCode.SERVICE_RESTART if leaves else WSCloseCode.POLICY_VIOLATION
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await socket.close(code=code, message=(refused.error.code if refused else "").encode())
    return socket


def _abort(request: web.Request) -> None:
    """Whatever the reader has not taken by now is not waited for."""
    if request.transport:
        request.transport.abort()


async def _attend(request: web.Request, follower: Follower, send: Send) -> Refused | None:
    """Send what the follower wants until it ends; why the service ended it, or None if the reader left."""
    try:
        async with AsyncExitStack() as stack:
            look = None
            if follower.task_id is not None:
                looking = request.app[NEWS].looking(follower.task_id, follower.caller.user_id)
                look = await stack.enter_async_context(looking)
                follower.viewers_changed = True
            await _timely(send(follower.counts, b"", follower.cursor))
            while not follower.is_over:
                await _send_changes(request.app[FEED], follower, send)
                if follower.viewers_changed:
                    await _send_viewers(request, follower, send)
                await follower.wait(LOOK_SECONDS)
                if not follower.has_news:
                    # So that each side notices when the other is gone.
                    await _timely(send(follower.counts, b"", follower.cursor))
                    if look:
                        await look()
        refused = follower.ended
    except ConnectionError:
        return None
    except TimeoutError:
        refused = Refused("reader_too_slow", "Read faster, or follow less; go on from the last revision.")
    except Refused as error:
        refused = error
    if refused is None or follower.gone:
        return None
    metrics.FEED_ENDS.labels(refused.error.code).inc()
    told = orjson.dumps({"code": refused.error.code, "detail": refused.detail})
    # It goes into the buffer at once, whether or not the reader ever takes it; its place stays what it was.
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(0.1):
            await send("closed", told, None)
    return refused


async def _send_changes(feed: Feed, follower: Follower, send: Send) -> None:
    while not follower.is_over:
        told = follower.cursor
        try:
            rows = await feed.read(follower)
        except Refused as refused:
            if refused.error.code != "database_unavailable":
                raise
            # It comes back, and then nothing has been lost.
            await asyncio.sleep(RETRY_SECONDS)
            continue
        for row in rows:
            told = row[follower.counts]
            await _timely(send(row.get("event", "change"), _text(row), told))
        if rows and "changed_at" in rows[-1]:
            age = datetime.now(UTC).replace(tzinfo=None) - rows[-1]["changed_at"]
            metrics.FEED_SECONDS.observe(max(0.0, age.total_seconds()))
        if told < follower.cursor:
            await _timely(send(follower.counts, b"", follower.cursor))
        if not follower.is_behind:
            return


async def _send_viewers(request: web.Request, follower: Follower, send: Send) -> None:
    follower.viewers_changed = False
    assert follower.task_id is not None
    user_ids = await request.app[NEWS].viewers(follower.task_id)
    if user_ids != follower.viewers:
        follower.viewers = user_ids
        told = {"task_id": follower.task_id, "user_ids": user_ids}
        await _timely(send("presence", orjson.dumps(told), None))


async def _timely(sending: Awaitable[None]) -> None:
    async with asyncio.timeout(SLOW_SECONDS):
        await sending


def _text(row: Row) -> bytes:
    schema = ENTERED if "event" in row else CHANGE
    text: bytes = row.get(TEXT) or row.setdefault(TEXT, orjson.dumps(schema.dump(row)))
    return text
