"""A database that only this file's workers know, and workers as processes of their own."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import pytest

from service.config import Settings
from service.database import migrate
from service.database.migrate import ROOT
from tests.conftest import Database, new_database

PATIENCE = 60


class Worker:
    """A running `headgate worker`."""

    def __init__(self, settings: Settings, **environment: str) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "SERVICE_DATABASE_URL": settings.service_database_url,
            "REDIS_URL": settings.redis_url,
            "SECRET_KEY": settings.secret_key,
            "LOG_FORMAT": "json",
        } | environment
        # A file: nobody reads a pipe while it runs, and a full one would stop it.
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "worker"], cwd=ROOT, env=environment, stderr=self._log
        )

    def kill(self) -> None:
        """Take it away in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait; the exit code and what was logged."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), self.log

    @property
    def log(self) -> str:
        """What it has logged so far."""
        self._log.seek(0)
        return self._log.read()

    def clear(self) -> None:
        self.kill()
        self._log.close()


@pytest.fixture(scope="module")
def place() -> Iterator[Database]:
    """A migrated database of the file's own."""
    with new_database("headgate_w") as owner:
        service = owner.login_as(f"{owner.database}_api", secrets.token_hex(16))
        migrate.up(owner, service)
        yield Database(owner.database, owner.url, service.url)


@pytest.fixture(scope="module")
def settings(place: Database, redis_url: str) -> Settings:
    return Settings(
        service_database_url=place.service_url, redis_url=redis_url, secret_key=secrets.token_hex(16)
    )


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., Worker]]:
    """Start a worker; what still runs is killed afterwards."""
    running: list[Worker] = []

    def run(**environment: str) -> Worker:
        running.append(Worker(settings, **environment))
        return running[-1]

    yield run
    for worker in running:
        worker.clear()


def eventually(is_so: Callable[[], object], what: str) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
