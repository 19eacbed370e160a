"""The files themselves: names, pairs, order, checksums."""

import re
from pathlib import Path

import pytest
import sqlparse
from yoyo.migrations import read_sql_migration

from service.database.definition import file_checksum
from service.database.migrate import MIGRATIONS

FORWARD = sorted(path for path in MIGRATIONS.glob("*.sql") if not path.name.endswith(".rollback.sql"))


def test_the_list_of_checksums_is_what_sha256sum_prints() -> None:
    listed = (MIGRATIONS / "SHA256SUMS").read_text().splitlines()

    assert listed == [f"{file_checksum(path)}  {path.name}" for path in sorted(MIGRATIONS.glob("*.sql"))]


def test_numbers_have_no_gap_and_no_twin() -> None:
    assert [int(path.name[:4]) for path in FORWARD] == list(range(1, len(FORWARD) + 1))


@pytest.mark.parametrize("path", FORWARD, ids=lambda path: path.stem)
class TestMigration:
    def test_name_says_what_it_does(self, path: Path) -> None:
        assert re.fullmatch(r"\d{4}(\.[a-z]+(-[a-z]+)+)\.sql", path.name)

    def test_can_be_undone_statement_by_statement(self, path: Path) -> None:
        undo = path.with_suffix(".rollback.sql")

        assert len(read_sql_migration(str(undo))[2]) == len(read_sql_migration(str(path))[2])

    def test_runs_outside_a_transaction(self, path: Path) -> None:
        for file in (path, path.with_suffix(".rollback.sql")):
            assert read_sql_migration(str(file))[0] == {"transactional": "false"}

    def test_has_no_routine_and_calls_none(self, path: Path) -> None:
        for statement in sqlparse.split(path.read_text()):
            words = re.sub(r"'[^']*'", "''", sqlparse.format(statement, strip_comments=True)).upper()
            assert not re.search(r"\b(CALL|PROCEDURE|FUNCTION|TRIGGER|VIEW)\s", words)
