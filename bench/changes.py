"""Many changes in one call against LOAD DATA, the import and single calls, all in one run.

    make bench-changes
    python -m bench.changes --tasks 2000        a smaller batch

A random layered graph: each task waits for three of the 2,000 before it. All of it goes in by one call of
apply_changes, as creations that name what they wait for, and as creations and new dependencies; LOAD DATA puts the
same rows into empty tables with the same columns and indexes.
"""

import argparse
import random
from collections.abc import Callable
from typing import Any

import orjson
import pymysql

from bench.graph.imports import load_data
from bench.graph.workspace import layered, open_workspace
from bench.measure import Report, Session, about, call, durable_database, p50, refused, seconds
from service.database.connection import driver_options

ROUNDS = 3
REFUSED = 50097
Change = dict[str, Any]


def creations(lines: list[Change]) -> list[Change]:
    """One change for each task, which names what it waits for."""
    return [
        {"op": "create", "key": line["key"], "title": line["title"], "depends_on": line["depends_on"]}
        for line in lines
    ]


def one_each(lines: list[Change]) -> list[Change]:
    """One change for each task, and then one for each dependency."""
    created = [{"op": "create", "key": line["key"], "title": line["title"]} for line in lines]
    added = [
        {"op": "add_dependency", "task": line["key"], "depends_on": other}
        for line in lines
        for other in line["depends_on"]
    ]
    return created + added


class Bench:
    """A session, and a fresh user with an empty workspace for each thing that is timed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._count = 0

    def new(self) -> tuple[int, int]:
        self._count += 1
        return open_workspace(self.session, f"user{self._count}")

    def apply(self, user: int, changes: list[Change], mode: str = "apply") -> None:
        statement = "CALL apply_changes(%s, NULL, %s, %s, NULL)"
        call(self.session, statement, user, orjson.dumps(changes).decode(), mode)

    def refuse(self, user: int, changes: list[Change]) -> None:
        assert refused(REFUSED, self.apply, user, changes)

    def bring_in(self, user: int, lines: list[Change]) -> None:
        """The same through the staging tables, by which files come in."""
        call(self.session, "CALL begin_import()")
        for start in range(0, len(lines), 1_000):
            call(self.session, "CALL stage_tasks(%s)", orjson.dumps(lines[start : start + 1_000]).decode())
        call(self.session, "CALL finish_import(%s, NULL, 'refuse')", user)

    def timed(self, work: Callable[..., None], *args: object) -> float:
        """Seconds, for a new user."""
        user, self.workspace = self.new()
        return seconds(work, user, *args)

    def load(self) -> float:
        """The same for the rows of the last workspace by LOAD DATA."""
        taken = load_data(self.session, "task", "id, workspace_id, title, description", self.workspace)
        taken += load_data(self.session, "dependency", "workspace_id, task_id, depends_on_id", self.workspace)
        call(self.session, "DROP TABLE bare_task_rows, bare_dependency_rows")
        return taken


def many(report: Report, bench: Bench, lines: list[Change]) -> None:
    """A whole graph in one call."""
    whole, apart = creations(lines), one_each(lines)
    last, other = lines[-1]["key"], lines[-2]["key"]
    fault = [*apart, {"op": "start", "task": "nobody"}]
    loop = [
        *apart,
        *({"op": "add_dependency", "task": a, "depends_on": b} for a, b in ((last, other), (other, last))),
    ]
    taken: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, work in {
            "whole": (bench.apply, whole),
            "apart": (bench.apply, apart),
            "import": (bench.bring_in, lines),
        }.items():
            taken.setdefault(name, []).append(bench.timed(*work))
        taken.setdefault("load", []).append(bench.load())
        taken.setdefault("preview", []).append(bench.timed(bench.apply, apart, "preview"))
        taken.setdefault("fault", []).append(bench.timed(bench.refuse, fault))
        taken.setdefault("loop", []).append(bench.timed(bench.refuse, loop))
    clock = {name: p50(measured) for name, measured in taken.items()}

    size = f"{len(lines):,} tasks and {len(apart) - len(lines):,} dependencies"
    report.add(f"LOAD DATA of {size} into bare tables", clock["load"], "s")
    for name, what, bar in (
        ("apart", f"{size} in one call of {len(apart):,} changes", 10),
        ("whole", f"the same in {len(whole):,} changes that name what they wait for", 10),
        ("preview", f"a preview of the {len(apart):,} changes", None),
        ("fault", f"the {len(apart):,} changes and one that is refused", None),
        ("loop", f"the {len(apart):,} changes and two that close a cycle", None),
        ("import", "the same as an import, its staging included", None),
    ):
        report.add(what, clock[name], "s")
        report.add(f"{what}, against LOAD DATA", clock[name] / clock["load"], "x", bar)


def few(report: Report, bench: Bench, rng: random.Random) -> None:
    """Ten changes of older tasks: in one call, and one by one."""
    user, workspace = bench.new()
    bench.apply(user, [{"op": "create", "title": f"Task {number}"} for number in range(2_000)])
    tasks = [
        task for (task,) in call(bench.session, "SELECT id FROM task WHERE workspace_id = %s", workspace)
    ]
    together, apart = [], []
    for _ in range(100):
        first, second = rng.sample(tasks, 10), rng.sample(tasks, 10)
        changes = [{"op": "update", "task": task, "estimate_minutes": rng.randrange(9**6)} for task in first]
        together.append(seconds(bench.apply, user, changes))
        apart.append(
            sum(
                seconds(
                    call,
                    bench.session,
                    "CALL update_task(%s, %s, %s, NULL, FALSE)",
                    user,
                    task,
                    orjson.dumps({"estimate_minutes": rng.randrange(9**6)}).decode(),
                )
                for task in second
            )
        )
    report.add("10 updates one by one", p50(apart) * 1e3, "ms")
    report.add("10 updates in one call", p50(together) * 1e3, "ms")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=10_000, help="how many tasks one call creates")
    arguments = parser.parse_args()
    rng, report = random.Random(12), Report("changes")

    with durable_database() as database:
        session = pymysql.connect(
            **driver_options(database), database=database.database, autocommit=True, local_infile=True
        )
        bench = Bench(session)
        many(report, bench, list(layered(arguments.tasks, rng)))
        few(report, bench, rng)
        report.finish(about(session))


if __name__ == "__main__":
    main()
