"""Between a route and its handler: read and check what was sent, call with plain arguments, answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web
from marshmallow import Schema, ValidationError, fields, validate

from service.auth import admit, caller
from service.cache import CACHE
from service.errors import Refused
from service.rate_limit import RATE_LIMIT
from service.schemas.fields import ID, Line, like

if TYPE_CHECKING:
    from service.routes import Route

BODY_SECONDS = 30
FORM = "application/x-www-form-urlencoded"
# What it answers: a row for the schema, or the bytes of a Media.
Handler = Callable[..., Awaitable[Any]]


def path_schema(path: str) -> type[Schema]:
    """The variables of a path: ids, and a user's name."""
    kinds: dict[str, fields.Field[Any]] = {
        name: fields.Integer(required=True, validate=ID, metadata=like(3))
        if name.endswith("_id")
        else Line(required=True, validate=validate.Length(max=32), metadata=like("grace"))
        for name in re.findall(r"{(\w+):", path)
    }
    return Schema.from_dict(kinds)


@dataclass(frozen=True)
class Media:
    """An answer that is not JSON: its type, what a browser saves it as, and an example."""

    type: str
    filename: str
    example: str


class Endpoint:
    """One route; its schemas are made once."""

    def __init__(self, route: "Route") -> None:
        self._route = route
        self._path = path_schema(route.path)()
        self._query = route.query()
        self._headers = route.headers()
        self._body = route.body() if route.body else None
        self._media = route.returns if isinstance(route.returns, Media) else None
        self._returns = None if isinstance(route.returns, Media) else route.returns()
        self._takes_workspace = any(
            schema and "workspace_id" in schema.fields for schema in (self._query, self._body)
        )

    async def answer(self, request: web.Request) -> web.Response:
        if self._route.costly:
            await request.app[RATE_LIMIT].take_login(request)
        if not self._route.public:
            await admit(request)
        arguments = await self._read(request)

        # What depends on the clock, such as due:today, is not kept.
        if self._route.cached and not (arguments.get("query") or arguments.get("filter")):
            body = await request.app[CACHE].read_through(
                caller(request), self._route.path, arguments, lambda: self._produce(request, arguments)
            )
            return self._answer(body, 200)
        answer = await self._route.handler(request, **arguments)
        # An answer that is given again tells of a revision that may be an old one by now.
        if self._route.method != "GET" and "revision" in answer and not answer.get("is_replay"):
            await request.app[CACHE].note_write(answer["workspace_id"], answer["revision"])
        status = self._route.status
        return self._answer(self._dump(answer), status if isinstance(status, int) else status(answer))

    async def _produce(self, request: web.Request, arguments: dict[str, Any]) -> bytes:
        return self._dump(await self._route.handler(request, **arguments))

    def _dump(self, answer: Any) -> bytes:
        return orjson.dumps(self._returns.dump(answer)) if self._returns else answer

    def _answer(self, body: bytes, status: int) -> web.Response:
        if self._media is None:
            return web.Response(body=body, status=status, content_type="application/json")
        response = web.Response(body=body, status=status, content_type=self._media.type, charset="utf-8")
        response.headers["Content-Disposition"] = f'inline; filename="{self._media.filename}"'
        return response

    async def _read(self, request: web.Request) -> dict[str, Any]:
        arguments: dict[str, Any] = self._path.load(dict(request.match_info))
        arguments |= self._query.load(_parameters(request, self._query))
        arguments |= self._headers.load(_sent_headers(request, self._headers))
        if self._body:
            if self._route.largest_body > request.client_max_size:
                request = request.clone(client_max_size=self._route.largest_body)
            sent = await _form(request) if self._route.form else await _json(request)
            arguments["body"] = self._body.load(sent)
        if self._takes_workspace:
            # Named here, so that handlers and cache keys never say "the default".
            asked = arguments if "workspace_id" in self._query.fields else arguments["body"]
            arguments["workspace_id"] = asked.pop("workspace_id", None) or caller(request).workspace_id
        return arguments


def _parameters(request: web.Request, schema: Schema) -> dict[str, Any]:
    """Query parameters as the schema wants them: a list where it has one, otherwise each once."""
    given: dict[str, Any] = {}
    for name in request.query:
        values = request.query.getall(name)
        if isinstance(schema.fields.get(name), fields.List):
            given[name] = values
        elif len(values) > 1:
            raise ValidationError({name: ["Must be given once."]})
        else:
            given[name] = values[0]
    return given


def _sent_headers(request: web.Request, schema: Schema) -> dict[str, str]:
    """The headers that a schema names, each of which may come once."""
    names = [field.data_key or name for name, field in schema.fields.items()]
    for name in names:
        if len(request.headers.getall(name, [])) > 1:
            raise ValidationError({name: ["Must be given once."]})
    return {name: request.headers[name] for name in names if name in request.headers}


async def _content(request: web.Request) -> bytes:
    """The whole body; a client that does not send it in time is not waited for."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except (web.RequestPayloadError, ConnectionError, TimeoutError) as error:
        raise Refused("malformed_request", "The body did not arrive whole, or cannot be decoded.") from error


async def _json(request: web.Request) -> dict[str, Any]:
    """The object in a JSON body."""
    if not (request.content_type == "application/json" or request.content_type.endswith("+json")):
        raise Refused("unsupported_media_type", "Send a JSON object as application/json.")
    try:
        sent = orjson.loads(await _content(request))
    except orjson.JSONDecodeError as error:
        if "surrogate" in str(error) and "UTF-8" not in str(error):
            raise ValidationError({"body": ["Must not contain lone surrogates."]}) from error
        raise Refused("malformed_request", f"The body is not JSON: {error}.") from error
    if not isinstance(sent, dict):
        raise Refused("malformed_request", "The body must be a JSON object.")
    return sent


async def _form(request: web.Request) -> dict[str, Any]:
    """The fields of a form-encoded body, each of which may come once."""
    if request.content_type != FORM:
        raise Refused("unsupported_media_type", f"Send a form as {FORM}.")
    await _content(request)
    try:
        form = await request.post()
    except (LookupError, ValueError) as error:
        raise Refused("malformed_request", "The body is not a form in UTF-8.") from error
    for name in form:
        if len(form.getall(name)) > 1:
            raise ValidationError({name: ["Must be given once."]})
    return dict(form)
