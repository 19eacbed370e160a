"""One vocabulary of errors: sql/reference/error_code.csv, read by both sides.

Procedures signal an errno from that file; the service answers with the code,
status and title from the same row, as application/problem+json (RFC 9457).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler
from marshmallow import ValidationError

from service import metrics
from service.log import REQUEST_ID
from service.vocabulary import rows

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErrorCode:
    """One row of the catalogue."""

    errno: int
    code: str
    http_status: int
    title: str


CATALOGUE = [
    ErrorCode(int(row["errno"]), row["code"], int(row["http_status"]), row["title"])
    for row in rows("error_code")
]
BY_ERRNO = {error.errno: error for error in CATALOGUE}
BY_CODE = {error.code: error for error in CATALOGUE}

# What aiohttp itself refuses, in our vocabulary.
BY_HTTP_STATUS = {
    400: "malformed_request",
    403: "origin_not_allowed",
    404: "route_not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


class Refused(Exception):
    """The request is understood and the answer is no.

    `facts` become further members of the problem document; `retry_after`
    (seconds) among them also becomes the header of that name.
    """

    def __init__(self, code: str, detail: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.error = BY_CODE[code]
        self.detail = detail
        self.facts = dict(facts or {})


def problem(refused: Refused, request_id: str) -> web.Response:
    """The answer that tells a refusal: RFC 9457, with the facts as further members."""
    error = refused.error
    metrics.REFUSALS.labels(error.code).inc()
    document: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": error.http_status,
        "detail": refused.detail,
        "code": error.code,
        "request_id": request_id,
    }
    document |= {name: fact for name, fact in refused.facts.items() if name not in document}
    response = web.Response(
        body=orjson.dumps(document), status=error.http_status, content_type="application/problem+json"
    )
    if "retry_after" in refused.facts:
        response.headers["Retry-After"] = str(refused.facts["retry_after"])
    if error.http_status == 416:
        response.headers["Content-Range"] = f"bytes */{refused.facts['size_bytes']}"
    if error.http_status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def invalid(error: ValidationError) -> Refused:
    """Name each wrong field by its path, such as `tags.0`."""
    errors: dict[str, list[str]] = {}
    _flatten(error.messages, "", errors)
    names = ", ".join(sorted(errors))
    return Refused("invalid_request", f"Wrong or unknown: {names}.", {"errors": errors})


def _flatten(messages: Any, path: str, errors: dict[str, list[str]]) -> None:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            _flatten(inner, f"{path}.{name}" if path else str(name), errors)
    else:
        errors[path] = [str(message) for message in messages]


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every way of saying no into a problem document, and every accident into one without a trace."""
    try:
        return await handler(request)
    except Refused as refused:
        return problem(refused, request[REQUEST_ID])
    except ValidationError as error:
        return problem(invalid(error), request[REQUEST_ID])
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _translated(error, request)
    except Exception:
        LOGGER.exception("request_failed")
        return problem(
            Refused("internal_error", "The service failed; its log has the reason."), request[REQUEST_ID]
        )


def _translated(error: web.HTTPException, request: web.Request) -> web.Response:
    code = BY_HTTP_STATUS.get(error.status, "malformed_request" if error.status < 500 else "internal_error")
    details = {
        "origin_not_allowed": "CORS_ORIGINS does not let that page call, or not in that way.",
        "route_not_found": f"Nothing is served at {request.path}.",
        "method_not_allowed": f"{request.path} does not take {request.method}.",
        "body_too_large": "Send a smaller body.",
    }
    response = problem(Refused(code, details.get(code, error.reason)), request[REQUEST_ID])
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
