"""All jobs, and what runs them: each in a loop of its own, so that none waits for another."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

from aiohttp import web

from service import metrics
from service.config import SETTINGS
from service.errors import Refused
from service.live.news import NEWS, end
from service.worker.dispatch import Dispatch
from service.worker.job import WAKE, Job
from service.worker.mail import Digests, Mail
from service.worker.reminders import Reminders
from service.worker.tidying import AbandonedClaims, OldRows, Orphans
from service.worker.webhooks import Webhooks

LOGGER = logging.getLogger(__name__)

JOBS: tuple[type[Job], ...] = (
    Dispatch,
    Webhooks,
    Reminders,
    Mail,
    Digests,
    AbandonedClaims,
    OldRows,
    Orphans,
)

# What fails is not tried again sooner, whatever wakes it.
RETRY_SECONDS = 0.5


async def jobs(app: web.Application) -> AsyncIterator[None]:
    """The cleanup context that runs all jobs; at the end each finishes what it is doing."""
    leaving = asyncio.Event()
    running = {job.name: job(app) for job in JOBS}
    app[WAKE] = lambda name: running[name].wake()

    def heard(workspace_id: int, revision: int) -> None:
        for job in running.values():
            job.heard(workspace_id, revision)

    listening = asyncio.create_task(app[NEWS].listen(heard, lambda _: None))
    loops = [asyncio.create_task(repeat(job, leaving)) for job in running.values()]
    yield
    leaving.set()
    for job in running.values():
        job.wake()
    await asyncio.wait(loops, timeout=app[SETTINGS].shutdown_seconds)
    await end([listening, *loops])
    await asyncio.gather(*(job.end() for job in running.values()))


async def repeat(job: Job, leaving: asyncio.Event) -> None:
    """Do a job again and again, whatever goes wrong, until the process leaves."""
    while not leaving.is_set():
        if not await attempt(job):
            await job.rest()


async def attempt(job: Job) -> bool:
    """Do some of a job; whether more is to be done at once."""
    started = time.perf_counter()
    try:
        return await job.run()
    except Refused as refused:
        metrics.JOB_FAILURES.labels(job.name, refused.error.code).inc()
        # Of a database that is away the database's own line tells.
        if refused.error.code != "database_unavailable":
            LOGGER.warning("job_failed", extra={"job": job.name, "code": refused.error.code})
    except Exception:  # the last door: a job that failed is tried again, and the others go on
        metrics.JOB_FAILURES.labels(job.name, "internal_error").inc()
        LOGGER.exception("job_failed", extra={"job": job.name})
    finally:
        metrics.JOB_SECONDS.labels(job.name).observe(time.perf_counter() - started)
    await asyncio.sleep(RETRY_SECONDS)
    return False
