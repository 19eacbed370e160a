"""The bytes of what was deleted or given up are removed by any number of workers."""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path

from service.database.calls import call
from service.storage.folder import Folder
from tests.conftest import Database
from tests.servers import run
from tests.worker.conftest import Worker, eventually


async def store(folder: Path, keys: list[str]) -> None:
    storage = Folder(folder)
    for key in keys:
        writer = await storage.create(key)
        await writer.write(b"plan")
        await writer.commit()
    await storage.close()


def test_they_are_removed_and_nothing_else(
    place: Database, start: Callable[..., Worker], tmp_path: Path
) -> None:
    name = f"user-{secrets.token_hex(6)}"
    with place.owner() as owner:
        actor = call(owner, "create_user", name, f"{name}@example.org", "x" * 60)[0]["user_id"]
        task = call(owner, "create_task", actor, None, {"title": "task"})[0]["task_id"]
        kept, deleted, given_up, late = (
            call(owner, "begin_upload", actor, task, name, 4, 4, 100, lease)[0]
            for name, lease in (("kept", 60), ("deleted", 60), ("given up", 60), ("late", 0))
        )
        asyncio.run(store(tmp_path, [row["storage_key"] for row in (kept, deleted, given_up, late)]))
        for row in (kept, deleted):
            made = call(owner, "finish_upload", actor, task, row["upload_id"], 4, "a" * 64, "text/plain")
        call(owner, "delete_attachment", actor, task, made[0]["attachment_id"])
        call(owner, "abandon_upload", given_up["upload_id"])
        run(owner, "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) WHERE state = 'dropped'")

        workers = [start(STORAGE_URL=f"file://{tmp_path}") for _ in range(2)]

        def rows() -> list[str]:
            return [row["storage_key"] for row in run(owner, "SELECT storage_key FROM stored_file")]

        eventually(lambda: rows() == [kept["storage_key"]], "\n".join(worker.log for worker in workers))
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [kept["storage_key"]]
