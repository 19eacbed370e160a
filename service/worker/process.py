"""The worker as a process of its own, until a signal ends it in order."""

import asyncio
import logging
import signal

from aiohttp import web

from service import db, redis_client
from service.config import SETTINGS, Settings
from service.live import news
from service.storage import storage
from service.worker.jobs import jobs

LOGGER = logging.getLogger(__name__)


def work(settings: Settings) -> None:
    """Run the jobs until SIGTERM or SIGINT, then finish what is being done."""
    asyncio.run(_work(settings))


def worker_app(settings: Settings) -> web.Application:
    """An application that serves nothing: it holds what the jobs need, and gives it back."""
    app = web.Application()
    app[SETTINGS] = settings
    app.cleanup_ctx.extend([db.database, redis_client.redis, news.news, storage, jobs])
    return app


async def _work(settings: Settings) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    runner = web.AppRunner(worker_app(settings))
    await runner.setup()
    LOGGER.info("worker_started")
    try:
        await told.wait()
    finally:
        await runner.cleanup()
    LOGGER.info("worker_stopped")
