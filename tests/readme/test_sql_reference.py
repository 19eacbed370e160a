"""docs/sql.md is what the headers say, and leaves nobody out."""

import re

from service.database.migrate import SQL
from service.manual.procedure import PROCEDURES, Header
from service.manual.sql_reference import PAGE, render


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == render(), "run `make docs`"


def test_it_has_every_public_procedure_and_view() -> None:
    procedures = {name for name in PROCEDURES if not name.startswith("_")} - {"raise_error"}
    views = {path.stem for path in (SQL / "views").glob("*.sql")}

    assert set(re.findall(r"^### (\w+)$", render(), re.MULTILINE)) == procedures | views


def test_every_column_of_a_view_is_documented(owner) -> None:
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT table_name AS name, column_name AS `column` FROM information_schema.columns"
            " WHERE table_schema = DATABASE()"
            " AND table_name IN (SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE())"
            " ORDER BY table_name, ordinal_position"
        )
        held = [(row["name"], f"`{row['column']}`") for row in cursor.fetchall()]

    written = [
        (section.partition("\n")[0], column)
        for section in render().partition("## Views")[2].partition("## Errors")[0].split("\n### ")[1:]
        for column in re.findall(r"^\| (`\w+`) \| \S", section, re.MULTILINE)
    ]
    assert written == held


def test_no_line_of_a_header_is_lost() -> None:
    for path in PROCEDURES.values():
        manual = Header.read(path)

        sections = [f"{title}\n{text}" for title, text in manual.sections.items()]
        whole = "\n\n".join([manual.summary, *sections])

        assert f"COMMENT '\n{whole}\n'\n" in path.read_text().replace("''", "'")
        assert manual.sections.keys() <= {"Parameters", "Result", "Errors", "Example", "Source"}, path
        assert [name for name, _ in manual.entries("Parameters")] == list(manual.types), path
        for section in ("Parameters", "Errors"):
            listed = " ".join(f"{name} {text}" for name, text in manual.entries(section))
            assert listed == " ".join(manual.sections.get(section, "").split()), path
