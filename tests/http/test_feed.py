"""The feed while everything happens at once: nothing is missing, nothing comes twice, nothing is out of order.

Changes come by REST, procedures and raw DML, in transactions that are rolled back as well; readers lose their
connections, the service is restarted, and so is MySQL. HEADGATE_SOAK_SECONDS=60 makes it last.
"""

import asyncio
import gc
import os
import random
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pymysql
import pytest
from aiohttp import ClientError, ClientSession, web
from pymysql.cursors import DictCursor

from service.admission.tokens import Caller, Tokens
from service.app import create_app
from service.config import Settings
from service.database import migrate
from service.database.calls import call
from service.database.connection import Dsn, open_connection
from service.embedded import MySQL, ensure_mysql
from service.errors import Refused
from service.live import feed, follower
from tests.http.process import free_port
from tests.http.test_live import Events
from tests.servers import run

SECONDS = float(os.environ.get("HEADGATE_SOAK_SECONDS", "4"))
# How long the readers may take to see the last change.
PATIENCE = 60
# What is lost with a server that is stopped.
LOST = (pymysql.MySQLError, OSError, Refused)
AWAY = (ClientError, OSError, TimeoutError, AssertionError)

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


class Machine:
    """A MySQL of this test's own, which can be restarted."""

    def __init__(self, folder: Path) -> None:
        self._mysql = MySQL(ensure_mysql(os.environ.get("HEADGATE_MYSQL") or None), folder)
        self._mysql.start()
        root = Dsn.parse(f"mysql://root@localhost/mysql?unix_socket={self._mysql.socket}")
        with open_connection(root) as connection:
            run(connection, "CREATE DATABASE feed")
        self.owner = Dsn.parse(root.url.replace("/mysql?", "/feed?"))
        self.service = self.owner.login_as("feed_api", secrets.token_hex(16))
        migrate.up(self.owner, self.service)

    def restart(self) -> None:
        """Stop it as an operator does, and start it again."""
        self._mysql.stop()
        self._mysql.start()

    def kill(self) -> None:
        """Take its process away in the middle of whatever it does."""
        assert self._mysql.pid
        os.kill(self._mysql.pid, signal.SIGKILL)

    def stop(self) -> None:
        self._mysql.stop()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("feed"))
    yield machine
    machine.stop()


@dataclass
class Place:
    """A workspace, the service before it, and whether it all still goes on."""

    machine: Machine
    settings: Settings
    user_id: int
    guest: str
    workspace_id: int
    goes_on: bool = True
    made: int = 0
    runner: web.AppRunner | None = None
    rng: random.Random = field(default_factory=lambda: random.Random(secrets.randbits(64)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def headers(self) -> dict[str, str]:
        token = Tokens(self.settings).issue(Caller(self.user_id, self.workspace_id, 0))
        return {"Authorization": f"Bearer {token}"}

    async def start(self) -> None:
        self.runner = web.AppRunner(create_app(self.settings), shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.settings.port, reuse_address=True).start()

    async def restart(self) -> None:
        assert self.runner
        await self.runner.cleanup()
        await asyncio.sleep(0.2)
        await self.start()

    def newest(self) -> int:
        with open_connection(self.machine.owner, cursor=DictCursor) as connection:
            (row,) = run(
                connection,
                "SELECT MAX(revision) AS it FROM change_log WHERE workspace_id = %s",
                self.workspace_id,
            )
            return int(row["it"])


@pytest.fixture
async def place(machine: Machine, settings: Settings) -> AsyncIterator[Place]:

    with open_connection(machine.owner, cursor=DictCursor) as connection:
        user, guest = (
            call(connection, "create_user", name, f"{name}@example.org", "$2b$04$" + "x" * 53)[0]
            for name in (f"user-{secrets.token_hex(4)}", f"user-{secrets.token_hex(4)}")
        )
    ours = replace(settings, service_database_url=machine.service.url, port=free_port(), streams_per_user=0)
    place = Place(machine, ours, user["user_id"], guest["username"], user["workspace_id"])
    await place.start()
    yield place
    assert place.runner
    await place.runner.cleanup()
    # Sockets that were opened to a server that was not there are found now, while this test may leave them.
    gc.collect()


async def by_rest(place: Place) -> None:
    """One task after the other."""
    async with ClientSession(place.url, headers=place.headers) as client:
        while place.goes_on:
            with suppress(*AWAY):
                async with client.post("/api/v1/tasks", json={"title": "by REST"}) as response:
                    place.made += response.status == 201
            await asyncio.sleep(place.rng.uniform(0, 0.05))


def by_sql(place: Place) -> None:
    """Procedures, and statements in transactions, of which some are rolled back."""
    while place.goes_on:
        with suppress(*LOST), open_connection(place.machine.owner, cursor=DictCursor) as connection:
            while place.goes_on:
                (task,) = call(
                    connection, "create_task", place.user_id, place.workspace_id, {"title": "by call"}
                )
                with connection.cursor() as cursor:
                    cursor.execute("BEGIN")
                    for number in range(place.rng.randrange(1, 15)):
                        cursor.execute(
                            "UPDATE task SET title = %s WHERE id = %s", (f"raw {number}", task["task_id"])
                        )
                    cursor.execute(place.rng.choice(["COMMIT", "COMMIT", "ROLLBACK"]))
                role = place.rng.choice(["viewer", "member"])
                call(connection, "set_member", place.user_id, place.workspace_id, place.guest, role)


async def by_events(place: Place, seen: list[int], last: "asyncio.Future[int]") -> None:
    """An EventSource that loses its connection now and then."""
    async with ClientSession(place.url, headers=place.headers) as client:
        while not is_done(seen, last):
            with suppress(*AWAY):
                path, headers = (
                    "/api/v1/changes/stream?after=0",
                    {"Last-Event-ID": str(seen[-1])} if seen else {},
                )
                async with client.get(path, headers=headers) as response:
                    assert response.status == 200
                    events, until = Events(response), place.rng.randrange(1, 200)
                    while not is_done(seen, last) and until:
                        name, data = await events.next("change", "closed")
                        if name != "change":
                            break
                        seen.append(data["revision"])
                        until -= 1
                    response.close()
            await asyncio.sleep(0.05)


async def by_socket(place: Place, seen: list[int], last: "asyncio.Future[int]") -> None:
    """A WebSocket likewise."""
    async with ClientSession(place.url, headers=place.headers) as client:
        while not is_done(seen, last):
            with suppress(*AWAY):
                path = f"/api/v1/changes/stream?after={seen[-1] if seen else 0}"
                async with client.ws_connect(path) as socket:
                    for _ in range(place.rng.randrange(1, 200)):
                        told = orjson.loads((await socket.receive(5)).data or "{}")
                        if told.get("event") == "change":
                            seen.append(told["revision"])
                        if is_done(seen, last) or told.get("event") in {None, "closed"}:
                            break
            await asyncio.sleep(0.05)


async def by_waiting(place: Place, seen: list[int], last: "asyncio.Future[int]") -> None:
    """Requests that wait."""
    after = 0
    async with ClientSession(place.url, headers=place.headers) as client:
        while not is_done(seen, last):
            with suppress(*AWAY):
                async with client.get("/api/v1/changes", params={"after": after, "wait": 1}) as response:
                    page = await response.json()
                    assert response.status == 200
                    seen += [one["revision"] for one in page["items"]]
                    after = page["next_after"]
            await asyncio.sleep(0.01)


def is_done(seen: list[int], last: "asyncio.Future[int]") -> bool:
    return last.done() and bool(seen) and seen[-1] >= last.result()


def faults(seen: list[int], newest: int) -> list[str]:
    """What is wrong with what a reader saw."""
    found = []
    if missing := sorted(set(range(1, newest + 1)) - set(seen)):
        found.append(f"missing: {missing[:5]}")
    if len(seen) != len(set(seen)):
        found.append("twice")
    if seen != sorted(seen):
        found.append("out of order")
    return found


READERS: list[Callable[[Place, list[int], "asyncio.Future[int]"], Awaitable[None]]] = [
    by_events,
    by_events,
    by_socket,
    by_waiting,
]


@asynccontextmanager
async def everything(place: Place, patience: float = PATIENCE) -> AsyncIterator[list[list[int]]]:
    """Writers and readers for a block; afterwards the readers go on until they have seen the last change."""
    last: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    seen: list[list[int]] = [[] for _ in READERS]
    reading = [
        asyncio.create_task(reader(place, mine, last)) for reader, mine in zip(READERS, seen, strict=True)
    ]
    writing = [asyncio.create_task(by_rest(place)), asyncio.create_task(asyncio.to_thread(by_sql, place))]
    try:
        yield seen
    finally:
        place.goes_on = False
        await asyncio.gather(*writing)
        last.set_result(place.newest())
        _, waiting = await asyncio.wait(reading, timeout=patience)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (feed, follower):
        monkeypatch.setattr(module, "BATCH", 7)


async def test_nothing_is_missing_nothing_comes_twice_nothing_is_out_of_order(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small batches and a short memory, so that their ends are met often.
    small_batches(monkeypatch)
    monkeypatch.setattr(follower, "KEPT", 20)

    async with everything(place) as seen:
        for _ in range(2):
            await asyncio.sleep(SECONDS / 4)
            await place.restart()
        await asyncio.sleep(SECONDS / 4)
        await asyncio.to_thread(place.machine.restart)
        await asyncio.sleep(SECONDS / 4)

    newest = place.newest()
    assert [faults(mine, newest) for mine in seen] == [[]] * len(READERS)
    assert place.made > 5
    assert newest > 100


async def test_a_feed_that_forgets_its_place_is_found_out(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch)
    right = feed.Feed.read

    async def read(self: feed.Feed, one: follower.Follower) -> list[Any]:
        """The cursor goes to the end of the log, and not to the last change that was read."""
        rows = await right(self, one)
        one.cursor = one.topic.revision
        return rows

    monkeypatch.setattr(feed.Feed, "read", read)

    # Readers who miss the last change would wait for it for ever.
    async with everything(place, patience=5) as seen:
        await asyncio.sleep(1)

    assert any(faults(mine, place.newest()) for mine in seen)


async def test_a_mysqld_that_is_killed_is_told_at_once_and_its_successor_is_found(place: Place) -> None:
    async with ClientSession(place.url, headers=place.headers) as client:

        async def asked() -> list[tuple[int, int]]:
            """Twenty reads and twenty writes at once: what each was answered, and when to come again."""
            told = []
            for response in await asyncio.gather(
                *(client.get("/api/v1/tasks") for _ in range(20)),
                *(client.post("/api/v1/tasks", json={"title": "all or nothing"}) for _ in range(20)),
            ):
                async with response:
                    told.append((response.status, int(response.headers.get("Retry-After", "0"))))
            return told

        assert {status for status, _ in await asked()} == {200, 201}

        place.machine.kill()
        # What is cached may be shown for a second.
        deadline = time.monotonic() + PATIENCE
        while any(status < 500 for status, _ in await asked()):
            assert time.monotonic() < deadline
        started = time.monotonic()
        refused = await asked()
        took = time.monotonic() - started
        await asyncio.to_thread(place.machine.restart)

        assert {status for status, _ in refused} == {503}
        assert all(wait > 0 for _, wait in refused)
        assert took < 10, "a client had to wait for it"
        while {status for status, _ in await asked()} != {200, 201}:
            assert time.monotonic() < deadline
