"""Redis as a help that may be missing: what gets no answer soon gets None, and that is logged seldom.

One connection serves the process. Whatever the requests of one turn of the event loop ask goes out in one
write, and what is asked until it is answered gathers for the next: a command costs a small part of a round
trip. A connection that is late, breaks off or makes no sense is given up at once, with all who wait for it;
a new one is tried in the background, and until it stands nobody waits for Redis.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from hiredis import pack_command
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError

from service import metrics
from service.config import SETTINGS, Settings
from service.log import Seldom

LOGGER = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.25
# Longer than a revision counts as fresh in Redis (service/cache/): what this process could not
# write there while it was away is gone from there before it reads again.
PAUSE_SECONDS = 1.0

# After so long without a message a listener asks whether Redis is still there.
SILENCE_SECONDS = 15

# What a connection may end with: lost, late, or answering what is no answer.
TROUBLES = (RedisError, OSError, TimeoutError, ValueError)

Command = tuple[Any, ...]
Answer = asyncio.Future[Any]


@dataclass(frozen=True)
class Script:
    """A Lua script, which every connection loads and then calls by its hash."""

    source: str
    sha: str

    def call(self, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Command:
        """The command that runs it."""
        return ("EVALSHA", self.sha, len(keys), *keys, *args)


class RedisClient:
    """The connection, if there is one, and the task that brings it back."""

    def __init__(self, settings: Settings) -> None:
        self._redis = Redis.from_url(
            settings.redis_url,
            protocol=2,
            # What is asked has a time of its own, and a listener waits as long as it takes.
            socket_timeout=None,
            socket_connect_timeout=2 * TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._scripts: list[Script] = []
        self._is_there = False
        self._settled_at = 0.0
        self._lost_at = -60.0
        self._asked: list[tuple[Command, Answer]] = []
        self._is_asked = asyncio.Event()
        self._conversation: asyncio.Task[None] | None = None
        self._staying: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._try_now = asyncio.Event()
        self._worth_a_line = Seldom()

    @property
    def is_settled(self) -> bool:
        """Whether answers may be read from it: not when writes could not be noted there a moment ago."""
        return self._is_there and time.monotonic() >= self._settled_at

    @property
    def was_there_lately(self) -> bool:
        """Whether it is there, or was until a moment ago, and was not tried again since."""
        return self._is_there or time.monotonic() - self._lost_at < PAUSE_SECONDS + TIMEOUT_SECONDS

    async def ask(self, *command: str | bytes | int) -> Any:
        """The answer to one command; None if Redis is away or refuses it."""
        if not self._is_there:
            metrics.REDIS_SPARED.inc()
            return None
        answer = await self._enqueue(command)
        if not isinstance(answer, ResponseError):
            return answer
        metrics.REDIS_AWAY.inc()
        if isinstance(answer, NoScriptError):
            self.distrust("it forgot the scripts")
        elif self._worth_a_line:
            LOGGER.warning("redis_refused", extra={"reason": str(answer)})
        return None

    def tell(self, *command: str | bytes | int) -> None:
        """Send a command for whose answer nobody waits; what is asked later is done after it."""
        if self._is_there:
            self._enqueue(command)

    def script(self, source: str) -> Script:
        """A script that Redis will know."""
        script = Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())
        self._scripts.append(script)
        self.tell("SCRIPT", "LOAD", source)
        return script

    def distrust(self, reason: str) -> None:
        """Give the connection up: it answers, but wrongly."""
        if self._is_there and self._conversation:
            self._note_loss()
            self._conversation.cancel(reason)

    async def ping(self) -> bool:
        """Ask for a sign of life, also of a Redis that was away a moment ago."""
        if not self._is_there:
            self._tried.clear()
            self._try_now.set()
            await self._tried.wait()
        return bool(await self.ask("PING") == b"PONG")

    async def start(self) -> None:
        """Begin to be connected, and wait for the first attempt."""
        self._staying = asyncio.create_task(self._stay_connected())
        await self._tried.wait()

    async def close(self) -> None:
        """Give the connection back, and bring no other."""
        if self._staying:
            self._staying.cancel()
            await asyncio.wait([self._staying])
        await self._redis.aclose()

    async def listen(self, channels: Sequence[str], hear: Callable[[str, bytes], None]) -> None:
        """Hear what is told on channels, while Redis is there, until cancelled."""
        while True:
            with suppress(*TROUBLES):
                async with self._redis.pubsub() as listener:
                    await listener.subscribe(*channels)
                    while message := await _heard(listener):
                        if message["type"] == "message":
                            hear(message["channel"].decode(), message["data"])
            await asyncio.sleep(PAUSE_SECONDS)

    def _enqueue(self, command: Command) -> Answer:
        answer: Answer = asyncio.get_running_loop().create_future()
        self._asked.append((command, answer))
        self._is_asked.set()
        return answer

    def _note_loss(self) -> None:
        if self._is_there:
            self._is_there, self._lost_at = False, time.monotonic()

    async def _stay_connected(self) -> None:
        pause = 0.0
        while True:
            self._conversation = asyncio.create_task(self._converse(pause))
            try:
                reason = await _end(self._conversation)
            finally:
                self._conversation.cancel()
            self._tried.set()
            metrics.REDIS_AWAY.inc()
            if self._worth_a_line:
                LOGGER.warning("redis_unavailable", extra={"reason": reason})
            pause = PAUSE_SECONDS
            with suppress(TimeoutError):
                self._try_now.clear()
                await asyncio.wait_for(self._try_now.wait(), pause)

    async def _converse(self, pause: float) -> None:
        """Ask over a new connection whatever is to be asked, as long as it answers."""
        pool = self._redis.connection_pool
        async with asyncio.timeout(2 * TIMEOUT_SECONDS):
            connection = await pool.get_connection()  # type: ignore[no-untyped-call]
        try:
            async with asyncio.timeout(2 * TIMEOUT_SECONDS):
                await _answers(connection, [("SCRIPT", "LOAD", script.source) for script in self._scripts])
            self._settled_at = time.monotonic() + pause
            self._is_there = True
            self._tried.set()
            while await self._is_asked.wait():
                await self._ask_over(connection)
        finally:
            self._note_loss()
            _resolve(self._asked, [])
            self._asked.clear()
            await connection.disconnect(nowait=True)
            await pool.release(connection)

    async def _ask_over(self, connection: AbstractConnection) -> None:
        """Ask all that is to be asked now."""
        self._is_asked.clear()
        batch, self._asked = self._asked, []
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answers = await _answers(connection, [command for command, _ in batch])
        except BaseException:
            _resolve(batch, [])
            raise
        _resolve(batch, answers)


async def _answers(connection: AbstractConnection, commands: list[Command]) -> list[Any]:
    """What is answered to commands that go out in one write; a refusal is an answer, too."""
    if await connection.can_read():
        raise ValueError("closed, or an answer to no question")
    # As redis-py packs them where it does not wait, in C.
    await connection.send_packed_command(b"".join(map(pack_command, commands)), check_health=False)
    answers: list[Any] = []
    for _ in commands:
        try:
            answers.append(await connection.read_response())
        except ResponseError as refusal:
            answers.append(refusal)
    return answers


def _resolve(asked: list[tuple[Command, Answer]], answers: list[Any]) -> None:
    """Give everybody who waits their answer; None to all if there are none."""
    for number, (_, waiting) in enumerate(asked):
        if not waiting.done():
            waiting.set_result(answers[number] if answers else None)


async def _heard(listener: PubSub) -> Any:
    """The next message, be it the answer to a ping; None if Redis says nothing at all."""
    if message := await listener.get_message(timeout=SILENCE_SECONDS):
        return message
    await listener.ping()
    return await listener.get_message(timeout=SILENCE_SECONDS)


async def _end(conversation: "asyncio.Task[None]") -> str:
    """Wait for its end, and say what it ended with."""
    await asyncio.wait([conversation])
    try:
        await conversation
    except TROUBLES as error:
        return repr(error)
    except asyncio.CancelledError as error:
        return str(error)
    return ""


REDIS = web.AppKey("redis", RedisClient)


async def redis(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that holds the client while the app runs."""
    app[REDIS] = RedisClient(app[SETTINGS])
    await app[REDIS].start()
    yield
    await app[REDIS].close()
