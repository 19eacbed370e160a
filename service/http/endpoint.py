"""Between a route and its handler: read and check what was sent, call with plain arguments, answer."""

import inspect
from typing import Any

import orjson
from aiohttp import web
from marshmallow import ValidationError

from service.admission.auth import admit, caller, claimed, identify
from service.admission.rate_limit import PREFIX, RATE_LIMIT
from service.cache.cache import CACHE, Fresh, Question
from service.db import DATABASE, Row
from service.errors import Refused
from service.handlers import SNAPSHOT
from service.http import entity_tag, table
from service.http.arguments import Arguments
from service.http.route import Media, Route
from service.http.turns import TURNS
from service.live.feed import FEED
from service.schemas.tasks import Task

# What is asked again and again is worked out once.
MOST_KNOWN = 10_000
LONGEST_KNOWN = 200


class Endpoint:
    """One route; its schemas are made once."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._arguments = Arguments(route)
        self._media = route.returns if isinstance(route.returns, Media) else None
        self._returns = None if isinstance(route.returns, Media) else route.returns()
        self._is_task = route.returns is Task
        self._is_limited = route.path.startswith(PREFIX)
        self._type = f"{self._media.type}; charset=utf-8" if self._media else "application/json"
        self._known: dict[tuple[str, int, int], tuple[dict[str, Any], Question]] = {}

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
            arguments = await self._arguments.all(request)

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
        """What the handler answers; if it writes, in its turn, and all processes know of the new revision."""
        if self._route.method == "GET":
            return await self._route.handler(request, **arguments)
        turns = request.app[TURNS]
        workspace_id = turns.workspace(arguments) if self._route.takes_turn else None
        try:
            async with turns.turn(workspace_id):
                answer = await self._route.handler(request, **arguments)
        except Refused as refused:
            if refused.error.code == "version_mismatch" and arguments.get("if_match"):
                detail = (
                    f"If-Match does not name the task as it is; it has version {refused.facts['version']}."
                )
                raise Refused("precondition_failed", detail, refused.facts) from refused
            raise
        for workspace_id, revision in _written(answer).items():
            await request.app[CACHE].note_write(workspace_id, revision)
            request.app[FEED].note_write(workspace_id, revision)
        if self._is_task:
            turns.learn(answer["task_id"], answer["workspace_id"])
        return answer

    def _is_cached(self, arguments: dict[str, Any]) -> bool:
        # Words of a query depend on the clock, such as due:today, and on who asks, such as assignee:me.
        return self._route.follows == "revision" and not (arguments.get("query") or arguments.get("filter"))

    async def _question(self, request: web.Request) -> tuple[dict[str, Any] | None, Question | None]:
        """The arguments of a read and how the cache is asked, if that can be told before it is let in."""
        if self._route.follows != "revision" or not (asks := claimed(request)):
            return None, None
        asked = request.raw_path, asks.user_id, asks.workspace_id
        cache = request.app[CACHE]
        if (known := self._known.get(asked)) and cache.is_open:
            return known
        try:
            arguments = self._arguments.without_body(request, asks)
        except ValidationError:
            return None, None
        if not self._is_cached(arguments) or not (
            question := await cache.question(asks, self._route.path, arguments, lasts=self._is_task)
        ):
            return arguments, None
        if len(request.raw_path) <= LONGEST_KNOWN and not self._route.headers().fields:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[asked] = arguments, question
        return arguments, question

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
            request.app[TURNS].learn(row["task_id"], row["workspace_id"])
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
        if task_id:
            request.app[TURNS].learn(task_id, state["workspace_id"])
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
        columns = [*(arguments.get("chosen") or Task().fields), *arguments["include"]]
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Vary": "Accept"}
        if answer["next"]:
            following = request.rel_url.without_query_params("skip").update_query(cursor=answer["next"])
            headers["Link"] = f'<{following}>; rel="next"'
        return self._response(table.dumped(kind, answer["items"], columns), 200, headers)


def _written(answer: dict[str, Any]) -> dict[int, int]:
    """The revisions to which a write has brought workspaces: one, or several whose members it changed."""
    # An answer that is given again tells of a revision that may be an old one by now.
    if answer.get("is_replay"):
        return {}
    several = orjson.loads(answer.get("revisions") or "{}")
    one = {answer["workspace_id"]: answer["revision"]} if "revision" in answer else {}
    return {int(workspace_id): revision for workspace_id, revision in several.items()} | one
