"""`headgate up` as a process of its own, with its own state and the downloads of everybody."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.database.migrate import ROOT

PATIENCE = 180


@dataclass
class Up:
    """A running `headgate up`."""

    process: "subprocess.Popen[bytes]"
    url: str
    environment: dict[str, str]
    log: Path

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text()

    def headgate(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command of the same checkout, beside it."""
        return self._run(sys.executable, "-m", "service.cli", *arguments)

    def paste(self, line: str) -> "subprocess.CompletedProcess[str]":
        """A line of its output, typed into a shell."""
        return self._run("bash", "-c", line)

    def _run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def descendants(self) -> set[int]:
        """Every process that it started, and theirs."""
        found, waiting = set(), [self.process.pid]
        while waiting:
            pid = waiting.pop()
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                children = [int(child) for child in task.read_text().split()]
                found.update(children)
                waiting += children
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


Start = Callable[..., Up]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start `headgate up` with further settings, until it has printed all; every start has the same state folder."""
    state = tmp_path_factory.mktemp("end-to-end")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    names = ("DATABASE_URL", "SERVICE_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "LOG_FORMAT")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment |= {"HEADGATE_STATE": str(state), "PORT": str(port), "BCRYPT_COST": "4"}
    started: list[Up] = []

    def start(**settings: str) -> Up:
        log = state.with_name(f"{state.name}-{len(started)}.log")
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "up"],
                cwd=ROOT,
                env=environment | settings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        up = Up(process, f"http://127.0.0.1:{port}", environment, log)
        started.append(up)
        deadline = time.monotonic() + PATIENCE
        while "Ctrl-C stops everything" not in up.output:
            assert process.poll() is None, up.output
            assert time.monotonic() < deadline, up.output
            time.sleep(0.05)
        return up

    yield start
    for up in started:
        if up.process.poll() is None:
            up.process.kill()
            up.process.wait()


def lines_to_paste(output: str) -> list[str]:
    """The two lines under "The same cycle"."""
    return re.findall(r"^(curl .*|.* sql -e .*)$", output, re.MULTILINE)
