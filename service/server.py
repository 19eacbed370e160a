"""Running the application: one process or several that share a port."""

import errno
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from aiohttp import web

from service import log, metrics
from service.app import create_app
from service.config import Settings

LOGGER = logging.getLogger(__name__)


class ServeError(Exception):
    """The service cannot be started or went down; the message is one sentence."""


def serve(settings: Settings, workers: int = 1, ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in flight.

    With several workers each is a process of its own on the same port; a single
    one calls `ready` when it accepts requests. Raises ServeError if the port is
    taken or a worker dies.
    """
    log.configure(settings.log_level, settings.log_format)
    if not settings.service_database_url:
        LOGGER.warning(
            "The API uses the owner's rights: set SERVICE_DATABASE_URL to an account that only calls."
        )
    check_port(settings)
    if workers == 1:
        with _measured(settings):
            _run(settings, shared=False, ready=ready)
    else:
        with metrics.folder_of_workers() as folder, _measured(settings, folder):
            _supervise(settings, workers)


@contextmanager
def _measured(settings: Settings, folder: Path | None = None) -> Iterator[None]:
    """Let monitors in for a block; of workers, their folder."""
    with ExitStack() as stack:
        try:
            stack.enter_context(metrics.shown(settings.metrics_address, folder))
        except OSError as error:
            raise ServeError(
                f"Cannot listen on {settings.metrics_address} (METRICS_ADDRESS): {error.strerror}."
            ) from error
        yield


def check_port(settings: Settings) -> None:
    """Refuse a taken port here: sockets that share one would join any other that shares it too."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen()
        except OSError as error:
            raise _refused(settings, error) from error


def _refused(settings: Settings, error: OSError) -> ServeError:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return ServeError(f"Another program already listens on {where}; stop it or set PORT to another port.")
    return ServeError(f"Cannot listen on {where}: {error.strerror}.")


def _run(settings: Settings, shared: bool, ready: Callable[[], None] | None = None) -> None:
    try:
        web.run_app(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            reuse_port=shared or None,
            shutdown_timeout=settings.shutdown_seconds,
            access_log=None,
            # aiohttp prints once, when it listens.
            print=(lambda _: ready()) if ready else None,
        )
    except OSError as error:
        raise _refused(settings, error) from error


def _work(settings: Settings) -> None:
    """One worker, in a new process."""
    # Ctrl-C at a terminal reaches the whole group; a second signal would cut requests short.
    os.setsid()
    threading.Thread(target=_follow_parent, daemon=True).start()
    log.configure(settings.log_level, settings.log_format)
    try:
        _run(settings, shared=True)
    except ServeError as error:
        sys.exit(str(error))


def _follow_parent() -> None:
    """End when the parent is gone, even if it was killed and could not say so."""
    parent = multiprocessing.parent_process()
    assert parent
    connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _supervise(settings: Settings, workers: int) -> None:
    """Start the workers, pass the signals on, and stop the rest if one dies."""
    create_app(settings)  # what is wrong with the settings is said once, here
    context = multiprocessing.get_context("spawn")
    processes: list[BaseProcess] = [
        context.Process(target=_work, args=(settings,), name=f"worker-{number}") for number in range(workers)
    ]
    stopping = False

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for process in processes:
            if process.is_alive():
                process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for process in processes:
        process.start()

    connection.wait([process.sentinel for process in processes])
    died = not stopping
    stop(signal.SIGTERM, None)
    for process in processes:
        process.join()
    if died:
        raise ServeError("A worker ended by itself; the log says why.")
