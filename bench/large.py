"""A large workspace in a database twice as large: what finding is measured and planned on.

The same for the same numbers, on every machine: pseudo-random by CRC32. It is written by SQL past the triggers, which
takes a minute for what the front door would take half an hour for; verify_workspace finds nothing wrong with it.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pymysql.connections import Connection

from service.database import migrate
from service.database.connection import Dsn, open_connection
from service.embedded import MySQL, ensure_mysql
from service.embedded.folders import cache_folder, in_use, private_folder

PEOPLE = 50
NEIGHBOURS = 10
CHUNK = 50_000
# The largest and the smallest of them stand in the questions of tests/plans.
TAGS = [
    "backend", "urgent", "web", "shop", "docs", "bug", "design", "ops", "legal", "print",
    *(f"tag{number}" for number in range(190)),
]  # fmt: skip
WORDS = [
    "review", "report", "quarterly", "update", "customer", "invoice", "release", "server", "website", "contract",
    "引用", "見積書", "보고서",
    *(a + b + c for a in ("ka", "lo", "mi", "ter", "ven", "sar", "pol", "du", "no", "fer", "gra", "bi")
      for b in ("ra", "sto", "li", "men", "du", "ca", "ne", "vi", "to", "ski", "pa", "gu", "lle", "xo", "qua", "re")
      for c in ("n", "s", "ler", "tion", "ment", "ty", "do", "ka", "ric", "vel", "ma", "zo", "ster", "ble", "ff", "pha")),
]  # fmt: skip


@dataclass(frozen=True)
class Large:
    """The workspace that is asked, its owner, and how many tasks it has."""

    workspace_id: int
    user_id: int
    tasks: int


def chance(what: str, salt: str) -> str:
    """SQL for a number from 0 to 1 that goes with a number."""
    # Multiplied, because the check sums of numbers that follow each other lie on a grid.
    return f"(CRC32(CONCAT({what}, {salt})) * 2654435761 % 4294967296 / 4294967296e0)"


def words(salt: str, count: int) -> str:
    """SQL for some words, of which the first of the list are the most frequent."""
    picked = (
        f"""(SELECT word FROM large_word WHERE nr = FLOOR(POW({chance("n", f"'{salt}{k}'")}, 3) * {len(WORDS)}))"""
        for k in range(count)
    )
    return f"CONCAT_WS(' ', {', '.join(picked)})"


def fill(session: "Connection", tasks: int) -> Large:
    """Put the large workspace, and as many tasks again in others, into a migrated database."""
    with session.cursor() as cursor:

        def run(statement: str, *args: object) -> int:
            # No values, no %-formatting: statements may hold a %.
            return int(cursor.execute(statement, args or None))

        def rows(statement: str) -> list[tuple[int, ...]]:
            run(statement)
            return list(cursor.fetchall())

        session.autocommit(True)
        for number in range(PEOPLE):
            run("CALL create_user(%s, %s, 'x')", f"large{number}", f"large{number}@example.org")
        people = [
            user for (user,) in rows("SELECT id FROM app_user WHERE username LIKE 'large%' ORDER BY id")
        ]
        owner = people[0]
        run("CALL create_workspace(%s, 'Large')", owner)
        ((large,),) = rows("SELECT MAX(id) FROM workspace")
        for number in range(1, PEOPLE):
            run("CALL set_member(%s, %s, %s, 'member')", owner, large, f"large{number}")
        for _ in range(NEIGHBOURS):
            run("CALL create_workspace(%s, 'Neighbour')", owner)
        ((first,),) = rows("SELECT COALESCE(MAX(id), 0) FROM task")

        run("SELECT GROUP_CONCAT(TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"
            " AND EVENT_OBJECT_TABLE IN ('task', 'task_word', 'node', 'tag', 'dependency')")  # fmt: skip
        ((triggers,),) = cursor.fetchall()
        for trigger in triggers.split(","):
            run(f"DROP TRIGGER {trigger}")
        run("CREATE TABLE large_word (nr INT PRIMARY KEY, word VARCHAR(32))")
        cursor.executemany("INSERT INTO large_word VALUES (%s, %s)", list(enumerate(WORDS)))
        run("CREATE TABLE large_tag (nr INT PRIMARY KEY, name VARCHAR(32))")
        cursor.executemany("INSERT INTO large_tag VALUES (%s, %s)", list(enumerate(TAGS)))
        run("SET foreign_key_checks = 0, unique_checks = 0, cte_max_recursion_depth = 4294967295")

        # Many rows are faster to index at once. What foreign keys need has to stay.
        keys: list[tuple[str, str, str]] = []
        for table in ("task", "node") if tasks > CHUNK else ():
            run(f"SHOW CREATE TABLE {table}")
            ((_, text),) = cursor.fetchall()
            found = re.findall(r"^  (KEY `(\w+)` \(`workspace_id`.*?),?$", text, re.MULTILINE)
            keys += [(table, name, key) for key, name in found]
            run(f"ALTER TABLE {table} " + ", ".join(f"DROP KEY {name}" for _, name in found))

        for start in range(1, 2 * tasks + 1, CHUNK):
            _fill_chunk(run, large, first, people[0], start, min(start + CHUNK - 1, 2 * tasks), 2 * tasks)
        for table in sorted({table for table, _, _ in keys}):
            run(f"ALTER TABLE {table} " + ", ".join(f"ADD {key}" for of, _, key in keys if of == table))
        run("SET foreign_key_checks = 1, unique_checks = 1")
        run("DROP TABLE large_word, large_tag")
        for workspace in range(large, large + NEIGHBOURS + 1):
            run("CALL _derive_words(%s, %s, %s)", workspace, first + 1, first + 2 * tasks)
        migrate.synchronise(session)
        run("ANALYZE TABLE task, task_word, node, tag, dependency, change_log, membership")
        cursor.fetchall()
    return Large(large, owner, tasks)


def _fill_chunk(run, large: int, first: int, person: int, start: int, end: int, total: int) -> None:  # type: ignore[no-untyped-def]
    # Every other task is of the large workspace; the others take turns.
    numbers = (
        f"(WITH RECURSIVE number (n) AS (SELECT {start} UNION ALL SELECT n + 1 FROM number WHERE n < {end})"
        f" SELECT n, {first} + n AS id, IF(n % 2, {large}, {large} + 1 + n DIV 2 % {NEIGHBOURS}) AS workspace_id,"
        f""" {chance("n", "'s'")} AS luck, n / {total} AS age FROM number) AS number"""
    )
    closed = "CASE WHEN luck < 0.08 THEN 'cancelled' WHEN luck > POW(age, 4) THEN 'completed'"
    status = f"{closed} WHEN luck < 0.2 THEN 'in_progress' ELSE 'pending' END"
    created = f"TIMESTAMP('2023-12-01') + INTERVAL FLOOR(n / {total} * 94000000) SECOND + INTERVAL n % 1000 MICROSECOND"
    run(f"""
        INSERT INTO task (id, workspace_id, task_key, title, description, status, priority, assignee_id, estimate_minutes,
                          due_at, version, created_by, created_at, updated_at, started_at, completed_at)
        SELECT id, workspace_id, IF(n % 3, NULL, CONCAT('K-', n)), {words("t", 5)},
               IF({chance("n", "'d'")} < 0.4, {words("b", 8)}, ''), {status},
               ELT(1 + FLOOR(POW({chance("n", "'p'")}, 0.7) * 4), 'urgent', 'high', 'medium', 'low'),
               IF({chance("n", "'a'")} < 0.4, NULL, {person} + FLOOR(POW({chance("n", "'A'")}, 2) * {PEOPLE})),
               IF({chance("n", "'e'")} < 0.5, NULL, 15 * FLOOR(1 + {chance("n", "'E'")} * 40)),
               IF({chance("n", "'u'")} < 0.6, NULL,
                  TIMESTAMP('2023-12-01') + INTERVAL FLOOR((age + {chance("n", "'U'")} / 5) * 94000000) SECOND),
               1, {person} + FLOOR({chance("n", "'c'")} * {PEOPLE}), {created},
               {created} + INTERVAL FLOOR({chance("n", "'v'")} * 8000000) SECOND, NULL, NULL
          FROM {numbers}""")
    run(
        "UPDATE task SET started_at = IF(status = 'pending', NULL, created_at + INTERVAL 1 HOUR),"
        " completed_at = IF(status = 'completed', updated_at, NULL) WHERE id BETWEEN %s AND %s",
        first + start,
        first + end,
    )
    # Of each task up to three tags, with a few on many tasks and many on few.
    run(f"""
        INSERT IGNORE INTO tag (workspace_id, task_id, name)
        SELECT task.workspace_id, task.id,
               (SELECT name FROM large_tag
                 WHERE nr = FLOOR(POW({chance(f"task.id - {first}", "'g', pick.nr")}, 3) * {len(TAGS)}))
          FROM task
          JOIN (SELECT 1 AS nr UNION ALL SELECT 2 UNION ALL SELECT 3) AS pick
         WHERE task.id BETWEEN {first + start} AND {first + end}
           AND {chance(f"task.id - {first}", "'G', pick.nr")} < 0.5""")
    # A task may wait for older ones of its workspace; a completed one for none that is open.
    run(f"""
        INSERT IGNORE INTO dependency (workspace_id, task_id, depends_on_id, created_at)
        SELECT task.workspace_id, task.id, older.id, task.created_at
          FROM task
          JOIN (SELECT 1 AS nr UNION ALL SELECT 2) AS pick
          JOIN task AS older
            ON older.id = task.id - 2 * {NEIGHBOURS} * (1 + FLOOR(POW({chance(f"task.id - {first}", "'w', pick.nr")}, 4) * 500))
           AND older.workspace_id = task.workspace_id
         WHERE task.id BETWEEN {first + start} AND {first + end}
           AND {chance(f"task.id - {first}", "'W', pick.nr")} < 0.5
           AND (task.status <> 'completed' OR older.status NOT IN ('pending', 'in_progress'))""")
    run(f"""
        INSERT INTO node (task_id, workspace_id, topo_rank, waiting_for, is_open, is_pending, priority_rank)
        SELECT task.id, task.workspace_id, task.id * _rank_spacing(),
               (SELECT COUNT(*)
                  FROM dependency
                  JOIN task AS older ON older.id = dependency.depends_on_id
                 WHERE dependency.workspace_id = task.workspace_id AND dependency.task_id = task.id
                   AND older.status IN ('pending', 'in_progress')),
               task_status.is_open, task.status = 'pending', task_priority.sort_order
          FROM task
          JOIN task_status USING (status)
          JOIN task_priority USING (priority)
         WHERE task.id BETWEEN {first + start} AND {first + end}""")


def _digest(tasks: int) -> str:
    # Not of the migrations: what is newer than the data is applied to it.
    return hashlib.sha256(Path(__file__).read_bytes() + str(tasks).encode()).hexdigest()[:12]


@contextmanager
def large_server(tasks: int, series: str | None = None) -> Iterator[tuple[Dsn, Large]]:
    """A MySQL with the large workspace, kept in the cache folder from one run to the next."""
    installation = ensure_mysql(series)
    folder = private_folder(cache_folder() / "large" / f"{tasks}-{_digest(tasks)}-{installation.series}")
    with in_use(folder) as lock:
        server = MySQL(
            installation,
            folder,
            durable=False,
            extra=["--innodb-buffer-pool-size=3G", "--innodb-flush-log-at-trx-commit=2", "--skip-log-bin",
                   "--innodb-redo-log-capacity=1G", "--innodb-ft-cache-size=64M"],
            inherit=[lock],
        )  # fmt: skip
        server.start()
        try:
            root = Dsn.parse(f"mysql://root@localhost/mysql?unix_socket={server.socket}")
            dsn = Dsn.parse(root.url.replace("/mysql?", "/large?"))
            made = folder / "made"
            if not made.exists():
                with open_connection(root) as connection, connection.cursor() as cursor:
                    cursor.execute("DROP DATABASE IF EXISTS large")
                    cursor.execute("CREATE DATABASE large CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci")
            migrate.up(dsn)
            with open_connection(dsn) as session:
                if not made.exists():
                    large = fill(session, tasks)
                    made.write_text(f"{large.workspace_id} {large.user_id}")
            workspace, user = map(int, made.read_text().split())
            yield dsn, Large(workspace, user, tasks)
        finally:
            server.stop()
