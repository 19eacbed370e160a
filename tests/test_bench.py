"""What the pages publish is what the benchmarks wrote."""

import json

import pytest

from bench.publish import MARKED, PAGES, RESULTS, published


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_the_results_as_they_are(page) -> None:
    assert MARKED.search(page.read_text())
    assert page.read_text() == published(page.read_text()), "run python -m bench.publish"


@pytest.mark.parametrize("name", ["graph", "concurrency", "changes", "indexes", "questions", "views"])
def test_every_line_says_whether_its_bar_is_met(name: str) -> None:
    for line in json.loads((RESULTS / f"{name}.json").read_text()):
        assert line["met"] == (None if line["bar"] is None else line["measured"] <= line["bar"]), line
