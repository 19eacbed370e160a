"""Serving: one process on a socket, until a signal ends it in order."""

import asyncio
import errno
import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from aiohttp import web

from service import log, metrics
from service.app import create_app
from service.config import Settings
from service.http.first_request import waiting
from service.http.leaving import LEAVING, finish_requests
from service.http.protocol import serving
from service.worker.jobs import jobs

LOGGER = logging.getLogger(__name__)

# Somebody else serves on the socket from now on: clients are given time to go over there.
RETIRE = signal.SIGUSR1
RETIRE_SECONDS = 10
BACKLOG = 1024


class ServeError(Exception):
    """The service cannot be started or went down; the message is one sentence."""


def serve(settings: Settings, ready: Callable[[], None] | None = None, *, with_jobs: bool = False) -> None:
    """Serve from this process until SIGTERM or SIGINT, then finish the requests in flight.

    Calls `ready` when it accepts requests; `with_jobs` does the work of `headgate worker`, too. Raises
    ServeError if the port is taken.
    """
    configure(settings)
    check_port(settings)
    with measured(settings):
        serve_on(settings, open_socket(settings, shared=False), ready, with_jobs=with_jobs)


def configure(settings: Settings) -> None:
    """Set the log up, and say in it what the operator should change."""
    log.configure(settings.log_level, settings.log_format)
    if not settings.service_database_url:
        LOGGER.warning(
            "The API uses the owner's rights: set SERVICE_DATABASE_URL to an account that only calls."
        )


def check_port(settings: Settings) -> None:
    """Refuse a taken port here: sockets that share one would join any other that shares it too."""
    open_socket(settings, shared=False).close()


def open_socket(settings: Settings, *, shared: bool) -> socket.socket:
    """A socket that listens where the settings say, alone or beside others of ours."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise _refused(settings, error) from error
    return listening


def _refused(settings: Settings, error: OSError) -> ServeError:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return ServeError(f"Another program already listens on {where}; stop it or set PORT to another port.")
    return ServeError(f"Cannot listen on {where}: {error.strerror}.")


@contextmanager
def measured(settings: Settings, folder: Path | None = None) -> Iterator[None]:
    """Let monitors in for a block; of workers, their folder."""
    with ExitStack() as stack:
        try:
            stack.enter_context(metrics.shown(settings.metrics_address, folder))
        except OSError as error:
            raise ServeError(
                f"Cannot listen on {settings.metrics_address} (METRICS_ADDRESS): {error.strerror}."
            ) from error
        yield


def serve_on(
    settings: Settings,
    listening: socket.socket,
    ready: Callable[[], None] | None = None,
    *,
    with_jobs: bool = False,
) -> None:
    """Serve on a socket until a signal."""
    app = create_app(settings)
    if with_jobs:
        app.cleanup_ctx.append(jobs)
    asyncio.run(_serve(app, settings, listening, ready))


async def _serve(
    app: web.Application, settings: Settings, listening: socket.socket, ready: Callable[[], None] | None
) -> None:
    runner = web.AppRunner(app, shutdown_timeout=settings.shutdown_seconds)
    await runner.setup()
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    for number in (signal.SIGTERM, signal.SIGINT, RETIRE):
        asyncio.get_running_loop().add_signal_handler(number, _tell, told, number)
    assert runner.server
    accepting = await asyncio.get_running_loop().create_server(
        waiting(serving(runner.server)), sock=listening, backlog=BACKLOG
    )
    try:
        if ready:
            ready()
        retires = await told == RETIRE
        accepting.close()
        app[LEAVING].set()
        if retires:
            await _until_deserted(runner)
        await finish_requests(app, settings.shutdown_seconds)
    finally:
        accepting.close()
        await runner.cleanup()


def _tell(told: "asyncio.Future[int]", number: int) -> None:
    if not told.done():
        told.set_result(number)


async def _until_deserted(runner: web.AppRunner) -> None:
    """Wait for the clients to go: each is told so with its next answer, and finds the new process by itself.

    To close a connection that rests could cut off the request that is just coming.
    """
    deadline = time.monotonic() + RETIRE_SECONDS
    # No event tells of it.
    while runner.server and runner.server.connections and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
