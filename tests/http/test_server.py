"""The service as a process: its port, its workers and its end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymysql.connections import Connection

from service.config import Settings
from service.tokens import Caller, Tokens
from tests.conftest import User

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """A running `headgate serve`."""

    def __init__(self, settings: Settings, port: int, *options: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            "PATH": os.environ["PATH"],
            "SERVICE_DATABASE_URL": settings.service_database_url,
            "REDIS_URL": settings.redis_url,
            "SECRET_KEY": settings.secret_key,
            "PORT": str(port),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve", *options],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code

    def wait_until_up(self) -> None:
        for _ in range(200):
            try:
                self.get("/")
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail("the service did not start")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait; the exit code and what was logged."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., Service]]:
    """Start the service on a port with further options; what still runs is killed afterwards."""
    running: list[Service] = []

    def run(port: int, *options: str) -> Service:
        running.append(Service(settings, port, *options))
        return running[-1]

    yield run
    for service in running:
        if service.process.poll() is None:
            service.process.kill()
            service.process.communicate()
        if service.process.stderr:
            service.process.stderr.close()


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["alone", "workers"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "sigint"])
def test_a_signal_ends_the_service_in_order(
    start: Callable[..., Service], options: tuple[str, ...], number: int
) -> None:
    service = start(free_port(), *options)
    service.wait_until_up()

    code, _ = service.end(number)

    assert code == 0


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["alone", "workers"])
def test_a_taken_port_is_told_in_one_sentence(
    start: Callable[..., Service], options: tuple[str, ...]
) -> None:
    port = free_port()
    first = start(port, *options)
    first.wait_until_up()

    second = start(port, *options)
    _, errors = second.process.communicate(timeout=20)

    assert second.process.returncode == 1
    assert f"127.0.0.1:{port}" in errors
    assert "Traceback" not in errors


def test_a_request_in_flight_is_finished_before_the_end(
    start: Callable[..., Service], settings: Settings, user: User, owner: "Connection[Any]"
) -> None:
    service = start(free_port())
    service.wait_until_up()
    token = Tokens(settings).issue(Caller(user.id, user.workspace_id, 0))
    request = urllib.request.Request(
        f"{service.url}/api/v1/tasks/",
        data=orjson.dumps({"title": "last"}),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )

    with owner.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", (user.workspace_id,))
        writing = threads.submit(urllib.request.urlopen, request, timeout=10)
        time.sleep(0.5)
        ending = threads.submit(service.end)
        time.sleep(0.5)
        cursor.execute("ROLLBACK")

        with writing.result() as response:
            assert response.status == 201
        assert ending.result()[0] == 0


def test_a_worker_that_dies_takes_the_service_down_with_an_error(start: Callable[..., Service]) -> None:
    service = start(free_port(), "--workers", "2")
    service.wait_until_up()
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    if not children.exists():
        pytest.skip("needs /proc")

    workers = [
        int(child)
        for child in children.read_text().split()
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    os.kill(workers[0], signal.SIGKILL)
    _, errors = service.process.communicate(timeout=20)

    assert service.process.returncode == 1
    assert "worker" in errors


def test_logs_are_json_lines_and_never_hold_a_secret(
    start: Callable[..., Service], settings: Settings
) -> None:
    service = start(free_port())
    service.wait_until_up()
    form = b"username=somebody&password=open-sesame"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{service.url}/api/v1/users/login?password=in-the-query", data=form)
    service.get("/api/v1/tasks/5?search=private")

    _, errors = service.end()

    lines = [orjson.loads(line) for line in errors.splitlines() if line.startswith("{")]
    login = next(line for line in lines if line.get("route") == "/api/v1/users/login")
    assert (login["method"], login["status"]) == ("POST", 422)
    assert login["request_id"]
    assert login["ms"] >= 0
    for secret in ("open-sesame", "in-the-query", "private", settings.secret_key):
        assert secret not in errors
