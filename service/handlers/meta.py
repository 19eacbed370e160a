"""The service itself: what it is and how it is."""

import time
from importlib.metadata import version
from pathlib import Path

from aiohttp import web

from service.db import DATABASE, Row
from service.errors import Refused
from service.redis_client import REDIS

VERSION = version("headgate")
MIGRATIONS = {
    path.stem
    for path in (Path(__file__).resolve().parents[2] / "migrations").glob("[0-9]*.sql")
    if not path.stem.endswith(".rollback")
}
UNKNOWN = {"healthy": False, "latency_ms": 0.0, "pending": []}
LINKS = {
    "documentation": "/api/docs",
    "reference": "/api/redoc",
    "openapi": "/api/openapi.json",
    "status": "/api/status",
    "register": "/api/v1/users/",
    "login": "/api/v1/users/login",
    "tasks": "/api/v1/tasks/",
}


async def index(_: web.Request) -> Row:
    """Say what this is and where to go."""
    return {
        "name": "Headgate",
        "version": VERSION,
        "description": "A task-dependency backend whose rules live in the database.",
        "links": LINKS,
    }


async def status(request: web.Request) -> Row:
    """Tell how the service and what it needs are, each with its latency.

    Answers 503 when MySQL is away. Without Redis, or with migrations pending,
    the service works and calls itself degraded.
    """
    mysql = await _mysql(request)
    redis = await _redis(request)
    migrations = await _migrations(request) if mysql["healthy"] else UNKNOWN
    healthy = mysql["healthy"] and redis["healthy"] and migrations["healthy"]
    word = "unavailable" if not mysql["healthy"] else "ok" if healthy else "degraded"
    return {"status": word, "version": VERSION, "mysql": mysql, "redis": redis, "migrations": migrations}


def http_status(answer: Row) -> int:
    """What the state is in HTTP, for those who look only at that."""
    return 503 if answer["status"] == "unavailable" else 200


async def _mysql(request: web.Request) -> Row:
    started = time.perf_counter()
    try:
        await request.app[DATABASE].ping()
    except Refused:
        return _part(False, started)
    return _part(True, started)


async def _redis(request: web.Request) -> Row:
    started = time.perf_counter()
    return _part(await request.app[REDIS].ping(), started)


async def _migrations(request: web.Request) -> Row:
    started = time.perf_counter()
    try:
        applied = {row["name"] for row in await request.app[DATABASE].call("get_schema_status")}
    except Refused:
        applied = set()
    pending = sorted(MIGRATIONS - applied)
    return _part(not pending, started) | {"pending": pending}


def _part(healthy: bool, started: float) -> Row:
    return {"healthy": healthy, "latency_ms": round((time.perf_counter() - started) * 1000, 2)}
