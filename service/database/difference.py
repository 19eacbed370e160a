"""What is not as the files say: each difference between a database and the repository as one line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pymysql.connections import Connection

from service.database import definition, grants, migrations, objects, reference
from service.database.connection import Dsn, connected
from service.database.migrate import MIGRATIONS, SQL, edited_migrations


def check(dsn: Dsn, *, folder: Path = MIGRATIONS, sql: Path = SQL) -> list[str]:
    """Every difference, or an empty list; changes nothing."""
    with connected(dsn) as connection:
        found = migrations.read(folder)
        pending = [
            f"migration {one.id} is pending"
            for one in found
            if one.id not in migrations.applied_ids(connection)
        ]
        lines = [*pending, *_checksum_file(folder)]
        if not definition.names_held(connection, "table") >= {"schema_object"}:
            return lines
        lines += [
            f"migration {name} was edited after it was applied"
            for name in edited_migrations(connection, found)
        ]
        lines += _tables(connection)
        if not pending:
            lines += [*_rows(connection, sql / "reference"), *_objects(connection, sql)]
            lines += _grants(connection, sql / "grants.sql", dsn.database)
        return lines


def _checksum_file(folder: Path) -> Iterator[str]:
    """The files against migrations/SHA256SUMS, which is what `sha256sum *.sql` printed."""
    path = folder / "SHA256SUMS"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = {file.name: definition.file_checksum(file) for file in folder.glob("*.sql")}
    for name in sorted(files.keys() | listed.keys()):
        if name not in files:
            yield f"file migrations/{name} is in SHA256SUMS and gone"
        elif name not in listed:
            yield f"file migrations/{name} is not in SHA256SUMS"
        elif files[name] != listed[name]:
            yield f"file migrations/{name} is not what SHA256SUMS says"


def _tables(connection: "Connection[Any]") -> Iterator[str]:
    held, known = definition.names_held(connection, "table"), definition.recorded(connection, "table")
    for name in sorted(held | known.keys()):
        if name not in held:
            yield f"table {name} was dropped"
        elif name not in known:
            yield f"table {name} is not from a migration"
        elif known[name][1] != definition.definition_checksum(connection, "table", name):
            yield f"table {name} was altered by hand"


def _rows(connection: "Connection[Any]", folder: Path) -> Iterator[str]:
    for difference in reference.differences(connection, folder):
        positions = [difference.columns.index(column) for column in difference.key]
        for row in difference.to_write:
            yield f"row {' '.join(row[p] for p in positions)} of {difference.table} is not as its file says"
        for name in difference.to_delete:
            yield f"row {' '.join(name)} of {difference.table} is not in its file"


def _objects(connection: "Connection[Any]", sql: Path) -> Iterator[str]:
    for kind in (*objects.KINDS, "event"):
        files = objects.sources(sql, kind)
        held, known = definition.names_held(connection, kind), definition.recorded(connection, kind)
        for name in sorted(held | files.keys()):
            if name not in held:
                yield f"{kind} {name} is missing"
            elif name not in files:
                yield f"{kind} {name} is not from a file in sql/"
            elif name not in known or known[name][0] != files[name].checksum:
                yield f"{kind} {name} is not the one of its file; its file changed"
            elif known[name][1] != definition.definition_checksum(connection, kind, name):
                yield f"{kind} {name} was altered by hand"


def _grants(connection: "Connection[Any]", path: Path, database: str) -> Iterator[str]:
    wanted, held = grants.wanted_grants(path, database), grants.held_grants(connection, database)
    yield from (f"missing: {grant}" for grant in sorted(wanted - held))
    yield from (f"not in sql/grants.sql: {grant}" for grant in sorted(held - wanted))
