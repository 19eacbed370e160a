"""Changes that arrive by themselves: waiting requests, Server-Sent Events, WebSockets; who may follow, and for how long."""

import asyncio
import itertools
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse, WSMsgType
from pymysql.connections import Connection

from service.admission.auth import TOKENS
from service.admission.tokens import STREAM, Caller
from service.config import Settings
from service.handlers import live
from service.live.follower import Follower
from tests.http.conftest import TRACEPARENT, Api, logged_in, problem, registered, secret
from tests.http.test_metrics import count
from tests.servers import run

CHANGES = "/api/v1/changes"
STREAM_PATH = f"{CHANGES}/stream"
PATIENCE = 60


class Events:
    """What an EventSource would see."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.last_id: int | None = None

    async def next(self, *kinds: str) -> tuple[str, Any]:
        """The next event, or the next of some kinds; an end of the stream is one without a name."""
        async with asyncio.timeout(PATIENCE):
            while True:
                name, data = "message", ""
                while line := (await self.response.content.readline()).decode():
                    field, _, value = line.rstrip("\n").partition(": ")
                    if not field:
                        break
                    if field == "event":
                        name = value
                    elif field == "data":
                        data = value
                    elif field == "id":
                        self.last_id = int(value)
                if not line:
                    return "", None
                if data and (not kinds or name in kinds):
                    return name, orjson.loads(data)

    async def change(self) -> dict[str, Any]:
        name, data = await self.next("change", "closed")
        assert name == "change", data
        return data


@asynccontextmanager
async def following(
    api: Api, headers: dict[str, str] | None = None, path: str = STREAM_PATH, **query: Any
) -> AsyncIterator[Events]:
    response = await api.get(path, params=query, headers=headers or {})
    assert response.status == 200, await response.text()
    assert response.content_type == "text/event-stream"
    try:
        yield Events(response)
    finally:
        response.close()


async def newest(api: Api) -> int:
    page = await (await api.get(CHANGES, params={"after": 0, "wait": 0})).json()
    return page["next_after"]


@pytest.fixture
async def guest(api: Api, stranger: Api) -> Api:
    """The stranger, as a viewer of the user's personal workspace."""
    where = f"/api/v1/workspaces/{api.user['workspace_id']}/members/{stranger.user['username']}"
    assert (await api.put(where, json={"role": "viewer"})).status == 200
    return stranger


async def test_a_request_waits_for_a_change(api: Api) -> None:
    after = await newest(api)
    asking = asyncio.create_task(api.get(CHANGES, params={"after": after, "wait": 20}))
    await asyncio.sleep(0.2)
    assert not asking.done()

    task = await api.task("awaited")

    page = await (await asking).json()
    assert [(one["entity"], one["task_id"]) for one in page["items"]] == [("task", task)]
    assert (page["next_after"], page["has_more"]) == (after + 1, False)


async def test_a_request_that_waited_long_enough_goes_on_from_where_it_was(api: Api) -> None:
    after = await newest(api)

    page = await (await api.get(CHANGES, params={"after": after, "wait": 1})).json()

    assert page == {"items": [], "next_after": after, "has_more": False}


async def test_a_stream_tells_changes_of_every_door_in_order(
    api: Api, owner: "Connection[Any]", call: Callable[..., Any]
) -> None:
    async with following(api) as events:
        task = await api.task("by REST")
        run(owner, "UPDATE task SET title = 'by raw SQL' WHERE id = %s", task)
        call("start_task", api.user["id"], task)

        told = [await events.change() for _ in range(3)]

    assert [change["new_row"]["title"] for change in told] == ["by REST", "by raw SQL", "by raw SQL"]
    assert [change["revision"] for change in told] == [*range(told[0]["revision"], told[0]["revision"] + 3)]
    assert events.last_id == told[-1]["revision"]


async def test_a_stream_says_to_which_request_it_belongs(api: Api) -> None:
    sent = {"X-Request-Id": "r1", "traceparent": TRACEPARENT}

    async with following(api, sent) as events:
        told = events.response.headers

    assert told["X-Request-Id"] == "r1"
    assert told["traceresponse"].split("-")[1] == TRACEPARENT.split("-")[1]


async def test_who_comes_again_goes_on_after_the_last_event(api: Api) -> None:
    async with following(api, after=0) as events:
        seen = [(await events.change())["revision"] for _ in range(2)]
    await api.task("meanwhile")

    async with following(api, {"Last-Event-ID": str(seen[-1])}, after=0) as events:
        told = await events.change()

    assert seen == [1, 2]
    assert (told["revision"], told["entity"]) == (3, "task")


async def test_one_task_can_be_followed(api: Api) -> None:
    other, mine = await api.task("other"), await api.task("mine")

    async with following(api, task_id=mine) as events:
        await api.patch(f"/api/v1/tasks/{other}", json={"title": "changed"})
        await api.post(f"/api/v1/tasks/{other}/dependencies", json={"depends_on_id": mine})
        told = await events.change()

    assert (told["entity"], told["task_id"], told["depends_on_id"]) == ("dependency", other, mine)


async def test_what_i_wait_for_can_be_followed(api: Api) -> None:
    far, near, other = await api.task("far"), await api.task("near"), await api.task("other")
    mine = await api.task("mine", assignee_id=api.user["id"])
    for task, prerequisite in ((mine, near), (near, far)):
        await api.post(f"/api/v1/tasks/{task}/dependencies", json={"depends_on_id": prerequisite})

    async with following(api, awaited="true") as events:
        for task in (other, far):
            await api.patch(f"/api/v1/tasks/{task}", json={"status": "in_progress"})
        told = await events.change()
    asked = await api.get(STREAM_PATH, params={"awaited": "true", "task_id": mine})

    assert told["task_id"] == far
    await problem(asked, 422, "invalid_request")


async def test_a_websocket_tells_the_same(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.client.ws_connect(f"{STREAM_PATH}?after=1", headers=headers) as socket:
        task = await api.task("new")

        told = [orjson.loads((await socket.receive(PATIENCE)).data) for _ in range(3)]

    assert [one["event"] for one in told] == ["revision", "change", "change"]
    assert [one["revision"] for one in told] == [1, 2, 3]
    assert told[2]["data"]["task_id"] == task


async def test_who_looks_at_a_task_is_told(api: Api, guest: Api) -> None:
    task = await api.task("looked at")

    async with following(api, task_id=task) as mine:
        alone = await mine.next("presence")
        async with following(guest, task_id=task):
            together = await mine.next("presence")
        again = await mine.next("presence")

    me, other = api.user["id"], guest.user["id"]
    assert [told["user_ids"] for _, told in (alone, together, again)] == [[me], sorted([me, other]), [me]]


async def test_who_is_put_out_is_told_no_more(api: Api, guest: Api) -> None:
    workspace = api.user["workspace_id"]
    async with following(guest, workspace_id=workspace) as events, following(api) as mine:
        await api.task("seen by both")
        assert (await events.change())["entity"] == "task"

        await api.delete(f"/api/v1/workspaces/{workspace}/members/{guest.user['username']}")
        await api.task("secret")
        name, data = await events.next()
        end, _ = await events.next()
        seen = [(await mine.change())["entity"] for _ in range(3)]

    assert (name, data["code"]) == ("closed", "workspace_not_found")
    assert end == ""
    assert seen == ["task", "membership", "task"]
    await problem(
        await guest.get(STREAM_PATH, params={"workspace_id": workspace}), 404, "workspace_not_found"
    )


async def test_the_end_of_a_session_ends_its_streams(api: Api) -> None:
    other = await logged_in(api.client, api.user)
    async with following(api) as events, following(other) as others:
        await api.post("/api/v1/users/logout")

        name, data = await events.next()
        await other.task("goes on")

        assert (name, data["code"]) == ("closed", "unauthenticated")
        assert (await others.change())["entity"] == "task"


async def test_who_waits_is_refused_when_the_session_ends(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    waits, wait = asyncio.Event(), Follower.wait

    async def waiting(follower: Follower, seconds: float) -> None:
        waits.set()
        await wait(follower, seconds)

    monkeypatch.setattr(Follower, "wait", waiting)
    asking = asyncio.create_task(api.get(CHANGES, params={"after": await newest(api), "wait": 60}))
    await waits.wait()

    await api.post("/api/v1/users/logout")

    await problem(await asking, 401, "unauthenticated")


async def test_a_stream_of_a_task_ends_with_the_task(api: Api) -> None:
    task = await api.task("soon gone")
    async with following(api, task_id=task) as events:
        await api.delete(f"/api/v1/tasks/{task}")

        gone = await events.change()
        name, data = await events.next("change", "closed")
        end, _ = await events.next()

    assert (gone["entity"], gone["action"], gone["task_id"]) == ("task", "delete", task)
    assert (name, data["code"], end) == ("closed", "task_not_found", "")


async def test_a_stream_ends_with_its_token(api: Api) -> None:
    tokens = api.client.app[TOKENS]
    expiring = replace_seconds(tokens, -3, Caller(api.user["id"], api.user["workspace_id"], 0))

    async with following(replace(api, token=secret(expiring))) as events:
        name, data = await events.next()

    assert (name, data["code"]) == ("closed", "unauthenticated")


def replace_seconds(tokens: Any, seconds: int, caller: Caller) -> str:
    """A token that is good for so many seconds; a little clock difference is allowed for."""
    usual, tokens.seconds = tokens.seconds, seconds
    try:
        return tokens.issue(caller)
    finally:
        tokens.seconds = usual


async def test_a_slow_reader_is_sent_away(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SLOW_SECONDS", 0.5)
    monkeypatch.setattr(live, "FAREWELL_SECONDS", 0.5)
    before = count("headgate_feed_ends_total", code="reader_too_slow")
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.connect(("127.0.0.1", api.client.port))
    request = f"GET {STREAM_PATH}?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.token}\r\n\r\n"
    wire.sendall(request.encode())

    deadline = time.monotonic() + PATIENCE
    batches = itertools.count()
    while count("headgate_feed_ends_total", code="reader_too_slow") == before:
        assert time.monotonic() < deadline
        many = [
            {"op": "create", "key": f"{batch}-{number}", "title": "large", "description": "x" * 9_000}
            for batch in [next(batches)]
            for number in range(100)
        ]
        response = await api.post(CHANGES, json={"changes": many})
        assert response.status == 200, await response.text()

    await asyncio.sleep(2 * live.FAREWELL_SECONDS)
    wire.settimeout(PATIENCE)
    with closing(wire):
        told = await asyncio.to_thread(read_all, wire)
    # Whether or not the reason came through, the connection is at its end.
    assert b"event: change" in told


def read_all(wire: socket.socket) -> bytes:
    """All that comes until it ends."""
    return b"".join(iter(lambda: wire.recv(65_536), b""))


async def test_a_ticket_opens_a_stream_and_nothing_else(api: Api) -> None:
    answer = await (await api.post(f"{CHANGES}/tickets")).json()
    nobody = replace(api, token="")
    stranger = {"Authorization": ""}

    async with following(nobody, stranger, ticket=secret(answer["ticket"])) as events:
        await api.task("new")
        assert (await events.change())["entity"] == "task"

    for path, query, token in (
        (STREAM_PATH, {"ticket": api.token}, ""),
        (STREAM_PATH, {"ticket": "nonsense"}, ""),
        (STREAM_PATH, {}, answer["ticket"]),
        ("/api/v1/tasks", {"ticket": answer["ticket"]}, ""),
        ("/api/v1/tasks", {}, answer["ticket"]),
    ):
        headers = {"Authorization": f"Bearer {token}" if token else ""}
        await problem(await nobody.get(path, params=query, headers=headers), 401, "unauthenticated")
    assert api.client.app[TOKENS].read(answer["ticket"], STREAM).user_id == api.user["id"]


async def test_a_user_holds_so_many_streams_open_and_no_more(serve: Any, settings: Settings) -> None:
    api = await logged_in(
        client := await serve(replace(settings, streams_per_user=2)), await registered(client)
    )

    async with following(api), following(api):
        refused = await api.get(STREAM_PATH)
        await problem(refused, 429, "too_many_streams")


async def test_a_revision_that_was_not_come_to_is_refused_before_the_stream_begins(api: Api) -> None:
    for path in (STREAM_PATH, CHANGES):
        await problem(await api.get(path, params={"after": 99}), 404, "revision_unknown")


async def test_the_end_of_the_process_ends_its_streams(api: Api, serve: Any, settings: Settings) -> None:
    api = replace(api, client=await serve(settings))
    async with following(api) as events:
        asking = asyncio.create_task(api.get(CHANGES, params={"after": 2, "wait": 60}))
        await asyncio.sleep(0.2)
        leaving = asyncio.create_task(api.client.server.close())

        name, data = await events.next()

        assert (name, data["code"]) == ("closed", "service_leaving")
        assert (await (await asking).json())["items"] == []
    await leaving


async def test_processes_tell_each_other_at_once(
    serve: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    monkeypatch.setattr("service.live.feed.POLL_SECONDS", 3600)
    other = replace(api, client=await serve(settings))
    async with following(other) as events:
        # Until its listener is there, nothing is told at once.
        deadline = time.monotonic() + PATIENCE
        heard = asyncio.create_task(events.change())
        while not heard.done():
            assert time.monotonic() < deadline
            await api.task("told")
            await asyncio.sleep(0.1)

    assert (await heard)["new_row"]["title"] == "told"


async def test_a_closed_socket_has_a_code(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.client.ws_connect(STREAM_PATH, headers=headers) as socket:
        await api.post("/api/v1/users/logout")

        messages = [await socket.receive(PATIENCE) for _ in range(3)]

    assert orjson.loads(messages[1].data)["data"]["code"] == "unauthenticated"
    assert (messages[2].type, messages[2].data, messages[2].extra) == (
        WSMsgType.CLOSE,
        1008,
        "unauthenticated",
    )
