"""Connections that say nothing, or not to the end, are closed after a while; those that ask go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web

from service.app import create_app
from service.config import Settings
from service.http import first_request

REQUEST = b"GET /api/status HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture
async def port(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A service that has little patience."""
    monkeypatch.setattr(first_request, "FIRST_REQUEST_SECONDS", 0.3)
    runner = web.AppRunner(create_app(settings))
    await runner.setup()
    assert runner.server
    loop = asyncio.get_running_loop()
    accepting = await loop.create_server(first_request.waiting(runner.server), "127.0.0.1", 0)
    yield accepting.sockets[0].getsockname()[1]
    accepting.close()
    await runner.cleanup()


async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Returns when the other side has closed the connection without an answer."""
    with suppress(ConnectionResetError):
        assert await reader.read() == b""
    await closed(writer)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionResetError):
        await writer.wait_closed()


@pytest.mark.parametrize("sent", [b"", REQUEST[:-1], b"GET /"], ids=["nothing", "no end", "no headers"])
async def test_who_sends_no_whole_request_is_cut_off(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    writer.write(sent)

    await cut_off(reader, writer)


async def test_who_has_asked_may_ask_again_later(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    silent, other = await asyncio.open_connection("127.0.0.1", port)

    for _ in range(2):
        writer.write(REQUEST)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))
        assert head.startswith(b"HTTP/1.1 200")
        # The time is over when the other one, opened later, is cut off.
        await cut_off(silent, other)
    await closed(writer)
