"""A process is killed at each step of an upload and of the removal: MySQL and storage agree afterwards."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError
from aiohttp.test_utils import TestClient

from service.config import Settings
from service.files.collection import collect
from service.storage import open_storage
from tests.conftest import Database
from tests.http.conftest import Api, logged_in, registered
from tests.http.process import ROOT, Service, free_port
from tests.http.test_attachments import attach, until
from tests.servers import run

CONTENT = os.urandom(300_000)


@pytest.fixture(scope="module")
def settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """With a storage of the file's own."""
    return replace(settings, storage_url=f"file://{tmp_path_factory.mktemp('killed')}")


@pytest.fixture
async def api(client: TestClient) -> Api:
    return await logged_in(client, await registered(client))


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    return tmp_path / "stopped"


@pytest.fixture
def agree(database: Database, settings: Settings, call: Callable[..., Any], api: Api) -> Callable[[], Any]:
    """Collect what is left, with all leases at their end, and prove that storage holds what MySQL says; how many files."""

    async def agreed() -> int:
        mine = "FROM stored_file WHERE workspace_id = %s"
        workspace = api.user["workspace_id"]
        with database.owner() as owner:
            late = "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE workspace_id = %s AND state <> 'kept'"
            run(owner, late, workspace)

            async def ask(procedure: str, *args: Any) -> list[Any]:
                return call(procedure, *args)

            storage = open_storage(settings)
            await collect(ask, storage)
            held = {key async for key in storage.all_keys()}
            await storage.close()
            rows = run(owner, f"SELECT storage_key, state {mine}", workspace)
        assert {row["state"] for row in rows} <= {"kept"}
        assert {row["storage_key"] for row in rows} == held
        return len(held)

    return agreed


@pytest.mark.parametrize(
    ("step", "files"),
    [
        ("before begin_upload", 0),
        ("after begin_upload", 0),
        ("after write", 0),
        ("before commit", 0),
        ("after commit", 0),
        ("before finish_upload", 0),
        ("after finish_upload", 1),
    ],
)
async def test_an_upload_that_is_killed_is_whole_or_nothing(
    start: Callable[..., Service], api: Api, stopped: Path, agree: Callable[[], Any], step: str, files: int
) -> None:
    task, port = await api.task(), free_port()
    service = start(port, program="tests.http.stopping", STOP_AT=step, STOPPED=str(stopped))
    service.wait_until_up()
    url = f"{service.url}/api/v1/tasks/{task}/attachments"
    headers = {"Authorization": f"Bearer {api.token}", "Content-Disposition": 'attachment; filename="a"'}

    uploading = asyncio.create_task(api.client.session.post(url, data=CONTENT, headers=headers))
    await until(stopped.exists)
    service.clear()
    with suppress(ClientError):
        await uploading

    assert await agree() == files
    listed = (await (await api.get(f"/api/v1/tasks/{task}/attachments")).json())["items"]
    assert len(listed) == files
    for item in listed:
        path = f"/api/v1/tasks/{task}/attachments/{item['id']}/content"
        assert await (await api.get(path)).read() == CONTENT
        await api.delete(path.removesuffix("/content"))
        assert await agree() == 0


@pytest.mark.parametrize(
    "step", ["after list_orphans", "before delete", "after delete", "after forget_orphan"]
)
async def test_a_removal_that_is_killed_is_done_by_the_next(
    database: Database, settings: Settings, api: Api, stopped: Path, agree: Callable[[], Any], step: str
) -> None:
    task = await api.task()
    for content in (b"old", b"new"):
        made = await (await attach(api, task, content)).json()
    await attach(api, task, b"stays", "other")
    await api.delete(f"/api/v1/tasks/{task}/attachments/{made['id']}")
    with database.owner() as owner:
        run(owner, "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) WHERE state = 'dropped'")

    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "tests.http.stopping", "attachments", "collect"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database.owner_url,
            "STORAGE_URL": settings.storage_url,
            "STOP_AT": step,
            "STOPPED": str(stopped),
        },
    )
    await until(stopped.exists)
    process.kill()
    process.wait()

    assert await agree() == 1
    (left,) = (await (await api.get(f"/api/v1/tasks/{task}/attachments")).json())["items"]
    assert left["name"] == "other"
    await api.delete(f"/api/v1/tasks/{task}/attachments/{left['id']}")
    assert await agree() == 0
