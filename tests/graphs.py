"""Whole graphs in and out of a workspace: imported, and read back for networkx to judge."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import call, call_for_all
from tests.conftest import Row

Line = dict[str, Any]


@dataclass(frozen=True)
class Imported:
    """What finish_import answers: the dependencies it left out, and its last row."""

    skipped: list[Row]
    total: Row

    @property
    def left_out(self) -> set[tuple[str, str]]:
        """The pairs (key, key of what it would wait for) that are not in."""
        return {(row["task_key"], row["depends_on_key"]) for row in self.skipped}


def lines(*tasks: Line) -> list[Line]:
    """Tasks as stage_tasks takes them: numbered from 1, called like their keys unless they have a title."""
    return [{"line": number, "title": task["key"], **task} for number, task in enumerate(tasks, 1)]


def graph_lines(graph: nx.DiGraph) -> list[Line]:
    """A graph as lines, in the order of its nodes: an edge leads from a key to the key that it waits for."""
    return lines(*({"key": key, "depends_on": list(graph.successors(key))} for key in graph))


def stage(connection: "Connection[DictCursor]", rows: Sequence[Line], size: int = 2_000) -> None:
    """Begin an import and stage its lines, some at a time as the service does."""
    call(connection, "begin_import")
    for start in range(0, len(rows), size):
        call(connection, "stage_tasks", list(rows[start : start + size]))


def import_lines(
    connection: "Connection[DictCursor]",
    actor_id: int,
    rows: Sequence[Line],
    on_cycle: str = "refuse",
    workspace_id: int | None = None,
) -> Imported:
    """Import lines into a workspace; without one into the personal one."""
    stage(connection, rows)
    skipped, (total,) = call_for_all(connection, "finish_import", actor_id, workspace_id, on_cycle)
    return Imported(skipped, total)


def export(
    connection: "Connection[DictCursor]", actor_id: int, workspace_id: int | None = None, page: int = 1_000
) -> list[Row]:
    """All tasks of a workspace as export_tasks tells them, its arrays read."""
    rows: list[Row] = []
    position = None
    while found := call(connection, "export_tasks", actor_id, workspace_id, position, page):
        position = found[-1]["position"]
        rows += found
    for row in rows:
        row["tags"], row["depends_on"] = json.loads(row["tags"]), json.loads(row["depends_on"])
    return rows


def exported_graph(rows: Sequence[Row]) -> nx.DiGraph:
    """The graph that exported rows describe: an edge leads from a key to the key that it waits for."""
    graph = nx.DiGraph()
    graph.add_nodes_from(row["key"] for row in rows)
    graph.add_edges_from((row["key"], key) for row in rows for key in row["depends_on"])
    return graph


def same_graph(one: nx.DiGraph, other: nx.DiGraph) -> bool:
    """Whether two graphs have the same nodes and the same edges."""
    return set(one) == set(other) and set(one.edges) == set(other.edges)


def violations(connection: "Connection[DictCursor]", actor_id: int | None, workspace_id: int | None) -> Row:
    """The invariants of a workspace that do not hold: none, if all is well."""
    rows = call(connection, "verify_workspace", actor_id, workspace_id)
    assert rows
    return {row["invariant"]: row["violations"] for row in rows if row["violations"]}
