"""What every command has in common: help, exit codes, one sentence instead of a trace."""

import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service.cli import main
from tests.cli.conftest import Headgate


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = sorted(commands(main))
LEAVES = [path for path in ALL if path not in {("attachments",), ("migrate",), ("sql-account",), ("user",)}]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help(bare: Headgate, path: tuple[str, ...]) -> None:
    result = bare(*path, "--help")

    assert result.exit_code == 0
    assert f"Usage: headgate {' '.join(path)}" in result.stdout


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_help_has_an_example(bare: Headgate, path: tuple[str, ...]) -> None:
    _, _, after_usage = bare(*path, "--help").stdout.partition("\n")

    assert f"headgate {' '.join(path)}" in after_usage


@pytest.mark.parametrize(
    "path", [path for path in LEAVES if path not in {("serve",), ("up",), ("worker",)}], ids=" ".join
)
def test_where_nothing_runs_that_is_said_in_one_line(bare: Headgate, path: tuple[str, ...]) -> None:
    arguments = {
        ("attachments", "quota"): ["1"],
        ("graph",): ["1"],
        ("import",): ["/dev/null"],
        ("export",): ["-"],
        ("sql-account", "create"): ["ana", "--user", "demo"],
        ("sql-account", "revoke"): ["ana"],
        ("user", "create"): ["ada", "--email", "ada@example.org", "--password-stdin"],
    }.get(path, [])

    result = bare(*path, *arguments, input="correct horse\n")

    assert result.exit_code == 1
    assert result.stderr == "Error: Nothing runs here: start it with `headgate up`, or set DATABASE_URL.\n"


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["migrate", "sideways"], ["import"], ["serve", "--workers", "0"]]
)
def test_wrong_usage_is_two(bare: Headgate, arguments: list[str]) -> None:
    assert bare(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://nobody:x@127.0.0.1:1/none", "Cannot open none at 127.0.0.1:1 as nobody"),
        ("postgres://localhost/x", "DATABASE_URL must look like mysql://"),
    ],
)
def test_a_database_that_is_not_there_is_one_sentence(
    bare: Headgate, monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    result = bare("verify")

    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_accident_is_a_sentence_too(headgate: Headgate, monkeypatch: pytest.MonkeyPatch) -> None:
    def accident(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("service.cli.environment.owner", accident)

    result = headgate("verify")

    assert (result.exit_code, result.stderr) == (1, "Error: Unexpected ZeroDivisionError: division by zero\n")


def test_up_says_that_the_port_is_taken_before_it_does_anything(
    bare: Headgate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        result = bare("up")

    assert result.exit_code == 1
    assert f"already listens on 127.0.0.1:{port}" in result.stderr
    assert not (tmp_path / "state").exists()
