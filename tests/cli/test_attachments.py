"""headgate attachments: storage and MySQL are compared, and what nobody has is removed."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymysql.connections import Connection

from service.storage.folder import Folder
from tests.cli.conftest import Headgate
from tests.conftest import User
from tests.servers import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The storage of a test."""
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}/files")
    return tmp_path / "files"


@pytest.fixture
def file(
    call: Callable[..., Any],
    owner: "Connection[Any]",
    user: User,
    tasks: Callable[..., list[int]],
    folder: Path,
) -> Path:
    """The bytes of an attachment, beside which MySQL knows of none: other tests have theirs elsewhere."""
    run(owner, "DELETE FROM attachment WHERE id > 0")
    run(
        owner,
        "UPDATE stored_file SET state = 'dropped', collect_at = CURRENT_TIMESTAMP(6) WHERE state = 'kept'",
    )
    (task,) = tasks("task")
    begun = call("begin_upload", user.id, task, "plan.pdf", 4, 4, 4, 60)[0]
    asyncio.run(store(folder, begun["storage_key"]))
    call(
        "finish_upload",
        user.id,
        task,
        begun["upload_id"],
        4,
        hashlib.sha256(b"plan").hexdigest(),
        "text/plain",
    )
    return folder / begun["storage_key"][:2] / begun["storage_key"]


async def store(folder: Path, key: str) -> None:
    storage = Folder(folder)
    writer = await storage.create(key)
    await writer.write(b"plan")
    await writer.commit()
    await storage.close()


def test_where_all_is_as_it_should_be_nothing_is_told(headgate: Headgate, file: Path) -> None:
    result = headgate("attachments", "check", "--bytes")

    assert (result.exit_code, result.stdout) == (0, "0 differences.\n")


def test_bytes_that_are_gone_or_changed_are_told(headgate: Headgate, file: Path) -> None:
    file.write_bytes(b"plot")
    by_name, by_bytes = headgate("attachments", "check"), headgate("attachments", "check", "--bytes")
    file.unlink()
    gone = headgate("attachments", "check")

    assert by_name.exit_code == 0
    assert (by_bytes.exit_code, by_bytes.stdout) == (1, f"damaged  {file.name}\n1 differences.\n")
    assert (gone.exit_code, gone.stdout) == (1, f"missing  {file.name}\n1 differences.\n")


def test_bytes_that_mysql_does_not_know_are_told_and_left_alone(
    headgate: Headgate, file: Path, folder: Path
) -> None:
    key = secrets.token_hex(16)
    asyncio.run(store(folder, key))

    result = headgate("attachments", "check")
    headgate("attachments", "collect")

    assert (result.exit_code, result.stdout) == (1, f"unknown  {key}\n1 differences.\n")
    assert (folder / key[:2] / key).exists()


def test_what_was_deleted_is_removed(headgate: Headgate, owner: "Connection[Any]", file: Path) -> None:
    late = "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) WHERE state = 'dropped'"
    run(owner, late)
    kept = headgate("attachments", "collect")
    run(owner, "DELETE FROM attachment WHERE id > 0")
    run(owner, late)

    removed, nothing = headgate("attachments", "collect"), headgate("attachments", "collect")

    assert kept.exit_code == removed.exit_code == 0, removed.output
    assert removed.stdout == "1 files removed.\n"
    assert nothing.stdout == "0 files removed.\n"
    assert not file.exists()


def test_a_workspace_is_given_another_quota(headgate: Headgate, owner: "Connection[Any]", user: User) -> None:
    def quota() -> Any:
        return run(owner, "SELECT attachment_quota_bytes FROM workspace WHERE id = %s", user.workspace_id)

    first = headgate("attachments", "quota", f"{user.workspace_id}", "5")
    given = quota()
    headgate("attachments", "quota", f"{user.workspace_id}")
    missing = headgate("attachments", "quota", f"{2**40}", "5")

    assert first.exit_code == 0, first.output
    assert given == [{"attachment_quota_bytes": 5}]
    assert quota() == [{"attachment_quota_bytes": None}]
    assert (missing.exit_code, missing.stderr) == (
        1,
        f"Error: workspace_not_found: There is no workspace {2**40}.\n",
    )
