"""docs/sql.md, from the headers of the procedures: `make docs` writes it, a test compares it."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

from service.manual.procedure import PROCEDURES, Header

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "sql.md"
SQL = ROOT / "sql"
# What the examples answer on the demo project: `make answers` asks a server, this page only copies.
ANSWERS = ROOT / "docs" / "answers.json"

INTRODUCTION = """\
# SQL reference

What a login may call and read at the SQL prompt. This page is made by `make docs` from the headers in `sql/`;
`CALL help("add_dependency")` shows the same at the prompt.

## A first question

An operator makes a login for you, `headgate sql-account create ana --user demo`, and gives you its password
and a line that opens MySQL's own client. Then ask:

```sql
SELECT name FROM procedure_help;
CALL help("list_ready_tasks");
CALL list_ready_tasks(NULL, NULL, FALSE, 0, 5);
SELECT title FROM ready_task ORDER BY priority_rank DESC, task_id LIMIT 1;
```

`NULL` for the actor is you, and for the workspace your personal one. [The cookbook](cookbook.md) answers a
dozen questions, most with the views alone. What is shown below an example is its answer on the demo project,
shortened.

JSON parameters may be given as text. A refusal is an error with SQLSTATE `45000`, the number below, and a
message that begins with the code; `SELECT @headgate_error` then shows all of it as JSON.
"""

# A heading of sql/grants.sql, and the procedures that its statements name.
GRANTS = re.compile(r"^-- (?P<heading>.+)\n(?P<grants>(?:GRANT EXECUTE .+\n)+)", re.MULTILINE)
# The sentence that says what a view shows, then its columns, each with what it holds.
VIEW = re.compile(r"VIEW (?P<name>\w+) \(\n    -- (?P<sentence>.+)\n(?P<columns>(?:    .+\n)+)\) AS\n")
COLUMN = re.compile(r"^    (\w+),? +-- (.+)$", re.MULTILINE)


def render() -> str:
    """The whole page."""
    with (SQL / "reference" / "error_code.csv").open(encoding="utf-8", newline="") as file:
        errors = {row["code"]: row for row in csv.DictReader(file)}
    answers = json.loads(ANSWERS.read_text(encoding="utf-8"))
    parts = [INTRODUCTION]
    # What most readers look for comes last in that file.
    for group in reversed([*GRANTS.finditer((SQL / "grants.sql").read_text(encoding="utf-8"))]):
        parts.append(f"## {group['heading'].rstrip('.')}\n")
        names = re.findall(r"PROCEDURE (\w+)", group["grants"])
        parts += [_procedure(Header.read(PROCEDURES[name]), errors, answers.get(name)) for name in names]
    parts.append("## Views\n\nEach shows the rows of the workspaces that the login's user is a member of.\n")
    parts += [_view(path) for path in sorted((SQL / "views").glob("*.sql"))]
    parts.append("## Errors\n")
    rows = [(row["errno"], f"`{code}`", row["http_status"], row["title"]) for code, row in errors.items()]
    parts.append("\n".join(_table(("number", "code", "HTTP status", "what"), rows)) + "\n")
    return "\n".join(parts)


def _procedure(manual: Header, errors: dict[str, dict[str, str]], answer: str | None) -> str:
    parameters = [(f"`{name}`", manual.types[name], text) for name, text in manual.entries("Parameters")]
    refusals = [(f"`{code}`", errors[code]["errno"], text) for code, text in manual.entries("Errors")]
    lines = [f"### {manual.name}", "", manual.summary, ""]
    if parameters:
        lines += [*_table(("parameter", "type", "what"), parameters), ""]
    lines += [f"Result: {' '.join(manual.sections['Result'].split())}", ""]
    if refusals:
        lines += [*_table(("error", "number", "when"), refusals), ""]
    if example := manual.sections.get("Example"):
        lines += ["```sql", re.sub(r"^  ", "", example, flags=re.MULTILINE), "```", ""]
        if answer:
            lines += ["```text", answer, "```", ""]
    return "\n".join(lines)


def _view(path: Path) -> str:
    if not (found := VIEW.search(path.read_text(encoding="utf-8"))):
        raise ValueError(f"{path} does not say what its columns hold.")
    columns = [(f"`{name}`", text) for name, text in COLUMN.findall(found["columns"])]
    return "\n".join(
        [f"### {found['name']}", "", found["sentence"], "", *_table(("column", "what"), columns), ""]
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_row(head), _row(("---",) * len(head)), *(_row(row) for row in rows)]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
