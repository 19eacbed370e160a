"""/api/openapi.json, /api/docs, /api/redoc and /problems/{code}: the API explains itself, without net."""

import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from service.errors import BY_CODE
from service.routes import ROUTES
from tests.http.conftest import Api, problem


@pytest.fixture
async def document(client: TestClient) -> dict[str, Any]:
    response = await client.get("/api/openapi.json")
    assert response.status == 200
    return await response.json()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


async def test_every_route_is_described(document: dict[str, Any]) -> None:
    described = operations(document)

    assert document["openapi"] == "3.1.0"
    assert described.keys() == {f"{route.method} {re.sub(r':[^}]*', '', route.path)}" for route in ROUTES}
    assert all(operation["summary"] for operation in described.values())
    names = [operation["operationId"] for operation in described.values()]
    assert len(set(names)) == len(names)


async def test_summaries_come_from_the_procedures(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/v1/tasks/{task_id}/dependencies"]["post"]

    assert operation["summary"] == "Make one task wait for another"


async def test_every_error_of_an_operation_is_described_with_its_code(document: dict[str, Any]) -> None:
    responses = document["paths"]["/api/v1/tasks/{task_id}/dependencies"]["post"]["responses"]

    conflict = responses["409"]["content"]["application/problem+json"]
    assert {"dependency_cycle", "dependency_exists", "task_blocked"} <= conflict["examples"].keys()
    assert {"201", "400", "401", "404", "409", "413", "415", "422", "429", "500", "503"} <= responses.keys()
    assert conflict["examples"]["dependency_cycle"]["value"]["type"] == "/problems/dependency_cycle"


async def test_what_the_service_itself_refuses_is_described(document: dict[str, Any]) -> None:
    described = operations(document)

    for route in ROUTES:
        responses = described[f"{route.method} {re.sub(r':[^}]*', '', route.path)}"]["responses"]
        for code in route.refuses:
            answer = responses[str(BY_CODE[code].http_status)]["content"]["application/problem+json"]
            assert code in answer["examples"], route.path


async def test_a_path_whose_id_is_no_number_is_described(api: Api, document: dict[str, Any]) -> None:
    responses = document["paths"]["/api/v1/tasks/{task_id}"]["get"]["responses"]

    response = await api.get("/api/v1/tasks/three")

    told = (await problem(response, 404, "route_not_found"))["code"]
    assert told in responses["404"]["content"]["application/problem+json"]["examples"]


async def test_the_headers_of_an_answer_are_described(client: TestClient, document: dict[str, Any]) -> None:
    described = document["paths"]["/api/v1/users/me"]["get"]["responses"]["401"]["headers"]

    response = await client.get("/api/v1/users/me")

    assert described.keys() == {"X-Request-Id", "traceresponse", "WWW-Authenticate"}
    assert described.keys() <= response.headers.keys()


async def test_a_refusal_may_tell_facts_of_its_own(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"]["Problem"]["additionalProperties"] is True


async def test_bodies_and_answers_have_examples(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        for content in (operation.get("requestBody", {}).get("content", {})).values():
            assert content["example"], name
        done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        assert all(content["example"] for content in done["content"].values()), name


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            return {node["$ref"]} if "$ref" in node else set().union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert target


async def test_only_public_operations_need_no_token(document: dict[str, Any]) -> None:
    public = {name for name, operation in operations(document).items() if operation["security"] == []}

    assert public == {
        "GET /",
        "GET /api/status",
        "POST /api/v1/users",
        "POST /api/v1/users/confirm-email",
        "POST /api/v1/users/login",
        "POST /api/v1/users/refresh",
        "POST /api/v1/users/unsubscribe",
    }


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/", "/api/redoc"])
async def test_a_page_loads_only_what_is_served_here(client: TestClient, path: str) -> None:
    page = await (await client.get(path)).text()

    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    for source in sources:
        assert source.startswith(("/", "data:"))
        if source.startswith("/"):
            assert (await client.get(source)).status == 200
    assert not re.search(r"<script>|style=|onload=", page)


async def test_the_pages_may_fetch_nothing_from_elsewhere(client: TestClient) -> None:
    policy = (await client.get("/api/docs")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("code", sorted(BY_CODE))
async def test_every_error_has_its_page(client: TestClient, code: str) -> None:
    response = await client.get(f"/problems/{code}")

    assert response.status == 200
    assert code in await response.text()


async def test_an_unknown_error_has_none(client: TestClient) -> None:
    assert (await client.get("/problems/nothing")).status == 404
