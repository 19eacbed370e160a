"""Task graphs as pictures, or as text that other programs make pictures of."""

import asyncio
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from service.db import Row
from service.handlers import ask_for_all
from service.pictures import graphviz, picture

# Graphviz may be busy for seconds; so many pictures are drawn at once, the next ones wait.
DRAWING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="graphviz")


async def task_dot(request: web.Request, task_id: int, direction: str, depth: int | None) -> bytes:
    return picture.dot(*await _around(request, task_id, direction, depth)).encode()


async def task_mermaid(request: web.Request, task_id: int, direction: str, depth: int | None) -> bytes:
    return picture.mermaid(*await _around(request, task_id, direction, depth)).encode()


async def task_svg(request: web.Request, task_id: int, direction: str, depth: int | None) -> Awaitable[bytes]:
    return _drawn(picture.dot(*await _around(request, task_id, direction, depth)))


async def workspace_dot(request: web.Request, workspace_id: int, open_only: bool) -> bytes:
    return picture.dot(*await _whole(request, workspace_id, open_only)).encode()


async def workspace_mermaid(request: web.Request, workspace_id: int, open_only: bool) -> bytes:
    return picture.mermaid(*await _whole(request, workspace_id, open_only)).encode()


async def workspace_svg(request: web.Request, workspace_id: int, open_only: bool) -> Awaitable[bytes]:
    return _drawn(picture.dot(*await _whole(request, workspace_id, open_only)))


async def _around(request: web.Request, task_id: int, direction: str, depth: int | None) -> list[list[Row]]:
    return await ask_for_all(request, "get_task_graph", task_id, direction, depth)


async def _whole(request: web.Request, workspace_id: int, open_only: bool) -> list[list[Row]]:
    return await ask_for_all(request, "get_workspace_graph", workspace_id, open_only)


async def _drawn(dot: str) -> bytes:
    """The picture, awaited when the database is not needed any more."""
    return await asyncio.get_running_loop().run_in_executor(DRAWING, graphviz.svg, dot)
