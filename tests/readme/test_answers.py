"""The answers in docs/ are those that the examples get: HEADGATE_WRITE=1 (`make answers`) writes them anew."""

import json
import os
import re
from collections.abc import Iterator

import pymysql
import pytest

from service.database import migrate
from service.database.connection import open_connection
from service.database.migrate import ROOT, SQL
from service.manual.procedure import PROCEDURES, Header
from service.manual.sql_reference import ANSWERS, PAGE, render
from tests.conftest import Database, new_database
from tests.readme.answers import Demo

WRITE = "HEADGATE_WRITE" in os.environ
COOKBOOK = ROOT / "docs" / "cookbook.md"
# It answers differently after every migration.
VOLATILE = {"raise_error", "get_schema_status"}
# A question in SQL and, below it, its answer.
QUESTION = re.compile(r"```sql\n(?P<statement>.+?)\n```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A database of its own: what is here begins with the ids of a new one."""
    with new_database("headgate_d") as owner:
        service = owner.login_as(f"{owner.database}_api", "x" * 16)
        migrate.up(owner, service)
        yield Demo(Database(owner.database, owner.url, service.url))


def test_every_example_answers_what_the_reference_shows(demo: Demo) -> None:
    grants = (SQL / "grants.sql").read_text(encoding="utf-8")
    answers = {}

    for name, path in sorted(PROCEDURES.items()):
        if name.startswith("_") or name in VOLATILE:
            continue
        is_ours = f"ON PROCEDURE {name} TO service;" in grants
        statement = Header.read(path).sections["Example"].strip().rstrip(";")
        answers[name] = demo.answer(statement, as_service=is_ours)
        if "MODIFIES SQL DATA" in path.read_text(encoding="utf-8"):
            demo.begin()

    if WRITE:
        ANSWERS.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        PAGE.write_text(render(), encoding="utf-8")
    assert json.loads(ANSWERS.read_text(encoding="utf-8")) == answers, "run `make answers`"


def test_every_question_of_the_cookbook_answers_what_it_shows(demo: Demo) -> None:
    page = COOKBOOK.read_text(encoding="utf-8")
    demo.begin()

    written = QUESTION.sub(
        lambda found: (
            f"```sql\n{found['statement']}\n```\n\n```text\n{demo.answer(found['statement'].rstrip(';'))}\n```"
        ),
        page,
    )

    if WRITE:
        COOKBOOK.write_text(written, encoding="utf-8")
    assert COOKBOOK.read_text(encoding="utf-8") == written, "run `make answers`"
    assert len(QUESTION.findall(page)) + page.count("```python") >= 12


def test_the_cookbook_in_python_answers_what_it_shows(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = COOKBOOK.read_text(encoding="utf-8")
    (found,) = re.finditer(r"```python\n(?P<program>.+?)```\n\n```text\n(?P<answer>.*?)```", page, re.DOTALL)
    # Wherever the page says that the server is.
    here = open_connection(demo.planner)
    monkeypatch.setattr(pymysql, "connect", lambda **_: here)

    with here:
        exec(found["program"], {})

    said = capsys.readouterr().out
    if WRITE:
        COOKBOOK.write_text(
            page[: found.start("answer")] + said + page[found.end("answer") :], encoding="utf-8"
        )
    assert WRITE or said == found["answer"], "run `make answers`"
