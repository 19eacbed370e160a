"""Clients of the API: one without a token, and ones that carry the token of a fresh user."""

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from service.app import create_app
from service.config import Settings
from service.database.connection import Dsn
from service.log import JsonLines, RequestIdFilter
from tests.conftest import Database
from tests.http.process import Service

PASSWORD = "correct horse"
# Of somebody who traces across services.
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

# What no log and no refusal may ever hold: each that a test uses is noted here.
SECRETS = {PASSWORD}


def secret(text: str) -> str:
    """Note a secret, and give it back."""
    SECRETS.add(text)
    return text


@pytest.fixture(scope="session", autouse=True)
def secretive_log() -> Iterator[StringIO]:
    """After all tests of a worker: nothing that was logged, at whatever level, held a secret that they used."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    # aiohttp's own line about a request holds its query; the service turns it off, the tests' server does not.
    logging.getLogger("aiohttp.access").setLevel(logging.CRITICAL)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)
    logged = lines.getvalue()
    assert [told for told in SECRETS if told in logged] == []


@dataclass(frozen=True)
class Api:
    """A client that sends a user's token with every request."""

    client: TestClient
    user: dict[str, Any]
    token: str
    refresh_token: str = ""

    async def request(self, method: str, path: str, **options: Any) -> ClientResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> ClientResponse:
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Any) -> ClientResponse:
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, **options: Any) -> ClientResponse:
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> ClientResponse:
        return await self.request("DELETE", path, **options)

    async def task(self, title: str = "a task", **fields: Any) -> int:
        """Make a task and return its id."""
        response = await self.post("/api/v1/tasks/", json={"title": title} | fields)
        assert response.status == 201, await response.text()
        return (await response.json())["id"]


@pytest.fixture(scope="session")
def settings(database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The service's own account, a folder for attachments, cheap passwords, no limits and no delay."""
    secret(Dsn.parse(database.service_url).password)
    return Settings(
        service_database_url=database.service_url,
        redis_url=redis_url,
        secret_key=secret(secrets.token_hex(16)),
        storage_url=f"file://{tmp_path_factory.mktemp('attachments')}",
        bcrypt_cost=4,
        rate_limit_per_minute=0,
        rate_limit_key_per_minute=0,
        rate_limit_address_per_minute=0,
        rate_limit_login_per_minute=0,
        login_delay_seconds=0,
    )


@pytest.fixture
def serve(aiohttp_client: Any) -> Callable[[Settings], Awaitable[TestClient]]:
    """Start the service with these settings and return a client of it."""

    async def start(settings: Settings) -> TestClient:
        return await aiohttp_client(create_app(settings))

    return start


@pytest.fixture(scope="module")
async def client(settings: Settings) -> AsyncIterator[TestClient]:
    """A client without a token, of a service that the tests of a file share."""
    async with TestClient(TestServer(create_app(settings))) as client:
        yield client


async def registered(client: TestClient, password: str = PASSWORD) -> dict[str, Any]:
    """A fresh user, as registration answers it."""
    name = f"user-{secrets.token_hex(6)}"
    answer = {"username": name, "email": f"{name}@example.org", "password": password}
    response = await client.post("/api/v1/users/", json=answer)
    assert response.status == 201, await response.text()
    return await response.json()


async def logged_in(client: TestClient, user: dict[str, Any]) -> Api:
    """A client that carries the user's token."""
    form = {"username": user["username"], "password": PASSWORD}
    response = await client.post("/api/v1/users/login", data=form)
    assert response.status == 200, await response.text()
    answer = await response.json()
    return Api(client, user, secret(answer["access_token"]), secret(answer["refresh_token"]))


@pytest.fixture
async def api(client: TestClient) -> Api:
    """A client that carries the token of a fresh user."""
    return await logged_in(client, await registered(client))


@pytest.fixture
async def stranger(client: TestClient) -> Api:
    """The same of another user, who shares nothing with the first."""
    return await logged_in(client, await registered(client))


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., Service]]:
    """Start `headgate serve` on a port with further options; what still runs is killed afterwards."""
    running: list[Service] = []

    def run(port: int, *options: str, **environment: str) -> Service:
        running.append(Service(settings, port, *options, **environment))
        return running[-1]

    yield run
    for service in running:
        service.clear()


async def problem(response: ClientResponse, status: int, code: str) -> dict[str, Any]:
    """The document of a refusal that is expected to be this one."""
    text = await response.text()
    assert not [told for told in SECRETS if told in text or told in str(response.headers)]
    document = await response.json(content_type="application/problem+json")
    assert (response.status, document["code"]) == (status, code), document
    assert (document["status"], document["type"]) == (status, f"/problems/{code}")
    return document
