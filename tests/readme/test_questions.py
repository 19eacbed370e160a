"""docs/questions.md walks through all questions on the demo: each of its commands is typed and answers what it says."""

from pathlib import Path

import pytest

from service.database.migrate import ROOT
from tests.end_to_end.conftest import Start, Up
from tests.readme.page import answers, commands, masked

QUESTIONS = ROOT / "docs" / "questions.md"


@pytest.fixture(scope="module")
def up(start: Start) -> Up:
    return start()


def test_its_commands_answer_what_it_says(up: Up, tmp_path: Path) -> None:
    session = commands(QUESTIONS)

    said = answers(up, tmp_path, [command for command, _ in session])

    for (command, expected), answer in zip(session, said, strict=True):
        assert masked(answer) == masked(expected), command
