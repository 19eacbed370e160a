"""Pages for people: Swagger UI, ReDoc, the explanation of each error, and where mailed links lead.

Everything comes from this process: the pages work without internet, and their
policy lets a browser fetch nothing from anywhere else.
"""

import html
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import orjson
from aiohttp import web

from service.errors import BY_CODE, Refused
from service.http.openapi import document

HERE = Path(__file__).parent
# Both tools put styles into the page they draw, and ReDoc searches in a worker that it makes itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; worker-src blob:; child-src blob:; frame-ancestors 'none';"
    " base-uri 'none'; form-action 'self'"
)


def bundle() -> Path:
    """Where the browser tools lie: in a package for Django, which need not be imported for its files."""
    spec = find_spec("drf_spectacular_sidecar")
    assert spec
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "static" / "drf_spectacular_sidecar"


# Every file that the pages load.
ASSETS = {
    path.name: path
    for path in (
        bundle() / "swagger-ui-dist" / "swagger-ui.css",
        bundle() / "swagger-ui-dist" / "swagger-ui-bundle.js",
        bundle() / "redoc" / "bundles" / "redoc.standalone.js",
        HERE / "swagger-start.js",
        HERE / "redoc-start.js",
        HERE / "mail-start.js",
        HERE / "page.css",
    )
}


@cache
def content(name: str) -> bytes:
    """An asset, without the one picture that ReDoc would fetch from its maker."""
    return ASSETS[name].read_bytes().replace(b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"data:,")


@cache
def template(name: str) -> str:
    """A page's text, read once."""
    return (HERE / name).read_text(encoding="utf-8")


@cache
def described() -> bytes:
    """The OpenAPI document, made when it is first asked for."""
    return orjson.dumps(document())


def page(text: str) -> web.Response:
    return web.Response(
        text=text,
        content_type="text/html",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"},
    )


async def openapi(_: web.Request) -> web.Response:
    return web.Response(
        body=described(), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


async def docs(_: web.Request) -> web.Response:
    return page(template("docs.html"))


async def reference(_: web.Request) -> web.Response:
    return page(template("redoc.html"))


async def asset(request: web.Request) -> web.Response:
    if (name := request.match_info["name"]) not in ASSETS:
        raise web.HTTPNotFound
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return web.Response(
        body=content(name),
        content_type=kind,
        charset="utf-8",
        headers={"Cache-Control": "public, max-age=86400"},
    )


async def explain(request: web.Request) -> web.Response:
    if (error := BY_CODE.get(request.match_info["code"])) is None:
        raise Refused("route_not_found", "There is no error of that name.")
    facts = {"code": error.code, "status": error.http_status, "errno": error.errno}
    return page(template("problem.html").format(title=html.escape(error.title), **facts))


async def confirm_email(_: web.Request) -> web.Response:
    return page(template("mail.html").format(title="Is this your email address?", button="Yes, it is mine"))


async def unsubscribe(_: web.Request) -> web.Response:
    return page(template("mail.html").format(title="Mails from Headgate", button="Send me no more"))


PAGES = {
    "/api/openapi.json": openapi,
    "/api/docs": docs,
    "/api/redoc": reference,
    "/api/assets/{name}": asset,
    "/problems/{code}": explain,
    "/confirm-email": confirm_email,
    "/unsubscribe": unsubscribe,
}
