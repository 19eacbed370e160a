"""The words that both sides know: statuses, priorities, roles and others, read from sql/reference."""

import csv
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "sql" / "reference"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one reference file, as the database has them too."""
    with (REFERENCE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


STATUSES = tuple(row["status"] for row in sorted(rows("task_status"), key=lambda row: int(row["sort_order"])))
PRIORITIES = tuple(
    row["priority"] for row in sorted(rows("task_priority"), key=lambda row: int(row["sort_order"]))
)
REACTIONS = tuple(row["kind"] for row in rows("reaction_kind"))
ROLES = tuple(row["role"] for row in sorted(rows("role"), key=lambda row: int(row["sort_order"])))
NOTIFICATION_KINDS = tuple(row["kind"] for row in rows("notification_kind"))
# Those of _sort_field, where a time has the name that it has in a task.
SORT_COLUMNS = (
    "created_at", "updated_at", "started_at", "completed_at", "due_at",
    "priority", "estimate", "title", "task_id", "relevance",
)  # fmt: skip
