"""Wiring: settings in, application out."""

import asyncio

import aiohttp_cors
from aiohttp import web
from aiohttp.typedefs import Handler

from service import db, log, redis_client
from service.admission import auth, login_delay, passwords, rate_limit
from service.admission.confirmation import LINKS, Links
from service.admission.tokens import Tokens
from service.cache import cache
from service.config import SETTINGS, Settings
from service.errors import problems
from service.files.preview import previews
from service.http import first_request
from service.http.endpoint import Endpoint
from service.http.leaving import IN_FLIGHT, LEAVING, leave, send_away
from service.http.security import set_headers
from service.http.turns import TURNS, Turns
from service.live import feed, news
from service.pages import PAGES
from service.routes import ROUTES
from service.storage import storage


def create_app(settings: Settings) -> web.Application:
    """The application of one process; raises ConfigError for settings that it cannot serve with."""
    app = web.Application(
        middlewares=[first_request.arrived, log.observed, problems, rate_limit.limited],
        client_max_size=settings.max_body_bytes,
    )
    app[SETTINGS] = settings
    app[LEAVING] = asyncio.Event()
    app[IN_FLIGHT] = set()
    app[auth.TOKENS] = Tokens(settings)
    app[LINKS] = Links(settings)
    app[TURNS] = Turns()
    app.cleanup_ctx.extend(
        [
            db.database,
            redis_client.redis,
            passwords.passwords,
            auth.authentication,
            rate_limit.rate_limit,
            login_delay.login_delay,
            cache.cache,
            news.news,
            feed.feed,
            storage,
            previews,
        ]
    )
    app.on_shutdown.append(leave)
    app.on_response_prepare.extend([log.set_ids, set_headers, send_away])

    # One resource a path, those without a slash at the end first: aiohttp tries one after the other.
    answers: dict[str, dict[str, Handler]] = {}
    endpoints = [(route, Endpoint(route).answer) for route in ROUTES]
    for end in ("", "/"):
        for route, answer in endpoints:
            methods = ("GET", "HEAD") if route.method == "GET" else (route.method,)
            answers.setdefault(route.path.rstrip("/") + end or "/", {}).update(dict.fromkeys(methods, answer))
    for path, handlers in answers.items():
        resource = app.router.add_resource(path)
        for method, handler in handlers.items():
            resource.add_route(method, handler)
    for path, page in PAGES.items():
        app.router.add_get(path, page)
        app.router.add_get(f"{path}/", page)
    if settings.cors_origins:
        allow_origins(app, settings.cors_origins)
    return app


def allow_origins(app: web.Application, origins: tuple[str, ...]) -> None:
    """Let pages of these origins call the API; no cookies are used, so none are allowed."""
    options = aiohttp_cors.ResourceOptions(  # type: ignore[no-untyped-call]
        allow_headers=(
            "Authorization",
            "Content-Digest",
            "Content-Disposition",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "If-Range",
            "Range",
            "X-API-Key",
            "X-Request-Id",
            "traceparent",
        ),
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        expose_headers=(
            "Accept-Ranges",
            "Cache-Status",
            "Content-Disposition",
            "Content-Range",
            "ETag",
            "RateLimit-Limit",
            "RateLimit-Remaining",
            "RateLimit-Reset",
            "Repr-Digest",
            "Retry-After",
            "X-Request-Id",
            "traceresponse",
        ),
        max_age=600,
    )
    app.on_response_prepare.append(_vary_by_origin)
    cors = aiohttp_cors.setup(app, defaults=dict.fromkeys(origins, options))
    for route in list(app.router.routes()):
        cors.add(route)


async def _vary_by_origin(_: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's: what is kept of an answer is for the origin that asked."""
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Origin")))
