"""What people see: tables and bars on a terminal, plain lines in a pipe."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


class Steps:
    """The slow steps of the private servers, a bar each; see service.embedded.Progress."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def step(self, what: str, fraction: float) -> None:
        """Draw how far a step is; a terminal shows a bar, anything else one line when it begins."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=1.0)
            if not ERR.is_terminal:
                ERR.print(f"{what} ...")
        self._bars.update(self._tasks[what], completed=fraction)

    def note(self, message: str) -> None:
        """One line that stays."""
        ERR.print(message)


@contextmanager
def steps() -> Iterator[Steps]:
    """Bars for steps that take seconds; they disappear when all is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as bars:
        yield Steps(bars)


@contextmanager
def byte_bar(what: str, total: int | None) -> Iterator["ByteBar"]:
    """A bar over bytes read; drawn on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as bars:
        yield ByteBar(bars, bars.add_task(what, total=total), total)


class ByteBar:
    """One bar."""

    def __init__(self, bars: Progress, task: TaskID, total: int | None) -> None:
        self._bars = bars
        self._task = task
        self._total = total

    def at(self, done: int) -> None:
        """So many are done; when all are, what is left to wait for has no measure."""
        self._bars.update(self._task, completed=done)
        if done == self._total:
            self._bars.update(self._task, description="Checking and committing", total=None)
