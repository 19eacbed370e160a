"""Reads that cannot lie: what is cached is never older than what it says."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pymysql.connections import Connection

from service.cache import cache
from service.cache.cache import CACHE
from service.config import Settings
from service.db import DATABASE, Database, Row
from tests.http.conftest import Api, logged_in, problem, registered

TASKS = "/api/v1/tasks/"
# What is asked a few times a second, whatever and however much is read.
NOW_AND_THEN = {"list_revisions", "list_revoked_sessions"}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The procedures that are called from here on, by whatever way."""
    told: list[str] = []
    call = Database.call_for_all

    async def noted(self: Database, procedure: str, *args: Any) -> list[list[Row]]:
        if procedure not in NOW_AND_THEN:
            told.append(procedure)
        return await call(self, procedure, *args)

    monkeypatch.setattr(Database, "call_for_all", noted)
    return told


async def title(api: Api, task: int) -> str:
    return (await (await api.get(f"{TASKS}{task}")).json())["title"]


async def test_a_second_read_asks_mysql_nothing(api: Api, calls: list[str]) -> None:
    task = await api.task("design")
    first = await (await api.get(f"{TASKS}{task}")).read()
    calls.clear()

    second = await (await api.get(f"{TASKS}{task}")).read()

    assert (second, calls) == (first, [])


@pytest.mark.parametrize(
    "path", ["", "ready", "blocked", "{}", "{}/tree", "{}/dependencies", "{}/dependents"]
)
async def test_every_read_of_a_workspace_is_cached(api: Api, calls: list[str], path: str) -> None:
    where = TASKS + path.format(await api.task())
    await api.get(where)
    calls.clear()

    await api.get(where)

    assert calls == []


async def test_different_questions_are_kept_apart(api: Api) -> None:
    await api.task("low", priority="low")
    await api.task("high", priority="high")

    answers = [
        [task["title"] for task in (await (await api.get(TASKS, params=parameters)).json())["items"]]
        for parameters in ({"priority": "low"}, {"priority": "high"}, {"sort_order": "asc"}, {"limit": "1"})
    ]

    assert answers == [["low"], ["high"], ["low", "high"], ["high"]]


async def test_a_client_reads_its_own_writes_at_once(api: Api) -> None:
    task = await api.task("0")

    for number in range(1, 30):
        await api.patch(f"{TASKS}{task}", json={"title": str(number)})
        assert await title(api, task) == str(number)


async def test_a_write_through_one_process_is_read_through_another_at_once(
    api: Api, serve: Callable[..., Any], settings: Settings
) -> None:
    task = await api.task("0")
    other = replace(api, client=await serve(settings))
    await title(other, task)

    for number in range(1, 15):
        await api.patch(f"{TASKS}{task}", json={"title": str(number)})
        assert await title(other, task) == str(number)


async def test_a_change_at_the_sql_prompt_shows_within_a_second(api: Api, owner: "Connection[Any]") -> None:
    task = await api.task("over REST")
    await title(api, task)

    with owner.cursor() as cursor:
        cursor.execute("UPDATE task SET title = 'at the prompt' WHERE id = %s", (task,))
    await asyncio.sleep(1)

    assert await title(api, task) == "at the prompt"


async def test_an_older_revision_never_replaces_a_newer_one(api: Api) -> None:
    task = await api.task("old")
    await title(api, task)
    workspace, kept = api.user["workspace_id"], api.client.app[CACHE]
    revision = (await (await api.patch(f"{TASKS}{task}", json={"title": "new"})).json())["revision"]

    await kept.note_write(workspace, revision - 1)

    assert await title(api, task) == "new"


async def test_a_read_that_a_write_overtook_is_not_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await api.task("old")
    database = api.client.app[DATABASE]
    call = database.call

    async def overtaken(procedure: str, *args: Any) -> list[dict[str, Any]]:
        rows = await call(procedure, *args)
        if procedure == "get_task":
            monkeypatch.setattr(database, "call", call)
            await api.patch(f"{TASKS}{task}", json={"title": "new"})
        return rows

    monkeypatch.setattr(database, "call", overtaken)

    assert await title(api, task) == "old"
    assert await title(api, task) == "new"


async def test_readers_and_writers_together_never_see_time_go_back(api: Api) -> None:
    task = await api.task("0")
    done = asyncio.Event()

    async def write() -> None:
        for number in range(1, 40):
            await api.patch(f"{TASKS}{task}", json={"title": str(number)})
        done.set()

    async def read() -> None:
        newest = 0
        while not done.is_set():
            seen = int(await title(api, task))
            assert seen >= newest
            newest = seen

    await asyncio.gather(write(), *(read() for _ in range(4)))


async def test_a_deleted_task_is_not_shown_from_the_cache(api: Api) -> None:
    task = await api.task()
    await api.get(f"{TASKS}{task}")

    await api.delete(f"{TASKS}{task}")

    await problem(await api.get(f"{TASKS}{task}"), 404, "task_not_found")


async def test_without_redis_everything_is_read_from_mysql(
    serve: Callable[..., Any], settings: Settings
) -> None:
    client = await serve(replace(settings, redis_url="unix:///nowhere/redis.sock"))
    api = await logged_in(client, await registered(client))

    task = await api.task("design")
    await api.patch(f"{TASKS}{task}", json={"title": "redesign"})

    assert await title(api, task) == "redesign"


async def test_the_cache_can_be_turned_off(
    serve: Callable[..., Any], settings: Settings, calls: list[str]
) -> None:
    client = await serve(replace(settings, cache_ttl=0))
    api = await logged_in(client, await registered(client))
    task = await api.task()
    calls.clear()

    await api.get(f"{TASKS}{task}")
    await api.get(f"{TASKS}{task}")

    assert calls == ["get_task", "get_task"]


async def told_how(api: Api, path: str) -> str:
    return (await api.get(path)).headers["Cache-Status"]


async def test_an_answer_says_how_it_was_come_by(
    api: Api, serve: Callable[..., Any], settings: Settings
) -> None:
    task = await api.task()
    off = replace(api, client=await serve(replace(settings, cache_ttl=0)))

    ways = [await told_how(api, f"{TASKS}{task}") for _ in range(2)] + [await told_how(off, f"{TASKS}{task}")]

    assert ways == ["headgate; fwd=miss; stored", "headgate; hit", "headgate; fwd=bypass"]


async def test_who_ceases_to_be_a_member_is_shown_nothing_within_a_second(
    api: Api, stranger: Api, call: Callable[..., list[Row]]
) -> None:
    task, workspace, name = await api.task(), api.user["workspace_id"], stranger.user["username"]
    call("set_member", api.user["id"], workspace, name, "viewer")
    await asyncio.sleep(1)
    assert [(await stranger.get(f"{TASKS}{task}")).status for _ in range(3)] == [200] * 3

    call("remove_member", api.user["id"], workspace, name)
    await asyncio.sleep(1)

    await problem(await stranger.get(f"{TASKS}{task}"), 404, "task_not_found")
    assert await told_how(api, f"{TASKS}{task}") == "headgate; fwd=miss; stored"


async def test_a_session_that_was_ended_is_shown_nothing_from_the_cache(api: Api) -> None:
    task = await api.task()
    assert [(await api.get(f"{TASKS}{task}")).status for _ in range(2)] == [200] * 2

    await api.post("/api/v1/users/logout")

    await problem(await api.get(f"{TASKS}{task}"), 401, "unauthenticated")


async def test_what_many_ask_at_once_is_asked_of_mysql_once(
    api: Api, serve: Callable[..., Any], settings: Settings, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine another process may need longer than it is waited for.
    monkeypatch.setattr(cache, "WAITS", (0.01,) * 500)
    monkeypatch.setattr(cache, "FRESH_MS", 60_000)
    other = replace(api, client=await serve(settings))
    task = await api.task()
    # Both processes know that the user may read.
    for worker in (api, other):
        await worker.get(f"{TASKS}{task}")
    calls.clear()

    answers = await asyncio.gather(
        *(worker.get(f"{TASKS}{task}/tree") for worker in (api, other) for _ in range(10))
    )

    assert calls.count("get_dependency_tree") == 1
    assert len({await answer.read() for answer in answers}) == 1
