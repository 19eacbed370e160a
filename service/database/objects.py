"""Functions, procedures, views and triggers: sql/ is the present, and the server is made equal to it.

One object per file, named after it, in the folder of its kind or in one below it, whose name means nothing
here. A file is loaded again when its text changed, when the server no longer holds the object, or when it
holds something else than was loaded. An object whose file is gone is dropped.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.database import definition
from service.database.connection import query, quoted
from service.database.definition import checksum, definition_checksum, names_held, record, recorded
from service.database.problem import DatabaseProblem, sentence

# In load order: MySQL looks up what a view calls when it is made, and what the others call when they run.
KINDS = ("function", "procedure", "view", "trigger")

_NO_SUCH_TABLE = 1146

Rights = Callable[[str, str], list[str]]


@dataclass(frozen=True)
class Source:
    """One file of sql/."""

    kind: str
    name: str
    file: str
    text: str

    @property
    def checksum(self) -> str:
        return checksum(self.text)

    @property
    def table(self) -> str:
        """The table a trigger guards."""
        found = re.search(r"\bON\s+`?(\w+)`?\s+FOR\s+EACH\s+ROW", self.text, re.IGNORECASE)
        if not found:
            raise DatabaseProblem(f"{self.file} does not say ON which table FOR EACH ROW.")
        return found[1]


def sources(folder: Path, kind: str) -> dict[str, Source]:
    """The files of one kind, by the name of their object."""
    return {
        path.stem: Source(
            kind,
            path.stem,
            f"sql/{path.relative_to(folder).as_posix()}",
            path.read_text(encoding="utf-8").strip().rstrip(";"),
        )
        for path in sorted((folder / f"{kind}s").rglob("*.sql"), key=lambda path: path.stem)
    }


def load_objects(connection: "Connection[Any]", folder: Path, rights: Rights = lambda *_: []) -> list[str]:
    """Make the server hold what the files say; returns what changed, as "procedure add_dependency".

    `rights` are the GRANTs on a routine, which a replacement would lose until the end of the load.
    """
    changed: list[str] = []
    for kind in KINDS:
        files = sources(folder, kind)
        held = names_held(connection, kind)
        stale = _stale(connection, kind, files, held)
        gone = recorded(connection, kind).keys() - files.keys()
        for name in sorted(gone):
            query(connection, f"DROP {kind} IF EXISTS {quoted(name)}")
        definition.forget(connection, kind, gone)
        _REPLACE[kind](connection, stale, held, rights)
        changed += [f"{kind} {name}" for name in [*sorted(gone), *(source.name for source in stale)]]
    return changed


def drop_objects(connection: "Connection[Any]") -> None:
    """Drop all that was loaded: the tables are about to become those of an older release."""
    for kind in reversed(KINDS):
        for name in recorded(connection, kind):
            query(connection, f"DROP {kind} IF EXISTS {quoted(name)}")
            definition.forget(connection, kind, [name])


def _stale(
    connection: "Connection[Any]", kind: str, files: dict[str, Source], held: set[str]
) -> list[Source]:
    known = recorded(connection, kind)
    return [
        source
        for name, source in files.items()
        if name not in held
        or known.get(name) != (source.checksum, definition_checksum(connection, kind, name))
    ]


def _replace_routines(
    connection: "Connection[Any]", stale: list[Source], held: set[str], rights: Rights
) -> None:
    for source in stale:
        try:
            _replace(connection, source, held)
            held.add(source.name)
        finally:
            # Callers miss their rights for as short a time as can be; on the old one, put back, too.
            if connection.open and source.name in held:
                for grant in rights(source.kind, source.name):
                    query(connection, grant)
        _record(connection, source)


def _replace_views(connection: "Connection[Any]", stale: list[Source], _: set[str], __: Rights) -> None:
    """Views that read other views wait until those are there."""
    waiting = stale
    while waiting:
        later = []
        for source in waiting:
            try:
                query(connection, re.sub(r"^CREATE\s+(?!OR\b)", "CREATE OR REPLACE ", source.text, count=1))
            except MySQLError as error:
                if error.args[0] != _NO_SUCH_TABLE or len(waiting) == 1:
                    raise _refusal(source, error) from error
                later.append(source)
            else:
                _record(connection, source)
        if len(later) == len(waiting):
            raise DatabaseProblem(
                f"sql/views: {', '.join(source.name for source in later)} read what does not exist."
            )
        waiting = later


def _replace_triggers(connection: "Connection[Any]", stale: list[Source], held: set[str], _: Rights) -> None:
    """All guards of a table change while nobody can write to it: there is no moment without them."""
    by_table: dict[str, list[Source]] = defaultdict(list)
    for source in stale:
        by_table[source.table].append(source)
    for table, guards in by_table.items():
        query(connection, f"LOCK TABLES {quoted(table)} WRITE")
        try:
            for source in guards:
                _replace(connection, source, held)
        finally:
            if connection.open:
                query(connection, "UNLOCK TABLES")
        for source in guards:
            _record(connection, source)


def _replace(connection: "Connection[Any]", source: Source, held: Collection[str]) -> None:
    """DROP and CREATE; a text that MySQL refuses leaves the object as it was."""
    before = None
    if source.name in held:
        before = definition.create_statement(connection, source.kind, source.name)
        query(connection, f"DROP {source.kind} {quoted(source.name)}")
    try:
        query(connection, source.text)
    except MySQLError as error:
        if before and connection.open:
            query(connection, before)
        raise _refusal(source, error) from error


def _record(connection: "Connection[Any]", source: Source) -> None:
    held = definition_checksum(connection, source.kind, source.name)
    record(connection, source.kind, source.name, source.checksum, held)


def _refusal(source: Source, error: MySQLError) -> DatabaseProblem:
    return DatabaseProblem(f"{source.file}: {sentence(error)}")


_REPLACE = {
    "function": _replace_routines,
    "procedure": _replace_routines,
    "view": _replace_views,
    "trigger": _replace_triggers,
}
