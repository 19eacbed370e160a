"""Every command of README.md is run, in the order of the page, and answers what the page says."""

import re
from pathlib import Path

import pytest

from service.database.migrate import ROOT
from tests.end_to_end.conftest import Start, Up
from tests.readme.page import check, commands

README = ROOT / "README.md"

# Not run here, and why.
ELSEWHERE = {
    "make run": "is `headgate up`, which this module starts",
    "make test": "is what runs this test",
    "make test MYSQL=9.7": "the same, on the other version",
    "make lint": "is a step of .ci/run",
    "make docs": "writes into the project; test_sql_reference.py compares the page",
    "docker compose up --build": "needs an engine; see tests/docker",
    "docker compose run --rm migrate headgate seed": "needs an engine; see tests/docker",
}


@pytest.fixture(scope="module")
def up(start: Start) -> Up:
    return start()


def test_its_commands_answer_what_it_says(up: Up, tmp_path: Path) -> None:
    check(up, tmp_path, README, ELSEWHERE)


def test_what_is_not_run_here_exists() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    written = {command for command, _ in commands(README)}

    assert ELSEWHERE.keys() <= written
    assert {command.split()[1] for command in ELSEWHERE if command.startswith("make ")} <= set(targets)


def test_its_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "sql" / "README.md", *(ROOT / "docs").glob("*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    ]

    assert links
    assert [link for page, link in links if not (page.parent / link).exists()] == []
