"""Headers that every answer carries, whatever it is."""

from aiohttp import web

from service.rate_limit import BUDGET

NOTHING = "default-src 'none'; frame-ancestors 'none'"


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's, sent for each answer before its headers are."""
    headers = response.headers
    headers["Server"] = "headgate"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers.setdefault("Content-Security-Policy", NOTHING)
    # What a user may see belongs to nobody's cache between here and there.
    headers.setdefault("Cache-Control", "no-store")
    if budget := request.get(BUDGET):
        headers.update(budget.headers)
