"""Following a saved search: waiting requests, Server-Sent Events and WebSockets tell what enters it and what leaves."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from pymysql.connections import Connection

from service.handlers import live
from tests.http.conftest import Api, problem
from tests.http.test_live import PATIENCE, following
from tests.servers import run


@pytest.fixture
def save(api: Api) -> Callable[..., Any]:
    """Save a search of the user's and return where its changes are."""

    async def create(query: str, **fields: Any) -> str:
        body = {"name": f"followed {query}", "query": query} | fields
        answer = await api.post("/api/v1/searches", json=body)
        assert answer.status == 201, await answer.text()
        return f"/api/v1/searches/{(await answer.json())['id']}/changes"

    return create


async def test_a_request_waits_until_something_enters(api: Api, save: Callable[..., Any]) -> None:
    path = await save("tag:web")
    task = await api.task("mine")
    place = (await (await api.get(path)).json())["next_after"]
    asking = asyncio.create_task(api.get(path, params={"after": place, "wait": 20}))
    await api.task("other")
    await asyncio.sleep(0.3)
    assert not asking.done()

    await api.patch(f"/api/v1/tasks/{task}", json={"tags": ["web"]})

    page = await (await asking).json()
    (item,) = page["items"]
    assert (item["event"], item["task_id"], item["title"]) == ("entered", task, "mine")
    assert page["next_after"] == item["place"] == place + 1


async def test_a_request_that_waited_long_enough_goes_on_from_where_it_was(
    api: Api, save: Callable[..., Any]
) -> None:
    path = await save("is:open")

    page = await (await api.get(path, params={"wait": 1})).json()

    assert page == {"items": [], "next_after": 0, "has_more": False}


async def test_a_stream_tells_what_every_door_makes_enter_and_leave(
    api: Api, save: Callable[..., Any], owner: "Connection[Any]", call: Callable[..., Any]
) -> None:
    first, second = await api.task("first"), await api.task("second")
    await api.post(f"/api/v1/tasks/{second}/dependencies", json={"depends_on_id": first})
    path = await save("is:ready")

    async with following(api, path=f"{path}/stream") as events:
        call("complete_task", api.user["id"], first)
        told = [await events.next() for _ in range(2)]
        run(owner, "UPDATE task SET status = 'cancelled' WHERE id = %s", second)
        told.append(await events.next())

    assert [(name, data["task_id"]) for name, data in told] == [
        ("left", first),
        ("entered", second),
        ("left", second),
    ]
    assert events.last_id == 3


async def test_who_comes_again_is_told_what_entered_meanwhile(api: Api, save: Callable[..., Any]) -> None:
    path = await save("is:open")
    async with following(api, path=f"{path}/stream") as events:
        await api.task("first")
        await events.next("entered")
    await api.task("second")

    async with following(api, {"Last-Event-ID": str(events.last_id)}, f"{path}/stream") as events:
        name, data = await events.next()

    assert (name, data["title"], data["place"]) == ("entered", "second", 2)


async def test_time_alone_makes_a_task_enter(
    api: Api, save: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, owner: "Connection[Any]"
) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.2)
    (moment,) = run(
        owner, "SELECT DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL 2 SECOND, '%Y-%m-%dT%H:%i:%sZ') AS soon"
    )
    path = await save("is:overdue")

    async with following(api, path=f"{path}/stream") as events:
        task = await api.task("late soon", due_at=moment["soon"])
        name, data = await events.next()

    assert (name, data["task_id"]) == ("entered", task)


async def test_a_websocket_tells_the_same(api: Api, save: Callable[..., Any]) -> None:
    path = await save("is:open")
    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.client.ws_connect(f"{path}/stream", headers=headers) as socket:
        first = orjson.loads((await socket.receive(PATIENCE)).data)
        task = await api.task("new")
        told = orjson.loads((await socket.receive(PATIENCE)).data)

    assert first == {"event": "place", "place": 0, "data": None}
    assert (told["event"], told["place"], told["data"]["task_id"]) == ("entered", 1, task)


async def test_a_ticket_opens_it(api: Api, save: Callable[..., Any]) -> None:
    path = await save("is:open")
    ticket = (await (await api.post("/api/v1/changes/tickets")).json())["ticket"]

    opened = await api.client.get(f"{path}/stream", params={"ticket": ticket})
    refused = await api.client.get(path, params={"ticket": ticket})

    assert opened.status == 200
    opened.close()
    await problem(refused, 401, "unauthenticated")


async def test_what_cannot_be_followed_is_refused_before_it_streams(
    api: Api, stranger: Api, save: Callable[..., Any]
) -> None:
    path = await save("is:open")

    await problem(await api.get(f"{path}/stream", params={"after": 5}), 410, "place_gone")
    await problem(await stranger.get(f"{path}/stream"), 404, "search_not_found")
    await problem(await stranger.get(path), 404, "search_not_found")


async def test_a_search_that_cannot_be_read_any_more_ends_its_streams(
    api: Api, save: Callable[..., Any], owner: "Connection[Any]"
) -> None:
    path = await save("is:open")

    async with following(api, path=f"{path}/stream") as events:
        run(owner, "UPDATE saved_search SET query = '((' WHERE id = %s", int(path.split("/")[-2]))
        await api.task("look again")
        name, data = await events.next()

    assert (name, data["code"]) == ("closed", "search_invalid")


async def test_the_ready_list_takes_a_search(api: Api, save: Callable[..., Any]) -> None:
    await api.task("other")
    task = await api.task("mine", tags=["web"])
    number = (await save("tag:web")).split("/")[-2]

    for query in ({"query": f"search:{number}"}, {"filter": '{"tag": "web"}'}):
        for by in ("priority", "effective_priority"):
            page = await (await api.get("/api/v1/tasks/ready", params=query | {"by": by})).json()
            assert [item["id"] for item in page["items"]] == [task]
    await problem(
        await api.get("/api/v1/tasks/ready", params={"query": "colour:red"}), 422, "invalid_request"
    )
