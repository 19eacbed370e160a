"""headgate attachments: what storage holds, what it should, and how much a workspace may have."""

import asyncio
import hashlib
from collections.abc import Iterator
from typing import Any

import click
from pymysql.connections import Connection

from service.cli import environment
from service.cli.screen import OUT
from service.config import Settings
from service.database.calls import Row, call
from service.database.connection import connected, query
from service.errors import Refused
from service.files.collection import collect
from service.storage import open_storage
from service.storage.storage import Storage

FILES = """
SELECT storage_key, state, size_bytes, sha256
  FROM stored_file
 WHERE storage_key > %s
 ORDER BY storage_key
 LIMIT 1000
"""
KNOWN = "SELECT 1 FROM stored_file WHERE storage_key = %s"


@click.group()
def attachments() -> None:
    """The bytes of attachments, which are not in MySQL but where STORAGE_URL says."""


@attachments.command("collect")
def collect_files() -> None:
    """Remove from storage what nobody has any more.

    \b
    headgate attachments collect
    """
    storage = open_storage(Settings.from_environment())
    with connected(environment.owner()) as connection:

        async def ask(procedure: str, *args: Any) -> list[Row]:
            return call(connection, procedure, *args)

        removed = asyncio.run(collect(ask, storage))
    OUT.print(f"{removed} files removed.")


@attachments.command()
@click.option("--bytes", "reads", is_flag=True, help="Also read all bytes, and compare their checksums.")
def check(reads: bool) -> None:
    """Compare storage with MySQL; exit code 1 if either has what the other has not.

    Run it while nothing is uploaded, or again: what is just being made or removed may be told.

    \b
    headgate attachments check
    headgate attachments check --bytes
    """
    storage = open_storage(Settings.from_environment())
    with connected(environment.owner()) as connection:
        wrong = asyncio.run(_compared(connection, storage, reads))
    for line in wrong:
        OUT.print(line, markup=False)
    OUT.print(f"{len(wrong)} differences.")
    if wrong:
        raise click.exceptions.Exit(1)


@attachments.command()
@click.argument("workspace", type=click.IntRange(min=1))
@click.argument("size", type=click.IntRange(0, 2**60), required=False)
def quota(workspace: int, size: int | None) -> None:
    """Let the attachments of WORKSPACE take SIZE bytes, all versions together.

    Without SIZE, as many as the settings say.

    \b
    headgate attachments quota 7 1000000
    headgate attachments quota 7
    """
    with connected(environment.owner()) as connection:
        if not query(connection, "SELECT 1 FROM workspace WHERE id = %s", workspace):
            raise Refused("workspace_not_found", f"There is no workspace {workspace}.")
        query(connection, "UPDATE workspace SET attachment_quota_bytes = %s WHERE id = %s", size, workspace)
    OUT.print(
        f"Workspace {workspace} may have {'what the settings say' if size is None else f'{size} bytes'}."
    )


async def _compared(connection: "Connection[Any]", storage: Storage, reads: bool) -> list[str]:
    wrong = []
    held = {key async for key in storage.all_keys()}
    for key, state, size, sha256 in _files(connection):
        if state == "kept" and key not in held:
            wrong.append(f"missing  {key}")
        elif state == "kept" and reads and not await _is_whole(storage, key, size, sha256):
            wrong.append(f"damaged  {key}")
    wrong.extend(f"unknown  {key}" for key in sorted(held) if not query(connection, KNOWN, key[:32]))
    return wrong


def _files(connection: "Connection[Any]") -> Iterator[tuple[str, str, int, str]]:
    rows = query(connection, FILES, "")
    while rows:
        yield from rows
        rows = query(connection, FILES, rows[-1][0])


async def _is_whole(storage: Storage, key: str, size: int, sha256: str) -> bool:
    hashed = hashlib.sha256()
    try:
        async for chunk in storage.read(key, 0, size):
            hashed.update(chunk)
    except Refused:
        return False
    return hashed.hexdigest() == sha256
