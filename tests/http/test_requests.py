"""What every operation does with requests that are malformed, misdirected or too large."""

import asyncio
import zlib
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from service.config import Settings
from service.http import arguments
from tests.http.conftest import PASSWORD, SECRETS, TRACEPARENT, Api, logged_in, problem, registered

TASKS = "/api/v1/tasks/"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"title": }',
        b'{"title": "a"} more',
        b"[]",
        b'"title"',
        b"null",
        b'{"title": "\xff"}',
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body)[:24],
)
async def test_a_body_that_is_no_json_object_is_malformed(api: Api, body: bytes) -> None:
    response = await api.post(TASKS, data=body, headers=JSON)

    await problem(response, 400, "malformed_request")


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udc00", rb"\ud800\ud800"])
async def test_half_of_a_surrogate_pair_is_refused(api: Api, escape: bytes) -> None:
    response = await api.post(TASKS, data=b'{"title": "a%s"}' % escape, headers=JSON)

    await problem(response, 422, "invalid_request")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"]
)
async def test_a_body_of_another_type_is_refused(api: Api, kind: str) -> None:
    response = await api.post(TASKS, data=b'{"title": "a"}', headers={"Content-Type": kind})

    await problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_body_that_is_not_coded_as_it_says_is_malformed(api: Api, coding: str) -> None:
    response = await api.post(TASKS, data=b"not compressed", headers=JSON | {"Content-Encoding": coding})

    await problem(response, 400, "malformed_request")


async def test_a_small_body_that_unpacks_to_a_large_one_is_refused(api: Api) -> None:
    bomb = zlib.compress(b" " * 50_000_000)

    response = await api.post(TASKS, data=bomb, headers=JSON | {"Content-Encoding": "deflate"})

    await problem(response, 413, "body_too_large")


async def test_a_body_that_never_comes_is_not_waited_for(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arguments, "BODY_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(
        b"POST /api/v1/users/ HTTP/1.1\r\nHost: x\r\n"
        b"Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
    )

    answer = await asyncio.wait_for(reader.readline(), 5)

    assert b" 400 " in answer
    writer.close()
    await writer.wait_closed()


async def test_head_answers_like_get_without_a_body(api: Api) -> None:
    got, headed = await api.get(TASKS), await api.request("HEAD", TASKS)

    assert (headed.status, headed.headers["Content-Length"]) == (200, got.headers["Content-Length"])
    assert await headed.read() == b""


async def test_a_body_over_the_limit_is_refused(api: Api, settings: Settings) -> None:
    body = b'{"title": "' + b"x" * settings.max_body_bytes + b'"}'

    response = await api.post(TASKS, data=BytesIO(body), headers=JSON)

    await problem(response, 413, "body_too_large")


async def test_the_limit_of_a_body_is_a_setting(serve: Any, settings: Settings) -> None:
    client = await serve(replace(settings, max_body_bytes=2_000))
    api = await logged_in(client, await registered(client))

    fits = await api.post(TASKS, json={"title": "a", "description": "x" * 1_000})
    large = await api.post(TASKS, json={"title": "a", "description": "x" * 3_000})

    assert fits.status == 201
    await problem(large, 413, "body_too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api/v1/",
        "/api/v1/tasks/abc",
        "/api/v1/tasks/-1",
        "/api/v1/tasks/1.5",
        "/api/v1/tasks/%D9%A1",
        "/api/assets/../../setup.cfg",
    ],
)
async def test_an_unknown_path_is_not_found(api: Api, path: str) -> None:
    await problem(await api.get(path), 404, "route_not_found")


async def test_a_wrong_method_is_told_the_right_ones(api: Api) -> None:
    response = await api.request("PATCH", TASKS)

    await problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET,HEAD,POST"


async def test_unknown_parameters_are_refused_everywhere(api: Api) -> None:
    for method, path in [("GET", "/api/v1/users/me"), ("POST", TASKS), ("GET", "/api/status"), ("GET", "/")]:
        response = await api.request(method, path, params={"debug": "1"})
        assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["debug"]


async def test_a_request_keeps_its_id(client: TestClient) -> None:
    response = await client.get("/api/v1/users/me", headers={"X-Request-Id": "trace_me-1"})

    assert response.headers["X-Request-Id"] == "trace_me-1"
    assert (await problem(response, 401, "unauthenticated"))["request_id"] == "trace_me-1"


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a;b", "ü"])
async def test_an_odd_request_id_is_replaced(client: TestClient, given: str) -> None:
    response = await client.get("/", headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] not in {"", given}


@pytest.mark.parametrize(
    ("given", "goes_on"),
    [
        ([TRACEPARENT], True),
        ([f"cc{TRACEPARENT[2:]}-and-more"], True),
        ([f"cc{TRACEPARENT[2:]}.more"], False),
        ([f"{TRACEPARENT}-"], False),
        ([f"{TRACEPARENT}-and-more"], False),
        ([TRACEPARENT, TRACEPARENT], False),
    ],
)
async def test_a_trace_goes_on_if_it_is_one_and_of_a_form_that_its_version_allows(
    client: TestClient, given: list[str], goes_on: bool
) -> None:
    response = await client.get("/", headers=[("traceparent", one) for one in given])

    trace = response.headers["traceresponse"].split("-")[1]
    assert (trace == TRACEPARENT.split("-")[1]) is goes_on


async def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/nothing", "/api/docs", "/api/v1/users/me", "/api/assets/page.css"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["Server"] == "headgate", path


async def test_other_origins_are_not_let_in_by_default(client: TestClient) -> None:
    response = await client.get("/", headers={"Origin": "https://app.example.org"})

    assert "Access-Control-Allow-Origin" not in response.headers


async def test_only_origins_of_the_settings_are_let_in(serve: Any, settings: Settings) -> None:
    client = await serve(replace(settings, cors_origins=("https://app.example.org",)))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

    preflight = await client.options(TASKS, headers=asked | {"Origin": "https://app.example.org"})
    refused = await client.get(TASKS, headers={"Origin": "https://app.example.org"})
    other = await client.get(TASKS, headers={"Origin": "https://evil.example.org"})

    assert preflight.status == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    # A page must be able to read a refusal too.
    assert refused.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"Origin": "https://app.example.org"},
        {"Origin": "https://evil.example.org", "Access-Control-Request-Method": "PATCH"},
        {"Origin": "https://app.example.org", "Access-Control-Request-Method": "PROPFIND"},
        {
            "Origin": "https://app.example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "X-Other",
        },
    ],
)
async def test_a_page_that_may_not_call_is_refused(
    serve: Any, settings: Settings, asked: dict[str, str]
) -> None:
    client = await serve(replace(settings, cors_origins=("https://app.example.org",)))

    await problem(await client.options(TASKS, headers=asked), 403, "origin_not_allowed")


async def test_what_is_kept_of_an_answer_is_for_one_origin(serve: Any, settings: Settings) -> None:
    client = await serve(replace(settings, cors_origins=("https://app.example.org",)))

    answers = [
        await client.get(TASKS, headers={"Origin": origin}) for origin in ("https://a.example.org", "")
    ]

    assert all("Origin" in answer.headers["Vary"] for answer in answers)


async def test_headers_that_are_too_long_or_too_many_are_refused(client: TestClient) -> None:
    long = await client.get("/", headers={"X-Long": "x" * 9_000})
    many = await client.get("/", headers=[(f"X-{number}", "x") for number in range(200)])

    assert (long.status, many.status) == (400, 400)


async def test_the_headers_of_a_limit_may_be_read_by_pages(serve: Any, settings: Settings) -> None:
    client = await serve(replace(settings, cors_origins=("https://app.example.org",)))

    response = await client.get(TASKS, headers={"Origin": "https://app.example.org"})

    shown = response.headers["Access-Control-Expose-Headers"]
    assert {"RateLimit-Remaining", "Retry-After"} <= {name.strip() for name in shown.split(",")}


async def test_what_the_tests_log_is_searched_for_secrets(api: Api, secretive_log: StringIO) -> None:
    """The search itself is at the end of all tests, in conftest.py."""
    await api.get(TASKS)

    assert '"service.access"' in secretive_log.getvalue()
    assert {PASSWORD, api.token, api.refresh_token} <= SECRETS
