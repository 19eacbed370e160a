"""What is no HTTP: answered as every refusal is, and neither repeated nor logged."""

import socket
from collections.abc import Callable

import orjson
import pytest

from tests.http.process import PATIENCE, Service, free_port

GET = b"GET /?q=LEAK HTTP/1.1\r\nHost: here\r\n"
POST = (
    b"POST /api/v1/users/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


# Requests that hold a secret where it cannot be read.
MALFORMED = {
    "a space after a name": GET + b"Authorization : Bearer LEAK\r\n\r\n",
    "a control character": GET + b"X-API-Key: LEAK\x01\r\n\r\n",
    "a version": b"GET /?q=LEAK HTTP/9.9\r\nHost: here\r\n\r\n",
    "a space in the path": b"GET /x y?token=LEAK HTTP/1.1\r\nHost: here\r\n\r\n",
    "a method": b"LEAK / HTTP/1.1\r\nHost: here\r\n\r\n",
    "a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nZZLEAK\r\n",
    "a long line": b"GET /?q=LEAK" + b"x" * 9000 + b" HTTP/1.1\r\nHost: here\r\n\r\n",
    "a long header": GET + b"Authorization: LEAK" + b"x" * 9000 + b"\r\n\r\n",
    "many headers": GET + b"X: LEAK\r\n" * 200 + b"\r\n",
}


def answer(service: Service, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what a connection is answered that sends this."""
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(sent)
        head, _, body = b"".join(iter(lambda: client.recv(65_536), b"")).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, body


def test_what_is_no_http_is_refused_as_everything_is_and_neither_repeated_nor_logged(
    start: Callable[..., Service],
) -> None:
    service = start(free_port())
    service.wait_until_up()

    for what, sent in MALFORMED.items():
        status, headers, body = answer(service, sent)

        document = orjson.loads(body)
        assert (status, document["code"]) == (400, "malformed_request"), what
        assert headers["content-type"] == "application/problem+json", what
        assert headers["x-request-id"] == document["request_id"], what
        assert headers["server"] == "headgate", what
        assert headers["x-content-type-options"] == "nosniff", what
        assert {"traceresponse", "content-security-policy"} <= headers.keys(), what
        assert "LEAK" not in f"{headers} {body!r}", what
    _, errors = service.end()
    assert "LEAK" not in errors
    lines = [line for line in map(orjson.loads, errors.splitlines()) if "malformed" in line["message"]]
    assert len(lines) == len(MALFORMED)
    assert all(line["request_id"] for line in lines)
    assert "Traceback" not in errors
    assert "ERROR" not in errors


def test_a_body_in_a_coding_that_is_not_read_is_of_an_unsupported_type(start: Callable[..., Service]) -> None:
    service = start(free_port())
    service.wait_until_up()

    for coding in (b"br", b"zstd"):
        sent = POST + b"Content-Length: 5\r\nContent-Encoding: " + coding + b"\r\n\r\nhello"
        status, headers, body = answer(service, sent)

        assert (status, orjson.loads(body)["code"]) == (415, "unsupported_media_type")
        assert headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
def test_a_body_that_is_garbled_is_refused_and_not_an_error_of_ours(
    start: Callable[..., Service], coding: bytes
) -> None:
    service = start(free_port())
    service.wait_until_up()

    sent = POST + b"Content-Length: 5\r\nConnection: close\r\nContent-Encoding: " + coding + b"\r\n\r\nhello"
    status, _, body = answer(service, sent)

    assert (status, orjson.loads(body)["code"]) == (400, "malformed_request")
    _, errors = service.end()
    assert "Traceback" not in errors
    assert "ERROR" not in errors
