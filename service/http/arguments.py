"""What a request says, checked: what its handler is called with."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from marshmallow import Schema, ValidationError, fields

from service.admission.auth import CALLER, caller
from service.admission.tokens import Caller
from service.errors import Refused
from service.http.route import Route, path_schema

BODY_SECONDS = 30
FORM = "application/x-www-form-urlencoded"
LONGEST_ID = 18
# Queries are read once while they are asked again and again.
MOST_KNOWN = 1000
LONGEST_KNOWN = 200


class Arguments:
    """Reads the path, the query, the headers and the body of requests to one route."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._path = path_schema(route.path)()
        self._query = route.query()
        self._headers = route.headers()
        self._body = route.body() if route.body else None
        self._takes_workspace = any(
            schema and "workspace_id" in schema.fields for schema in (self._query, self._body)
        )
        self._known_queries: dict[str, dict[str, Any]] = {}

    async def all(self, request: web.Request) -> dict[str, Any]:
        """All that was sent."""
        arguments = self.without_body(request, request.get(CALLER))
        if self._body:
            if self._route.largest_body > request.client_max_size:
                request = request.clone(client_max_size=self._route.largest_body)
            sent = await _form(request) if self._route.form else await _json(request)
            arguments["body"] = self._body.load(sent)
            if self._takes_workspace and "workspace_id" in self._body.fields:
                self._name_workspace(arguments, arguments["body"], caller(request))
        return arguments

    def without_body(self, request: web.Request, asks: Caller | None) -> dict[str, Any]:
        """What the path, the query and the headers say, if this is who asks."""
        arguments = self._loaded_path(request.match_info)
        arguments |= self._loaded_query(request)
        if self._headers.fields:
            arguments |= self._headers.load(_sent_headers(request, self._headers))
        if self._takes_workspace and "workspace_id" in self._query.fields and asks:
            self._name_workspace(arguments, arguments, asks)
        return arguments

    def _name_workspace(self, arguments: dict[str, Any], given: dict[str, Any], asks: Caller) -> None:
        # Named here, so that handlers and cache keys never say "the default".
        arguments["workspace_id"] = given.pop("workspace_id", None) or asks.workspace_id

    def _loaded_path(self, told: Mapping[str, str]) -> dict[str, Any]:
        # What the route's pattern let through is mostly an id, which needs no schema.
        arguments: dict[str, Any] = {}
        for name, text in told.items():
            if not name.endswith("_id") or len(text) > LONGEST_ID or text.strip("0") == "":
                return dict(self._path.load(dict(told)))
            arguments[name] = int(text)
        return arguments

    def _loaded_query(self, request: web.Request) -> dict[str, Any]:
        text = request.rel_url.raw_query_string
        if (known := self._known_queries.get(text)) is None:
            known = self._query.load(_parameters(request, self._query))
            if len(text) <= LONGEST_KNOWN:
                if len(self._known_queries) >= MOST_KNOWN:
                    self._known_queries.clear()
                self._known_queries[text] = known
        return known


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
