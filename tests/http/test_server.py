"""The service as a process: its port, its workers and its end."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymysql.connections import Connection

from service.config import Settings
from service.tokens import Caller, Tokens
from tests.conftest import User
from tests.http.process import PATIENCE, Service, free_port


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
    _, errors = second.process.communicate(timeout=PATIENCE)

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
    _, errors = service.process.communicate(timeout=PATIENCE)

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
