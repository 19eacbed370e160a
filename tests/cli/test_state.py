"""What a checkout keeps: private, the same every time, and gone with the process that published it."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from service.cli import state
from service.cli.state import Running
from service.database.connection import Dsn

ACCOUNT = Dsn.parse("mysql://api@localhost/headgate?unix_socket=/tmp/x.sock")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADGATE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_secrets_are_made_once_and_are_private(folder: Path) -> None:
    assert len(state.secret_key()) >= 32
    assert state.secret_key() == state.secret_key()
    assert state.known_password(ACCOUNT) is None
    assert state.password(ACCOUNT) == state.password(ACCOUNT) == state.known_password(ACCOUNT)
    assert state.password(ACCOUNT) != state.secret_key()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_what_runs_is_found_while_it_runs() -> None:
    assert state.running() is None

    with state.published(Running("mysql://root@localhost/headgate")):
        # Another descriptor of the same file, as another process has: the lock is the descriptor's.
        assert state.running() == Running("mysql://root@localhost/headgate")

    assert state.running() is None


def test_what_was_killed_is_not_found(folder: Path) -> None:
    publisher = multiprocessing.get_context("spawn").Process(target=_publish, daemon=True)
    publisher.start()
    while not state.running():
        assert publisher.is_alive()

    os.kill(publisher.pid or 0, signal.SIGKILL)
    publisher.join()

    assert (folder / "running.json").exists()
    assert state.running() is None


def _publish() -> None:
    with state.published(Running("mysql://root@localhost/headgate")):
        signal.pause()
