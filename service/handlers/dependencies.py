"""Edges of the task graph: which task waits for which."""

from typing import Any

from aiohttp import web

from service.db import Row
from service.errors import Refused
from service.handlers import ask, ask_one, page
from service.schemas.dependencies import TreeTask

# Deeper JSON than this breaks the parsers of many clients.
DEEPEST = 100

TREE_TASKS = TreeTask(many=True)


async def add(request: web.Request, task_id: int, body: dict[str, Any]) -> Row:
    return await ask_one(request, "add_dependency", task_id, body["depends_on_id"])


async def remove(request: web.Request, task_id: int, depends_on_id: int) -> Row:
    return await ask_one(request, "remove_dependency", task_id, depends_on_id)


async def prerequisites(request: web.Request, task_id: int, transitive: bool, skip: int, limit: int) -> Row:
    rows = await ask(request, "list_prerequisites", task_id, transitive, skip, limit + 1)
    return page(rows, skip, limit)


async def dependents(request: web.Request, task_id: int, transitive: bool, skip: int, limit: int) -> Row:
    rows = await ask(request, "list_dependents", task_id, transitive, skip, limit + 1)
    return page(rows, skip, limit)


# The name of the query parameter is part of the API.
async def tree(request: web.Request, task_id: int, direction: str, depth: int | None, format: str) -> Row:  # noqa: A002
    rows = await ask(request, "get_dependency_tree", task_id, direction, depth)
    answer = {"task_id": task_id, "direction": direction, "count": len(rows) - 1}
    return answer | ({"items": rows} if format == "flat" else {"tree": nested(rows)})


def nested(rows: list[Row]) -> dict[str, Any]:
    """The root of a tree given as rows in order of depth; refuses one too deep to be nested."""
    deepest = rows[-1]["depth"]
    if deepest > DEEPEST:
        raise Refused(
            "tree_too_deep",
            f"The tree is {deepest} levels deep; ask for format=flat or for a depth of at most {DEEPEST}.",
            {"depth": deepest, "limit": DEEPEST},
        )
    nodes: dict[int, dict[str, Any]] = {}
    for row in TREE_TASKS.dump(rows):
        nodes[row["id"]] = row | {"children": []}
        if row["parent_id"] is not None:
            nodes[row["parent_id"]]["children"].append(nodes[row["id"]])
    return next(iter(nodes.values()))
