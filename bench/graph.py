"""The graph engine against a bare table, the textbook check and networkx, all in one run.

    make bench-graph                      1,000 and 1,000,000 tasks, and the Debian graph where its files are
    python -m bench.graph --tasks 20000   a smaller largest graph

Random layered graphs: each task waits for three of the 2,000 before it. Everything is timed through the same
client, with autocommit, on durable defaults. "Bare" is the same insert into a table of the same shape, with the
same foreign keys and no triggers.
"""

import argparse
import itertools
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import orjson
import pymysql

from bench.debian import convert
from bench.measure import Report, Session, about, call, durable_database, in_turn, p50, p99, refused, seconds
from service.database.connection import Dsn, driver_options

CYCLE = 50042
REACH = 2_000
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


@dataclass(frozen=True)
class Graph:
    """A loaded workspace: its tasks in the order of their ids."""

    session: Session
    user: int
    workspace: int
    first: int
    tasks: int

    def add(self, task: int, prerequisite: int) -> None:
        call(self.session, "CALL add_dependency(%s, %s, %s)", self.user, task, prerequisite)

    def bare(self, task: int, prerequisite: int) -> None:
        call(
            self.session,
            "INSERT INTO bare_dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
            self.workspace,
            task,
            prerequisite,
        )

    def new_task(self) -> int:
        row = call(self.session, 'CALL create_task(%s, NULL, \'{"title": "new"}\')', self.user)
        return int(row[0][0])


def new_user(session: Session, name: str) -> tuple[int, int]:
    """A fresh user: its id and the id of its workspace."""
    ((user, _, _, workspace, _),) = call(session, "CALL create_user(%s, %s, 'x')", name, f"{name}@bench")
    return user, workspace


def layered(tasks: int, rng: random.Random) -> Iterator[dict[str, object]]:
    """The lines of a random layered graph."""
    for number in range(tasks):
        near = range(max(0, number - REACH), number)
        wanted = rng.sample(near, min(3, len(near)))
        yield {
            "line": number + 1,
            "key": f"t{number}",
            "title": f"Task {number}",
            "depends_on": [f"t{n}" for n in wanted],
        }


def load(session: Session, name: str, tasks: int, rng: random.Random) -> Graph:
    """Through the front door, 50,000 tasks at a time."""
    user, workspace = new_user(session, name)
    lines = layered(tasks, rng)
    for start in range(0, tasks, 50_000):
        call(session, "CALL begin_import()")
        for _ in range(start, min(start + 50_000, tasks), 1_000):
            chunk = [line for _, line in zip(range(1_000), lines, strict=False)]
            call(session, "CALL stage_tasks(%s)", orjson.dumps(chunk).decode())
        call(session, "CALL finish_import(%s, NULL, 'refuse')", user)
        print(f"  {min(start + 50_000, tasks):,} tasks loaded", flush=True)
    ((first,),) = call(session, "SELECT MIN(id) FROM task WHERE workspace_id = %s", workspace)
    return Graph(session, user, workspace, first, tasks)


def make_bare(session: Session) -> None:
    """A table of the shape of dependency, with its foreign keys and nothing else."""
    call(session, "CREATE TABLE bare_dependency LIKE dependency")
    call(
        session,
        "ALTER TABLE bare_dependency"
        " ADD FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id),"
        " ADD FOREIGN KEY (workspace_id, depends_on_id) REFERENCES task (workspace_id, id)",
    )


def fresh_pairs(graph: Graph, count: int, rng: random.Random) -> list[tuple[int, int]]:
    """Pairs (task, older task at most REACH before it) that are not dependencies yet, each once."""
    known = set()
    while len(known) < count:
        task = rng.randrange(graph.first + min(REACH, graph.tasks // 2), graph.first + graph.tasks)
        pair = (task, rng.randrange(max(graph.first, task - REACH), task))
        edge = "SELECT 1 FROM dependency WHERE workspace_id = %s AND task_id = %s AND depends_on_id = %s"
        if pair not in known and not call(graph.session, edge, graph.workspace, *pair):
            known.add(pair)
    return sorted(known, key=lambda _: rng.random())


def adding(report: Report, graph: Graph, rng: random.Random, small: float | None) -> float:
    """Uphill against bare; returns the median of uphill in seconds."""
    count = 300
    pairs = fresh_pairs(graph, count, rng)
    taken = in_turn(count, bare=lambda n: graph.bare(*pairs[n]), uphill=lambda n: graph.add(*pairs[n]))
    uphill = p50(taken["uphill"])
    size = f"at {graph.tasks:,} tasks"
    report.add(f"bare insert {size}", p50(taken["bare"]) * 1e3, "ms")
    report.add(f"add_dependency uphill {size}", uphill / p50(taken["bare"]), "x bare", None if small else 3)
    if small:
        report.add("uphill at the largest against the smallest", uphill / small, "x", 1.5)
    return uphill


def reordering(report: Report, graph: Graph, rng: random.Random) -> None:
    """Either direction at random, tasks up to REACH apart; a cycle is refused and left out of the figures."""
    count = 1_000
    pairs = [pair if rng.random() < 0.5 else pair[::-1] for pair in fresh_pairs(graph, count, rng)]
    bare, added, closed = [], [], []
    for pair in pairs:
        bare.append(seconds(graph.bare, *pair))
        begun = time.perf_counter()
        is_closed = refused(CYCLE, graph.add, *pair)
        (closed if is_closed else added).append(time.perf_counter() - begun)
    size = f"at {graph.tasks:,} tasks"
    report.add(f"add_dependency in random direction {size}, p50", p50(added) / p50(bare), "x bare", 8)
    report.add(f"add_dependency in random direction {size}, p99", p99(added) / p50(bare), "x bare", 30)
    if len(closed) > 1:
        report.add(
            f"  of {count} pairs {len(closed)} closed a cycle: refusal, p50",
            p50(closed) / p50(bare),
            "x bare",
        )


def popular(report: Report, graph: Graph, uphill: float) -> None:
    """An old task with very many dependents waits for a brand-new one."""
    many = min(100_000, graph.tasks - REACH)
    old = graph.first + 10
    call(
        graph.session,
        "INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id)"
        " SELECT workspace_id, id, %s FROM task WHERE workspace_id = %s AND id > %s ORDER BY id LIMIT %s",
        old,
        graph.workspace,
        old + REACH // 4,
        many,
    )
    taken = []
    for _ in range(30):
        new = graph.new_task()
        taken.append(seconds(graph.add, old, new))
    report.add(
        f"an old task with {many:,} dependents waits for a new one", p50(taken) / uphill, "x uphill", 2
    )


def refusing(report: Report, graph: Graph, rng: random.Random) -> None:
    """Paths of one, two and a hundred steps, reversed."""
    edges = call(
        graph.session,
        "SELECT one.task_id, one.depends_on_id, two.depends_on_id FROM dependency AS one JOIN dependency AS two"
        " ON two.workspace_id = one.workspace_id AND two.task_id = one.depends_on_id"
        " WHERE one.workspace_id = %s AND one.task_id > %s LIMIT 400",
        graph.workspace,
        graph.first + graph.tasks // 2,
    )
    pairs = fresh_pairs(graph, len(edges), rng)
    taken = in_turn(
        len(edges),
        bare=lambda n: graph.bare(*pairs[n]),
        one=lambda n: refused(CYCLE, graph.add, edges[n][1], edges[n][0]),
        two=lambda n: refused(CYCLE, graph.add, edges[n][2], edges[n][0]),
    )
    bare = p50(taken["bare"])
    report.add("refusing a cycle of one step, p50", p50(taken["one"]) / bare, "x bare", 10)
    report.add("refusing a cycle of two steps, p50", p50(taken["two"]) / bare, "x bare", 10)

    chain = [graph.new_task() for _ in range(101)]
    for before, after in itertools.pairwise(chain):
        graph.add(after, before)
    taken_long = [seconds(refused, CYCLE, graph.add, chain[0], chain[-1]) for _ in range(50)]
    report.add("refusing a cycle of 100 steps, p50", p50(taken_long) / bare, "x bare")

    textbook = [
        seconds(call, graph.session, TEXTBOOK, task, graph.workspace, task - 1)
        for task in rng.sample(range(graph.first + graph.tasks // 2, graph.first + graph.tasks), 5)
    ]
    report.add(f"the textbook check at {graph.tasks:,} tasks, for comparison", p50(textbook) / bare, "x bare")


def completing(report: Report, graph: Graph, rng: random.Random) -> None:
    """The gate, and what hangs behind it."""
    tasks = [graph.new_task() for _ in range(60)]
    for task in tasks:
        for _ in range(10):
            graph.add(graph.new_task(), task)
    pairs = fresh_pairs(graph, len(tasks), rng)
    taken = in_turn(
        len(tasks),
        bare=lambda n: graph.bare(*pairs[n]),
        complete=lambda n: call(graph.session, "CALL complete_task(%s, %s)", graph.user, tasks[n]),
    )
    report.add(
        "complete_task with 10 dependents, p50", p50(taken["complete"]) / p50(taken["bare"]), "x bare", 4
    )

    hub = graph.new_task()
    many = min(20_000, graph.tasks // 2)
    call(
        graph.session,
        "CREATE TEMPORARY TABLE later (id BIGINT UNSIGNED) SELECT id FROM task WHERE workspace_id = %s LIMIT %s",
        graph.workspace,
        many,
    )
    # Below all others, so that any may wait for it.
    call(graph.session, "SET @headgate_deriving = 1")
    call(graph.session, "UPDATE node SET topo_rank = -1000000000000 WHERE task_id = %s", hub)
    call(graph.session, "SET @headgate_deriving = NULL")
    call(
        graph.session,
        "INSERT INTO dependency (workspace_id, task_id, depends_on_id) SELECT %s, id, %s FROM later",
        graph.workspace,
        hub,
    )
    taken_hub = seconds(call, graph.session, "CALL complete_task(%s, %s)", graph.user, hub)
    report.add(f"complete_task with {many:,} dependents", taken_hub, "s", 1)


def ready(report: Report, graph: Graph) -> None:
    """The ready list against fifty rows by primary key."""
    keep = graph.tasks // 10_000 or 1
    call(graph.session, "SET @headgate_deriving = 1")
    call(
        graph.session,
        "UPDATE node SET waiting_for = waiting_for + 1 WHERE workspace_id = %s AND readiness = 'ready' AND task_id %% %s > 0",
        graph.workspace,
        max(1, graph.tasks // 10_000),
    )
    call(graph.session, "SET @headgate_deriving = NULL")
    ids = ", ".join(str(graph.first + n * 97 % graph.tasks) for n in range(50))
    taken = in_turn(
        200,
        rows=lambda _: call(graph.session, f"SELECT * FROM task WHERE id IN ({ids})"),
        ready=lambda _: call(graph.session, "CALL list_ready_tasks(%s, NULL, 0, 50)", graph.user),
    )
    report.add(
        f"list_ready_tasks, 50 of about {keep:,}",
        p50(taken["ready"]) / p50(taken["rows"]),
        "x 50 rows by key",
        5,
    )


def closures(report: Report, session: Session, user: int, workspace: int) -> None:
    """Closures of the Debian graph against networkx in memory."""
    edges = call(session, "SELECT task_id, depends_on_id FROM dependency WHERE workspace_id = %s", workspace)
    upstream = nx.DiGraph(edges)
    downstream = upstream.reverse()
    named = dict(
        call(
            session,
            "SELECT title, id FROM task WHERE workspace_id = %s AND title IN ('kde-full', 'libc6')",
            workspace,
        )
    )
    kde, libc = named["kde-full"], named["libc6"]
    size = len(nx.descendants(upstream, kde))
    many = len(nx.descendants(downstream, libc))
    taken = in_turn(
        7,
        memory=lambda _: nx.descendants(upstream, kde),
        titles=lambda _: call(session, "CALL list_prerequisites(%s, %s, TRUE, 0, 100000)", user, kde),
        tree=lambda _: call(session, "CALL get_dependency_tree(%s, %s, 'upstream', NULL)", user, kde),
        wide_memory=lambda _: nx.descendants(downstream, libc),
        wide=lambda _: call(session, "CALL list_dependents(%s, %s, TRUE, 0, 100000)", user, libc),
    )
    report.add(
        f"closure of {size:,} tasks with titles", p50(taken["titles"]) / p50(taken["memory"]), "x networkx", 4
    )
    report.add(f"tree of {size:,} tasks", p50(taken["tree"]) / p50(taken["memory"]), "x networkx", 10)
    report.add(
        f"all {many:,} dependents, with titles",
        p50(taken["wide"]) / p50(taken["wide_memory"]),
        "x networkx",
        1,
    )


def importing(report: Report, database: Dsn, session: Session, lines: Path) -> tuple[int, int]:
    """The Debian graph through `headgate import`, against LOAD DATA of the same rows into bare tables."""
    user, workspace = new_user(session, "debian")
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "service.cli", "import", str(lines), "--user", "debian", "--on-cycle", "skip"],
        env=os.environ | {"DATABASE_URL": database.url, "SERVICE_DATABASE_URL": ""},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    taken = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    call(session, "CREATE TABLE bare_task LIKE task")
    call(session, "CREATE TABLE bare_edge LIKE dependency")
    loaded = 0.0
    for table, query in (
        (
            "bare_task (id, workspace_id, title, description)",
            "SELECT id, workspace_id, title, description FROM task",
        ),
        (
            "bare_edge (workspace_id, task_id, depends_on_id)",
            "SELECT workspace_id, task_id, depends_on_id FROM dependency",
        ),
    ):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
            for row in call(session, f"{query} WHERE workspace_id = %s", workspace):
                file.write("\t".join(str(value) for value in row) + "\n")
            file.flush()
            name, _, columns = table.partition(" ")
            statement = f"LOAD DATA LOCAL INFILE '{file.name}' INTO TABLE {name} {columns}"
            loaded += seconds(call, session, statement)
    report.add("import of the Debian graph", taken, "s")
    report.add("import of the Debian graph against LOAD DATA", taken / loaded, "x", 10)
    report.add("resident memory of the importing client", memory, "MiB", 200)
    return user, workspace


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=1_000_000, help="size of the largest graph")
    parser.add_argument(
        "--debian", type=Path, help="folder of debian-bookworm-packages.tsv.gz and -depends.tsv.gz"
    )
    arguments = parser.parse_args()
    rng, report = random.Random(12), Report("graph")

    with durable_database() as database:
        session = pymysql.connect(
            **driver_options(database), database=database.database, autocommit=True, local_infile=True
        )
        make_bare(session)
        if arguments.debian:
            with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
                packages, depends = (
                    arguments.debian / f"debian-bookworm-{what}.tsv.gz" for what in ("packages", "depends")
                )
                file.writelines(convert(packages, depends))
                file.flush()
                user, workspace = importing(report, database, session, Path(file.name))
            closures(report, session, user, workspace)
        small = load(session, "small", 1_000, rng)
        uphill = adding(report, small, rng, None)
        large = load(session, "large", arguments.tasks, rng)
        uphill = adding(report, large, rng, uphill)
        reordering(report, large, rng)
        popular(report, large, uphill)
        refusing(report, large, rng)
        completing(report, large, rng)
        taken = seconds(call, session, "CALL verify_workspace(%s, NULL)", large.user)
        report.add(f"verify_workspace at {large.tasks:,} tasks", taken, "s", 60)
        ready(report, large)
        report.finish(about(session))


if __name__ == "__main__":
    main()
