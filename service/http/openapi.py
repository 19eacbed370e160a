"""The OpenAPI 3.1 document, from the routes, the schemas and the headers of the procedures."""

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin, resolver
from marshmallow import Schema, fields

from service.admission.rate_limit import PREFIX
from service.errors import BY_CODE
from service.handlers.meta import VERSION
from service.http import table
from service.http.arguments import FORM
from service.http.route import Download, Media, Route, path_schema
from service.manual.procedure import Manual, manual
from service.routes import ROUTES
from service.schemas.changes import BatchedChange
from service.schemas.dependencies import TreeNode
from service.schemas.meta import Problem
from service.schemas.tasks import Task

PROBLEM = "application/problem+json"
TAGS = {
    "users": "Registration, login and oneself.",
    "sessions": "Staying logged in, and being logged out.",
    "api_keys": "How machines come in.",
    "security": "What happened to accounts and rights.",
    "workspaces": "Each holds one graph and the people who may see it.",
    "members": "Who belongs to a workspace, and by which teams.",
    "invitations": "A link that lets one user join a workspace or an organization.",
    "organizations": "Whose workspaces they are.",
    "teams": "Members of an organization who are given roles together.",
    "tasks": "What is to be done, what is ready and what is blocked.",
    "dependencies": "Which task waits for which.",
    "comments": "What people say about tasks.",
    "activity": "What happened to a task and what was said about it, in one time line.",
    "questions": "Why a task is blocked, what it holds up, how it is connected, how urgent it really is.",
    "graph": "The graph of a whole workspace.",
    "pictures": "Graphs as SVG, where Graphviz is installed, or as text that other programs draw.",
    "live": "Changes that arrive by themselves: a request that waits, Server-Sent Events, a WebSocket.",
    "history": "What changed, by whom, and how it was before.",
    "attachments": "Files that hang on tasks, and their versions.",
    "claims": "The queue of a workspace: the next task, for one worker, for a time.",
    "changes": "Many changes at once, and what they would do.",
    "service": "What this is and how it is.",
}
DESCRIPTION = """\
Headgate keeps tasks and the dependencies between them. The rules (no cycles, nothing completed before what it
waits for) live in the database and hold at every door; this API is one of them.

Log in with `POST /api/v1/users/login` and send `Authorization: Bearer <access_token>` with every other
request. It is good for minutes; `POST /api/v1/users/refresh` exchanges the refresh token, which is good once,
for the next two. Machines send an API key instead, as `X-API-Key: <key>` or as the bearer.
Every refusal is an `application/problem+json` document; its `code` is explained at `/problems/{code}`.
"""
# Nothing is said about what is in it.
FILE: dict[str, Any] = {"schema": {}, "example": "Every byte counts."}
UPLOAD = Manual(
    "Attach a file to a task",
    "The body is the file itself. If the task has an attachment of the same name, it becomes a new version of"
    " that.",
    manual("begin_upload").errors | manual("finish_upload").errors,
)
DOWNLOAD = Manual(
    "Download an attachment",
    "The newest version or another one, whole or a range of it. What it is is told from its bytes, and a"
    " browser saves it unless it is harmless and `inline` is asked for.",
    manual("get_attachment_file").errors,
)
# Of those whose procedure is only a part of what they do, by the end of their path.
OWN_MANUALS = {
    "uploads": Manual(
        "Begin an upload that goes to storage directly",
        "Answers a request that the client then sends with the file as its body, and which needs no token.",
        manual("begin_upload").errors,
    ),
    "finish": Manual(
        "Attach a file that was uploaded to storage directly",
        "All of it is read, to tell what it is, and nobody can change it then. After a refusal, begin anew.",
        manual("take_upload").errors | manual("finish_upload").errors,
    ),
    "preview": Manual(
        "Show a preview of an attachment",
        "A picture of the picture, or of the first page of the PDF; no side has more than 512 pixels.",
        manual("get_attachment_file").errors,
    ),
    "link": Manual(
        "Show where an attachment can be downloaded directly",
        "Answers a request to storage, which needs no token; whoever has it may send it.",
        manual("get_attachment_file").errors,
    ),
}
TAG = '"5d41402a.1.42"'
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "the ETag of what the client has: answer 304 if nothing has changed since",
    "schema": {"type": "string"},
    "example": TAG,
}
CACHED = {
    "ETag": {
        "description": "The revision of the workspace, and of a single task its version.",
        "schema": {"type": "string"},
        "example": TAG,
    },
    "Cache-Status": {
        "description": "How the answer was come by (RFC 9211).",
        "schema": {"type": "string"},
        "example": "headgate; hit",
    },
}
# About the login at a SQL prompt; the service's own may name any user, and always does.
SQL_LOGIN_ERRORS = {"actor_required", "actor_not_allowed"}

HEADERS = {
    "traceresponse": {
        "description": "The trace of this answer (W3C Trace Context): that of `traceparent`, if it was sent.",
        "required": True,
        "schema": {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$"},
    },
    "X-Request-Id": {
        "description": "What the log calls the request: the one that was sent with it, or a new one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    },
    "WWW-Authenticate": {"required": True, "schema": {"type": "string", "const": "Bearer"}},
    "Retry-After": {
        "description": "Seconds.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
}
HEADERS_OF_STATUS = {"401": ["WWW-Authenticate"], "429": ["Retry-After"]}


def document() -> dict[str, Any]:
    """The whole document as plain data."""
    spec = APISpec(
        title="Headgate",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=resolver)],
        info={"description": DESCRIPTION},
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    spec.components.schema("Problem", schema=Problem)
    spec.components.schema("TreeNode", schema=TreeNode)
    spec.components.schema("BatchedChange", schema=BatchedChange)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    spec.components.security_scheme("key", {"type": "apiKey", "in": "header", "name": "X-API-Key"})
    spec.components.security_scheme(
        "password",
        {"type": "oauth2", "flows": {"password": {"tokenUrl": "/api/v1/users/login", "scopes": {}}}},
    )
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    for route in ROUTES:
        # One schema of parameters and bodies serves all methods of a path, so each is added by itself.
        path = re.sub(r":[^}]*", "", route.path)
        spec.path(path=path, operations={route.method.lower(): _operation(route)})
    return spec.to_dict()


def _operation(route: Route) -> dict[str, Any]:
    told = _manual(route)
    tag = _tag(route)
    operation: dict[str, Any] = {
        "operationId": f"{tag}_{route.handler.__name__}_{route.method.lower()}",
        "tags": [tag],
        "summary": told.summary,
        "description": told.description,
        "parameters": _parameters("path", path_schema(route.path))
        + _parameters("query", route.query)
        + _parameters("header", route.headers)
        + ([IF_NONE_MATCH] if route.follows == "revision" else []),
        "responses": _responses(route, told),
    }
    for status, response in operation["responses"].items():
        response["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"}
            for name in ["X-Request-Id", "traceresponse", *HEADERS_OF_STATUS.get(status, [])]
        }
    if route.body:
        media = FORM if route.form else "application/json"
        content = {media: {"schema": route.body, "example": example(route.body(), loading=True)}}
        operation["requestBody"] = {"required": True, "content": content}
        if route.body.__doc__:
            operation["requestBody"]["description"] = route.body.__doc__
    if route.takes_file:
        operation["requestBody"] = {
            "required": True,
            "description": "The file, as it is.",
            "content": {"*/*": FILE},
        }
    operation["security"] = [] if route.public else [{"token": []}, {"password": []}, {"key": []}]
    return operation


def _manual(route: Route) -> Manual:
    """The header of the procedure, or for operations without one the docstring of the handler."""
    if route.takes_file:
        return UPLOAD
    if isinstance(route.returns, Download):
        return DOWNLOAD
    if found := OWN_MANUALS.get(route.path.rpartition("/")[2]):
        return found
    if route.calls:
        return manual(route.calls)
    summary, _, description = (route.handler.__doc__ or "").partition("\n\n")
    return Manual(summary.strip().rstrip("."), " ".join(description.split()), {})


def _tag(route: Route) -> str:
    module = route.handler.__module__.rpartition(".")[2]
    return "service" if module == "meta" else module


def _parameters(where: str, schema: type[Schema]) -> list[dict[str, Any]]:
    return [{"in": where, "schema": schema}] if schema().fields else []


def _responses(route: Route, told: Manual) -> dict[str, Any]:
    status = route.status if isinstance(route.status, int) else 200
    good: dict[str, Any]
    if isinstance(route.returns, Download):
        media, good = "*/*", FILE
    elif isinstance(route.returns, Media):
        media = route.returns.type
        good = {"schema": {"type": "string"}, "example": route.returns.example}
    else:
        media = "application/json"
        good = {"schema": route.returns, "example": example(route.returns())}
    done: dict[str, Any] = {"description": "Done.", "content": {media: good}}
    if route.is_table:
        done["content"] |= {
            table.CSV: {"schema": {"type": "string"}, "example": "id,title\r\n3,Translate the website\r\n"},
            table.LINES: {
                "schema": {"type": "string"},
                "example": '{"id":3,"title":"Translate the website"}\n',
            },
        }
    responses: dict[str, Any] = {str(status): done}
    if isinstance(route.returns, Download):
        responses |= {
            "206": done | {"description": "The bytes that were asked for."},
            "304": {"description": "It is as the client has it."},
        }
    if route.follows == "revision":
        done["headers"] = CACHED
        responses["304"] = {"description": "It is as the client has it.", "headers": CACHED}
    elif route.returns is Task:
        done["headers"] = {"ETag": CACHED["ETag"]}
    if not isinstance(route.status, int):
        responses["503"] = {"description": "MySQL is away.", "content": {media: good}}
        return responses

    by_status: dict[int, dict[str, str]] = {}
    for code, meaning in (_own_errors(route) | told.errors).items():
        if code in SQL_LOGIN_ERRORS:
            continue
        by_status.setdefault(BY_CODE[code].http_status, {})[code] = meaning
    return responses | {str(number): _problems(number, codes) for number, codes in sorted(by_status.items())}


def _own_errors(route: Route) -> dict[str, str]:
    """What the service itself may refuse, in the words of the vocabulary."""
    codes = ["invalid_request", "internal_error", *route.refuses]
    if not route.public:
        codes.append("unauthenticated")
    if route.path.startswith(PREFIX):
        codes += ["rate_limited", "database_unavailable"]
    if route.body:
        codes += ["malformed_request", "body_too_large", "unsupported_media_type"]
    # An id in the path that is no number.
    if "_id:" in route.path:
        codes.append("route_not_found")
    return {code: BY_CODE[code].title for code in codes}


def _problems(status: int, codes: dict[str, str]) -> dict[str, Any]:
    """One answer for all errors of a status, with an example of each."""
    lines = "\n".join(f"- `{code}`: {meaning}" for code, meaning in codes.items())
    examples = {
        code: {
            "summary": BY_CODE[code].title,
            "value": {
                "type": f"/problems/{code}",
                "title": BY_CODE[code].title,
                "status": status,
                "detail": meaning,
                "code": code,
                "request_id": "f3c1a9",
            },
        }
        for code, meaning in codes.items()
    }
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/Problem"},
            {"type": "object", "properties": {"code": {"enum": list(codes)}}},
        ]
    }
    return {"description": lines, "content": {PROBLEM: {"schema": schema, "examples": examples}}}


def example(schema: Schema, *, loading: bool = False) -> dict[str, Any]:
    """An example of the whole from the examples of its fields."""
    examples = {
        name: _example(field) for name, field in schema.fields.items() if loading or not field.load_only
    }
    return {name: value for name, value in examples.items() if value is not ...}


def _example(field: fields.Field[Any]) -> Any:
    """The example of one field, or `...` where it has none."""
    if isinstance(field, fields.Nested):
        return example(field.schema)
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return [example(field.inner.schema)]
    return field.metadata.get("example", ...)
