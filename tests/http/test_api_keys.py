"""API keys: made once, sent either way, and bound by scope and workspace at every route there is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from pymysql.connections import Connection

from service.http.openapi import example
from service.http.route import Route, Stream
from service.routes import ROUTES, TASK, WORKSPACE
from tests.http.conftest import Api, problem, secret

ME = "/api/v1/users/me"
# What noting the use of a key writes.
NOTES = {"api_key", "api_key_address", "security_event"}
# What anybody may change about themselves, and a key about the user that it is.
ABOUT_ITSELF = {
    f"PATCH {ME}": {"app_user"},
    f"PUT {ME}/notification-preferences": {"notification_preference"},
    f"PUT {WORKSPACE}/notification-preferences": {"notification_preference"},
    f"PUT {TASK}/watch": {"task_watch"},
    f"PUT {TASK}/mute": {"task_watch"},
}


def theirs(route: Route) -> set[str]:
    """The tables that a key may always change at a route."""
    return NOTES | ABOUT_ITSELF.get(f"{route.method} {route.path}", set())


@dataclass
class Machine:
    """A client that sends a key."""

    client: TestClient
    key: str
    id: int
    workspace_id: int

    async def request(self, method: str, path: str, **options: Any) -> ClientResponse:
        return await self.client.request(method, path, headers={"X-API-Key": self.key}, **options)


@pytest.fixture
def machine(api: Api) -> Callable[..., Any]:
    """Make a key for the personal workspace of the user."""

    async def create(scope: str = "write") -> Machine:
        workspace = api.user["workspace_id"]
        response = await api.post(
            f"/api/v1/workspaces/{workspace}/api-keys", json={"name": "robot", "scope": scope}
        )
        assert response.status == 201, await response.text()
        answer = await response.json()
        return Machine(api.client, secret(answer["key"]), answer["id"], workspace)

    return create


@pytest.fixture
def held(owner: "Connection[Any]") -> Callable[..., dict[str, int]]:
    """A checksum of every table."""

    def read(*without: str) -> dict[str, int]:
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT table_name AS name FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
            )
            names = sorted({row["name"] for row in cursor.fetchall()} - set(without))
            cursor.execute(f"CHECKSUM TABLE {', '.join(f'`{name}`' for name in names)}")
            return {row["Table"]: row["Checksum"] for row in cursor.fetchall()}

    return read


async def test_a_key_is_shown_once_and_kept_nowhere(api: Api, machine: Any, owner: "Connection[Any]") -> None:
    robot = await machine()
    secret = robot.key.rpartition("_")[2]

    listed = await (await api.get(f"/api/v1/workspaces/{robot.workspace_id}/api-keys")).text()

    assert re.fullmatch(r"hgk_[a-z0-9]{10}_[\w-]{43}", robot.key)
    assert secret not in listed
    with owner.cursor() as cursor:
        cursor.execute("SELECT * FROM api_key WHERE id = %s", (robot.id,))
        assert secret not in str(cursor.fetchall())


@pytest.mark.parametrize("scheme", ["X-API-Key", "Authorization"])
async def test_a_key_is_sent_either_way(machine: Any, scheme: str) -> None:
    robot = await machine()
    value = robot.key if scheme == "X-API-Key" else f"Bearer {robot.key}"

    me = await (await robot.client.get(ME, headers={scheme: value})).json()

    assert me["username"] == f"key:{robot.key[4:14]}"
    assert (me["workspace_id"], me["email"]) == (robot.workspace_id, None)


async def test_it_has_no_session_and_no_password(machine: Any) -> None:
    key = await machine()
    change = {"old_password": "wrong", "new_password": "correct horse battery"}

    for path, body in (("logout", None), ("me/password", change)):
        await problem(await key.request("POST", f"/api/v1/users/{path}", json=body), 403, "permission_denied")


async def test_its_workspace_is_the_default(machine: Any, api: Api) -> None:
    robot = await machine()

    made = await (await robot.request("POST", "/api/v1/tasks/", json={"title": "t"})).json()

    assert (await api.get(f"/api/v1/tasks/{made['id']}")).status == 200


@pytest.mark.parametrize(
    "key", ["hgk_", "hgk_aaaaaaaaaa_" + "x" * 43, "hgk_" + "x" * 200, "key", "hgk_é", " "]
)
@pytest.mark.parametrize("scheme", ["X-API-Key", "Authorization"])
async def test_what_is_no_key_opens_nothing(client: TestClient, key: str, scheme: str) -> None:
    value = key if scheme == "X-API-Key" else f"Bearer {key}"

    await problem(await client.get(ME, headers={scheme: value}), 401, "unauthenticated")


async def test_a_key_and_a_token_at_once_are_refused(api: Api, machine: Any) -> None:
    robot = await machine()

    response = await api.get(ME, headers={"X-API-Key": robot.key})

    await problem(response, 401, "unauthenticated")


async def test_a_revoked_key_opens_nothing_at_once(api: Api, machine: Any) -> None:
    robot = await machine()
    assert (await robot.request("GET", "/api/v1/tasks/")).status == 200

    answer = await api.delete(f"/api/v1/workspaces/{robot.workspace_id}/api-keys/{robot.id}")

    assert answer.status == 200
    await problem(await robot.request("GET", "/api/v1/tasks/"), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("scope", "own"),
        ("scope", None),
        ("expires_in_days", 0),
        ("more", 1),
    ],
)
async def test_a_wrong_field_is_named(api: Api, field: str, value: object) -> None:
    body = {"name": "robot", "scope": "read"} | {field: value}

    response = await api.post(f"/api/v1/workspaces/{api.user['workspace_id']}/api-keys", json=body)

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == [field]


def question(route: Route, ids: dict[str, int]) -> tuple[str, dict[str, Any]]:
    """A request to a route as its documentation shows it, about what these ids name."""
    path = re.sub(r"{(\w+):[^}]*}", lambda name: str(ids.get(name[1], 1)), route.path)
    options: dict[str, Any] = {}
    if route.body:
        options["json"] = {
            name: ids.get(name, value) for name, value in example(route.body(), loading=True).items()
        }
    elif "workspace_id" in route.query().fields:
        options["params"] = {"workspace_id": ids["workspace_id"]}
    return path, options


async def said(response: ClientResponse, route: Route) -> str:
    """The text of an answer; of one that has no end, its beginning."""
    if not isinstance(route.returns, Stream):
        return await response.text()
    begun = await response.content.readany()
    response.close()
    return begun.decode()


PRIVATE = [route for route in ROUTES if not route.public]


async def scene(api: Api) -> dict[str, int]:
    """Two tasks, one of which waits for the other, and a key."""
    ids = {"workspace_id": api.user["workspace_id"]}
    ids["task_id"], ids["depends_on_id"] = (
        await api.task("secret plan"),
        await api.task("secret prerequisite"),
    )
    await api.post(
        f"/api/v1/tasks/{ids['task_id']}/dependencies", json={"depends_on_id": ids["depends_on_id"]}
    )
    return ids


@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: f"{route.method} {route.path}")
async def test_a_key_to_read_changes_nothing_at_any_route(
    api: Api, machine: Any, held: Any, route: Route
) -> None:
    robot, ids = await machine("read"), await scene(api)
    before = held(*theirs(route))

    path, options = question(route, ids | {"api_key_id": robot.id})
    response = await robot.request(route.method, path, **options)

    assert "internal_error" not in await said(response, route)
    assert held(*theirs(route)) == before


@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: f"{route.method} {route.path}")
async def test_a_key_to_write_changes_no_rights_at_any_route(
    api: Api, machine: Any, held: Any, route: Route
) -> None:
    robot, ids = await machine("write"), await scene(api)
    rights = {"app_user", "membership", "workspace", "api_key", "login_session", "sql_account"}
    await robot.request("GET", ME)  # whose use is noted, once in a minute
    before = held()

    path, options = question(route, ids | {"api_key_id": robot.id})
    response = await robot.request(route.method, path, **options)

    assert "internal_error" not in await said(response, route)
    after = held()
    changed = {name.rpartition(".")[2] for name in after if after[name] != before[name]}
    assert changed & rights <= theirs(route) - NOTES


@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: f"{route.method} {route.path}")
async def test_a_key_reaches_no_other_workspace_at_any_route(
    api: Api, stranger: Api, machine: Any, held: Any, route: Route
) -> None:
    robot, ids = await machine("admin"), await scene(stranger)
    before = held(*NOTES)

    path, options = question(route, ids)
    response = await robot.request(route.method, path, **options)

    text = await said(response, route)
    assert "internal_error" not in text
    assert "secret" not in text
    # Without a workspace in the question it is about its own, and may change that.
    if re.search("{(task|workspace)_id", route.path) or route.method == "GET":
        assert held(*NOTES) == before
