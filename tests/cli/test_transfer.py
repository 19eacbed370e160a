"""headgate import and export: all or nothing, every error by its line, and what comes out goes in again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymysql.connections import Connection

from tests.cli.conftest import Headgate
from tests.conftest import User

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines, objects or raw text, into a file and return its name."""

    def into(*lines: dict[str, Any] | str) -> str:
        path = tmp_path / "tasks.jsonl"
        path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        return str(path)

    return into


def count(owner: "Connection[Any]", user: User) -> int:
    with owner.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) AS tasks FROM task WHERE workspace_id = %s", (user.workspace_id,))
        return int(cursor.fetchone()["tasks"])


def test_a_file_goes_in_and_comes_out_the_same(
    headgate: Headgate, user: User, new_user: Callable[[], User], write: Write
) -> None:
    tasks = [
        {
            "key": "A",
            "title": "first [bold]",
            "description": "two\nlines",
            "status": "completed",
            "priority": "urgent",
            "estimate_minutes": 30,
            "due_at": "2030-01-31T17:00:00Z",
            "assignee": user.name,
            "tags": ["a", "b"],
        },
        {"key": "B", "title": "second", "status": "pending", "priority": "medium", "depends_on": ["A"]},
        {"key": "C", "title": "third", "status": "pending", "priority": "low", "depends_on": ["A", "B"]},
    ]

    imported = headgate("import", write(*reversed(tasks)), "--user", user.name)
    exported = headgate("export", "-", "--user", user.name)

    assert imported.exit_code == 0, imported.output
    assert "3 tasks and 3 dependencies imported" in imported.stdout
    assert [json.loads(line) for line in exported.stdout.splitlines()] == tasks

    other = new_user()
    again = headgate(
        "import", "-", "--user", other.name, input=exported.stdout.replace(user.name, other.name)
    )
    assert again.exit_code == 0, again.output
    assert headgate("export", "-", "--user", other.name).stdout == exported.stdout.replace(
        user.name, other.name
    )


def test_handles_are_names_inside_the_file_only(headgate: Headgate, user: User, write: Write) -> None:
    lines = [{"key": "#1", "title": "one"}, {"key": "#2", "title": "two", "depends_on": ["#1"]}]

    assert headgate("import", write(*lines), "--user", user.name).exit_code == 0
    again = headgate("import", write(*lines), "--user", user.name)

    assert again.exit_code == 0, again.output


def test_every_error_is_told_with_its_line_and_nothing_goes_in(
    headgate: Headgate, user: User, owner: "Connection[Any]", write: Write
) -> None:
    name = write(
        {"key": "A", "title": "good"},
        "this is not JSON",
        {"key": "A", "title": "twin"},
        {"key": "B", "title": "", "status": "someday", "colour": "red"},
        {"key": "C", "title": "waits for what is nowhere", "depends_on": ["A", "B", "nowhere"]},
        "[1, 2]",
        "",
        {"key": "D", "title": "done too early", "status": "completed", "depends_on": ["A"]},
        {"key": "E", "title": "whose?", "assignee": "nobody-of-that-name"},
    )

    result = headgate("import", name, "--user", user.name)

    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert [line.partition(":")[0] for line in told[:-1]] == [
        f"line {number}" for number in (2, 3, 4, 5, 6, 8, 9)
    ]
    assert "JSON" in told[0]
    assert [field for field in ("colour: ", "status: ", "title: ") if field not in told[2]] == [], told[2]
    assert "nowhere" in told[3]
    assert told[-1] == "Error: Nothing was imported: 7 errors in the file."
    assert count(owner, user) == 0


def test_of_very_many_errors_the_first_thousand_are_shown(
    headgate: Headgate, user: User, write: Write
) -> None:
    result = headgate("import", write(*["nonsense"] * 1_500), "--user", user.name)

    told = result.stderr.splitlines()
    assert len(told) == 1_002
    assert told[-2] == "... and 500 more"
    assert told[-1] == "Error: Nothing was imported: 1,500 errors in the file."


def test_a_cycle_refuses_the_whole_file_and_is_named(
    headgate: Headgate, user: User, owner: "Connection[Any]", write: Write
) -> None:
    name = write(
        {"key": "A", "title": "a", "depends_on": ["B"]},
        {"key": "B", "title": "b", "depends_on": ["A"]},
    )

    result = headgate("import", name, "--user", user.name)

    assert result.exit_code == 1
    assert "cycle" in result.stderr
    assert count(owner, user) == 0


def test_a_cycle_that_is_skipped_is_listed(
    headgate: Headgate, user: User, owner: "Connection[Any]", write: Write
) -> None:
    name = write(
        {"key": "A", "title": "a", "depends_on": ["B"]},
        {"key": "B", "title": "b", "depends_on": ["A"]},
        {"key": "C", "title": "c", "depends_on": ["A", "B"]},
    )

    result = headgate("import", name, "--user", user.name, "--on-cycle", "skip")

    assert result.exit_code == 0, result.output
    assert "3 tasks and 3 dependencies imported" in result.stdout
    assert "1 dependencies left out" in result.stdout
    assert "A > B > A" in result.stdout or "B > A > B" in result.stdout
    assert count(owner, user) == 3
    assert headgate("verify", "--workspace", str(user.workspace_id)).exit_code == 0


def test_a_line_that_is_too_long_is_told_and_the_next_is_read(
    headgate: Headgate, user: User, write: Write
) -> None:
    long = json.dumps({"key": "A", "title": "a", "description": "x" * 1_100_000})

    result = headgate("import", write(long, "nonsense"), "--user", user.name)

    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["line 1", "line 2", "Error"]


def test_a_byte_order_mark_and_empty_lines_are_passed_over(
    headgate: Headgate, user: User, write: Write
) -> None:
    name = write('\ufeff{"key": "A", "title": "a"}', "", '{"key": "B", "title": "b"}', "")

    assert "2 tasks" in headgate("import", name, "--user", user.name).stdout


def test_an_export_replaces_its_file_only_when_it_is_complete(
    headgate: Headgate, user: User, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headgate("import", write({"key": "A", "title": "a"}), "--user", user.name)
    target = tmp_path / "out.jsonl"
    target.write_text("before")

    def fails(row: object) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("service.transfer.exporting._line", fails)
        result = headgate("export", str(target), "--user", user.name)

    assert (result.exit_code, result.stderr) == (1, "Error: No space left on device.\n")
    assert target.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.jsonl", "tasks.jsonl"]
    assert headgate("export", str(target), "--user", user.name).exit_code == 0
    assert json.loads(target.read_text())["key"] == "A"


def test_a_workspace_may_be_named(
    headgate: Headgate, user: User, call: Callable[..., Any], write: Write
) -> None:
    (row,) = call("create_workspace", user.id, "Website")
    name = write({"key": "A", "title": "a"})

    assert headgate("import", name, "--user", user.name, "--workspace", "Website").exit_code == 0
    assert (
        f"workspace {row['workspace_id']} "
        in headgate(
            "import",
            write({"key": "B", "title": "b"}),
            "--user",
            user.name,
            "--workspace",
            str(row["workspace_id"]),
        ).stdout
    )
    assert headgate("export", "-", "--user", user.name, "--workspace", "Website").stdout.count("\n") == 2
    assert (
        "no workspaces called 'Shop'"
        in headgate("export", "-", "--user", user.name, "--workspace", "Shop").stderr
    )


def test_somebody_elses_workspace_is_not_found(
    headgate: Headgate, user: User, new_user: Callable[[], User], write: Write
) -> None:
    place = str(new_user().workspace_id)

    result = headgate("import", write({"key": "A", "title": "a"}), "--user", user.name, "--workspace", place)

    assert result.exit_code == 1
    assert "workspace_not_found" in result.stderr


def test_an_unknown_user_is_told(headgate: Headgate) -> None:
    assert "There is no user 'nobody'" in headgate("export", "-", "--user", "nobody").stderr
