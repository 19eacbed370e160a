"""A small project of its own to migrate, and a way to compare whole databases."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.database import definition, difference, grants, migrate
from service.database.connection import Dsn, connected, query
from service.database.migrate import MIGRATIONS, SQL, Outcome

GUARD = """CREATE TRIGGER app_user_before_insert BEFORE INSERT ON app_user FOR EACH ROW
BEGIN
    IF NEW.username = 'nobody' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not nobody';
    END IF;
END
"""


@dataclass(frozen=True)
class Project:
    """Our first migrations with a handful of objects, in a folder where a test may change them."""

    folder: Path
    dsn: Dsn

    @property
    def migrations(self) -> Path:
        return self.folder / "migrations"

    @property
    def sql(self) -> Path:
        return self.folder / "sql"

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def up(self, service: Dsn | None = None) -> Outcome:
        return migrate.up(self.dsn, service, folder=self.migrations, sql=self.sql)

    def check(self) -> list[str]:
        lines = difference.check(self.dsn, folder=self.migrations, sql=self.sql)
        # The folder of a test has no list of checksums; test_files.py is about that one.
        return [line for line in lines if not line.startswith("file ")]

    def query(self, statement: str, *args: object) -> list[tuple[Any, ...]]:
        with connected(self.dsn) as connection:
            return query(connection, statement, *args)

    def has_table(self, name: str) -> bool:
        return bool(self.query("SHOW TABLES LIKE %s", name))


def _copy(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder)


@pytest.fixture
def project(empty_database: Dsn, tmp_path: Path) -> Project:
    for path in MIGRATIONS.glob("000[1-4].*.sql"):
        _copy(path, tmp_path / "migrations")
    vocabulary = (MIGRATIONS / "0001.create-vocabulary.sql").read_text()
    for path in (SQL / "reference").glob("*.csv"):
        if f"CREATE TABLE IF NOT EXISTS {path.stem} " in vocabulary:
            _copy(path, tmp_path / "sql" / "reference")
    project = Project(tmp_path, empty_database)
    project.write(
        "sql/procedures/greet.sql", "CREATE PROCEDURE greet () SQL SECURITY DEFINER SELECT 'hello'\n"
    )
    project.write(
        "sql/views/status.sql", "CREATE SQL SECURITY INVOKER VIEW status AS SELECT status FROM task_status\n"
    )
    project.write("sql/triggers/app_user_before_insert.sql", GUARD)
    project.write(
        "sql/grants.sql",
        "GRANT EXECUTE ON PROCEDURE greet TO service, planner;\nGRANT SELECT ON status TO analyst;\n",
    )
    return project


def dump(dsn: Dsn) -> dict[str, Any]:
    """Everything that migrating makes: definitions, reference rows, records and rights."""
    with connected(dsn) as connection:
        held: dict[str, Any] = {
            f"{kind} {name}": definition.definition(connection, kind, name)
            for kind in ("table", "function", "procedure", "view", "trigger", "event")
            for name in definition.names_held(connection, kind)
        }
        for path in (SQL / "reference").glob("*.csv"):
            held[f"rows of {path.stem}"] = sorted(query(connection, f"SELECT * FROM {path.stem}"))
        held["applied"] = query(connection, "SELECT migration_id FROM _yoyo_migration ORDER BY 1")
        # A view's definition holds the name of the database only where it was made in another one.
        held["recorded"] = query(connection, "SELECT kind, name, checksum FROM schema_object ORDER BY 1, 2")
        held["rights"] = sorted(
            grant.replace(dsn.database, "<database>")
            for grant in grants.held_grants(connection, dsn.database)
        )
        held["character set"] = query(
            connection,
            "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata"
            " WHERE schema_name = DATABASE()",
        )
    return held
