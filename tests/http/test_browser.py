"""A real browser: its EventSource sees a change that was made at the SQL prompt."""

import asyncio
import logging
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from service.config import Settings
from service.database.migrate import ROOT
from tests.conftest import Database
from tests.http.conftest import logged_in, registered, secret

LOGGER = logging.getLogger(__name__)
PATIENCE = 60
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# It opens the stream, and tells this test what it is told.
PAGE = """
<!doctype html><title>A page of another origin</title><script>
const tell = (what) => fetch("/told", { method: "POST", body: JSON.stringify(what) });
const changes = new EventSource("STREAM");
changes.onopen = () => tell({ open: true });
changes.addEventListener("change", (event) => tell({ id: event.lastEventId, change: JSON.parse(event.data) }));
</script>
"""


class Page:
    """A server of one page, and what the page told it, each with the moment."""

    def __init__(self) -> None:
        self.html = ""
        self.told: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()

    async def show(self, _: web.Request) -> web.Response:
        return web.Response(text=self.html, content_type="text/html")

    async def hear(self, request: web.Request) -> web.Response:
        await self.told.put((time.time(), await request.json()))
        return web.Response()

    async def next(self) -> tuple[float, dict[str, Any]]:
        return await asyncio.wait_for(self.told.get(), PATIENCE)


@pytest.fixture
def browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("needs Chromium: Debian's package chromium")
    return found


@asynccontextmanager
async def opened(browser: str, url: str, folder: Path) -> AsyncIterator[None]:
    """A browser that shows a page for a block."""
    process = await asyncio.create_subprocess_exec(
        browser,
        *OPTIONS,
        f"--user-data-dir={folder}",
        "--remote-debugging-port=0",
        url,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def test_an_event_source_sees_a_change_of_the_sql_prompt(
    browser: str, serve: Any, settings: Settings, database: Database, tmp_path: Path
) -> None:
    page = Page()
    app = web.Application()
    app.add_routes([web.get("/", page.show), web.post("/told", page.hear)])
    async with TestServer(app) as origin:
        client = await serve(replace(settings, cors_origins=(str(origin.make_url("")).rstrip("/"),)))
        api = await logged_in(client, await registered(client))
        ticket = secret((await (await api.post("/api/v1/changes/tickets")).json())["ticket"])
        page.html = PAGE.replace("STREAM", str(client.make_url(f"/api/v1/changes/stream?ticket={ticket}")))

        async with opened(browser, str(origin.make_url("/")), tmp_path / "profile"):
            assert (await page.next())[1] == {"open": True}
            user, workspace = api.user["id"], api.user["workspace_id"]
            statement = f'CALL create_task({user}, {workspace}, \'{{"title": "made at the prompt"}}\')'
            prompt = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service.cli", "sql", "--as", "owner", "-e", statement),
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": database.owner_url},
                stdout=asyncio.subprocess.DEVNULL,
            )
            assert await prompt.wait() == 0
            seen_at, told = await page.next()

    assert told["change"]["new_row"]["title"] == "made at the prompt"
    assert told["id"] == str(told["change"]["revision"])
    made_at = told["change"]["changed_at"]
    LOGGER.info("a change of %s was seen at %.3f", made_at, seen_at)
