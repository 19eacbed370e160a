"""Sixteen workers at one queue: each task is taken once, in its order; and whoever comes late is told so.

HEADGATE_CLAIMS=1000 is the full race. Without the locks the same race is repeated until it has done harm.
"""

import logging
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pymysql.connections import Connection
from pymysql.cursors import DictCursor
from pymysql.err import MySQLError

from service.database.calls import call
from service.database.connection import open_connection
from service.errors import Refused
from service.vocabulary import PRIORITIES
from tests.concurrency.conftest import Arena
from tests.concurrency.contest import PATIENCE
from tests.concurrency.session import SEED, new_user
from tests.conftest import Row, User
from tests.graphs import import_lines, lines, violations
from tests.servers import run

LOGGER = logging.getLogger(__name__)
WORKERS = 16
TASKS = int(os.environ.get("HEADGATE_CLAIMS") or 200)
# So many show the harm that is done without the locks.
ENOUGH = 200
LEASE = 600


@dataclass
class Queue:
    """A workspace full of tasks, a user for each worker, and what the workers were told."""

    workspace: int
    users: list[User]
    order: list[int]
    claims: list[Row] = field(default_factory=list)
    # Of each claim that was completed, or was too late for it: the task and the fence.
    done: list[tuple[int, int]] = field(default_factory=list)
    late: list[tuple[int, int]] = field(default_factory=list)
    accidents: Counter[str] = field(default_factory=Counter)


@dataclass
class Worker:
    """A session that claims tasks until there are none."""

    queue: Queue
    user: User
    connection: "Connection[DictCursor]"
    rng: random.Random

    def claim(self) -> Row | None:
        """The next task; None if there is none. What lost a lock is asked for again."""
        while True:
            try:
                rows = call(
                    self.connection, "claim_next_task", self.user.id, self.queue.workspace, None, LEASE
                )
            except (Refused, MySQLError) as error:
                self.note(error)
                continue
            self.queue.claims += rows
            return rows[0] if rows else None

    def let_expire(self, claim: Row) -> None:
        """End the lease now, without waiting for it; the workspace is locked first, as everybody does."""
        held = claim["task_id"], claim["fence"]
        while True:
            try:
                run(self.connection, "START TRANSACTION")
                run(
                    self.connection, "SELECT id FROM workspace WHERE id = %s FOR UPDATE", self.queue.workspace
                )
                run(
                    self.connection,
                    "UPDATE claim SET lease_expires_at = claimed_at WHERE task_id = %s AND fence = %s",
                    *held,
                )
            except (Refused, MySQLError) as error:
                run(self.connection, "ROLLBACK")
                self.note(error)
                continue
            run(self.connection, "COMMIT")
            return

    def complete(self, claim: Row) -> None:
        held = claim["task_id"], claim["fence"]
        while True:
            try:
                call(self.connection, "complete_claim", self.user.id, *held)
            except (Refused, MySQLError) as error:
                if isinstance(error, Refused) and error.error.code == "claim_lost":
                    self.queue.late.append(held)
                    return
                self.note(error)
                continue
            self.queue.done.append(held)
            return

    def note(self, error: Refused | MySQLError) -> None:
        self.queue.accidents[error.error.code if isinstance(error, Refused) else str(error.args[0])] += 1


def new_queue(connection: "Connection[DictCursor]", tasks: int) -> Queue:
    founder, *users = (new_user(connection) for _ in range(WORKERS + 1))
    (row,) = call(connection, "create_workspace", founder.id, "queue")
    for user in users:
        call(connection, "set_member", founder.id, row["workspace_id"], user.name, "member")
    rng = random.Random(SEED)
    wanted = lines(*({"key": f"t{number}", "priority": rng.choice(PRIORITIES)} for number in range(tasks)))
    import_lines(connection, founder.id, wanted, workspace_id=row["workspace_id"])
    order = run(
        connection,
        "SELECT task.id FROM task JOIN task_priority USING (priority) WHERE workspace_id = %s"
        " ORDER BY task_priority.sort_order DESC, task.id",
        row["workspace_id"],
    )
    return Queue(row["workspace_id"], users, [task["id"] for task in order])


def work(arena: Arena, queue: Queue, shift: Callable[[Worker], None]) -> float:
    """All workers at once, until each finds the queue empty; how long it took, in seconds."""
    start = threading.Barrier(WORKERS)

    def one(number: int) -> None:
        with open_connection(arena.dsn, cursor=DictCursor) as connection:
            worker = Worker(queue, queue.users[number], connection, random.Random(f"{SEED}-{number}"))
            start.wait(60)
            shift(worker)

    began = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        for future in [pool.submit(one, number) for number in range(WORKERS)]:
            future.result()
    return time.monotonic() - began


def contest(arena: Arena, shift: Callable[[Worker], None], judge: Callable[[Queue], list[str]]) -> None:
    """With the locks nothing goes wrong; without them the race goes on until something has."""
    until = time.monotonic() + PATIENCE
    tasks = TASKS if arena.is_locked else ENOUGH
    with open_connection(arena.dsn, cursor=DictCursor) as connection:
        while True:
            queue = new_queue(connection, tasks)
            seconds = work(arena, queue, shift)
            faults = judge(queue)
            faults += violations(connection, None, queue.workspace)
            LOGGER.info(
                "%d tasks, %d claims, %d late, %.1f s; accidents: %s; %d faults",
                tasks, len(queue.claims), len(queue.late), seconds, dict(queue.accidents), len(faults),
            )  # fmt: skip
            if arena.is_locked or faults or time.monotonic() > until:
                break
    if arena.is_locked:
        assert not faults, f"[HEADGATE_SEED={SEED}] {faults[:10]}"
        assert not queue.accidents
    else:
        assert faults


def test_two_workers_never_get_the_same_task(arena: Arena) -> None:
    with open_connection(arena.dsn, cursor=DictCursor) as connection:
        queue = new_queue(connection, 2)

    first, second = arena.race(
        *(("claim_next_task", user.id, queue.workspace, None, LEASE) for user in queue.users[:2])
    )

    assert first.refused_with is second.refused_with is None
    taken = [racer.rows[0]["task_id"] for racer in (first, second)]
    assert taken == (queue.order if arena.is_locked else queue.order[:1] * 2)


def take_all(worker: Worker) -> None:
    while worker.claim():
        pass


def each_once_and_in_order(queue: Queue) -> list[str]:
    taken = [claim["task_id"] for claim in sorted(queue.claims, key=lambda claim: claim["fence"])]
    if taken == queue.order:
        return []
    twice = [task for task, times in Counter(taken).items() if times > 1]
    return [f"{len(taken)} claims of {len(queue.order)} tasks, {twice} more than once, or out of order"]


def test_each_task_is_taken_once_in_the_order_of_the_queue(arena: Arena) -> None:
    contest(arena, take_all, each_once_and_in_order)


def work_and_forget(worker: Worker) -> None:
    """Some of the claims expire at once, and are only completed after the next."""
    forgotten: list[Row] = []
    while True:
        forgets = worker.rng.random() < 0.4
        claim = worker.claim()
        if forgets and claim:
            worker.let_expire(claim)
            forgotten.append(claim)
            continue
        if claim:
            worker.complete(claim)
        for old in forgotten:
            worker.complete(old)
        forgotten.clear()
        if not claim and not forgets:
            return


def completed_by_the_newest(queue: Queue) -> list[str]:
    """Each task was completed once, under the highest number that it was ever claimed under."""
    newest: dict[int, int] = {}
    for claim in queue.claims:
        newest[claim["task_id"]] = max(newest.get(claim["task_id"], 0), claim["fence"])
    faults = [
        f"{held} was completed, not under the newest" for held in queue.done if held not in newest.items()
    ]
    faults += [f"{held} was lost, and is the newest" for held in queue.late if held in newest.items()]
    if sorted(task for task, _ in queue.done) != sorted(queue.order):
        faults.append(f"{len(queue.order)} tasks, completed {len(queue.done)} times")
    if len(queue.done) + len(queue.late) != len(queue.claims):
        faults.append("a claim was neither completed nor lost")
    return faults


def test_who_comes_late_completes_nothing_that_another_has_taken(arena: Arena) -> None:
    contest(arena, work_and_forget, completed_by_the_newest)
