"""Headers that every answer carries, whatever it is."""

from aiohttp import web
from multidict import CIMultiDict

from service.admission.rate_limit import BUDGET

NOTHING = "default-src 'none'; frame-ancestors 'none'"
ALWAYS = CIMultiDict(
    {
        "Server": "headgate",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
    }
)


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's, sent for each answer before its headers are."""
    secure(response)
    if budget := request.get(BUDGET):
        response.headers.update(budget.headers)


def secure(response: web.StreamResponse) -> None:
    """Give an answer these headers."""
    headers = response.headers
    headers.update(ALWAYS)
    headers.setdefault("Content-Security-Policy", NOTHING)
    # What a user may see belongs to nobody's cache between here and there.
    headers.setdefault("Cache-Control", "no-store")
