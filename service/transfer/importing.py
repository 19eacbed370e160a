"""A file of tasks into a workspace: streamed in, checked whole, committed at once or not at all."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

import orjson
from pymysql.connections import Connection

from service.database.calls import Row, call, call_for_all
from service.errors import Refused
from service.transfer.line import LONGEST_LINE, BadLine, parse

# What one `CALL stage_tasks` carries at most.
CHUNK_LINES = 1_000
CHUNK_BYTES = 4 * 1024 * 1024

SHOWN_ERRORS = 1_000


@dataclass(frozen=True)
class Imported:
    """What went in, and each dependency that was left out: line, task_key, depends_on_key, cycle."""

    workspace_id: int
    tasks: int
    dependencies: int
    skipped: list[Row]
    revision: int


@dataclass(frozen=True)
class LineError:
    """One thing that is wrong with one line."""

    line: int
    detail: str


class ImportRefused(Exception):
    """Nothing was imported; the first thousand errors, in order of their lines, and how many there are."""

    def __init__(self, errors: list[LineError], count: int) -> None:
        super().__init__(
            f"Nothing was imported: {count:,} {'error' if count == 1 else 'errors'} in the file."
        )
        self.errors = errors
        self.count = count


def import_tasks(
    connection: "Connection[Any]",
    file: IO[bytes],
    actor_id: int,
    workspace_id: int | None,
    on_cycle: str = "refuse",
    progress: Callable[[int], None] = lambda done: None,
) -> Imported:
    """Import a file; `progress` is told the bytes read. Raises `ImportRefused` or `Refused`."""
    call(connection, "begin_import")
    # The database takes one chunk in while the next one is read and checked here.
    with ThreadPoolExecutor(max_workers=1) as sender:
        stage = _Stage(connection, sender)
        done = 0
        for number, raw in _lines(file):
            done += len(raw)
            if text := raw.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").strip():
                stage.add(number, text)
            if number % 100 == 0:
                progress(done)
        stage.flush()
        stage.wait()
        progress(done)
    try:
        results = call_for_all(connection, "finish_import", actor_id, workspace_id, on_cycle)
    except Refused as refused:
        if refused.error.code == "import_refused":
            raise stage.refusal(refused) from refused
        raise
    skipped, (total,) = results
    return Imported(total["workspace_id"], total["tasks"], total["dependencies"], skipped, total["revision"])


class _Stage:
    """Lines on their way into the connection's staging tables."""

    def __init__(self, connection: "Connection[Any]", sender: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._sender = sender
        self._sent: Future[Any] | None = None
        self._bad: dict[int, str] = {}
        self._chunk: list[bytes] = []
        self._bytes = 0

    def add(self, number: int, text: bytes) -> None:
        """Stage one line.

        One that cannot be read holds its key's place, so that the others are judged fairly, and waits for
        a handle that no file can contain, so that nothing is imported.
        """
        try:
            row = parse(text)
        except BadLine as error:
            # The database reports the first thousand errors, so no more of ours can be among them.
            if len(self._bad) < SHOWN_ERRORS:
                self._bad[number] = str(error)
            row = {"key": error.key or f"#\0{number}", "title": "?", "depends_on": ["#\0"]}
        encoded = orjson.dumps({"line": number, **row})
        self._chunk.append(encoded)
        self._bytes += len(encoded)
        if len(self._chunk) >= CHUNK_LINES or self._bytes >= CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send what has been gathered, once what was sent before has arrived."""
        if self._chunk:
            self.wait()
            rows = "[" + b",".join(self._chunk).decode() + "]"
            self._sent = self._sender.submit(call, self._connection, "stage_tasks", rows)
            self._chunk, self._bytes = [], 0

    def wait(self) -> None:
        """Until what was sent has arrived; raises what became of it."""
        if self._sent:
            self._sent.result()

    def refusal(self, refused: Refused) -> ImportRefused:
        """What the database found, with our own words for the lines that could not be read."""
        errors = [
            LineError(error["line"], self._bad[error["line"]])
            if error["code"] == "unknown_key" and error["line"] in self._bad
            else LineError(error["line"], error["detail"])
            for error in refused.facts["errors"]
        ]
        return ImportRefused(sorted(errors, key=lambda error: error.line), refused.facts["count"])


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, never more of one than the longest that is allowed and one byte."""
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        yield number, raw
        while not raw.endswith(b"\n") and len(raw) > LONGEST_LINE:
            raw = file.readline(LONGEST_LINE + 1)
