"""Eight sessions at the same time, each in a thread, and what they were told put together for the judge."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import pymysql
from pymysql.cursors import DictCursor

from service.database.connection import Dsn, open_connection
from tests.concurrency.judge import Claim, Verdict, judge
from tests.concurrency.session import SEED, SESSIONS, Place, ServerGone, Session, Style

# HEADGATE_SOAK_SECONDS=60 lets each workload run so long.
SECONDS = float(os.environ.get("HEADGATE_SOAK_SECONDS") or 2)
# Of each session, however slow the machine is.
LEAST_STEPS = 25


@dataclass
class Crowd:
    """Eight sessions and the places they fight for."""

    dsn: Dsn
    places: list[Place]
    style: Style
    sessions: list[Session] = field(default_factory=list)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    accident: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    is_over: threading.Event = field(default_factory=threading.Event)
    seconds: float = 0
    # In which nobody finishes a step before it is called a hang; a lock is waited for up to 50.
    patience: float = 60
    has_hung: bool = False

    def __enter__(self) -> Self:
        for number in range(SESSIONS):
            self.sessions.append(Session(self.dsn, number, self.places, self.style, self.accident))
        return self

    def __exit__(self, *_: object) -> None:
        for session in self.sessions:
            session.close()

    def work(
        self,
        seconds: float,
        step: Callable[[Session], object] = Session.step,
        beside: Callable[["Crowd"], None] | None = None,
        may_die: bool = False,
    ) -> None:
        """All at once, for some seconds and some steps; beside them somebody who disturbs, until `is_over`."""
        self.is_over.clear()
        self.seconds = seconds
        until = time.monotonic() + seconds
        start = threading.Barrier(SESSIONS)

        def one(session: Session) -> None:
            start.wait(60)
            done = 0
            try:
                while not self.is_over.is_set() and (time.monotonic() < until or done < LEAST_STEPS):
                    step(session)
                    done += 1
                    self.asked.release()
            except ServerGone:
                if not may_die:
                    raise

        with ThreadPoolExecutor(SESSIONS + 1) as pool:
            disturber = pool.submit(beside, self) if beside else None
            working = [pool.submit(one, session) for session in self.sessions]
            seen = -1
            while wait(working, timeout=self.patience).not_done and seen < (seen := self.steps):
                pass
            self.is_over.set()
            self.end_what_hangs(working)
        for future in [*working, *([disturber] if disturber else [])]:
            future.result()

    def end_what_hangs(self, working: "list[Future[None]]") -> None:
        """Kill sessions that do nothing more: on a graph with a cycle a procedure can search for ever."""
        while wait(working, timeout=1).not_done:
            self.has_hung = True
            with open_connection(self.dsn) as connection, connection.cursor() as cursor:
                for session in self.sessions:
                    with suppress(pymysql.OperationalError):
                        cursor.execute(f"KILL {session.door.thread_id()}")

    def after(self, steps: int) -> bool:
        """Wait until so many more steps are done; whether the work still goes on then."""
        while steps and not self.is_over.is_set():
            steps -= self.asked.acquire(timeout=0.2)
        return not self.is_over.is_set()

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something, or for the end of the work: whoever has an accident says so."""
        while not happened() and not self.is_over.is_set():
            self.accident.acquire(timeout=0.2)

    @property
    def steps(self) -> int:
        return sum(len(session.claims) for session in self.sessions)

    @property
    def claims(self) -> list[Claim]:
        return [claim for session in self.sessions for claim in session.claims if claim.steps]

    @property
    def accidents(self) -> Counter[int]:
        """How many of which errors there were: what is no refusal."""
        return sum((session.accidents for session in self.sessions), Counter())

    def verdict(self) -> Verdict:
        """What an independent judge says to all of it."""
        whole = Verdict()
        if self.has_hung:
            whole.fault("hang", "nobody did anything any more, and sessions had to be killed")
        with open_connection(self.dsn, cursor=DictCursor) as connection:
            for place in self.places:
                verdict = judge(connection, place.workspace, self.claims)
                whole.faults += [f"[HEADGATE_SEED={SEED}] {fault}" for fault in verdict.faults]
                whole.judged += verdict.judged
        return whole
