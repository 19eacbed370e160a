"""headgate graph: a task and what surrounds it, drawn or as text."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Headgate
from tests.conftest import User


@pytest.fixture
def chain(call: Callable[..., Any], user: User, tasks: Callable[..., list[int]]) -> list[int]:
    """Ship waits for build waits for design."""
    ship, build, design = tasks("ship", "build", "design")
    call("add_dependency", user.id, ship, build)
    call("add_dependency", user.id, build, design)
    return [ship, build, design]


def test_a_task_is_printed_with_what_surrounds_it(headgate: Headgate, user: User, chain: list[int]) -> None:
    ship, build, design = chain

    told = headgate("graph", str(build), "--format", "dot", "--user", user.name)
    near = headgate(
        "graph",
        str(ship),
        "--format",
        "mermaid",
        "--direction",
        "upstream",
        "--depth",
        "1",
        "--user",
        user.name,
    )

    assert (told.exit_code, near.exit_code) == (0, 0)
    assert f"t{design} -> t{build}" in told.output
    assert f"t{build} -> t{ship}" in told.output
    assert f"t{build} --> t{ship}" in near.output
    assert f"t{design}" not in near.output


@pytest.mark.usefixtures("graphviz")
def test_a_picture_is_drawn_where_graphviz_is_installed(
    headgate: Headgate, user: User, chain: list[int]
) -> None:
    done = headgate("graph", str(chain[0]), "--user", user.name)

    assert done.exit_code == 0
    assert ElementTree.fromstring(done.stdout_bytes).tag.endswith("svg")


def test_a_task_that_is_not_there_is_refused(headgate: Headgate, user: User) -> None:
    done = headgate("graph", str(2**62), "--format", "dot", "--user", user.name)

    assert done.exit_code == 1
    assert "task_not_found" in done.output
