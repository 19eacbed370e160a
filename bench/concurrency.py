"""Writes per second with 1, 2, 4 and 8 sessions, in one workspace and in eight, and how many are aborted.

    make bench-concurrency
    python -m bench.concurrency --seconds 10      longer for each line

A session is a process with a connection of its own, on durable defaults, warmed up before it is counted. "Bare" is
an insert into a table of the shape of dependency, with the same foreign keys and no triggers, by as many sessions
in the same run. A refusal (a cycle, say) is a call and not a write. An abort is a deadlock or a lock wait given up.
"""

import argparse
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import orjson
import pymysql

from bench.graph.workspace import load, make_bare
from bench.measure import Report, Session, about, call, durable_database
from service.database.connection import Dsn, open_connection

SESSIONS = (1, 2, 4, 8)
WORKSPACES = (1, 8)
TASKS = 1_000
# Of these, so many are changed again and again.
HOT = 20
ABORTED = {1205, 1213}
# What each kind of session does, by weight.
KINDS = {
    "bare": {"bare": 1},
    "public": {"add": 50, "any": 10, "remove": 15, "create": 8, "complete": 10, "update": 7},
    "mixed": {
        "add": 30, "any": 6, "remove": 10, "create": 5, "complete": 6, "update": 5,
        "raw_update": 15, "raw_add": 15, "raw_transaction": 8,
    },
}  # fmt: skip
NAMES = {"bare": "bare inserts", "public": "procedures", "mixed": "procedures and raw DML"}


@dataclass(frozen=True)
class Place:
    """A loaded workspace: its user, and its tasks in the order of their ids."""

    user: int
    workspace: int
    first: int


def load_place(session: Session, name: str) -> Place:
    loaded = load(session, TASKS, random.Random(name), name)
    return Place(loaded.user, loaded.id, loaded.first)


class Client:
    """One session at work in one workspace; it forgets nothing that it added, so that it can be taken away."""

    def __init__(self, session: Session, place: Place, rng: random.Random) -> None:
        self.session = session
        self.place = place
        self.rng = rng
        self.added: list[tuple[int, int]] = []
        self.fresh: list[int] = []
        self.done: list[int] = []
        self.title = 0

    def pair(self) -> tuple[int, int]:
        """A task and an older one."""
        older, newer = sorted(self.rng.sample(range(TASKS), 2))
        return self.place.first + newer, self.place.first + older

    def hot(self) -> int:
        """One of a few tasks that all sessions want."""
        return self.place.first + self.rng.randrange(HOT)

    def bare(self) -> None:
        call(self.session, "INSERT INTO bare_dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
             self.place.workspace, *self.pair())  # fmt: skip

    def add(self) -> None:
        pair = self.pair()
        call(self.session, "CALL add_dependency(%s, %s, %s)", self.place.user, *pair)
        self.added.append(pair)

    def any(self) -> None:
        """In either direction."""
        pair = self.pair()[:: self.rng.choice((1, -1))]
        call(self.session, "CALL add_dependency(%s, %s, %s)", self.place.user, *pair)
        self.added.append(pair)

    def remove(self) -> None:
        if not self.added:
            self.add()
        pair = self.added.pop(self.rng.randrange(len(self.added)))
        call(self.session, "CALL remove_dependency(%s, %s, %s)", self.place.user, *pair)

    def create(self) -> None:
        prerequisites = [self.place.first + n for n in self.rng.sample(range(TASKS), 2)]
        task = orjson.dumps({"title": "new", "depends_on": prerequisites}).decode()
        call(self.session, "CALL create_task(%s, NULL, %s)", self.place.user, task)

    def complete(self) -> None:
        """A task of its own: made, then completed, then opened again."""
        if self.done:
            call(self.session, "CALL reopen_task(%s, %s, FALSE)", self.place.user, self.done.pop())
        elif self.fresh:
            task = self.fresh.pop()
            call(self.session, "CALL complete_task(%s, %s)", self.place.user, task)
            self.done.append(task)
        else:
            row = call(self.session, 'CALL create_task(%s, NULL, \'{"title": "short"}\')', self.place.user)
            self.fresh.append(row[0][0])

    def new_title(self) -> str:
        self.title += 1
        return f"title {self.title}"

    def update(self) -> None:
        changes = orjson.dumps({"title": self.new_title()}).decode()
        call(
            self.session,
            "CALL update_task(%s, %s, %s, NULL, FALSE)",
            self.place.user,
            self.hot(),
            changes,
        )

    def raw_update(self) -> None:
        call(self.session, "UPDATE task SET title = %s WHERE id = %s", self.new_title(), self.hot())

    def raw_add(self) -> None:
        pair = self.pair()
        call(self.session, "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
             self.place.workspace, *pair)  # fmt: skip
        self.added.append(pair)

    def raw_transaction(self) -> None:
        call(self.session, "BEGIN")
        try:
            self.raw_update()
            self.raw_update()
        except pymysql.MySQLError:
            call(self.session, "ROLLBACK")
            raise
        call(self.session, "COMMIT")


def one(client: Client, verb: str, count: Counter[str]) -> None:
    """One call, counted as what came of it."""
    count["calls"] += 1
    try:
        getattr(client, verb)()
        count["writes"] += 1
    except pymysql.MySQLError as error:
        if error.args[0] in ABORTED:
            count["aborts"] += 1
        # A refusal of ours, or a duplicate.
        elif error.args[0] & 0xFFFF < 50_000 and error.args[0] != 1062:
            raise


def serve(url: str, number: int, pipe: "Connection[Any, Any]") -> None:
    """A process of one session: for each job warm up, say so, and work for some seconds when told."""
    with open_connection(Dsn.parse(url)) as session:
        while job := pipe.recv():
            kind, place, seconds = job
            client = Client(session, place, random.Random(f"{kind} {number} {place.workspace}"))
            verbs, weights = list(KINDS[kind]), list(KINDS[kind].values())
            for verb in verbs * 3:
                one(client, verb, Counter())
            pipe.send("ready")
            pipe.recv()
            count: Counter[str] = Counter()
            begun = time.perf_counter()
            while time.perf_counter() - begun < seconds:
                one(client, client.rng.choices(verbs, weights)[0], count)
            pipe.send((count, time.perf_counter() - begun))


def together(pipes: "list[Connection[Any, Any]]", jobs: list[Any]) -> tuple[float, Counter[str]]:
    """Let as many sessions as there are jobs work at the same time; writes per second, and all counts."""
    chosen = pipes[: len(jobs)]
    for pipe, job in zip(chosen, jobs, strict=True):
        pipe.send(job)
    for pipe in chosen:
        pipe.recv()
    for pipe in chosen:
        pipe.send("go")
    results = [pipe.recv() for pipe in chosen]
    rate = sum(count["writes"] / taken for count, taken in results)
    return rate, sum((count for count, _ in results), Counter())


def measure(report: Report, work: Callable[[list[Any]], tuple[float, Counter[str]]], places: list[Place], seconds: float) -> None:  # fmt: skip
    for workspaces in WORKSPACES:
        where = "one workspace" if workspaces == 1 else f"{workspaces} workspaces"
        aborted: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        for sessions in SESSIONS:
            rates = {}
            for kind in KINDS:
                jobs = [(kind, places[number % workspaces], seconds) for number in range(sessions)]
                rates[kind], count = work(jobs)
                aborted[kind] += count
            label = f"{sessions} session{'s' * (sessions > 1)} in {where}"
            report.add(f"bare inserts, {label}", rates["bare"], "inserts/s")
            for kind in ("public", "mixed"):
                report.add(f"{NAMES[kind]}, {label}", rates[kind], "writes/s")
            report.add(f"  procedures against bare, {label}", rates["bare"] / rates["public"], "x bare")
        for kind, bar in (("public", 0.0), ("mixed", None)):
            count = aborted[kind]
            rate = 1_000 * count["aborts"] / count["calls"]
            report.add(f"aborts among {NAMES[kind]} in {where}", rate, "per 1,000 calls", bar)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3, help="for each line of the table")
    arguments = parser.parse_args()
    report, spawn = Report("concurrency"), multiprocessing.get_context("spawn")

    with durable_database() as database, ExitStack() as stack:
        session = stack.enter_context(open_connection(database))
        make_bare(session)
        places = [load_place(session, f"place {number}") for number in range(max(WORKSPACES))]
        pipes: list[Connection[Any, Any]] = []
        for number in range(max(SESSIONS)):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=serve, args=(database.url, number, theirs), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(ours.send, None)
            pipes.append(ours)
        measure(report, lambda jobs: together(pipes, jobs), places, arguments.seconds)
        report.finish(about(session))


if __name__ == "__main__":
    main()
