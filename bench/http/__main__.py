"""What requests cost: the service against a bare aiohttp handler and against the same job in FastAPI.

    make bench-http DEBIAN=folder

One process each on this machine, the same 63,436 tasks, 32 connections of wrk, whose requests accept gzip as those
of browsers do; each figure is the median of three rounds in which the servers take turns.
"""

import json
import random
import statistics
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import bcrypt
import jwt
import orjson
import pymysql

from bench.graph.imports import debian_folder, imported
from bench.graph.workspace import layered
from bench.http import servers
from bench.http.servers import SECRET_KEY, Server
from bench.http.wrk import Ask, Load, drive
from bench.measure import Report, Session, about, call, durable_servers
from bench.peers.copying import copy_to_peer
from service.database.connection import driver_options

ROUNDS, SECONDS = 3, 4
PASSWORD = "correct horse battery"
PREFIX = "/api/v1"


@dataclass(frozen=True)
class Place:
    """What requests are about."""

    debian: int
    small: int
    ids: list[int]
    root: int
    pairs: list[tuple[int, int]]
    small_pairs: list[tuple[int, int]]


@dataclass(frozen=True)
class Contestant:
    """A server, what its paths begin with, and the token that it takes."""

    server: Server
    prefix: str
    token: str

    def drive(self, asks: Sequence[Ask], seconds: int, start: int = 0) -> Load:
        mine = [Ask(ask.method, self.prefix + ask.path, ask.body) for ask in asks]
        load = drive(self.server.address, mine, self.token, seconds, start=start)
        assert not load.errors, f"{self.server.name}: {load.errors} of {load.answered} were errors: {mine[0]}"
        return load


def reads(contestants: Iterable[tuple[Contestant, Sequence[Ask]]]) -> list[Load]:
    """The loads of some servers in turns, each asked everything once before: the round of the median rate of each."""
    contest = list(contestants)
    for contestant, asks in contest:
        asked = 0
        while asked < len(asks):
            asked += contestant.drive(asks, 1, asked).answered
    rounds = [[contestant.drive(asks, SECONDS) for contestant, asks in contest] for _ in range(ROUNDS)]
    return [middle(loads) for loads in zip(*rounds, strict=True)]


def writes(contestants: Iterable[Contestant], asks: Sequence[Ask]) -> list[Load]:
    """The same for requests that can be sent once only: each server goes on in the list where it was."""
    contest = list(contestants)
    at = [0] * len(contest)
    rounds = []
    for _ in range(ROUNDS):
        loads = []
        for number, contestant in enumerate(contest):
            load = contestant.drive(asks, SECONDS, at[number])
            # What was under way when the time was over may have been done.
            at[number] += load.answered + 64
            assert at[number] < len(asks), f"{contestant.server.name} needs a longer list"
            loads.append(load)
        rounds.append(loads)
    return [middle(loads) for loads in zip(*rounds, strict=True)]


def middle(loads: Sequence[Load]) -> Load:
    median = statistics.median_low(load.rate for load in loads)
    return next(load for load in loads if load.rate == median)


def place(session: Session, user: int, debian: int, rng: random.Random) -> Place:
    """Random tasks and pairs of the Debian graph, and a second workspace of 1,000 tasks."""
    ((small, *_),) = call(session, "CALL create_workspace(%s, 'small')", user)
    call(session, "CALL begin_import()")
    call(session, "CALL stage_tasks(%s)", orjson.dumps(list(layered(1_000, rng))).decode())
    call(session, "CALL finish_import(%s, %s, 'refuse')", user, small)
    ((root,),) = call(
        session, "SELECT id FROM task WHERE workspace_id = %s AND task_key = 'kde-full'", debian
    )
    return Place(
        debian,
        small,
        rng.sample(in_order(session, debian), 1_000),
        root,
        fresh_pairs(session, debian, 20_000, rng),
        fresh_pairs(session, small, 20_000, rng),
    )


def in_order(session: Session, workspace: int) -> list[int]:
    """The tasks of a workspace so that each stands behind all that it waits for."""
    rows = call(session, "SELECT task_id FROM node WHERE workspace_id = %s ORDER BY topo_rank", workspace)
    return [task for (task,) in rows]


def fresh_pairs(session: Session, workspace: int, count: int, rng: random.Random) -> list[tuple[int, int]]:
    """Random pairs (task, prerequisite) that are no dependencies yet and close no cycle."""
    order = in_order(session, workspace)
    known = set(
        call(session, "SELECT task_id, depends_on_id FROM dependency WHERE workspace_id = %s", workspace)
    )
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < count:
        low, high = sorted(rng.sample(range(len(order)), 2))
        if (pair := (order[high], order[low])) not in known:
            pairs[pair] = None
    return list(pairs)


def log_in(server: Server, name: str) -> str:
    form = urllib.parse.urlencode({"username": name, "password": PASSWORD}).encode()
    with urllib.request.urlopen(f"{server.address}{PREFIX}/users/login", form) as answer:
        return str(json.load(answer)["access_token"])


def size(contestant: Contestant, ask: Ask) -> int:
    """How long our answer is, as it is sent: bare aiohttp sends as much."""
    request = urllib.request.Request(
        contestant.server.address + contestant.prefix + ask.path,
        headers={"Authorization": f"Bearer {contestant.token}", "Accept-Encoding": "gzip"},
    )
    with urllib.request.urlopen(request) as answer:
        return len(answer.read())


def measure(report: Report, at: Place, everyone: dict[str, Contestant], rng: random.Random) -> None:
    """All lines of the table."""
    ours, uncached, two = everyone["ours"], everyone["ours without cache"], everyone["two workers"]
    bare, peer, peer_uncached = everyone["bare"], everyone["FastAPI"], everyone["FastAPI without cache"]
    tasks = [Ask("GET", f"/tasks/{task}") for task in at.ids]
    pages = [
        Ask("GET", f"/tasks?workspace_id={at.debian}&skip={skip}&limit=50") for skip in range(0, 1_000, 50)
    ]
    tree = [Ask("GET", f"/tasks/{at.root}/tree?workspace_id={at.debian}")]
    ours_tree = [Ask("GET", f"/tasks/{at.root}/tree")]

    cached = {
        "task read": (tasks, tasks, 0.45, 8.0),
        "list of 50": (pages, pages, 0.3, 10.0),
        "tree of 1,179 tasks": (ours_tree, tree, 0.3, 10.0),
    }
    for what, (mine, theirs, of_bare, of_peer) in cached.items():
        constant = [Ask("GET", f"/{size(ours, mine[0])}")]
        load, least, other = reads([(ours, mine), (bare, constant), (peer, theirs)])
        report.add(f"cached {what}", load.rate, "requests/s")
        report.add(f"the same size from bare aiohttp, {what}", least.rate, "requests/s")
        report.add(f"cached {what} of FastAPI", other.rate, "requests/s")
        report.add(f"cached {what} against bare aiohttp", load.rate / least.rate, "x", of_bare, at_least=True)
        report.add(f"cached {what} against FastAPI", load.rate / other.rate, "x", of_peer, at_least=True)
        if what == "task read":
            report.add("cached task read, p50", load.p50, "ms")
            report.add("cached task read, p99", load.p99, "ms", 10)

    load, other = reads([(uncached, tasks), (peer_uncached, tasks)])
    report.add("uncached task read", load.rate, "requests/s")
    report.add("uncached task read against FastAPI", load.rate / other.rate, "x", 5, at_least=True)
    report.add("uncached task read, p99", load.p99, "ms", 100)
    load, other = reads([(everyone["ours while Redis is away"], tasks), (uncached, tasks)])
    report.add("task read while Redis is away, against cache off", other.rate / load.rate, "x the time", 1.5)

    created = [
        Ask(
            "POST",
            "/tasks",
            {
                "workspace_id": at.debian,
                "title": f"Task {number}",
                "tags": rng.sample(["urgent", "later", "home", "work", "bug", "idea"], 3),
                "depends_on": rng.sample(at.ids, 3),
            },
        )
        for number in range(20_000)
    ]
    load, other = writes([ours, peer], created)
    report.add("create task with 3 tags and 3 dependencies", load.rate, "requests/s")
    report.add("create task against FastAPI", load.rate / other.rate, "x", 3, at_least=True)
    report.add("create task, p99", load.p99, "ms", 100)

    for where, pairs, bar in (("1,000", at.small_pairs, 3.0), ("63,436", at.pairs, 50.0)):
        added = [
            Ask("POST", f"/tasks/{task}/dependencies", {"depends_on_id": other}) for task, other in pairs
        ]
        load, other = writes([ours, peer], added)
        report.add(f"add dependency among {where} tasks", load.rate, "requests/s")
        report.add(
            f"add dependency among {where} tasks against FastAPI",
            load.rate / other.rate,
            "x",
            bar,
            at_least=True,
        )

    mixed = [
        Ask("PATCH", f"/tasks/{task}", {"title": f"Title {number}"})
        if number % 20 == 0
        else Ask("GET", f"/tasks/{task}")
        for number, task in enumerate(rng.choices(at.ids, k=20_000))
    ]
    load, other = reads([(ours, mixed), (peer, mixed)])
    report.add("95 % reads, 5 % writes", load.rate, "requests/s")
    report.add("95 % reads, 5 % writes against FastAPI", load.rate / other.rate, "x", 6, at_least=True)
    report.add("95 % reads, 5 % writes, p99 against p50", load.p99 / load.p50, "x", 5)

    load, other = reads([(two, tasks), (ours, tasks)])
    report.add("cached task read, two workers against one", load.rate / other.rate, "x")


def main() -> None:
    folder = debian_folder(__doc__)
    report, rng = Report("http"), random.Random(1)

    with durable_servers() as (database, service, redis), ExitStack() as stack:
        session = pymysql.connect(
            **driver_options(database), database=database.database, autocommit=True, local_infile=True
        )
        debian, _, _ = imported(database, session, folder)
        hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
        call(session, "UPDATE app_user SET password_hash = %s WHERE id = %s", hashed, debian.user)
        at = place(session, debian.user, debian.id, rng)
        copy = copy_to_peer(database)

        begin = stack.enter_context
        ours = begin(servers.headgate("headgate", service.url, redis))
        token = log_in(ours, "debian")
        claims = {"sub": str(debian.user), "exp": 2**31}
        other_token = jwt.encode(claims, SECRET_KEY, algorithm="HS256")
        uncached = servers.headgate("headgate without cache", service.url, redis, CACHE_TTL="0")
        away = servers.headgate("headgate while Redis is away", service.url, "unix:///nowhere/redis.sock")
        two = servers.headgate("headgate, two workers", service.url, redis, "--workers", "2")
        everyone = {
            "ours": Contestant(ours, PREFIX, token),
            "ours without cache": Contestant(begin(uncached), PREFIX, token),
            "ours while Redis is away": Contestant(begin(away), PREFIX, token),
            "two workers": Contestant(begin(two), PREFIX, token),
            "bare": Contestant(begin(servers.bare()), "", token),
            "FastAPI": Contestant(begin(servers.fastapi("FastAPI", copy, redis)), "", other_token),
            "FastAPI without cache": Contestant(
                begin(servers.fastapi("FastAPI without cache", copy, redis, CACHE_TTL="0")), "", other_token
            ),
        }
        measure(report, at, everyone, rng)
        report.finish(about(session))


if __name__ == "__main__":
    main()
