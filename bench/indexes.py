"""How fast tasks are found in a workspace of 1,000,000 among 2,000,000, what each index brings, and what it costs.

python -m bench.indexes --tasks 1000000
"""

import argparse
import json
import os
import re
from dataclasses import dataclass
from typing import Any

from bench.large import Large, large_server
from bench.measure import Report, Session, about, call, in_turn, p50, seconds
from service.database.connection import open_connection
from tests.plans.queries import HOT, RANKED

# Two words that stand in a tenth of the tasks each, two that stand in a fortieth, one of each; what is typed before them.
TYPED = (
    "quarterly report",
    "karan lostoler",
    "report karan",
    '"quarterly report"',
    "見積書",
    "quarterly rep*",
    "q*",
    "r*",
    "deployment*",
)
COMPOUND = ("status:pending tag:backend priority:high", "is:ready tag:backend assignee:large3", "tag:backend tag:urgent status:completed")  # fmt: skip
PAGED = ("", "status:completed", "tag:backend", "sort:-updated", "sort:title")
# Each finds about a tenth of the workspace.
FACETED = (
    "status:pending", "is:ready", "assignee:large0", "created>2026-08-01", "updated>2026-09-15", "due>2026-06-01",
)  # fmt: skip
ROUNDS = 15


@dataclass(frozen=True)
class Place:
    """The large workspace, as its owner asks for it."""

    session: Session
    large: Large

    def find(self, line: str, after: str | None = None, skip: int = 0, limit: int = 50) -> list[Any]:
        """A page; list_tasks leaves its statement in the session."""
        return call(
            self.session,
            "CALL list_tasks(%s, %s, NULL, %s, NULL, %s, %s, %s)",
            self.large.user_id, self.large.workspace_id, line, after, skip, limit,
        )  # fmt: skip

    def after(self, line: str, count: int) -> str:
        """The place behind so many tasks."""
        with self.session.cursor() as cursor:
            cursor.execute(
                "CALL list_tasks(%s, %s, NULL, %s, NULL, NULL, %s, 1)",
                (self.large.user_id, self.large.workspace_id, line, count - 1),
            )
            cursor.nextset()
            ((_, place),) = cursor.fetchall()
            cursor.nextset()
        return str(place)


def measure_finding(place: Place, report: Report) -> None:
    """Each hot query beside what showing 50 tasks by their ids costs."""
    ids = json.dumps([row[0] for row in place.find("sort:title")])
    report.add("50 tasks by their ids, as they are shown: the base", base(place, ids) * 1000, "ms")
    ((task,),) = call(
        place.session,
        "SELECT MAX(edge.depends_on_id) FROM dependency AS edge JOIN node ON node.task_id = edge.depends_on_id AND node.is_open"
        " WHERE edge.workspace_id = %s",
        place.large.workspace_id,
    )
    # What is ranked by its words is bounded in milliseconds, by measure_words.
    single = {query.line.format(task=task): query.line for query in HOT if query.exempt != RANKED}
    for line, name in [*single.items(), *((line, line) for line in COMPOUND)]:
        place.find(line)
        taken = in_turn(ROUNDS, base=lambda _: show(place, ids), page=lambda _, line=line: place.find(line))  # type: ignore[misc]
        bar = 10 if len(name.split()) > 1 else 5
        report.add(f"finding {name or 'all'}, page 1", p50(taken["page"]) / p50(taken["base"]), "x base", bar)


def measure_words(place: Place, report: Report) -> None:
    """First pages by relevance, of searches and of what is typed on the way to them; and what the index of words costs."""
    for line in TYPED:
        place.find(line)
        taken = in_turn(ROUNDS, page=lambda _, line=line: place.find(line))  # type: ignore[misc]
        report.add(f"text {line}, page 1", p50(taken["page"]) * 1000, "ms", 50)
    chosen = "SELECT id FROM task WHERE workspace_id = %s AND id > %s ORDER BY id LIMIT 20000"
    ((middle,),) = call(place.session, "SELECT (MIN(id) + MAX(id)) DIV 2 FROM task WHERE workspace_id = %s", place.large.workspace_id)  # fmt: skip
    ((last,),) = call(
        place.session, f"SELECT MAX(id) FROM ({chosen}) AS chosen", place.large.workspace_id, middle
    )
    place.session.begin()
    call(place.session, "SET @headgate_deriving = 1")
    call(place.session, "DELETE FROM task_word WHERE workspace_id = %s AND task_id > %s AND task_id <= %s", place.large.workspace_id, middle, last)  # fmt: skip
    taken_words = seconds(call, place.session, "CALL _derive_words(%s, %s, %s)", place.large.workspace_id, middle + 1, last)  # fmt: skip
    place.session.rollback()
    report.add("cost task_word, its words of a task", taken_words / 20_000 * 1e6, "us")


def show(place: Place, ids: str) -> None:
    call(place.session, "CALL _show_tasks(%s, %s)", place.large.workspace_id, ids)


def base(place: Place, ids: str) -> float:
    return p50(in_turn(ROUNDS, base=lambda _: show(place, ids))["base"])


def measure_paging(place: Place, report: Report) -> None:
    """A page in the middle of the workspace beside the first."""
    for line in PAGED:
        count = min(500_000, len(place.find(line, limit=place.large.tasks)) // 2) if line.startswith("tag") else place.large.tasks // 2  # fmt: skip
        after = place.after(line, count)
        taken = in_turn(
            ROUNDS, first=lambda _, line=line: place.find(line), later=lambda _, line=line, after=after: place.find(line, after)
        )  # type: ignore[misc]  # fmt: skip
        report.add(
            f"paging {line or 'all'}, page {count // 50:,} by cursor", p50(taken["later"]) / p50(taken["first"]), "x page 1", 1.2
        )  # fmt: skip


def measure_counts(place: Place, report: Report) -> None:
    """Facets of what about a tenth of the workspace is, and how many there are."""
    who = (place.large.user_id, place.large.workspace_id)
    for line in FACETED:
        taken = in_turn(
            5,
            facets=lambda _, line=line: call(place.session, "CALL get_facets(%s, %s, NULL, %s)", *who, line),
            number=lambda _, line=line: call(
                place.session, "CALL count_tasks(%s, %s, NULL, %s, NULL)", *who, line
            ),
        )  # type: ignore[misc]
        ((found, _),) = call(place.session, "CALL count_tasks(%s, %s, NULL, %s, 1000000)", *who, line)
        report.add(f"facets on {line}, which matches {found:,}", p50(taken["facets"]) * 1000, "ms", 500)
        report.add(f"how many {line} matches, estimated beyond 10,000", p50(taken["number"]) * 1000, "ms")


def measure_gain(place: Place, report: Report) -> None:
    """The first query of each index, with it and without."""
    seen: set[str] = set()
    for query in HOT:
        if query.index in {*seen, "PRIMARY"} or "{" in query.line or query.exempt:
            continue
        seen.add(query.index)
        place.find(query.line)
        ((statement,),) = call(
            place.session, "SELECT REPLACE(@headgate_statement, 'INTO @headgate_page', '')"
        )
        named = f"FORCE INDEX ({query.index})"
        without = re.sub(
            r"IGNORE INDEX FOR ORDER BY \(PRIMARY\)", f"IGNORE INDEX (PRIMARY, {query.index})", statement
        )
        for words, text in (
            ("with", statement),
            ("without", without.replace(named, f"IGNORE INDEX ({query.index})")),
        ):
            call(place.session, "SET @headgate_measured = %s", text)
            call(place.session, "PREPARE measured FROM @headgate_measured")
            run = "EXECUTE measured USING @headgate_skip, @headgate_limit"
            taken = in_turn(5 if words == "with" else 1, run=lambda _, run=run: call(place.session, run))[
                "run"
            ]  # type: ignore[misc]
            report.add(f"gain {query.index}: {query.line or 'all'}, {words}", p50(taken) * 1000, "ms")


def measure_cost(place: Place, report: Report) -> None:
    """What each index adds to inserting a task and to completing it: on copies of 100,000 tasks with one index each."""
    session, rows = place.session, min(100_000, place.large.tasks // 2)
    columns = (
        "task.id, task.workspace_id, task.title, task.status, task.priority, task.assignee_id, task.assignee_team_id,"
        " task.estimate_minutes, task.due_at, task.created_by, task.created_at, task.updated_at, task.started_at,"
        " task.completed_at, node.readiness, node.priority_rank"
    )
    chosen = f"SELECT {columns} FROM task JOIN node ON node.task_id = task.id AND node.workspace_id = task.workspace_id"
    indexes = call(
        session,
        "SELECT INDEX_NAME, REPLACE(GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX), 'task_id', 'id') FROM information_schema.STATISTICS"
        " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('task', 'node') AND NON_UNIQUE"
        " GROUP BY TABLE_NAME, INDEX_NAME HAVING NOT MAX(COLUMN_NAME IN ('topo_rank', 'queue_rank'))",
    )
    (_, middle, last), *_ = call(
        session,
        "SELECT MIN(id), MAX(IF(n = %s, id, 0)), MAX(IF(n = %s, id, 0)) FROM"
        " (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM task WHERE workspace_id = %s LIMIT %s) AS numbered",
        rows, rows * 6 // 5, place.large.workspace_id, rows * 6 // 5,
    )  # fmt: skip
    taken: dict[str, tuple[float, float]] = {}
    for name, key in [("none", ""), *indexes]:
        call(session, "DROP TABLE IF EXISTS task_copy")
        call(session, f"CREATE TABLE task_copy (PRIMARY KEY (id){f', KEY ({key})' if key else ''}) {chosen} WHERE task.workspace_id = %s AND task.id <= %s", place.large.workspace_id, middle)  # fmt: skip
        insert = seconds(call, session, f"INSERT INTO task_copy {chosen} WHERE task.workspace_id = %s AND task.id > %s AND task.id <= %s", place.large.workspace_id, middle, last)  # fmt: skip
        update = seconds(
            call, session,
            "UPDATE task_copy SET status = IF(status = 'pending', 'completed', 'pending'), completed_at = '2026-11-23',"
            " readiness = IF(readiness = 'ready', 'closed', 'ready'), updated_at = updated_at + INTERVAL 300 DAY WHERE id > %s",
            middle,
        )  # fmt: skip
        taken[name] = (insert / (rows // 5) * 1e6, update / (rows // 5) * 1e6)
        if name != "none":
            for what, before, after in zip(
                ("inserting", "completing"), taken["none"], taken[name], strict=True
            ):
                report.add(f"cost {name}, {what} a task", max(0.0, after - before), "us")
    call(session, "DROP TABLE task_copy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument(
        "--milliseconds", action="store_true", help="measure only words and facets, which are bounded so"
    )
    asked = parser.parse_args()
    report = Report("indexes")
    with (
        large_server(asked.tasks, os.environ.get("BENCH_MYSQL", "8.0")) as (dsn, large),
        open_connection(dsn) as session,
    ):
        place = Place(session, large)
        measure_words(place, report)
        measure_counts(place, report)
        if not asked.milliseconds:
            measure_finding(place, report)
            measure_paging(place, report)
            measure_gain(place, report)
            measure_cost(place, report)
        about_it = about(session) | {"tasks": f"{large.tasks:,} of {2 * large.tasks:,}"}
        report.finish(about_it, is_part=asked.milliseconds)


if __name__ == "__main__":
    main()
