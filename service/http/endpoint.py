"""Between a route and its handler: read and check what was sent, call with plain arguments, answer."""

import asyncio
import inspect
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from marshmallow import Schema, ValidationError, fields

from service.admission.auth import CALLER, admit, caller, claimed, identify
from service.admission.rate_limit import PREFIX, RATE_LIMIT
from service.admission.tokens import Caller
from service.cache.cache import CACHE, Fresh, Question
from service.db import DATABASE, Row
from service.errors import Refused
from service.handlers import SNAPSHOT
from service.http import entity_tag, table
from service.http.route import Media, Route, path_schema
from service.live.feed import FEED
from service.schemas.tasks import ListedTask, Task

BODY_SECONDS = 30
FORM = "application/x-www-form-urlencoded"
LONGEST_ID = 18
# Queries are read once while they are asked again and again.
MOST_KNOWN = 1000
LONGEST_KNOWN = 200


class Endpoint:
    """One route; its schemas are made once."""

    def __init__(self, route: Route) -> None:
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
        self._is_task = route.returns is Task
        self._is_limited = route.path.startswith(PREFIX)
        self._type = f"{self._media.type}; charset=utf-8" if self._media else "application/json"
        self._known_queries: dict[str, dict[str, Any]] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        identify(request)
        arguments, question = await self._question(request)
        told = None
        if self._is_limited:
            look = request.app[CACHE].look_args(question) if question else ()
            told = await request.app[RATE_LIMIT].take(request, look)
        if self._route.costly:
            await request.app[RATE_LIMIT].take_login(request)
        if not self._route.public:
            await admit(request)
        if arguments is None:
            arguments = await self._read(request)

        if self._route.is_table and (kind := table.wanted(request.headers.get("Accept", ""))) != table.JSON:
            return await self._as_table(request, arguments, kind)
        if self._is_cached(arguments):
            return await self._read_through(request, arguments, question, told)
        answer = await self._done(request, arguments)
        if isinstance(answer, web.StreamResponse):
            return answer
        headers = {}
        if self._is_task and self._route.method != "GET":
            headers["ETag"] = f'"{await request.app[CACHE].tag(self._fresh_task(answer))}"'
        status = self._route.status
        return self._response(
            self._dump(answer), status if isinstance(status, int) else status(answer), headers
        )

    async def _done(self, request: web.Request, arguments: dict[str, Any]) -> Any:
        """What the handler answers; if it wrote, all processes know of the new revision."""
        try:
            answer = await self._route.handler(request, **arguments)
        except Refused as refused:
            if refused.error.code == "version_mismatch" and arguments.get("if_match"):
                raise Refused("precondition_failed", refused.detail, refused.facts) from refused
            raise
        if self._route.method != "GET":
            for workspace_id, revision in _written(answer).items():
                await request.app[CACHE].note_write(workspace_id, revision)
                request.app[FEED].note_write(workspace_id, revision)
        return answer

    def _is_cached(self, arguments: dict[str, Any]) -> bool:
        # Words of a query depend on the clock, such as due:today, and on who asks, such as assignee:me.
        return self._route.follows == "revision" and not (arguments.get("query") or arguments.get("filter"))

    async def _question(self, request: web.Request) -> tuple[dict[str, Any] | None, Question | None]:
        """The arguments of a read and how the cache is asked, if that can be told before it is let in."""
        if self._route.follows != "revision" or not (asks := claimed(request)):
            return None, None
        try:
            arguments = self._arguments(request, asks)
        except ValidationError:
            return None, None
        if not self._is_cached(arguments):
            return arguments, None
        return arguments, await request.app[CACHE].question(asks, self._route.path, arguments)

    async def _read_through(
        self, request: web.Request, arguments: dict[str, Any], question: Question | None, told: Any
    ) -> web.Response:
        kept = request.app[CACHE]
        found = kept.found(question, told) if question and told else None
        answer, how = await kept.read(
            question, found, caller(request), lambda: self._produce(request, arguments)
        )
        accepted = request.headers.get("Accept-Encoding", "")
        is_packed = answer.is_compressed and entity_tag.accepts_gzip(accepted)
        headers = {
            "ETag": f'"{answer.tag}{entity_tag.GZIPPED if is_packed else ""}"',
            "Cache-Control": "private, no-cache",
            "Cache-Status": f"headgate; {how}",
            "Vary": "Accept, Accept-Encoding" if self._route.is_table else "Accept-Encoding",
        }
        if entity_tag.names(request.headers.get("If-None-Match", ""), answer.tag):
            return web.Response(status=304, headers=headers)
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return self._response(answer.body if is_packed else answer.plain, 200, headers)

    async def _produce(self, request: web.Request, arguments: dict[str, Any]) -> Fresh:
        """The answer of MySQL with the revision that it belongs to."""
        if self._is_task:
            # One statement shows it together with the revision.
            row = await self._route.handler(request, **arguments)
            return self._fresh_task(row)

        user_id, task_id = caller(request).user_id, arguments.get("task_id")
        async with request.app[DATABASE].snapshot() as snapshot:
            request[SNAPSHOT] = snapshot
            state = await (
                snapshot.call_one("get_task_revision", user_id, task_id)
                if task_id
                else snapshot.call_one("get_workspace_revision", user_id, arguments["workspace_id"])
            )
            answer = await self._route.handler(request, **arguments)
        # What takes long without the database comes after it.
        body = self._dump(await answer if inspect.isawaitable(answer) else answer)
        return Fresh(state["workspace_id"], state["revision"], body)

    def _fresh_task(self, row: Row) -> Fresh:
        entity = entity_tag.task_entity(row["task_id"], row["version"])
        return Fresh(row["workspace_id"], row["revision"], self._dump(row), entity)

    def _dump(self, answer: Any) -> bytes:
        return orjson.dumps(self._returns.dump(answer)) if self._returns else answer

    def _response(self, body: bytes, status: int, headers: dict[str, str] | None = None) -> web.Response:
        headers = {"Content-Type": self._type} | (headers or {})
        if self._media:
            headers["Content-Disposition"] = f'inline; filename="{self._media.filename}"'
        return web.Response(body=body, status=status, headers=headers)

    async def _as_table(self, request: web.Request, arguments: dict[str, Any], kind: str) -> web.Response:
        """The items alone; where the next page is, says a header."""
        assert self._returns
        answer = self._returns.dump(await self._done(request, arguments))
        columns = arguments.get("chosen") or list(ListedTask().fields)
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Vary": "Accept"}
        if answer["next"]:
            following = request.rel_url.without_query_params("skip").update_query(cursor=answer["next"])
            headers["Link"] = f'<{following}>; rel="next"'
        return self._response(table.dumped(kind, answer["items"], columns), 200, headers)

    async def _read(self, request: web.Request) -> dict[str, Any]:
        """What the handler is called with: all that was sent, checked."""
        arguments = self._arguments(request, request.get(CALLER))
        if self._body:
            if self._route.largest_body > request.client_max_size:
                request = request.clone(client_max_size=self._route.largest_body)
            sent = await _form(request) if self._route.form else await _json(request)
            arguments["body"] = self._body.load(sent)
            if self._takes_workspace and "workspace_id" in self._body.fields:
                self._name_workspace(arguments, arguments["body"], caller(request))
        return arguments

    def _arguments(self, request: web.Request, asks: Caller | None) -> dict[str, Any]:
        """What the path, the query and the headers say."""
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


def _written(answer: dict[str, Any]) -> dict[int, int]:
    """The revisions to which a write has brought workspaces: one, or several whose members it changed."""
    # An answer that is given again tells of a revision that may be an old one by now.
    if answer.get("is_replay"):
        return {}
    several = orjson.loads(answer.get("revisions") or "{}")
    one = {answer["workspace_id"]: answer["revision"]} if "revision" in answer else {}
    return {int(workspace_id): revision for workspace_id, revision in several.items()} | one


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
