"""Every command of README.md is run, in the order of the page, and answers what the page says."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from service.database.migrate import ROOT
from tests.end_to_end.conftest import Start, Up

README = (ROOT / "README.md").read_text()

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
HEADGATE = f"{shlex.quote(sys.executable)} -m service.cli"
END = "--- end of answer"


def commands() -> list[tuple[str, str]]:
    """Each `$ ` line with the answer below it."""
    blocks = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", "".join(blocks), re.MULTILINE)


def masked(answer: str) -> str:
    return re.sub(r'"request_id":"\w+"', '"request_id":"..."', answer)


@pytest.fixture(scope="module")
def up(start: Start) -> Up:
    return start()


def test_its_commands_answer_what_it_says(up: Up, tmp_path: Path) -> None:
    session = [(command, answer) for command, answer in commands() if command not in ELSEWHERE]
    # As typed in the project's folder, but nothing is written there.
    script = ["exec 2>&1", f"cd {shlex.quote(str(tmp_path))}", f"export PYTHONPATH={shlex.quote(str(ROOT))}"]
    for command, _ in session:
        here = command.replace(":8000", f":{up.environment['PORT']}")
        script += [here.replace(".venv/bin/headgate", HEADGATE), f"echo '{END}'"]

    said = up.paste("\n".join(script)).stdout.split(f"{END}\n")

    for (command, expected), answer in zip(session, said, strict=False):
        # Not every answer ends its last line.
        assert masked(answer).rstrip("\n") == masked(expected).rstrip("\n"), command
    assert len(said) == len(session) + 1


def test_what_is_not_run_here_exists() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    written = {command for command, _ in commands()}

    assert ELSEWHERE.keys() <= written
    assert {command.split()[1] for command in ELSEWHERE if command.startswith("make ")} <= set(targets)


def test_its_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "sql" / "README.md", *(ROOT / "docs").glob("*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    ]

    assert links
    assert [link for page, link in links if not (page.parent / link).exists()] == []
