"""The service as a process: its port, its workers and its end."""

import os
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from pymysql.connections import Connection

from service.admission.tokens import Caller, Tokens
from service.config import Settings
from service.database import migrate
from service.database.connection import Dsn
from tests.conftest import Database, User
from tests.http.process import PATIENCE, Service, free_port


def workers(service: Service) -> list[int]:
    """The processes that serve."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    if not children.exists():
        pytest.skip("needs /proc")
    found = []
    for child in children.read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):  # it may end just now
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def edited(folder: Path, *procedures: str) -> Path:
    """A copy of sql/ in which the text of these is another."""
    shutil.copytree(migrate.SQL, folder)
    for name in procedures:
        (path,) = folder.rglob(f"{name}.sql")
        path.write_text(path.read_text().replace("BEGIN\n", "BEGIN\n    -- Another text.\n", 1))
    return folder


class Load:
    """Clients that write and read, and count what they are answered."""

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.goes_on = True
        self.answered = self.made = 0
        self.failed: list[str] = []

    def run(self, keep: bool) -> None:
        """One request after the other, on one connection as long as the service keeps it, or each on its own."""
        client = HTTPConnection(self._address, timeout=PATIENCE)
        while self.goes_on:
            for method, status in (("POST", 201), ("GET", 200)):
                body = b'{"title": "one of many"}' if method == "POST" else None
                try:
                    client.request(
                        method, "/api/v1/tasks?limit=5" if not body else "/api/v1/tasks", body, self._headers
                    )
                    with client.getresponse() as response:
                        told = response.read()
                        if response.status != status:
                            self.failed.append(f"{method}: {response.status} {told!r}")
                except (OSError, HTTPException) as error:
                    self.failed.append(f"{method}: {error!r}")
                    client.close()
                self.answered += 1
                self.made += method == "POST"
            if not keep:
                client.close()
        client.close()


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
    code, errors = second.wait()

    assert code == 1
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


@pytest.fixture
def arriving(settings: Settings, user: User) -> Iterator[Callable[[Service, str, str, bytes], socket.socket]]:
    """Begin a POST whose body the service waits for, on a connection of its own."""
    token = Tokens(settings).issue(Caller(user.id, user.workspace_id, 0))
    with ExitStack() as open_ones:

        def begin(service: Service, path: str, headers: str, body: bytes) -> socket.socket:
            client = open_ones.enter_context(socket.create_connection(address(service), PATIENCE))
            client.sendall(
                f"POST {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {token}\r\n{headers}"
                f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode()
            )
            assert client.recv(100).startswith(b"HTTP/1.1 100 ")
            client.sendall(body[:5])
            return client

        yield begin


def address(service: Service) -> tuple[str, int]:
    place = urlsplit(service.url)
    assert place.hostname
    assert place.port
    return place.hostname, place.port


def accepts_no_more(service: Service) -> bool:
    try:
        socket.create_connection(address(service), PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


def answered(client: socket.socket) -> bytes:
    """What comes until the other side closes the connection."""
    with suppress(ConnectionResetError):
        return b"".join(iter(lambda: client.recv(65_536), b""))
    return b""


JSON = "Content-Type: application/json\r\n"
FILE = 'Content-Disposition: attachment; filename="a.txt"\r\n'


def test_bodies_that_are_still_arriving_are_waited_for_and_connections_that_rest_are_not(
    start: Callable[..., Service],
    tasks: Callable[..., list[int]],
    arriving: Callable[..., socket.socket],
) -> None:
    (task,) = tasks("has a file")
    service = start(free_port(), SHUTDOWN_SECONDS="3600")
    service.wait_until_up()
    resting = HTTPConnection(*address(service), timeout=PATIENCE)
    resting.request("GET", "/")
    resting.getresponse().read()
    body = orjson.dumps({"title": "slow"})
    clients = [
        arriving(service, "/api/v1/tasks", JSON, body),
        arriving(service, f"/api/v1/tasks/{task}/attachments", FILE, body),
    ]

    service.process.send_signal(signal.SIGTERM)
    wait_until(lambda: accepts_no_more(service))
    for client in clients:
        client.sendall(body[5:])

    answers = [answered(client) for client in clients]
    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 201"] * 2
    assert all(b"Connection: close" in answer for answer in answers)
    assert service.wait()[0] == 0
    resting.close()


def test_a_body_that_does_not_arrive_before_the_end_is_not_called_malformed(
    start: Callable[..., Service], arriving: Callable[..., socket.socket]
) -> None:
    service = start(free_port(), SHUTDOWN_SECONDS="1")
    service.wait_until_up()
    client = arriving(service, "/api/v1/tasks", JSON, b"{}".ljust(100))

    code, _ = service.end()

    assert (code, answered(client)) == (0, b"")


def test_a_worker_that_dies_is_started_again_however_late_its_parent_hears_of_it(
    start: Callable[..., Service],
) -> None:
    service = start(free_port(), "--workers", "2")
    wait_until(lambda: len(workers(service)) == 2)
    before = workers(service)

    service.process.send_signal(signal.SIGSTOP)
    os.kill(before[0], signal.SIGKILL)
    service.wait_until_up(patience=0.5)  # a connection to the dead one's socket waits for its successor
    service.process.send_signal(signal.SIGCONT)

    wait_until(lambda: len(workers(service)) == 2 and before[0] not in workers(service))
    assert before[1] in workers(service)
    code, errors = service.end()
    assert code == 0
    assert "worker_died" in errors


def test_workers_that_cannot_start_are_told_at_once(start: Callable[..., Service]) -> None:
    service = start(free_port(), "--workers", "2", SECRET_KEY="short")

    code, errors = service.wait()

    assert code == 1
    assert "SECRET_KEY" in errors
    assert "Traceback" not in errors


def test_a_trace_goes_on_and_a_made_up_one_does_not(start: Callable[..., Service]) -> None:
    service = start(free_port())
    service.wait_until_up()
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

    told = [
        service.answer("/", {"traceparent": given})["traceresponse"].split("-")
        for given in (
            f"00-{trace}-{span}-01",
            "",
            f"00-{trace}-{'0' * 16}-01",
            f"ff-{trace}-{span}-01",
            "x" * 500,
        )
    ]

    assert told[0][1] == trace
    assert told[0][2] != span
    assert told[0][3] == "01"
    assert all(other[1] != trace and other[3] == "00" for other in told[1:])
    _, errors = service.end()
    line = next(line for line in map(orjson.loads, errors.splitlines()) if line.get("trace_id") == trace)
    assert (line["parent_id"], line["span_id"]) == (span, told[0][2])


def test_a_slow_call_is_logged_without_what_it_was_asked(
    start: Callable[..., Service], settings: Settings, user: User
) -> None:
    service = start(free_port(), SLOW_CALL_MS="1")
    service.wait_until_up()
    token = Tokens(settings).issue(Caller(user.id, user.workspace_id, 0))
    body = orjson.dumps({"title": "the secret plan"})

    service.answer(
        "/api/v1/tasks", {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, body
    )

    _, errors = service.end()
    line = next(
        line for line in map(orjson.loads, errors.splitlines()) if line.get("procedure") == "create_task"
    )
    assert (line["message"], line["parameters"][0], line["parameters"][1]) == (
        "slow_call",
        user.id,
        user.workspace_id,
    )
    assert line["ms"] >= 1
    assert line["request_id"]
    assert line["trace_id"]
    assert "secret plan" not in errors


def test_every_request_is_answered_while_all_workers_and_procedures_are_exchanged(
    start: Callable[..., Service], settings: Settings, user: User, database: Database, tmp_path: Path
) -> None:
    service = start(free_port(), "--workers", "2")
    service.wait_until_up()
    before = workers(service)
    token = Tokens(settings).issue(Caller(user.id, user.workspace_id, 0))
    changed = edited(
        tmp_path / "sql", "_authorize", "_lock_task", "create_task", "list_tasks", "list_revoked_sessions"
    )
    load = Load(service.url, token)

    with ThreadPoolExecutor() as threads:
        running = [threads.submit(load.run, keep) for keep in (True, True, False)]
        try:
            wait_until(lambda: load.answered > 20)
            service.process.send_signal(signal.SIGHUP)
            migrate.up(Dsn.parse(database.owner_url), sql=changed)
            migrate.up(Dsn.parse(database.owner_url))
            wait_until(lambda: not set(before) & set(workers(service)))
        finally:
            load.goes_on = False
        for one in running:
            one.result()

    served = len(workers(service))
    code, errors = service.end()
    assert load.failed == [], [line for line in errors.splitlines() if "database_unavailable" in line]
    assert (served, code) == (2, 0)
    # None was lost, and none was made twice.
    with database.owner() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) AS made FROM task WHERE workspace_id = %s", (user.workspace_id,))
        assert cursor.fetchone() == {"made": load.made}


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
