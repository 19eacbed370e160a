"""POST /api/v1/changes: many at once, previews, and requests that are sent again."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymysql.connections import Connection

from service.config import Settings
from service.database.connection import Dsn
from tests.conftest import Database
from tests.http.conftest import Api, logged_in, problem, registered
from tests.http.relay import Relay, relay

CHANGES = "/api/v1/changes"
TASKS = "/api/v1/tasks/"


def new(title: str, **fields: Any) -> dict[str, Any]:
    return {"op": "create", "key": title, "title": title} | fields


def body(*changes: Any, **others: Any) -> dict[str, Any]:
    return {"changes": list(changes)} | others


def streamed(sent: dict[str, Any]) -> dict[str, Any]:
    """A large body, which the client does not want to hold in one piece."""
    return {"data": io.BytesIO(orjson.dumps(sent)), "headers": {"Content-Type": "application/json"}}


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


async def titles(api: Api) -> list[str]:
    return sorted(task["title"] for task in (await (await api.get(TASKS)).json())["items"])


async def test_many_changes_are_done_in_one_request(api: Api) -> None:
    old = await api.task("old")

    response = await api.post(
        CHANGES,
        json=body(
            new("design"),
            new("build", depends_on=["design"]),
            {"op": "add_dependency", "task": old, "depends_on": "build"},
            {"op": "complete", "task": "design"},
        ),
    )

    report = await response.json()
    assert response.status == 200
    assert [(one["index"], one["key"], one["readiness"]) for one in report["created"]] == [
        (0, "design", "closed"),
        (1, "build", "ready"),
    ]
    assert report["newly_blocked"] == [{"task_id": old, "title": "old"}]
    assert (report["mode"], report["is_replay"]) == ("apply", False)
    build = await (await api.get(f"{TASKS}{report['created'][1]['task_id']}")).json()
    assert (build["title"], build["revision"]) == ("build", report["revision"])


async def test_a_preview_tells_and_does_nothing(api: Api) -> None:
    response = await api.post(f"{CHANGES}?preview=true", json=body(new("a")), headers=key("k"))

    report = await response.json()
    assert (report["mode"], report["tasks_created"], report["created"][0]["task_id"]) == ("preview", 1, None)
    assert await titles(api) == []
    # It has not used the key up either.
    applied = await api.post(CHANGES, json=body(new("b")), headers=key("k"))
    assert (await applied.json())["is_replay"] is False


async def test_a_preview_of_refused_changes_is_answered(api: Api) -> None:
    response = await api.post(f"{CHANGES}?preview=true", json=body({"op": "start", "task": "nobody"}))

    assert response.status == 200
    assert [one["code"] for one in (await response.json())["refused"]] == ["task_not_found"]


async def test_all_refusals_come_in_one_problem(api: Api) -> None:
    response = await api.post(
        CHANGES,
        json=body(
            new("a"),
            new("b", depends_on=["a"]),
            {"op": "add_dependency", "task": "a", "depends_on": "b"},
            {"op": "complete", "task": "b"},
            {"op": "nonsense"},
        ),
    )

    document = await problem(response, 422, "changes_refused")
    assert [(one["index"], one["code"]) for one in document["refused"]] == [
        (2, "dependency_cycle"),
        (3, "task_blocked"),
        (4, "invalid_task"),
    ]
    assert (document["refused"][0]["path"], document["refused"][0]["changes"]) == (["a", "b", "a"], [2, 1])
    assert await titles(api) == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"changes": "x"},
        {"changes": {"op": "create"}},
        {"changes": [new("a\0b")]},
        {"changes": [{"op": "create", "title": [[[[]]]]}]},
        {"changes": [], "nonsense": 1},
    ],
)
async def test_a_body_of_another_form_is_refused(api: Api, sent: Any) -> None:
    await problem(await api.post(CHANGES, json=sent), 422, "invalid_request")


@pytest.mark.parametrize("bad", ["", "x" * 129, "a b", "ä"])
async def test_a_key_of_another_form_is_refused(api: Api, bad: str) -> None:
    response = await api.post(CHANGES, json=body(new("a")), headers=key(bad))

    assert "Idempotency-Key" in (await problem(response, 422, "invalid_request"))["errors"]


async def test_two_keys_are_refused(api: Api) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b"), ("Authorization", f"Bearer {api.token}")]

    response = await api.client.post(CHANGES, json=body(new("a")), headers=headers)

    await problem(response, 422, "invalid_request")


async def test_a_body_of_several_megabytes_is_read(api: Api) -> None:
    large = [new(f"t{n}", description="x" * 15_000) for n in range(100)]

    response = await api.post(f"{CHANGES}?preview=true", **streamed(body(*large)))

    assert (await response.json())["tasks_created"] == 100


async def test_a_body_beyond_the_limit_is_refused(api: Api) -> None:
    response = await api.post(CHANGES, **streamed(body(new("x" * (20 * 1024 * 1024)))))

    await problem(response, 413, "body_too_large")


async def test_too_many_changes_are_refused(api: Api) -> None:
    response = await api.post(CHANGES, json=body(*([0] * 50_001)))

    assert (await problem(response, 413, "too_many_changes"))["most"] == 50_000


async def test_somebody_elses_workspace_does_not_exist(api: Api, stranger: Api) -> None:
    response = await api.post(CHANGES, json=body(new("a"), workspace_id=stranger.user["workspace_id"]))

    await problem(response, 404, "workspace_not_found")


async def test_the_same_request_again_gets_the_same_answer(api: Api) -> None:
    first = await (await api.post(CHANGES, json=body(new("a")), headers=key("k"))).json()
    later = await api.task("later")

    again = await (await api.post(CHANGES, json=body(new("a")), headers=key("k"))).json()

    assert again == first | {"is_replay": True}
    assert await titles(api) == ["a", "later"]
    # The old revision of the answer is not taken for the present one.
    assert (await (await api.get(f"{TASKS}{later}")).json())["revision"] == first["revision"] + 1


async def test_the_same_key_with_another_body_is_refused(api: Api) -> None:
    await api.post(CHANGES, json=body(new("a")), headers=key("k"))

    response = await api.post(CHANGES, json=body(new("b")), headers=key("k"))

    await problem(response, 422, "idempotency_key_reused")
    assert await titles(api) == ["a"]


async def test_keys_of_two_users_are_two(api: Api, stranger: Api) -> None:
    await api.post(CHANGES, json=body(new("a")), headers=key("k"))

    response = await stranger.post(CHANGES, json=body(new("b")), headers=key("k"))

    assert (await response.json())["is_replay"] is False


async def test_of_requests_at_once_with_one_key_one_does_it(api: Api) -> None:
    responses = await asyncio.gather(
        *(api.post(CHANGES, json=body(new("a")), headers=key("k")) for _ in range(8))
    )

    reports = [await response.json() for response in responses]
    assert sorted(report.pop("is_replay") for report in reports) == [False] + [True] * 7
    assert all(report == reports[0] for report in reports)
    assert await titles(api) == ["a"]


@pytest.fixture
async def wire(tmp_path: Path, database: Database) -> AsyncIterator[Relay]:
    """The wire to MySQL."""
    dsn = Dsn.parse(database.service_url)
    async with relay(tmp_path / "mysql.sock", dsn.unix_socket or (dsn.host, dsn.port)) as wire:
        yield wire


async def test_a_request_whose_answer_was_lost_can_be_sent_again(
    wire: Relay,
    serve: Callable[..., Any],
    settings: Settings,
    database: Database,
    owner: "Connection[Any]",
) -> None:
    dsn = replace(Dsn.parse(database.service_url), unix_socket=str(wire.socket))
    client = await serve(replace(settings, service_database_url=dsn.url, cache_ttl=0))
    api = await logged_in(client, await registered(client))
    # Held, so that the request is with MySQL; then nothing comes back over the wire.
    with owner.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM workspace WHERE id = %s FOR UPDATE", (api.user["workspace_id"],))
        sending = asyncio.create_task(api.post(CHANGES, json=body(new("once")), headers=key("k")))
        await waits_for_the_lock(owner, api.user["workspace_id"])
        wire.hush()
        cursor.execute("ROLLBACK")
    await is_kept(owner, api.user["id"])
    cutting = asyncio.create_task(wire.cut())
    wire.speak()
    await cutting
    await problem(await sending, 503, "database_unavailable")
    await wire.start()

    again = await (await api.post(CHANGES, json=body(new("once")), headers=key("k"))).json()

    assert again["is_replay"] is True
    assert await titles(api) == ["once"]
    assert (await api.get(f"{TASKS}{again['created'][0]['task_id']}")).status == 200


async def waits_for_the_lock(owner: "Connection[Any]", workspace_id: int) -> None:
    """Until some session waits for the row of the workspace."""
    waiting = (
        "SELECT COUNT(*) AS count FROM performance_schema.data_locks WHERE lock_status = 'WAITING'"
        " AND object_name = 'workspace' AND lock_data = %s"
    )
    await until(owner, waiting, str(workspace_id))


async def is_kept(owner: "Connection[Any]", actor_id: int) -> None:
    """Until the answer is committed."""
    await until(owner, "SELECT COUNT(*) AS count FROM idempotent_answer WHERE actor_id = %s", actor_id)


async def until(owner: "Connection[Any]", counting: str, *args: object) -> None:
    async with asyncio.timeout(20):
        while True:
            with owner.cursor() as cursor:
                cursor.execute(counting, args)
                if cursor.fetchone()["count"]:
                    return
            await asyncio.sleep(0.01)
