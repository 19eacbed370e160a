"""Redis as a help that may be missing: what gets no answer soon gets None, and that is logged seldom.

One connection serves the process. Whatever the requests of one turn of the event loop ask goes out in one
write and is answered in order, so a command costs a small part of a round trip. A connection that is late,
answers what was not asked or makes no sense is given up at once, with all that waited for it; a new one is
tried in the background, and until it stands nobody waits for Redis.
"""

import asyncio
import hashlib
import logging
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import hiredis
from aiohttp import web

from service import metrics
from service.config import SETTINGS, Settings
from service.log import Seldom

LOGGER = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.25
# Longer than a revision counts as fresh in Redis (service/cache.py): what this process could not
# write there while it was away is gone from there before it reads again.
PAUSE_SECONDS = 1.0

# After so long without a message a listener asks whether Redis is still there.
SILENCE_SECONDS = 15.0

Command = tuple[Any, ...]


@dataclass(frozen=True)
class Script:
    """A Lua script, which a connection sends once and then calls by its hash."""

    source: str
    sha: str

    def call(self, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Command:
        """The command that runs it."""
        return ("EVALSHA", self.sha, len(keys), *keys, *args)


class Connection(asyncio.Protocol):
    """One connection: commands in, answers out in the same order, until `lost` says why there are no more."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = hiredis.Reader()
        self._unsent: list[bytes] = []
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._transport: asyncio.Transport | None = None
        self._watch: asyncio.TimerHandle | None = None
        self.lost: asyncio.Future[str] = self._loop.create_future()
        self.closed: asyncio.Future[None] = self._loop.create_future()

    def ask(self, command: Command) -> "asyncio.Future[Any]":
        """The answer to come; None if the connection is lost before."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        if self.lost.done():
            answer.set_result(None)
            return answer
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent.append(hiredis.pack_command(command))
        self._waiting.append(answer)
        return answer

    def give_up(self, reason: str) -> None:
        """Close it; whoever waits has no answer."""
        if self.lost.done():
            return
        self.lost.set_result(reason)
        if self._transport:
            self._transport.abort()
        if self._watch:
            self._watch.cancel()
        for answer in self._waiting:
            if not answer.done():
                answer.set_result(None)
        self._waiting.clear()

    def _send(self) -> None:
        if not self.lost.done() and self._transport:
            self._transport.write(b"".join(self._unsent))
            if self._watch is None:
                self._watch_first()
        self._unsent.clear()

    def _watch_first(self) -> None:
        """Look again after the timeout: if the same command still waits then, it has waited too long."""
        self._watch = None
        if self._waiting:
            self._watch = self._loop.call_later(TIMEOUT_SECONDS, self._look_again, self._waiting[0])

    def _look_again(self, first: "asyncio.Future[Any]") -> None:
        if self._waiting and self._waiting[0] is first:
            self.give_up(f"no answer in {TIMEOUT_SECONDS} s")
        else:
            self._watch_first()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A stream, as the URL asks for; not every loop's is a subclass of this.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed(data)
            while (answer := self._parser.gets()) is not False:
                self._take(answer)
        except (hiredis.HiredisError, IndexError) as error:
            self.give_up(f"an answer that makes no sense: {error!r}")

    def _take(self, answer: Any) -> None:
        waiting = self._waiting.popleft()
        if not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.give_up(repr(error) if error else "closed by Redis")
        self.closed.set_result(None)


class Subscription(Connection):
    """A connection that also hears what is told on the channels that it subscribes to."""

    def __init__(self, hear: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self._hear = hear

    def _take(self, answer: Any) -> None:
        if isinstance(answer, list) and answer[0] == b"message":
            self._hear(answer[1].decode(), answer[2])
        else:
            super()._take(answer)


class RedisClient:
    """The connection, if there is one, and the task that brings it back."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.redis_url
        self._connection: Connection | None = None
        self._scripts: list[Script] = []
        self._connecting: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._try_now = asyncio.Event()
        self._settled_at = 0.0
        self._worth_a_line = Seldom()

    @property
    def is_settled(self) -> bool:
        """Whether answers may be read from it: not when writes could not be noted there a moment ago."""
        return self._connection is not None and time.monotonic() >= self._settled_at

    async def ask(self, *command: str | bytes | int) -> Any:
        """The answer to one command; None if Redis is away or refuses it."""
        if self._connection is None:
            metrics.REDIS_SPARED.inc()
            return None
        answer = await self._connection.ask(command)
        if not isinstance(answer, hiredis.ReplyError):
            return answer
        metrics.REDIS_AWAY.inc()
        if str(answer).startswith("NOSCRIPT"):
            self.distrust("it forgot the scripts")
        elif self._worth_a_line:
            LOGGER.warning("redis_refused", extra={"reason": str(answer)})
        return None

    def tell(self, *command: str | bytes | int) -> None:
        """Send a command for whose answer nobody waits; what is asked later is done after it."""
        if self._connection:
            self._connection.ask(command)

    def script(self, source: str) -> Script:
        """A script that every connection will know."""
        script = Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())
        self._scripts.append(script)
        if self._connection:
            self._connection.ask(("SCRIPT", "LOAD", source))
        return script

    def distrust(self, reason: str) -> None:
        """Give the connection up: it answers, but wrongly."""
        if self._connection:
            self._connection.give_up(reason)

    async def ping(self) -> bool:
        """Ask for a sign of life, also of a Redis that was away a moment ago."""
        if self._connection is None:
            self._tried.clear()
            self._try_now.set()
            await self._tried.wait()
        return bool(await self.ask("PING") == b"PONG")

    async def start(self) -> None:
        """Begin to be connected, and wait for the first attempt."""
        self._connecting = asyncio.create_task(self._stay_connected())
        await self._tried.wait()

    async def close(self) -> None:
        """Give the connection back, and bring no other."""
        # First the connection, for whoever waits for its loss is cancelled together with that.
        if connection := self._connection:
            connection.give_up("closed")
        if self._connecting:
            self._connecting.cancel()
        if connection:
            await connection.closed

    async def listen(self, channels: Sequence[str], hear: Callable[[str, bytes], None]) -> None:
        """Hear what is told on channels, while Redis is there, until cancelled."""
        while True:
            with suppress(OSError, ValueError, TimeoutError):
                connection = await self._connect(lambda: Subscription(hear))
                try:
                    for channel in channels:
                        connection.ask(("SUBSCRIBE", channel))
                    while not connection.lost.done():
                        await asyncio.wait([connection.lost], timeout=SILENCE_SECONDS)
                        connection.ask(("PING",))
                finally:
                    connection.give_up("closed")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _stay_connected(self) -> None:
        pause = 0.0
        while True:
            try:
                connection = await self._connect()
                self._settled_at = time.monotonic() + pause
                self._connection = connection
                self._tried.set()
                reason = await connection.lost
            except (OSError, ValueError, TimeoutError) as error:
                reason = repr(error)
            self._connection = None
            self._tried.set()
            metrics.REDIS_AWAY.inc()
            if self._worth_a_line:
                LOGGER.warning("redis_unavailable", extra={"reason": reason})
            pause = PAUSE_SECONDS
            with suppress(TimeoutError):
                self._try_now.clear()
                await asyncio.wait_for(self._try_now.wait(), pause)

    async def _connect(self, kind: Callable[[], Connection] = Connection) -> Connection:
        """A new connection that has answered; raises OSError, ValueError or TimeoutError if there is none."""
        url = urlsplit(self._url)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(2 * TIMEOUT_SECONDS):
            if url.scheme == "unix":
                _, connection = await loop.create_unix_connection(kind, unquote(url.path))
            else:
                tls = (
                    ssl.create_default_context(cafile=query.get("ssl_ca_certs"))
                    if url.scheme == "rediss"
                    else None
                )
                host, port = url.hostname or "localhost", url.port or 6379
                _, connection = await loop.create_connection(kind, host, port, ssl=tls)
        database = query.get("db") or (url.path.strip("/") if url.scheme != "unix" else "") or "0"
        names = [unquote(name) for name in (url.username, url.password) if name]
        expected = {("AUTH", *names): b"OK"} if url.password else {}
        expected[("SELECT", database)] = b"OK"
        expected |= {("SCRIPT", "LOAD", script.source): script.sha.encode() for script in self._scripts}
        answers = await asyncio.gather(*(connection.ask(command) for command in expected))
        for answer, right in zip(answers, expected.values(), strict=True):
            if answer != right:
                connection.give_up("not ready")
                raise ConnectionError(f"answered {answer!r} for a beginning")
        return connection


REDIS = web.AppKey("redis", RedisClient)


async def redis(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that holds the client while the app runs."""
    app[REDIS] = RedisClient(app[SETTINGS])
    await app[REDIS].start()
    yield
    await app[REDIS].close()
