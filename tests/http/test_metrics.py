"""What the service counts, and who may read it."""

import re
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from prometheus_client import REGISTRY, generate_latest

from service.config import Settings
from tests.http.conftest import Api, logged_in, problem, registered
from tests.http.process import Service, free_port


def read(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        return str(response.read().decode())


def count(name: str, **labels: str) -> float:
    """A number of this process; 0 before it is first counted."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def numbers(page: str, name: str) -> dict[str, float]:
    """What a page says under a name, by labels."""
    return {
        labels: float(number) for labels, number in re.findall(rf"^{name}{{(.*)}} (\S+)$", page, re.MULTILINE)
    }


async def test_a_request_is_counted_by_the_pattern_of_its_route(api: Api) -> None:
    labels = {"method": "GET", "route": "/api/v1/tasks/{task_id}"}
    before = count("headgate_http_requests_total", **labels, status="404")
    refused = count("headgate_refusals_total", code="task_not_found")
    called = count("headgate_procedure_refusals_total", procedure="get_task", code="task_not_found")

    await problem(await api.get("/api/v1/tasks/999999999"), 404, "task_not_found")

    assert count("headgate_http_requests_total", **labels, status="404") == before + 1
    assert count("headgate_http_request_seconds_count", **labels) > 0
    assert count("headgate_refusals_total", code="task_not_found") == refused + 1
    assert count("headgate_procedure_refusals_total", procedure="get_task", code="task_not_found") >= called
    assert count("headgate_pool_in_use") == count("headgate_pool_waiting") == 0


async def test_no_client_can_add_a_label(client: TestClient) -> None:
    for number in range(20):
        await client.request("PROPFIND", f"/nothing/{number}")
        await client.get(f"/nothing/{number}?query={number}")

    page = generate_latest().decode()
    assert "PROPFIND" not in page
    assert "/nothing" not in page
    assert count("headgate_http_requests_total", method="other", route="none", status="404") >= 20


async def test_without_redis_the_counters_say_so(serve: Any, settings: Settings) -> None:
    nowhere = replace(settings, redis_url="unix:///nowhere/redis.sock", rate_limit_per_minute=1_000)
    api = await logged_in(client := await serve(nowhere), await registered(client))
    away, spared, unlimited = (
        count(f"headgate_{name}_total") for name in ("redis_failures", "redis_spared", "rate_limit_open")
    )

    for _ in range(3):
        await api.get("/api/v1/users/me")

    assert count("headgate_redis_failures_total") + count("headgate_redis_spared_total") > away + spared
    assert count("headgate_rate_limit_open_total") >= unlimited + 3


async def test_the_public_door_does_not_show_them(api: Api) -> None:
    await problem(await api.get("/metrics"), 404, "route_not_found")


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["alone", "workers"])
def test_a_monitor_reads_all_workers_at_an_address_of_its_own(
    start: Callable[..., Service], options: tuple[str, ...]
) -> None:
    port = free_port()
    service = start(free_port(), *options, METRICS_ADDRESS=f"127.0.0.1:{port}")
    service.wait_until_up()
    asked = [service.get("/api/status") for _ in range(20)]

    counted = numbers(read(port), "headgate_http_requests_total")

    assert asked == [200] * 20
    assert counted['method="GET",route="/api/status",status="200"'] == 20
    code, _ = service.end()
    assert code == 0


def test_a_taken_address_is_told_in_one_sentence(start: Callable[..., Service]) -> None:
    port = free_port()
    first = start(free_port(), METRICS_ADDRESS=f"127.0.0.1:{port}")
    first.wait_until_up()

    second = start(free_port(), METRICS_ADDRESS=f"127.0.0.1:{port}")
    code, errors = second.wait()

    assert code == 1
    assert "METRICS_ADDRESS" in errors
    assert "Traceback" not in errors
