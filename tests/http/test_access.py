"""Who is let in: tokens that are missing, forged, old or somebody else's."""

import time
from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestClient

from service.config import Settings
from tests.http.conftest import Api, problem

ME = "/api/v1/users/me"


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {
        "sub": "1",
        "ws": 1,
        "iat": now,
        "exp": now + 60,
        "jti": "a",
        "iss": "headgate",
        "aud": "headgate",
    }
    return {name: value for name, value in (whole | changed).items() if value is not None}


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer not.a.token", "Bearer ä"]
)
async def test_without_a_token_nobody_is_let_in(client: TestClient, header: str | None) -> None:
    response = await client.get(ME, headers={} if header is None else {"Authorization": header})

    await problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iss": "somebody"},
        {"aud": "others"},
        {"sub": "ada"},
        {"sub": None},
        {"ws": None},
        {"ws": "mine"},
        {"jti": None},
    ],
    ids=str,
)
async def test_a_token_with_wrong_claims_is_refused(
    client: TestClient, settings: Settings, changed: dict[str, Any]
) -> None:
    token = jwt.encode(claims(**changed), settings.secret_key, algorithm="HS256")

    response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})

    await problem(response, 401, "unauthenticated")


@pytest.mark.parametrize(("key", "algorithm"), [("x" * 32, "HS256"), (None, "none"), ("same", "HS512")])
async def test_a_token_signed_otherwise_is_refused(
    client: TestClient, settings: Settings, key: str | None, algorithm: str
) -> None:
    signing = settings.secret_key * 2 if key == "same" else key
    token = jwt.encode(claims(), signing, algorithm=algorithm)

    response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})

    await problem(response, 401, "unauthenticated")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/tree"),
        ("GET", "/dependencies"),
        ("GET", "/dependents"),
        ("POST", "/dependencies"),
        ("DELETE", "/dependencies/1"),
    ],
)
async def test_the_task_of_somebody_else_is_not_there(
    api: Api, stranger: Api, method: str, path: str
) -> None:
    task = await api.task()
    await api.get(f"/api/v1/tasks/{task}")
    bodies = {"PATCH": {"title": "mine"}, "PUT": {"title": "mine"}, "POST": {"depends_on_id": task}}

    response = await stranger.request(method, f"/api/v1/tasks/{task}{path}", json=bodies.get(method))

    await problem(response, 404, "task_not_found")


@pytest.mark.parametrize("path", ["/api/v1/tasks/", "/api/v1/tasks/ready", "/api/v1/tasks/blocked"])
async def test_the_workspace_of_somebody_else_is_not_there(api: Api, stranger: Api, path: str) -> None:
    parameters = {"workspace_id": api.user["workspace_id"]}
    assert (await api.get(path, params=parameters)).status == 200

    response = await stranger.get(path, params=parameters)

    await problem(response, 404, "workspace_not_found")


async def test_nobody_creates_tasks_in_the_workspace_of_somebody_else(api: Api, stranger: Api) -> None:
    response = await stranger.post(
        "/api/v1/tasks/", json={"title": "mine", "workspace_id": api.user["workspace_id"]}
    )

    await problem(response, 404, "workspace_not_found")


async def test_a_member_who_is_removed_sees_nothing_from_then_on(api: Api, stranger: Api, call: Any) -> None:
    workspace, path = api.user["workspace_id"], "/api/v1/tasks/"
    parameters = {"workspace_id": workspace}
    call("set_member", api.user["id"], workspace, stranger.user["username"], "viewer")
    assert (await stranger.get(path, params=parameters)).status == 200

    call("remove_member", api.user["id"], workspace, stranger.user["username"])
    time.sleep(1)  # noqa: ASYNC251  # what another door changed shows within a second

    await problem(await stranger.get(path, params=parameters), 404, "workspace_not_found")
