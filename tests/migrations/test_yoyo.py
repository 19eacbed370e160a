"""A plain `yoyo apply` makes the same database."""

import subprocess
import sys

from service.database import difference, migrate
from service.database.connection import Dsn
from tests.conftest import new_database
from tests.migrations.conftest import dump


def yoyo(dsn: Dsn, options: str = "") -> None:
    url = dsn.url + ("&" if "?" in dsn.url else "?") + "autocommit=1" + options
    subprocess.run(
        [sys.executable, "-m", "yoyo", "apply", "--batch", "--database", url],
        cwd=migrate.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )


def test_yoyo_apply_makes_what_migrate_up_makes(empty_database: Dsn) -> None:
    migrate.up(empty_database)
    with new_database("headgate_y") as other:
        yoyo(other)

        assert dump(other) == dump(empty_database)
        assert [line for line in difference.check(other) if not line.startswith("file ")] == []


def test_migrate_up_after_yoyo_apply_has_nothing_to_do(empty_database: Dsn) -> None:
    yoyo(empty_database)

    assert migrate.up(empty_database) == migrate.Outcome([], [])


def test_the_sql_mode_of_the_caller_does_not_matter(empty_database: Dsn) -> None:
    migrate.up(empty_database)
    with new_database("headgate_y") as other:
        yoyo(other, "&sql_mode=ANSI")

        assert dump(other) == dump(empty_database)
