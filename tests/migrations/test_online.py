"""An index is added to a large table while people go on writing to it."""

import threading
from pathlib import Path

import pytest

from service.database.connection import connected, query
from service.database.migrate import MIGRATIONS
from tests.migrations.conftest import Project

ROWS = 100_000
INDEXES = sorted(path for path in MIGRATIONS.glob("*.index-*.sql") if int(path.name[:4]) > 19)


@pytest.mark.parametrize("path", INDEXES, ids=lambda path: path.stem)
def test_an_index_is_built_without_a_lock(path: Path) -> None:
    assert "ALGORITHM = INPLACE,\n    LOCK = NONE;" in path.read_text()


@pytest.mark.parametrize(
    ("how", "goes_on"),
    [("ALGORITHM = INPLACE, LOCK = NONE", True), ("ALGORITHM = COPY, LOCK = SHARED", False)],
)
def test_writes_go_on_while_an_index_is_added(project: Project, how: str, goes_on: bool) -> None:
    project.up()
    with connected(project.dsn) as connection:
        query(connection, "INSERT INTO workspace (name) VALUES ('large')")
        # As an import does: the index is of tasks, and what is derived from them would take minutes.
        query(connection, "SET @headgate_deriving = 2")
        query(
            connection,
            "INSERT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ INTO task (workspace_id, title, description)"
            " WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < %s)"
            " SELECT (SELECT MAX(id) FROM workspace), SHA2(n, 256), '' FROM number",
            ROWS,
        )
    project.write(
        "migrations/0090.index-tasks.sql",
        f"-- transactional: false\nALTER TABLE task ADD KEY task_online (workspace_id, title, description(50)), {how};\n",
    )
    project.write(
        "migrations/0090.index-tasks.rollback.sql",
        "-- transactional: false\nALTER TABLE task DROP KEY task_online;\n",
    )
    operator = threading.Thread(target=project.up)

    with connected(project.dsn) as connection:
        query(connection, "SET lock_wait_timeout = 60")

        def altering() -> bool:
            return bool(query(connection, "SELECT 1 FROM performance_schema.processlist WHERE db = DATABASE() AND info LIKE 'ALTER TABLE task %%' AND state LIKE %s", "alter%"))  # fmt: skip

        operator.start()
        written = 0
        try:
            while operator.is_alive():
                if altering():
                    query(connection, "INSERT INTO task (workspace_id, title, description) SELECT MAX(id), 'meanwhile', '' FROM workspace")  # fmt: skip
                    written += altering()
        finally:
            # Its database must not be dropped under it: the two would wait for each other for ever.
            operator.join()

    assert (written > 0) == goes_on
    assert (
        project.query("SELECT COUNT(*) FROM task FORCE INDEX (task_online) WHERE workspace_id > 0")[0][0]
        >= ROWS
    )
