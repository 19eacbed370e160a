"""The servers that are compared, each one process on a free port of this machine."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

SECRET_KEY = secrets.token_urlsafe(32)
PLENTY = "10000000"


@dataclass(frozen=True)
class Server:
    """A server that answers, and its address."""

    name: str
    address: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, argv: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """A server for a block; it answers when the block begins."""
    process = subprocess.Popen(
        argv, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert process.poll() is None, f"{name} ended"
            try:
                urllib.request.urlopen(address, timeout=5).close()
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield Server(name, address)
    finally:
        process.terminate()
        process.wait(60)


def headgate(
    name: str, database: str, redis: str, *options: str, **settings: str
) -> AbstractContextManager[Server]:
    """Our service with its defaults, but for limits that are never reached."""
    port = free_port()
    environment = {
        "DATABASE_URL": "",
        "SERVICE_DATABASE_URL": database,
        "REDIS_URL": redis,
        "SECRET_KEY": SECRET_KEY,
        "PORT": str(port),
        **{f"RATE_LIMIT_{what}PER_MINUTE": PLENTY for what in ("", "KEY_", "ADDRESS_", "LOGIN_")},
        **settings,
    }
    return running(name, [sys.executable, "-m", "service.cli", "serve", *options], port, environment)


def fastapi(name: str, database: str, redis: str, **settings: str) -> AbstractContextManager[Server]:
    """The peer in uvicorn, with uvloop and httptools and without a log of requests."""
    port = free_port()
    argv = [sys.executable, "-m", "uvicorn", "--factory", "bench.peers.fastapi_tasks:create_app"]
    argv += ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "error"]
    environment = {"DATABASE_URL": database, "REDIS_URL": redis, "SECRET_KEY": SECRET_KEY, **settings}
    return running(name, argv, port, environment)


def bare() -> AbstractContextManager[Server]:
    """aiohttp with a handler that returns a constant."""
    port = free_port()
    return running("bare aiohttp", [sys.executable, "-m", "bench.peers.bare", str(port)], port, {})
