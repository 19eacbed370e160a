"""The service as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from service.config import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """A running `headgate serve`, or of another program what it is called with `serve`."""

    def __init__(
        self, settings: Settings, port: int, *options: str, program: str = "service.cli", **environment: str
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            "PATH": os.environ["PATH"],
            "SERVICE_DATABASE_URL": settings.service_database_url,
            "REDIS_URL": settings.redis_url,
            "SECRET_KEY": settings.secret_key,
            "STORAGE_URL": settings.storage_url,
            "PORT": str(port),
            "RATE_LIMIT_PER_MINUTE": "0",
            "RATE_LIMIT_ADDRESS_PER_MINUTE": "0",
        } | environment
        # A file: nobody reads a pipe while the service runs, and a full one would stop it.
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", program, "serve", *options],
            cwd=ROOT,
            env=environment,
            stderr=self._log,
        )

    def get(self, path: str, patience: float = 10) -> int:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=patience) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code

    def answer(self, path: str, headers: dict[str, str], body: bytes | None = None) -> dict[str, str]:
        """The headers of an answer."""
        request = urllib.request.Request(f"{self.url}{path}", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return dict(response.headers)

    def wait_until_up(self, patience: float = 10) -> None:
        """Ask until there is an answer; `patience` is how many seconds one question may take."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.get("/", patience)
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail("the service did not start")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait; the exit code and what was logged."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """Wait for the end; the exit code and what was logged."""
        code = self.process.wait(PATIENCE)
        self._log.seek(0)
        return code, self._log.read()

    def clear(self) -> None:
        """Kill it if it still runs."""
        self.process.kill()
        self.process.wait()
        self._log.close()
