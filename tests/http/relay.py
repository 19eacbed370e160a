"""A wire between the service and a server that a test can cut, make silent or slow, or garble."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """Listens on a socket of its own and passes bytes on while it is told to."""

    def __init__(self, socket: Path, target: str | tuple[str, int]) -> None:
        self.socket = socket
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        # How long all bytes are held back, and what becomes of those that the server sends.
        self.delay = 0.0
        self.garbled: Callable[[bytes], bytes] | None = None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Accept connections (again)."""
        self.socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._connect, self.socket)

    async def cut(self) -> None:
        """Drop every connection and refuse new ones, as a server does that has died."""
        assert self._server
        self._server.close()
        self.socket.unlink(missing_ok=True)
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hush(self) -> None:
        """Keep every connection and pass nothing on, as a server does that hangs."""
        self._open.clear()

    def speak(self) -> None:
        """Pass bytes on again."""
        self._open.set()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there: Stream
        if isinstance(self._target, str):
            there = await asyncio.open_unix_connection(self._target)
        else:
            there = await asyncio.open_connection(*self._target)
        self._writers |= {writer, there[1]}
        for source, sink, answers in ((reader, there[1], False), (there[0], writer, True)):
            task = asyncio.create_task(self._pass_on(source, sink, answers))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, answers: bool) -> None:
        try:
            while data := await source.read(65_536):
                await self._open.wait()
                await asyncio.sleep(self.delay)
                if answers and self.garbled:
                    data = self.garbled(data)
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


@asynccontextmanager
async def relay(socket: Path, target: str | tuple[str, int]) -> AsyncIterator[Relay]:
    """A wire to the target for a block."""
    wire = Relay(socket, target)
    await wire.start()
    try:
        yield wire
    finally:
        wire.speak()
        await wire.cut()
