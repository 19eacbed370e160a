"""Several processes on one port: started again when they die, and exchanged one by one for a new release.

Each worker has a socket of its own on the port (SO_REUSEPORT), so that the kernel spreads connections. The
parent opens these sockets and keeps them: a worker that leaves hands its socket on, with the connections that
wait in it, and a deployment loses none.
"""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from service import log, metrics
from service.app import create_app
from service.config import ConfigError, Settings
from service.process.server import RETIRE, ServeError, open_socket, serve_on

LOGGER = logging.getLogger(__name__)

# How long a worker may take to be ready, and beyond SHUTDOWN_SECONDS to be gone.
START_SECONDS = 60
GRACE_SECONDS = 15
# A worker that dies is replaced at once; one that dies again and again, not more often than this.
RESTART_SECONDS = 5.0

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class Worker:
    """One process."""

    process: BaseProcess
    said: Connection
    settings: Settings
    started: float = field(default_factory=time.monotonic)
    ready: bool = False
    leaves_until: float | None = None

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid

    def leave(self, number: int) -> None:
        """Ask it to end; what it does about its clients depends on the signal."""
        if self.leaves_until is None and self.process.is_alive():
            self.leaves_until = time.monotonic() + self.settings.shutdown_seconds + GRACE_SECONDS
            os.kill(self.pid, number)


@dataclass
class Slot:
    """One of the sockets, who serves on it, and who is to do so next."""

    socket: socket.socket
    worker: Worker | None = None
    next: Worker | None = None
    leaving: list[Worker] = field(default_factory=list)
    empty_until: float = 0.0

    @property
    def all(self) -> list[Worker]:
        return [worker for worker in (self.worker, self.next, *self.leaving) if worker]


class Supervisor:
    """The parent of the workers."""

    def __init__(self, settings: Settings, workers: int, folder: Path, read: Callable[[], Settings]) -> None:
        self._settings = settings
        self._folder = folder
        self._read = read
        self._slots = [Slot(open_socket(settings, shared=True)) for _ in range(workers)]
        self._restarting: list[Slot] = []
        self._signals: list[int] = []
        self._stopping = False
        self._served = False

    def run(self) -> None:
        """Keep the workers running until SIGTERM or SIGINT; SIGHUP exchanges all of them."""
        with self._awake() as bell:
            while not self._stopping or any(slot.all for slot in self._slots):
                self._obey()
                for slot in self._slots:
                    self._tend(slot)
                self._go_on_restarting()
                workers = [worker for slot in self._slots for worker in slot.all]
                ends = [worker.process.sentinel for worker in workers]
                starts = [worker.said for worker in workers if not worker.ready]
                connection.wait([bell, *ends, *starts], timeout=0.5)
                while bell.poll():
                    bell.recv_bytes()

    def _obey(self) -> None:
        while self._signals:
            if self._signals.pop(0) != signal.SIGHUP:
                self._stop()
            elif not self._stopping:
                self._restart()

    def _stop(self) -> None:
        self._stopping = True
        for slot in self._slots:
            # Nobody is to wait in a queue that nobody serves.
            slot.socket.close()
            for worker in slot.all:
                worker.leave(signal.SIGTERM)

    def _restart(self) -> None:
        try:
            settings = self._read()
            create_app(settings)
        except ConfigError as error:
            LOGGER.error("restart_refused", extra={"reason": str(error)})
            return
        LOGGER.info("restarting")
        self._settings = settings
        self._restarting = list(self._slots)

    def _go_on_restarting(self) -> None:
        """One worker after the other: the next begins when the one before serves."""
        while self._restarting and not self._stopping and not any(slot.next for slot in self._slots):
            slot = self._restarting.pop(0)
            slot.next = self._start(slot)

    def _tend(self, slot: Slot) -> None:
        now = time.monotonic()
        for worker in slot.all:
            self._listen(slot, worker)
            if worker.leaves_until and now > worker.leaves_until:
                worker.process.kill()
            if not worker.ready and now > worker.started + START_SECONDS:
                worker.process.kill()
            if not worker.process.is_alive():
                self._bury(slot, worker)
        if slot.worker is None and slot.next is None and not self._stopping and now >= slot.empty_until:
            slot.worker = self._start(slot)

    def _listen(self, slot: Slot, worker: Worker) -> None:
        """Hear that a worker serves; then the one before it leaves."""
        if worker.ready or not worker.said.poll():
            return
        try:
            worker.said.recv_bytes()
        except EOFError:
            return
        worker.ready = self._served = True
        if worker is slot.next:
            if slot.worker:
                slot.worker.leave(RETIRE)
                slot.leaving.append(slot.worker)
            slot.worker, slot.next = worker, None

    def _bury(self, slot: Slot, worker: Worker) -> None:
        # Whoever served before this one died has said so by now, heard or not.
        for other in self._slots:
            for serving in other.all:
                self._listen(other, serving)
        worker.process.join()
        worker.said.close()
        metrics.forget_process(worker.pid, self._folder)
        if worker in slot.leaving:
            slot.leaving.remove(worker)
        elif worker is slot.next:
            # What serves goes on serving; the rest is not tried with what does not start.
            slot.next, self._restarting = None, []
            LOGGER.error("restart_failed", extra={"exit_code": worker.process.exitcode})
        else:
            slot.worker, slot.empty_until = None, worker.started + RESTART_SECONDS
            if self._stopping:
                return
            if not self._served:
                self._give_up()
            LOGGER.error("worker_died", extra={"exit_code": worker.process.exitcode})

    def _give_up(self) -> None:
        """No worker ever served: starting more of them helps nobody."""
        self._stop()
        for slot in self._slots:
            for worker in slot.all:
                worker.process.join()
        raise ServeError("A worker ended before it served; the log says why.")

    def _start(self, slot: Slot) -> Worker:
        said, saying = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=_work, args=(self._settings, slot.socket, saying))
        process.start()
        saying.close()
        return Worker(process, said, self._settings)

    @contextmanager
    def _awake(self) -> Iterator[Connection]:
        """Something that wakes the loop when a signal comes."""
        bell, rope = _CONTEXT.Pipe(duplex=False)

        def note(number: int, _: object) -> None:
            self._signals.append(number)
            rope.send_bytes(b"!")

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, note)
        with bell, rope:
            yield bell


def supervise(settings: Settings, workers: int, folder: Path, read: Callable[[], Settings]) -> None:
    """Serve with several processes; `read` gives the settings anew for SIGHUP. Raises ServeError."""
    create_app(settings)  # what is wrong with the settings is said once, here
    Supervisor(settings, workers, folder, read).run()


def _work(settings: Settings, listening: socket.socket, saying: Connection) -> None:
    """One worker, in a new process."""
    # Ctrl-C at a terminal reaches the whole group; a second signal would cut requests short.
    os.setsid()
    threading.Thread(target=_follow_parent, daemon=True).start()
    log.configure(settings.log_level, settings.log_format)

    def ready() -> None:
        saying.send_bytes(b"ready")
        saying.close()

    try:
        serve_on(settings, listening, ready)
    except ServeError as error:
        sys.exit(str(error))


def _follow_parent() -> None:
    """End when the parent is gone, even if it was killed and could not say so."""
    parent = multiprocessing.parent_process()
    assert parent
    connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
