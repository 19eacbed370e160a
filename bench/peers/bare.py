"""A bare aiohttp handler: one constant body of each size that is asked for, and nothing else.

python -m bench.peers.bare PORT
"""

import sys
from functools import cache

from aiohttp import web


@cache
def body(size: int) -> bytes:
    return b"x" * size


async def constant(request: web.Request) -> web.Response:
    return web.Response(body=body(int(request.match_info["size"])), content_type="application/json")


def main() -> None:
    app = web.Application()
    app.router.add_get("/{size}", constant)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
