"""MySQL or Redis away, slow or back again: a clear answer, soon, and no lost write."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymysql.connections import Connection

from service import db
from service.config import Settings
from service.database.connection import Dsn
from service.database.grants import load_grants
from service.database.migrate import SQL
from service.manual.procedure import PROCEDURES
from tests.conftest import Database
from tests.http.conftest import Api, logged_in, problem, registered
from tests.http.relay import Relay, relay
from tests.http.test_metrics import count

TASKS = "/api/v1/tasks/"

# Much less than the seconds for which a silent server is waited for, and more than a loaded machine takes.
AT_ONCE = 15


@pytest.fixture
async def wire(tmp_path: Path, database: Database) -> AsyncIterator[Relay]:
    """The wire to MySQL."""
    dsn = Dsn.parse(database.service_url)
    async with relay(tmp_path / "mysql.sock", dsn.unix_socket or (dsn.host, dsn.port)) as wire:
        yield wire


@pytest.fixture
async def wired(wire: Relay, serve: Callable[..., Any], settings: Settings, database: Database) -> Api:
    """A fresh user of a service that reaches MySQL over the wire, and caches nothing."""
    dsn = replace(Dsn.parse(database.service_url), unix_socket=str(wire.socket))
    client = await serve(replace(settings, service_database_url=dsn.url, cache_ttl=0))
    return await logged_in(client, await registered(client))


async def test_without_mysql_the_answer_is_503_at_once(
    wired: Api, wire: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever waited for either would wait for much longer than is judged below.
    monkeypatch.setattr(db, "ANSWER_SECONDS", 10 * AT_ONCE)
    monkeypatch.setattr(db, "ACQUIRE_SECONDS", 10 * AT_ONCE)
    await wire.cut()

    started = time.monotonic()
    responses = await asyncio.gather(*(wired.get(TASKS) for _ in range(20)))

    assert time.monotonic() - started < AT_ONCE
    for response in responses:
        await problem(response, 503, "database_unavailable")
        assert int(response.headers["Retry-After"]) > 0


async def test_the_service_heals_when_mysql_comes_back(wired: Api, wire: Relay) -> None:
    await asyncio.gather(*(wired.get(TASKS) for _ in range(10)))
    await wire.cut()
    await wired.get(TASKS)

    await wire.start()

    responses = await asyncio.gather(*(wired.get(TASKS) for _ in range(10)))
    assert [response.status for response in responses] == [200] * 10


async def test_what_is_cached_is_shown_no_longer_than_mysql_can_say_to_whom(
    wire: Relay, serve: Callable[..., Any], settings: Settings, database: Database
) -> None:
    dsn = replace(Dsn.parse(database.service_url), unix_socket=str(wire.socket))
    client = await serve(replace(settings, service_database_url=dsn.url))
    api = await logged_in(client, await registered(client))
    task = await api.task("cached")
    for _ in range(3):
        await api.get(f"{TASKS}{task}")
    await wire.cut()

    # However long an answer takes: what is asked after a second is not shown.
    gone = asked_at = time.monotonic()
    while (response := await api.get(f"{TASKS}{task}")).status == 200:
        assert (await response.json())["title"] == "cached"
        assert asked_at - gone < 1
        asked_at = time.monotonic()

    await problem(response, 503, "database_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    await wire.start()
    assert (await api.get(f"{TASKS}{task}")).status == 200


async def test_a_service_started_without_mysql_works_when_it_comes(
    wire: Relay, serve: Callable[..., Any], settings: Settings, database: Database
) -> None:
    await wire.cut()
    dsn = replace(Dsn.parse(database.service_url), unix_socket=str(wire.socket))
    client = await serve(replace(settings, service_database_url=dsn.url))
    assert (await client.get("/api/status")).status == 503

    await wire.start()

    assert (await client.get("/api/status")).status == 200


async def test_a_server_that_hangs_is_not_waited_for_long(
    wired: Api, wire: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(db, "ACQUIRE_SECONDS", 0.3)
    wire.hush()

    started = time.monotonic()
    response = await wired.get(TASKS)

    await problem(response, 503, "database_unavailable")
    assert time.monotonic() - started < AT_ONCE
    wire.speak()
    assert (await wired.get(TASKS)).status == 200


async def test_a_write_whose_answer_is_lost_is_not_sent_again(
    wired: Api, wire: Relay, owner: "Connection[Any]"
) -> None:
    workspace = wired.user["workspace_id"]
    with owner.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", (workspace,))
        writing = asyncio.create_task(wired.post(TASKS, json={"title": "once"}))
        await asyncio.sleep(0.3)
        await wire.cut()
        # Back at once: whoever sent the call again would be served, and there would be two tasks.
        await wire.start()
        cursor.execute("COMMIT")

    response = await writing
    await asyncio.sleep(0.3)

    await problem(response, 503, "database_unavailable")
    listed = (await (await wired.get(TASKS)).json())["items"]
    assert len(listed) <= 1


async def test_a_lock_held_too_long_is_503_and_nothing_is_written(
    wired: Api, owner: "Connection[Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PAUSES", ())
    with owner.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", (wired.user["workspace_id"],))
        response = await wired.post(TASKS, json={"title": "never"})
        cursor.execute("ROLLBACK")

    await problem(response, 503, "database_unavailable")
    assert (await (await wired.get(TASKS)).json())["items"] == []


async def test_a_workspace_that_is_held_holds_up_no_other(
    serve: Callable[..., Any], settings: Settings, owner: "Connection[Any]"
) -> None:
    client = await serve(replace(settings, db_pool_max=4))
    held, other = [await logged_in(client, await registered(client)) for _ in range(2)]
    task = await held.task("known to be there")
    with owner.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", (held.user["workspace_id"],))
        waiting = [
            asyncio.create_task(held.post(TASKS, json={"title": "one of many"})) for _ in range(10)
        ] + [asyncio.create_task(held.patch(f"{TASKS}{task}", json={"title": "again"})) for _ in range(10)]
        await asyncio.sleep(0.1)

        made = await other.post(TASKS, json={"title": "elsewhere"})

        assert not any(one.done() for one in waiting)
        cursor.execute("ROLLBACK")

    assert made.status == 201
    assert {(await one).status for one in waiting} == {200, 201}


async def test_a_lock_given_up_in_time_is_waited_for(wired: Api, owner: "Connection[Any]") -> None:
    with owner.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", (wired.user["workspace_id"],))
        writing = asyncio.create_task(wired.post(TASKS, json={"title": "later"}))
        await asyncio.sleep(0.3)
        assert not writing.done()
        cursor.execute("ROLLBACK")

    assert (await writing).status == 201


async def test_a_procedure_that_a_deployment_replaces_is_missed_by_nobody(
    wired: Api, owner: "Connection[Any]"
) -> None:
    source = PROCEDURES["get_user"].read_text(encoding="utf-8")
    with owner.cursor() as cursor:
        cursor.execute("DROP PROCEDURE get_user")
        try:
            asking = asyncio.create_task(wired.get("/api/v1/users/me"))
            await asyncio.sleep(0.1)
            assert not asking.done()
        finally:
            cursor.execute(source)
            # DROP took them along.
            load_grants(owner, SQL / "grants.sql")

    assert (await asking).status == 200


async def test_a_connection_killed_while_idle_is_replaced_unnoticed(
    wired: Api, owner: "Connection[Any]", database: Database
) -> None:
    await wired.get(TASKS)
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM performance_schema.processlist WHERE user = %s",
            (Dsn.parse(database.service_url).user,),
        )
        for row in cursor.fetchall():
            cursor.execute(f"KILL {next(iter(row.values()))}")
    await asyncio.sleep(0.1)

    assert (await wired.get(TASKS)).status == 200


async def test_a_redis_that_hangs_slows_few_requests_and_refuses_none(
    tmp_path: Path, serve: Callable[..., Any], settings: Settings, redis_url: str
) -> None:
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    if not redis_url.startswith("unix://"):
        pytest.skip("needs Redis on a socket")
    async with relay(tmp_path / "redis.sock", path) as wire:
        client = await serve(
            replace(settings, redis_url=f"unix://{wire.socket}?{query}", rate_limit_per_minute=10_000)
        )
        api = await logged_in(client, await registered(client))
        assert (await api.get(TASKS)).status == 200
        wire.hush()
        spared = count("headgate_redis_spared_total")

        statuses = [(await api.get(TASKS)).status for _ in range(20)]

        assert statuses == [200] * 20
        assert count("headgate_redis_spared_total") - spared >= 18
