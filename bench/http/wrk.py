"""wrk, from PATH or from the machine's Debian archive, and what it says."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.embedded.prefix import Recipe, ensure_prefix, loaded
from service.embedded.progress import QUIET

SCRIPT = Path(__file__).with_name("requests.lua")
CONNECTIONS = 32


@dataclass(frozen=True)
class Ask:
    """One request of a list that wrk sends again and again: method, path and body."""

    method: str
    path: str
    body: object = None

    @property
    def line(self) -> str:
        return f"{self.method} {self.path} {'' if self.body is None else json.dumps(self.body)}"


@dataclass(frozen=True)
class Load:
    """What a server did in some seconds: requests a second, latencies in milliseconds, and answers that were errors."""

    rate: float
    p50: float
    p99: float
    errors: int
    answered: int


def command() -> list[str]:
    """How wrk is started here."""
    if found := shutil.which("wrk"):
        return [found]
    return list(
        loaded(
            ensure_prefix(Recipe(name="wrk", title="wrk", suites=("",), packages=("wrk",)), QUIET),
            "usr/bin/wrk",
        )
    )


def drive(address: str, asks: Sequence[Ask], token: str, seconds: int, *, start: int = 0) -> Load:
    """Ask as fast as the server answers, over 32 connections, from the list's place `start` on."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("".join(f"{ask.line}\n" for ask in asks))
        file.flush()
        said = subprocess.run(
            [
                *(
                    *command(),
                    "--threads",
                    "1",
                    "--connections",
                    str(CONNECTIONS),
                    "--duration",
                    f"{seconds}s",
                ),
                *("--timeout", "30s", "--script", str(SCRIPT), address, "--", file.name, token, str(start)),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    found = json.loads(said.splitlines()[-1])
    return Load(
        rate=found["requests"] / found["seconds"],
        p50=found["p50"],
        p99=found["p99"],
        errors=found["errors"],
        answered=found["requests"],
    )
