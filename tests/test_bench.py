"""What the pages publish is what the benchmarks wrote; and a benchmark finds what it has made."""

import json
import secrets

import pytest

from bench.graph.workspace import open_workspace
from bench.measure import call
from bench.publish import MARKED, PAGES, RESULTS, published
from service.database.connection import Dsn, open_connection


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_the_results_as_they_are(page) -> None:
    assert MARKED.search(page.read_text())
    assert page.read_text() == published(page.read_text()), "run python -m bench.publish"


@pytest.mark.parametrize("name", ["graph", "concurrency", "changes", "indexes", "questions", "views"])
def test_every_line_says_whether_its_bar_is_met(name: str) -> None:
    for line in json.loads((RESULTS / f"{name}.json").read_text()):
        assert line["met"] == (None if line["bar"] is None else line["measured"] <= line["bar"]), line


def test_what_is_measured_is_in_the_workspace_of_its_user(database) -> None:
    name = f"bench{secrets.token_hex(4)}"

    with open_connection(Dsn.parse(database.owner_url)) as session:
        user, workspace = open_workspace(session, name)
        found = call(session, "SELECT username, personal_user_id FROM workspace JOIN app_user ON app_user.id = personal_user_id WHERE workspace.id = %s", workspace)  # fmt: skip

    assert list(found) == [(name, user)]
