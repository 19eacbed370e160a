"""A workload and its verdict: with the locks for some seconds, without them until it has done harm."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pymysql.cursors import DictCursor

from service.database.connection import open_connection
from tests.concurrency.conftest import Arena
from tests.concurrency.judge import Verdict
from tests.concurrency.session import Session, Style, new_place
from tests.concurrency.workload import SECONDS, Crowd
from tests.graphs import Line

LOGGER = logging.getLogger(__name__)

# Without the locks the first seconds do harm; this is for the slowest of machines.
PATIENCE = 90


@dataclass(frozen=True)
class Outcome:
    """What came of a contest."""

    verdict: Verdict
    accidents: Counter[int]
    asked: int


def contest(
    arena: Arena,
    style: Style,
    *,
    places: int = 1,
    graph: Sequence[Line] = (),
    step: Callable[[Session], object] = Session.step,
    beside: Callable[[Crowd], None] | None = None,
) -> Outcome:
    """Let eight sessions work, and judge. Without the locks it goes on until there is something to be seen."""
    with open_connection(arena.dsn, cursor=DictCursor) as connection:
        contested = [new_place(connection, graph, hot=style.tasks) for _ in range(places)]
    until = time.monotonic() + PATIENCE
    # Where a cycle got in, a search for a place in the order may never end.
    patience = 60 if arena.is_locked else 15
    with Crowd(arena.dsn, contested, style, patience=patience) as crowd:
        crowd.work(SECONDS if arena.is_locked else 1, step, beside)
        verdict = crowd.verdict()
        while not arena.is_locked and not verdict.harm and time.monotonic() < until:
            crowd.work(1, step, beside)
            verdict = crowd.verdict()
        return Outcome(verdict, crowd.accidents, len(crowd.claims))


def assert_right(arena: Arena, outcome: Outcome) -> None:
    """With the locks nothing is wrong, and much was tried; without them the same workload does lasting harm."""
    aborted = sum(outcome.accidents.values())
    LOGGER.info(
        "%d asked, %d aborted (%.1f of 1,000): %s; judged: %s",
        outcome.asked, aborted, 1_000 * aborted / outcome.asked, dict(outcome.accidents), dict(outcome.verdict.judged),
    )  # fmt: skip
    if arena.is_locked:
        assert not outcome.verdict.faults, "\n".join(outcome.verdict.faults)
        assert {"add", "dependency_cycle", "task_blocked"} <= outcome.verdict.judged.keys()
    else:
        assert outcome.verdict.harm, outcome.verdict
