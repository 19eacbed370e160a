"""The command line, run in this process against the worker's database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.conftest import Database

Headgate = Callable[..., Result]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Headgate:
    """`headgate` where nothing runs and nothing is set: `bare("migrate", "up", input="...")`."""
    for name in (
        "DATABASE_URL",
        "SERVICE_DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "PORT",
        "DEBUG",
        "STORAGE_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HEADGATE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **options: object) -> Result:
        return CliRunner().invoke(main, arguments, prog_name="headgate", **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def headgate(bare: Headgate, database: Database, monkeypatch: pytest.MonkeyPatch) -> Headgate:
    """`headgate` with DATABASE_URL naming the worker's database."""
    monkeypatch.setenv("DATABASE_URL", database.owner_url)
    monkeypatch.setenv("BCRYPT_COST", "4")
    return bare
