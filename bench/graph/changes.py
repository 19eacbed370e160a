"""What a change costs: adding in either direction, refusing cycles, completing. All against the bare insert."""

import itertools
import random
import time

from bench.graph.workspace import CYCLE, REACH, Workspace, fresh_pairs
from bench.measure import Report, call, in_turn, p50, p99, refused, seconds

TEXTBOOK = """
WITH RECURSIVE upstream (task_id) AS (
    SELECT %s
     UNION
    SELECT edge.depends_on_id
      FROM upstream
      JOIN dependency AS edge ON edge.workspace_id = %s AND edge.task_id = upstream.task_id
)
SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ COUNT(*) FROM upstream WHERE task_id = %s
"""


def adding(report: Report, workspaces: list[Workspace], rng: random.Random) -> None:
    """Uphill, in all workspaces by turns."""
    count = 400
    pairs = {one.name: fresh_pairs(one, count, rng) for one in workspaces}
    taken = in_turn(
        count,
        **{
            f"{what} {one.name}": lambda n, one=one, what=what: getattr(one, what)(*pairs[one.name][n])
            for one in workspaces
            for what in ("bare", "add")
        },
    )
    for one in workspaces:
        report.add(f"bare insert, {one.name}", p50(taken[f"bare {one.name}"]) * 1e3, "ms")
        report.add(
            f"add_dependency uphill, {one.name}",
            p50(taken[f"add {one.name}"]) / p50(taken[f"bare {one.name}"]),
            "x bare",
            3 if one is workspaces[0] else None,
        )
    small, large = (p50(taken[f"add {one.name}"]) for one in (workspaces[0], workspaces[-1]))
    report.add("uphill in the largest against the smallest", large / small, "x", 1.5)


def reordering(report: Report, workspace: Workspace, rng: random.Random) -> None:
    """Either direction at random, tasks up to REACH apart; a cycle is refused and left out of the figures."""
    count = 1_000
    pairs = [pair if rng.random() < 0.5 else pair[::-1] for pair in fresh_pairs(workspace, count, rng)]
    bare, added, closed = [], [], []
    for pair in pairs:
        bare.append(seconds(workspace.bare, *pair))
        begun = time.perf_counter()
        is_closed = refused(CYCLE, workspace.add, *pair)
        (closed if is_closed else added).append(time.perf_counter() - begun)
    report.add(
        f"add_dependency in random direction, {workspace.name}, p50", p50(added) / p50(bare), "x bare", 8
    )
    report.add(
        f"add_dependency in random direction, {workspace.name}, p99", p99(added) / p50(bare), "x bare", 30
    )
    if len(closed) > 1:
        report.add(
            f"of {count} random pairs {len(closed)} closed a cycle: refusing them, p50",
            p50(closed) / p50(bare),
            "x bare",
        )


def popular(report: Report, workspace: Workspace, rng: random.Random) -> None:
    """An old task with very many dependents waits for a brand-new one."""
    many = min(100_000, workspace.tasks - REACH)
    old = workspace.first + 10
    call(
        workspace.session,
        "INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id)"
        " SELECT workspace_id, id, %s FROM task WHERE workspace_id = %s AND id > %s ORDER BY id LIMIT %s",
        old,
        workspace.id,
        old + REACH // 4,
        many,
    )
    count = 50
    new = [workspace.new_task() for _ in range(count)]
    pairs = fresh_pairs(workspace, count, rng)
    taken = in_turn(
        count,
        uphill=lambda n: workspace.add(*pairs[n]),
        popular=lambda n: workspace.add(old, new[n]),
    )
    report.add(
        f"an old task with {many:,} dependents waits for a new one",
        p50(taken["popular"]) / p50(taken["uphill"]),
        "x uphill",
        2,
    )


def refusing(report: Report, workspace: Workspace, rng: random.Random) -> None:
    """Paths of one, two and a hundred steps, reversed."""
    edges = call(
        workspace.session,
        "SELECT one.task_id, one.depends_on_id, two.depends_on_id FROM dependency AS one JOIN dependency AS two"
        " ON two.workspace_id = one.workspace_id AND two.task_id = one.depends_on_id"
        " WHERE one.workspace_id = %s AND one.task_id > %s LIMIT 400",
        workspace.id,
        workspace.first + workspace.tasks // 2,
    )
    pairs = fresh_pairs(workspace, len(edges), rng)
    chain = [workspace.new_task() for _ in range(101)]
    for before, after in itertools.pairwise(chain):
        workspace.add(after, before)
    taken = in_turn(
        len(edges),
        bare=lambda n: workspace.bare(*pairs[n]),
        one=lambda n: refused(CYCLE, workspace.add, edges[n][1], edges[n][0]),
        two=lambda n: refused(CYCLE, workspace.add, edges[n][2], edges[n][0]),
        hundred=lambda _: refused(CYCLE, workspace.add, chain[0], chain[-1]),
    )
    bare = p50(taken["bare"])
    report.add("refusing a cycle of one step, p50", p50(taken["one"]) / bare, "x bare", 10)
    report.add("refusing a cycle of two steps, p50", p50(taken["two"]) / bare, "x bare", 10)
    report.add("refusing a cycle of 100 steps, p50", p50(taken["hundred"]) / bare, "x bare")

    textbook = [
        seconds(call, workspace.session, TEXTBOOK, prerequisite, workspace.id, task)
        for task, prerequisite in fresh_pairs(workspace, 5, rng)
    ]
    report.add(f"the textbook check, {workspace.name}", p50(textbook) * 1e3, "ms")
    report.add(f"the textbook check, {workspace.name}, alone", p50(textbook) / bare, "x bare")


def completing(report: Report, workspace: Workspace, rng: random.Random) -> None:
    """The gate, and what hangs behind it."""
    tasks = [workspace.new_task() for _ in range(100)]
    for task in tasks:
        for _ in range(10):
            workspace.add(workspace.new_task(), task)
    pairs = fresh_pairs(workspace, len(tasks), rng)
    taken = in_turn(
        len(tasks),
        bare=lambda n: workspace.bare(*pairs[n]),
        complete=lambda n: workspace.complete(tasks[n]),
    )
    report.add(
        "complete_task with 10 dependents, p50", p50(taken["complete"]) / p50(taken["bare"]), "x bare", 4
    )

    # The first task waits for nothing, and any other may wait for it.
    many = min(20_000, workspace.tasks // 2)
    call(
        workspace.session,
        "INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id)"
        " SELECT workspace_id, id, %s FROM task WHERE workspace_id = %s AND id > %s ORDER BY id LIMIT %s",
        workspace.first,
        workspace.id,
        workspace.first + 4 * REACH if workspace.tasks > 100_000 else workspace.first,
        many,
    )
    report.add(
        f"complete_task with {many:,} dependents", seconds(workspace.complete, workspace.first), "s", 1
    )
