"""Reference rows: sql/reference/*.csv, one file per table, kept equal to it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from pymysql.connections import Connection
from pymysql.err import IntegrityError

from service.database.connection import query, quoted

Row = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One table that differs from its file: rows to write, and rows the file no longer has."""

    table: str
    columns: Row
    key: Row
    to_write: list[Row]
    to_delete: list[Row]


def load_rows(connection: "Connection[Any]", folder: Path) -> None:
    """Write what is new or changed, then delete what is gone unless something still refers to it."""
    found = list(differences(connection, folder))
    for difference in found:
        _write(connection, difference)
    for difference in reversed(found):
        _delete(connection, difference)


def differences(connection: "Connection[Any]", folder: Path) -> Iterator[Difference]:
    """Each table that is not as its file says, those that others refer to first."""
    files = {path.stem: path for path in folder.glob("*.csv")}
    for table in _in_order_of_reference(connection, set(files)):
        with files[table].open(newline="", encoding="utf-8") as file:
            header, *rows = (tuple(row) for row in csv.reader(file))
        key = _primary_key(connection, table)
        positions = [header.index(column) for column in key]

        def identity(row: Row, positions: list[int] = positions) -> Row:
            return tuple(row[position] for position in positions)

        columns = ", ".join(f"CAST({quoted(column)} AS CHAR)" for column in header)
        held = {identity(row): row for row in query(connection, f"SELECT {columns} FROM {quoted(table)}")}
        wanted = {identity(row): row for row in rows}
        to_write = [row for name, row in wanted.items() if held.get(name) != row]
        to_delete = [name for name in held if name not in wanted]
        if to_write or to_delete:
            yield Difference(table, header, key, to_write, to_delete)


def _write(connection: "Connection[Any]", difference: Difference) -> None:
    columns = ", ".join(quoted(column) for column in difference.columns)
    marks = ", ".join(["%s"] * len(difference.columns))
    updates = ", ".join(f"{quoted(column)} = new.{quoted(column)}" for column in difference.columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quoted(difference.table)} ({columns}) VALUES ({marks}) AS new"
            f" ON DUPLICATE KEY UPDATE {updates}",
            difference.to_write,
        )


def _delete(connection: "Connection[Any]", difference: Difference) -> None:
    condition = " AND ".join(f"{quoted(column)} = %s" for column in difference.key)
    for name in difference.to_delete:
        try:
            query(connection, f"DELETE FROM {quoted(difference.table)} WHERE {condition}", *name)
        except IntegrityError:
            # Facts still use the word; it stays for them, and `check` keeps naming it.
            continue


def _primary_key(connection: "Connection[Any]", table: str) -> Row:
    rows = query(
        connection,
        "SELECT column_name FROM information_schema.key_column_usage"
        " WHERE table_schema = DATABASE() AND table_name = %s AND constraint_name = 'PRIMARY'"
        " ORDER BY ordinal_position",
        table,
    )
    return tuple(name for (name,) in rows)


def _in_order_of_reference(connection: "Connection[Any]", tables: set[str]) -> list[str]:
    order: TopologicalSorter[str] = TopologicalSorter({table: set() for table in sorted(tables)})
    rows = query(
        connection,
        "SELECT table_name, referenced_table_name FROM information_schema.referential_constraints"
        " WHERE constraint_schema = DATABASE() ORDER BY table_name, referenced_table_name",
    )
    for table, referenced in rows:
        if table in tables and referenced in tables and table != referenced:
            order.add(table, referenced)
    return list(order.static_order())
