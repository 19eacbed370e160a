"""/api/status and /: how the service is, and what it is."""

from dataclasses import replace
from typing import Any

from aiohttp.test_utils import TestClient

from service.config import Settings
from service.database.connection import Dsn
from tests.conftest import Database


async def test_a_healthy_service_says_so(client: TestClient) -> None:
    response = await client.get("/api/status")

    status = await response.json()
    assert (response.status, status["status"]) == (200, "ok")
    assert all(status[part]["healthy"] for part in ("mysql", "redis", "migrations"))
    assert all(0 < status[part]["latency_ms"] < 5_000 for part in ("mysql", "redis", "migrations"))
    assert status["migrations"]["pending"] == []


async def test_without_redis_the_service_is_degraded(serve: Any, settings: Settings) -> None:
    client = await serve(replace(settings, redis_url="unix:///nowhere/redis.sock"))

    response = await client.get("/api/status")

    status = await response.json()
    assert (response.status, status["status"]) == (200, "degraded")
    assert not status["redis"]["healthy"]


async def test_without_mysql_the_service_is_unavailable(
    serve: Any, settings: Settings, database: Database
) -> None:
    nowhere = replace(Dsn.parse(database.service_url), unix_socket="/nowhere/mysql.sock")
    client = await serve(replace(settings, service_database_url=nowhere.url))

    response = await client.get("/api/status")

    status = await response.json()
    assert (response.status, status["status"]) == (503, "unavailable")
    assert not status["mysql"]["healthy"]


async def test_a_database_without_its_migrations_is_degraded(
    serve: Any, settings: Settings, empty_database: Dsn
) -> None:
    client = await serve(replace(settings, service_database_url=empty_database.url))

    response = await client.get("/api/status")

    status = await response.json()
    assert (response.status, status["status"]) == (200, "degraded")
    assert status["migrations"]["pending"][0].startswith("0001.")


async def test_the_front_page_says_where_to_go(client: TestClient) -> None:
    index = await (await client.get("/")).json()

    assert index["name"] == "Headgate"
    for link in ("documentation", "reference", "openapi", "status"):
        assert (await client.get(index["links"][link])).status == 200
