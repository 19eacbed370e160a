"""What a private MySQL and a private Redis have in common: start, wait until it answers, stop."""

import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from service.embedded.errors import EmbeddedError
from service.embedded.folders import private_folder, socket_path
from service.embedded.process import spawn
from service.embedded.progress import QUIET, Progress

POLL_SECONDS = 0.02


class PrivateServer(ABC):
    """One server process whose data is in `folder`; only its owner can reach its Unix `socket`."""

    name: str
    patience = 180.0  # seconds for a start or a clean stop: recovery after a crash may take a while

    def __init__(self, folder: Path, inherit: Sequence[int] = ()) -> None:
        # A socket's path must mean the same to the server, whose working folder is another.
        self.folder = private_folder(folder.absolute())
        self.log = self.folder / f"{self.name.lower()}.log"
        self.socket = socket_path(self.folder, f"{self.name.lower()}.sock")
        self._inherit = tuple(inherit)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, progress: Progress = QUIET) -> None:
        """Start it, with new data if there is none, and return when it answers."""
        what = f"Starting {self.name}"
        self._prepare(progress)
        progress.step(what, 0.0)
        self._process = self._spawn(self._command())
        try:
            self._wait(self._process)
        except BaseException:
            self.stop()
            raise
        progress.step(what, 1.0)

    def stop(self) -> None:
        """End it cleanly (SIGTERM), or by force if that takes too long; does nothing if it is not running."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(self.patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self.socket.parent != self.folder:
            with suppress(OSError):  # not empty: the other server's socket, or one that was killed
                self.socket.parent.rmdir()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @abstractmethod
    def client_command(self) -> list[str]:
        """The argv that runs the server's own client against it."""

    @abstractmethod
    def _prepare(self, progress: Progress) -> None: ...

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    @abstractmethod
    def _reason(self) -> str: ...

    def _spawn(self, argv: Sequence[str]) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as output:
            return spawn(argv, output, inherit=self._inherit)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self.patience
        while not self._answers():
            if process.poll() is not None:
                raise EmbeddedError(f"{self.name} stopped while starting: {self._reason()} (log: {self.log})")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.name} does not answer (log: {self.log})")
            time.sleep(POLL_SECONDS)

    def _reply(self, request: bytes, length: int) -> bytes:
        """The first bytes that the server says to `request`, or b"" if nobody answers yet."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2.0)
                connection.connect(str(self.socket))
                connection.sendall(request)
                return connection.recv(length)
        except OSError:
            return b""
