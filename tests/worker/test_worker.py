"""Workers: several at once, killed in the middle, without MySQL or Redis; each thing is done once."""

import asyncio
import random
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pymysql.connections import Connection

from service import redis_client
from service.config import Settings
from service.database.calls import call
from service.database.connection import Dsn
from service.errors import Refused
from service.live import news
from service.worker import jobs
from service.worker.dispatch import Dispatch
from service.worker.job import Job
from service.worker.process import worker_app
from tests.conftest import Database
from tests.http.relay import relay
from tests.servers import run
from tests.worker.conftest import Worker, eventually


@pytest.fixture(scope="module")
def told(place: Database) -> Callable[[int], list[tuple[int, int]]]:
    """What was dispatched of a workspace: (after, to). Written down in the transaction of the dispatch, and slowly."""
    with place.owner() as owner:
        run(
            owner,
            "CREATE TABLE told (id INT AUTO_INCREMENT PRIMARY KEY, workspace_id INT, after_revision INT, revision INT)",
        )
        run(
            owner,
            "CREATE TRIGGER tell AFTER UPDATE ON dispatch FOR EACH ROW BEGIN DO SLEEP(0.05);"
            " INSERT INTO told VALUES (NULL, NEW.workspace_id, OLD.revision, NEW.revision); END",
        )

    def read(workspace_id: int) -> list[tuple[int, int]]:
        with place.owner() as owner:
            rows = run(owner, "SELECT * FROM told WHERE workspace_id = %s ORDER BY id", workspace_id)
            return [(row["after_revision"], row["revision"]) for row in rows]

    return read


@pytest.fixture
def owner(place: Database) -> "Iterator[Connection[Any]]":
    with place.owner() as connection:
        yield connection


@pytest.fixture
def actor(owner: "Connection[Any]") -> int:
    name = f"user-{random.getrandbits(64):x}"
    number: int = call(owner, "create_user", name, f"{name}@example.org", "x" * 60)[0]["user_id"]
    return number


def undispatched(owner: "Connection[Any]") -> list[Any]:
    return call(owner, "list_undispatched", 1000)


def test_each_change_is_told_once_whoever_is_killed(
    place: Database, owner: "Connection[Any]", actor: int, told: Any, start: Callable[..., Worker]
) -> None:
    workspaces = [
        call(owner, "create_workspace", actor, f"W{number}")[0]["workspace_id"] for number in range(3)
    ]
    workers = [start(), start()]
    eventually(lambda: not undispatched(owner), "the workers began")

    made, goes_on = [0, 0, 0], True

    def write() -> None:
        with place.service() as service:
            while goes_on:
                which = sum(made) % 3
                call(service, "create_task", actor, workspaces[which], {"title": "t"})
                made[which] += 1

    def dispatches() -> int:
        return sum(len(told(workspace)) for workspace in workspaces)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            # In the middle: each dispatch takes its time in the trigger that writes it down.
            wanted = dispatches() + random.randint(3, 6)
            eventually(lambda: dispatches() >= wanted, "it went on")  # noqa: B023
            workers.pop(0).kill()
            workers.append(start())
    finally:
        goes_on = False
        writer.join()
    eventually(lambda: not undispatched(owner), "all was told")

    for workspace, tasks in zip(workspaces, made, strict=True):
        ranges = told(workspace)
        assert [after for after, _ in ranges] == [0, *(to for _, to in ranges[:-1])]
        assert ranges[-1][1] == 2 + tasks


def test_a_signal_ends_it_in_order(start: Callable[..., Worker]) -> None:
    worker = start()
    eventually(lambda: "worker_started" in worker.log, worker.log)

    code, log = worker.end(signal.SIGTERM)

    assert code == 0
    assert "worker_stopped" in log
    assert "Traceback" not in log


@pytest.fixture
async def app(settings: Settings) -> Any:
    """The jobs in this process; settings may be given, and the answer is the application."""
    runners: list[web.AppRunner] = []

    async def begin(settings: Settings = settings) -> web.Application:
        app = worker_app(settings)
        runners.append(web.AppRunner(app))
        await runners[-1].setup()
        return app

    yield begin
    for runner in runners:
        await runner.cleanup()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_write_of_the_service_wakes_it_through_redis(
    app: Any, owner: "Connection[Any]", actor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Dispatch, "seconds", 3600.0)
    process = await app()
    (row,) = call(owner, "create_workspace", actor, "W")
    await until(lambda: process[redis_client.REDIS].is_settled)

    def tell() -> bool:
        # Again and again: it may not listen yet.
        process[news.NEWS].publish_revision(row["workspace_id"], row["revision"])
        return row["workspace_id"] not in {one["workspace_id"] for one in undispatched(owner)}

    await until(tell)


async def test_it_heals_when_mysql_and_redis_come_back(
    app: Any, settings: Settings, place: Database, owner: "Connection[Any]", actor: int, tmp_path: Path
) -> None:
    dsn = Dsn.parse(place.service_url)
    async with relay(tmp_path / "mysql.sock", dsn.unix_socket or (dsn.host, dsn.port)) as wire:
        wired = replace(dsn, unix_socket=str(wire.socket))
        await app(replace(settings, service_database_url=wired.url, redis_url="unix:///nowhere/redis.sock"))
        await until(lambda: not undispatched(owner))
        await wire.cut()
        call(owner, "create_task", actor, None, {"title": "meanwhile"})
        await asyncio.sleep(1)
        assert undispatched(owner)

        await wire.start()

        await until(lambda: not undispatched(owner))


async def test_a_job_that_fails_is_tried_again_and_stops_no_other(
    app: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    turns: list[str] = []

    class Failing(Job):
        name, seconds = "failing", 0.01

        async def run(self) -> bool:
            turns.append(self.name)
            raise Refused("task_not_found", "gone") if turns.count(self.name) % 2 else ZeroDivisionError

    class Working(Job):
        name, seconds = "working", 0.01

        async def run(self) -> bool:
            turns.append(self.name)
            return False

    monkeypatch.setattr(jobs, "JOBS", (Failing, Working))
    monkeypatch.setattr(jobs, "RETRY_SECONDS", 0.01)
    await app()

    await until(lambda: turns.count("failing") > 3 < turns.count("working"))

    failures = [record for record in caplog.records if record.message == "job_failed"]
    assert {getattr(record, "code", None) for record in failures} == {"task_not_found", None}
