"""The files of sql/ and migrations/ are checked, not trusted: names, headers, errors, rights; examples are run."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from service.errors import BY_CODE, Refused
from service.manual.procedure import PROCEDURES as FILES
from tests.servers import raw_refusals

ROOT = Path(__file__).parents[1]
SQL = ROOT / "sql"
PROCEDURES = sorted(FILES.values())
FUNCTIONS = sorted((SQL / "functions").glob("*.sql"))
TRIGGERS = sorted((SQL / "triggers").glob("*.sql"))
VIEWS = sorted((SQL / "views").glob("*.sql"))
PUBLIC = [path for path in PROCEDURES if not path.stem.startswith("_") and path.stem != "raise_error"]
# What a planner may call besides what reads.
CHANGING = re.findall(r"ON PROCEDURE (\w+) TO service, planner;", (SQL / "grants.sql").read_text())
MIGRATIONS = sorted(path for path in (ROOT / "migrations").glob("*.sql") if ".rollback." not in path.name)

# Codes that a private procedure can raise in general, and cannot where this one calls it.
CANNOT_HAPPEN = {
    # It has found the actor to be a member, and a search that cannot be read is what is found.
    "_find_search": {"workspace_not_found"},
    "_find_invalid_searches": {"invalid_request", "search_invalid"},
    # It names no search.
    "list_ready_tasks": {"invalid_request", "search_invalid"},
    # _find_search has found the workspace.
    "update_saved_search": {"workspace_not_found"},
    # It gives a time, and no revision.
    "get_revision_as_of": {"invalid_request", "revision_unknown"},
    # finish_import has authorised the actor, and _check_staged has found every key and knows what is open; a
    # cycle is caught and noted.
    "_insert_core": {
        "actor_not_allowed",
        "actor_required",
        "permission_denied",
        "task_not_found",
        "dependency_across_workspaces",
        "dependency_cycle",
        "dependency_exists",
        "task_blocked",
    },
    # The same: _check_bulk has found every task and knows what is open, and cycles are caught.
    "_apply_in_bulk": {
        "actor_not_allowed",
        "actor_required",
        "permission_denied",
        "task_not_found",
        "dependency_across_workspaces",
        "dependency_cycle",
        "dependency_exists",
        "task_blocked",
    },
    # It catches and notes them.
    "_judge_change": {
        "actor_not_allowed",
        "actor_required",
        "permission_denied",
        "invalid_task",
        "task_not_found",
        "member_not_found",
        "task_key_taken",
        "version_mismatch",
        "transition_not_allowed",
        "task_blocked",
        "dependents_completed",
        "task_has_dependents",
        "dependency_not_found",
        "dependency_exists",
        "dependency_cycle",
        "dependency_across_workspaces",
    },
    # It changes nothing but the status.
    "reopen_task": {"task_key_taken", "dependency_across_workspaces", "dependency_cycle"},
    # Who sees the invitation belongs to where it leads.
    "revoke_invitation": {"organization_not_found", "workspace_not_found"},
    # The actor administers the organization, and so belongs to its workspaces.
    "_authorize_owner": {"workspace_not_found", "actor_not_allowed", "actor_required"},
    # Who sees the team belongs to its organization.
    "_authorize_team": {"organization_not_found"},
    # They have been authorised by _lock_task or _lock_workspace, as the same actor.
    "_add_dependencies": {"workspace_not_found", "actor_not_allowed", "actor_required", "permission_denied"},
    "_insert_dependency": {"workspace_not_found", "actor_not_allowed", "actor_required", "permission_denied"},
}

each = pytest.mark.parametrize
by_name = {"ids": lambda path: path.stem}


def header(path: Path) -> str:
    found = re.search(r"COMMENT '\n(.*?)\n'\n", path.read_text(), re.DOTALL)
    assert found, "no COMMENT"
    return found[1]


def section(path: Path, title: str) -> str:
    """The indented lines under a title of the header; empty if there is no such title."""
    found = re.search(rf"^{title}\n((?:  .*(?:\n|$))+)", header(path), re.MULTILINE)
    return found[1] if found else ""


def names(path: Path, title: str) -> list[str]:
    """The names that a section lists, one per line; what goes on from the line before is indented further."""
    return re.findall(r"^  (\w+)  +\S", section(path, title), re.MULTILINE)


def body(path: Path) -> str:
    """The statement without its header, comments and doubled-up blanks."""
    text = re.sub(r"COMMENT '\n.*?\n'\n", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"(^|\s)--.*", "", text)


def calls(path: Path) -> set[str]:
    return set(re.findall(r"CALL (?!raise_error\b)(\w+)", body(path)))


def raised_directly(path: Path) -> set[str]:
    """What it refuses by name, and what it has _authorize tell strangers."""
    text = body(path)
    # Without a task it is about a workspace.
    hidden = {
        "workspace_not_found" if task == "NULL" else "task_not_found"
        for task in re.findall(r"CALL _authorize\(\w+, \w+, (\w+),", text)
    }
    return set(re.findall(r"CALL raise_error\('(\w+)'", text)) | hidden


@cache
def raised(name: str) -> frozenset[str]:
    """What a procedure refuses by name, itself or through the private ones it calls."""
    path = FILES[name]
    through = {code for called in calls(path) for code in raised(called)}
    if "_authorize" in calls(path):
        # Of the two ways in which _authorize hides a thing, only the one that is asked for.
        through -= {"task_not_found", "workspace_not_found"} - {
            code for called in calls(path) - {"_authorize"} for code in raised(called)
        }
    return frozenset((raised_directly(path) | through) - CANNOT_HAPPEN.get(name, set()))


@cache
def refused_by_guards(name: str) -> frozenset[str]:
    """What the guards of the tables that a procedure writes, itself or through others, may refuse."""
    path = FILES[name]
    found = {code for called in calls(path) for code in refused_by_guards(called)}
    for action, verb in (
        ("insert", "INSERT (?:IGNORE )?INTO"),
        ("update", "UPDATE"),
        ("delete", "DELETE(?: \\w+)?\\s+FROM"),
    ):
        for table in re.findall(rf"\b{verb} (\w+)", body(path)):
            for guard in TRIGGERS:
                if guard.stem.startswith(f"{table}_") and guard.stem.endswith(action):
                    found |= raised_directly(guard)
                    found |= {code for called in calls(guard) for code in raised(called)}
    if "ON DUPLICATE KEY UPDATE" in body(path):
        found |= {"last_owner"}
    return frozenset(found)


def test_no_two_files_have_the_same_name() -> None:
    """Also in two rooms: the name of the file is that of the object."""
    names = [path.stem for path in SQL.rglob("*.sql")]

    assert sorted(names) == sorted(set(names))


def test_the_rooms_are_those_that_the_readme_describes() -> None:
    _, _, described = (SQL / "README.md").read_text().partition("\n## The rooms of procedures/\n")

    rooms = re.findall(r"^\| `(\w+)/` \| \w", described.partition("\n## ")[0], re.MULTILINE)
    assert rooms == sorted({path.parent.name for path in PROCEDURES})


@each("path", PROCEDURES + FUNCTIONS, **by_name)
class TestRoutine:
    def test_the_file_holds_what_it_is_named_after_and_nothing_else(self, path: Path) -> None:
        kind = path.relative_to(SQL).parts[0].removesuffix("s").upper()

        assert re.findall(r"^CREATE (\w+) (\w+) \(", path.read_text(), re.MULTILINE) == [(kind, path.stem)]
        assert path.read_text().startswith(f"CREATE {kind}")

    def test_it_says_whose_rights_it_runs_with_and_what_it_touches(self, path: Path) -> None:
        text = body(path)

        assert len(re.findall(r"^ +SQL SECURITY (?:DEFINER|INVOKER)$", text, re.MULTILINE)) == 1
        assert (
            len(
                re.findall(
                    r"^ +(?:MODIFIES SQL DATA|READS SQL DATA|CONTAINS SQL|NO SQL)$", text, re.MULTILINE
                )
            )
            == 1
        )

    def test_the_header_begins_with_one_sentence(self, path: Path) -> None:
        first = header(path).split("\n\n")[0].replace("\n", " ")

        assert re.fullmatch(r"[A-Z][a-z]+ .*\.", first), first
        # An imperative: "Show", not "Shows".
        assert not re.match(r"(\w+[^s])s ", first), first

    def test_the_sections_come_in_order(self, path: Path) -> None:
        titles = re.findall(r"^([A-Z]\w+)$", header(path), re.MULTILINE)

        assert titles == [
            one for one in ("Parameters", "Result", "Errors", "Example", "Source") if one in titles
        ]
        assert "Result" in titles

    def test_the_header_lists_its_parameters(self, path: Path) -> None:
        signature = path.read_text().partition("COMMENT")[0]

        assert names(path, "Parameters") == re.findall(
            r"^    (?:(?:IN|OUT|INOUT) +)?(p_\w+)", signature, re.MULTILINE
        )


@each("path", [path for path in PROCEDURES if path.stem != "raise_error"], **by_name)
def test_the_header_lists_the_errors(path: Path) -> None:
    """All that it refuses by name; of what the guards behind it refuse, those that can happen; nothing else."""
    listed = names(path, "Errors")

    assert len(listed) == len(set(listed))
    assert set(listed) <= BY_CODE.keys()
    assert raised(path.stem) - set(listed) == set(), "raised and not listed"
    assert set(listed) - raised(path.stem) - refused_by_guards(path.stem) == set(), "listed and never raised"


@each("path", PUBLIC, **by_name)
def test_a_public_procedure_shows_an_example_of_itself(path: Path) -> None:
    assert re.fullmatch(rf"  CALL {path.stem}\(.*\);", section(path, "Example").strip("\n"))


@each("path", PUBLIC, **by_name)
def test_the_example_runs(path: Path, database, call, user, tasks, owner) -> None:
    """It does what it says or is refused as it says: names and numbers of the manual may not exist here."""
    found = tasks("four", "five", "seven")
    example = section(path, "Example").strip().rstrip(";")
    example = example.replace("(4, 5)", f"({found[0]}, {found[1]})")
    example = re.sub(r", 7\b", f", {found[2]}", example)
    example = re.sub(r", 4\b", f", {found[0]}", example)
    example = re.sub(r"\((?=\d+, NULL, \"skip\")\d+", f"({user.id}", example)

    with database.owner() as connection, connection.cursor() as cursor:
        # The owner speaks for anybody, so it says for whom.
        if "p_actor_id" in path.read_text().partition("COMMENT")[0]:
            example = example.replace("(NULL", f"({user.id}", 1)
        refused_with = None
        try:
            with raw_refusals(connection):
                cursor.execute(example)
                while cursor.nextset():
                    pass
        except Refused as refusal:
            refused_with = refusal.error.code
        assert refused_with in [None, *names(path, "Errors")]


@each("name", CHANGING)
def test_what_changes_something_at_the_prompt_owns_its_transaction(name: str) -> None:
    """In one of the session, a prepared one above all, its locks would outlive the call, and even the session."""
    text = "\n".join(line.strip() for line in body(FILES[name]).splitlines() if line.strip())

    for part in (
        "MODIFIES SQL DATA\n",
        "DECLARE EXIT HANDLER FOR 1568 RESIGNAL;\n",
        "DECLARE EXIT HANDLER FOR SQLEXCEPTION\nBEGIN\nROLLBACK;\n",
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\nSTART TRANSACTION;\n",
        "COMMIT;\n",
    ):
        assert part in text


@each("path", PROCEDURES + FUNCTIONS + TRIGGERS + VIEWS, **by_name)
class TestFile:
    def test_it_belongs_to_whoever_loads_it(self, path: Path) -> None:
        assert "DEFINER =" not in path.read_text().upper()
        assert "DEFINER=" not in path.read_text().upper()

    def test_it_is_one_statement(self, path: Path) -> None:
        assert not path.read_text().rstrip().endswith(";")
        assert "DELIMITER" not in path.read_text()

    def test_keywords_are_in_upper_case(self, path: Path) -> None:
        text = re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "''", body(path))

        assert not re.findall(
            r"\b(select|insert|update|delete|from|where|join|begin|end|if|then|else|call|declare|set|and|or|not|null"
            r"|create|order by|group by|limit|into|values|exists|union)\b",
            text,
        )

    def test_its_codes_are_in_the_catalogue(self, path: Path) -> None:
        assert raised_directly(path) <= BY_CODE.keys()


@each("path", TRIGGERS, **by_name)
def test_a_trigger_is_named_after_its_table_and_moment(path: Path) -> None:
    found = re.search(
        r"^CREATE TRIGGER (\w+) (BEFORE|AFTER) (INSERT|UPDATE|DELETE) ON (\w+) FOR EACH ROW$",
        path.read_text(),
        re.MULTILINE,
    )

    assert found
    assert path.stem == found[1] == f"{found[4]}_{found[2]}_{found[3]}".lower()


def test_where_the_login_is_written_out_it_is_the_function() -> None:
    written = (SQL / "functions" / "_login.sql").read_text().split("RETURN ")[-1].strip()

    assert f"account.login = {written};" in body(FILES["_authorize"])


def test_where_the_schema_of_a_task_is_written_out_it_is_the_function() -> None:
    written = [
        json.loads(re.search(pattern, (SQL / path).read_text(), re.DOTALL)[1])
        for path, pattern in (
            ("functions/_task_schema.sql", r"RETURN '({.*})'"),
            ("procedures/tasks/_check_task.sql", r"JSON_SCHEMA_VALID\('({.*?\n    })'"),
        )
    ]

    assert written[0] == written[1]


@each("path", VIEWS, **by_name)
def test_a_view_says_whose_rights_it_has_and_names_its_columns(path: Path) -> None:
    assert re.match(rf"CREATE SQL SECURITY (DEFINER|INVOKER) VIEW {path.stem} \(", path.read_text())


def test_the_grants_name_every_public_procedure_and_view_once() -> None:
    text = re.sub(r"--.*", "", (SQL / "grants.sql").read_text())

    assert sorted(re.findall(r"ON PROCEDURE (\w+) TO", text)) == sorted(path.stem for path in PUBLIC)
    assert sorted(re.findall(r"GRANT SELECT ON (\w+) TO", text)) == sorted(path.stem for path in VIEWS)


def test_the_grants_of_procedures_stand_below_what_they_are_about_in_order() -> None:
    text = (SQL / "grants.sql").read_text()

    for title, roles in (
        ("Only for the service", "service"),
        ("Reading", "service, analyst, planner"),
        ("Changing", "service, planner"),
    ):
        lines = text.partition(f"-- {title}.\n")[2].partition("\n\n")[0].splitlines()
        assert lines == sorted(lines)
        assert {line.partition(" TO ")[2] for line in lines} == {f"{roles};"}


@each("code", [code for code in BY_CODE if code != "unknown_error"])
def test_every_code_of_the_catalogue_is_used(code: str) -> None:
    places = [*PROCEDURES, *TRIGGERS, *(ROOT / "service").rglob("*.py")]

    assert any(f"'{code}'" in text or f'"{code}"' in text for text in (path.read_text() for path in places))


@each("path", [*PROCEDURES, *TRIGGERS], **by_name)
def test_nothing_signals_past_the_catalogue(path: Path) -> None:
    assert path.stem == "raise_error" or "SIGNAL" not in body(path).replace("RESIGNAL", "")


@each("path", MIGRATIONS, **by_name)
class TestMigration:
    def test_it_has_a_name_and_a_way_back(self, path: Path) -> None:
        assert re.fullmatch(r"\d{4}\.[a-z]+(-[a-z]+)+\.sql", path.name)
        assert path.with_suffix(".rollback.sql").exists()


class TestSchema:
    """What the server then holds."""

    def test_every_table_is_innodb_and_utf8mb4_and_says_what_it_is(self, owner) -> None:
        rows = self.rows(
            owner,
            "SELECT table_name AS name, engine AS engine, table_collation AS collation, table_comment AS comment"
            " FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
            " AND table_name NOT LIKE '%%yoyo%%'",
        )

        assert len(rows) >= 14
        for row in rows:
            assert (row["engine"], row["collation"]) == ("InnoDB", "utf8mb4_0900_ai_ci"), row
            assert row["comment"], row

    def test_every_index_but_a_plain_primary_key_names_what_it_serves(self, owner) -> None:
        rows = self.rows(
            owner,
            "SELECT table_name AS name, index_name AS `index`, index_comment AS comment FROM information_schema.statistics"
            " WHERE table_schema = DATABASE() AND table_name NOT LIKE '%%yoyo%%' AND index_name <> 'PRIMARY'",
        )

        assert [row for row in rows if not row["comment"]] == []

    def test_every_column_whose_name_does_not_say_it_is_explained(self, owner) -> None:
        plain = {
            "id", "task_id", "workspace_id", "user_id", "name", "title", "description", "status", "priority", "role",
            "email", "created_at", "updated_at", "changed_at", "applied_at", "assignee_id", "is_open", "sort_order",
            "from_status", "to_status", "permission", "entity", "action",
        }  # fmt: skip

        rows = self.rows(
            owner,
            "SELECT table_name AS name, column_name AS `column`, column_comment AS comment FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND table_name IN (SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE') AND table_name NOT LIKE '%%yoyo%%'",
        )

        assert [row for row in rows if not row["comment"] and row["column"] not in plain] == []

    def test_every_foreign_key_restricts_and_is_named(self, owner) -> None:
        rows = self.rows(
            owner,
            "SELECT constraint_name AS name, delete_rule AS on_delete, update_rule AS on_update FROM information_schema.referential_constraints"
            " WHERE constraint_schema = DATABASE()",
        )

        assert rows
        for row in rows:
            assert row["name"].endswith("_fk"), row
            assert {row["on_delete"], row["on_update"]} <= {"RESTRICT", "NO ACTION"}, row

    @staticmethod
    def rows(owner, statement: str) -> list[dict[str, str]]:
        with owner.cursor() as cursor:
            cursor.execute(statement, ())
            return list(cursor.fetchall())
