"""What a question costs: the ready list, closures and trees against networkx in memory, and the proof of it all."""

import networkx as nx

from bench.graph.workspace import Workspace
from bench.measure import Report, Session, call, in_turn, p50, seconds

IDS = """
WITH RECURSIVE downstream (task_id) AS (
    SELECT task_id FROM dependency WHERE workspace_id = %s AND depends_on_id = %s
     UNION
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ edge.task_id
      FROM downstream
      JOIN dependency AS edge ON edge.workspace_id = %s AND edge.depends_on_id = downstream.task_id
)
SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ JSON_ARRAYAGG(task_id) FROM downstream
"""


def ready(report: Report, workspace: Workspace) -> None:
    """The ready list, one task in 10,000 being ready, against fifty rows by primary key."""
    keep = max(1, workspace.tasks // 10_000)
    (root, *_), *others = call(
        workspace.session,
        "SELECT task_id FROM node WHERE workspace_id = %s AND readiness = 'ready' ORDER BY topo_rank",
        workspace.id,
    )
    # The others that are ready now get something to wait for.
    with workspace.session.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
            [(workspace.id, task, root) for (task,) in others[keep - 1 :]],
        )
    some = call(
        workspace.session,
        "SELECT id FROM task WHERE workspace_id = %s AND id %% 97 = 0 ORDER BY id LIMIT 50",
        workspace.id,
    )
    ids = ", ".join(str(task) for (task,) in some)
    taken = in_turn(
        200,
        rows=lambda _: call(workspace.session, f"SELECT * FROM task WHERE id IN ({ids})"),
        ready=lambda _: call(
            workspace.session, "CALL list_ready_tasks(%s, NULL, FALSE, 0, 50)", workspace.user
        ),
    )
    report.add(
        f"list_ready_tasks, 50 by priority of {keep:,} ready, {workspace.name}",
        p50(taken["ready"]) / p50(taken["rows"]),
        "x 50 rows by primary key",
        5,
    )


def verify(report: Report, workspace: Workspace) -> None:
    """Every invariant of the workspace, proved from the facts."""
    taken = seconds(call, workspace.session, "CALL verify_workspace(%s, NULL)", workspace.user)
    report.add(f"verify_workspace, {workspace.name}", taken, "s", 60)


def closures(report: Report, session: Session, user: int, workspace: int) -> None:
    """Closures of the Debian graph; networkx does the same work, with graph and titles in memory already."""
    edges = call(session, "SELECT task_id, depends_on_id FROM dependency WHERE workspace_id = %s", workspace)
    titles = dict(call(session, "SELECT id, title FROM task WHERE workspace_id = %s", workspace))
    upstream = nx.DiGraph(edges)
    downstream = upstream.reverse()
    named = {title: task for task, title in titles.items()}
    kde, libc = named["kde-full"], named["libc6"]

    def tree_in_memory(_: int) -> list[tuple[int, int, int, str]]:
        depth = {kde: 0}
        rows = []
        for parent, child in nx.bfs_edges(upstream, kde):
            depth[child] = depth[parent] + 1
            rows.append((child, parent, depth[child], titles[child]))
        return rows

    taken = in_turn(
        9,
        titles_in_memory=lambda _: [(task, titles[task]) for task in sorted(nx.descendants(upstream, kde))],
        titles=lambda _: call(session, "CALL list_prerequisites(%s, %s, TRUE, 0, NULL)", user, kde),
        tree_in_memory=tree_in_memory,
        tree=lambda _: call(session, "CALL get_dependency_tree(%s, %s, 'upstream', NULL)", user, kde),
        ids_in_memory=lambda _: list(nx.descendants(downstream, libc)),
        ids=lambda _: call(session, IDS, workspace, libc, workspace),
        rows=lambda _: call(session, "CALL list_dependents(%s, %s, TRUE, 0, NULL)", user, libc),
    )
    few = len(nx.descendants(upstream, kde))
    many = len(nx.descendants(downstream, libc))
    for what, against, operation, bar in (
        ("titles", "titles", f"closure of {few:,} tasks with titles", 4),
        ("tree", "tree", f"closure of {few:,} tasks as a tree with depth and parent", 10),
        ("ids", "ids", f"all {many:,} dependents of one task, their ids", 1),
        ("rows", "ids", f"all {many:,} dependents of one task, five columns a row", None),
    ):
        report.add(operation, p50(taken[what]) / p50(taken[f"{against}_in_memory"]), "x networkx", bar)
        report.add(f"  {operation}", p50(taken[what]) * 1e3, "ms")
