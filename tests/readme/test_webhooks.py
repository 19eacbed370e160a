"""docs/webhooks.md makes a webhook from a shell: each of its commands is typed and answers what it says."""

from pathlib import Path

import pytest

from service.database.migrate import ROOT
from service.vocabulary import rows
from tests.end_to_end.conftest import Start, Up
from tests.readme.page import check

PAGE = ROOT / "docs" / "webhooks.md"


@pytest.fixture(scope="module")
def up(start: Start) -> Up:
    return start()


def test_its_commands_answer_what_it_says(up: Up, tmp_path: Path) -> None:
    check(up, tmp_path, PAGE)


def test_it_names_every_kind() -> None:
    text = PAGE.read_text()

    assert [row["kind"] for row in rows("webhook_kind") if f"`{row['kind']}`" not in text] == []
