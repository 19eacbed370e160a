"""docs/live.md follows the demo from a shell: each of its commands is typed and answers what it says."""

from pathlib import Path

import pytest

from service.database.migrate import ROOT
from tests.end_to_end.conftest import Start, Up
from tests.readme.page import check


@pytest.fixture(scope="module")
def up(start: Start) -> Up:
    return start()


def test_its_commands_answer_what_it_says(up: Up, tmp_path: Path) -> None:
    check(up, tmp_path, ROOT / "docs" / "live.md")
