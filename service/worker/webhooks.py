"""Delivering the messages of webhooks; MySQL says which are due and to whom (claim_webhook_deliveries)."""

import asyncio
import logging
import random
import time

from aiohttp import web

from service import metrics
from service.config import SETTINGS
from service.db import DATABASE, Row
from service.webhooks.sender import Outcome, Sender
from service.worker.job import Job

LOGGER = logging.getLogger(__name__)

# Webhooks at once, and messages of one in a claim.
AT_ONCE = 32
BATCH = 20
# No message of a claim is begun after so long: the last one has to be answered before the lease ends.
CLAIM_SECONDS = 30
# Each time it fails a message waits four times as long, up to half a day, and its webhook twice as long.
MESSAGE_GROWTH, LONGEST_WAIT_MS = 4, 12 * 3_600_000
WEBHOOK_GROWTH, LONGEST_REST_MS = 2, 5 * 60_000


class Webhooks(Job):
    """One webhook after the other is claimed, and their messages are sent side by side."""

    name = "webhooks"
    seconds = 0.25

    def __init__(self, app: web.Application) -> None:
        super().__init__(app)
        self._settings = app[SETTINGS]
        self._sending: set[asyncio.Task[None]] = set()
        self._sender = Sender(self._settings)
        self._ends = False

    async def run(self) -> bool:
        if len(self._sending) >= AT_ONCE:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        lease = CLAIM_SECONDS + 2 * self._settings.webhook_timeout_seconds
        rows = await self.app[DATABASE].call("claim_webhook_deliveries", BATCH, lease)
        if rows:
            task = asyncio.create_task(self._deliver(rows))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return bool(rows)

    async def end(self) -> None:
        # Each has to tell what came of the message that is on its way.
        self._ends = True
        if self._sending:
            await asyncio.wait(self._sending)
        await self._sender.close()

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        # There may be more for the same webhook.
        self.wake()
        if not task.cancelled() and (error := task.exception()):
            LOGGER.error("job_failed", extra={"job": self.name}, exc_info=error)

    async def _deliver(self, rows: list[Row]) -> None:
        """Send the messages of a claim in their order, until one fails."""
        give_up = time.monotonic() + CLAIM_SECONDS
        for number, row in enumerate(rows, 1):
            outcome = await self._sender.send(row)
            is_last = number == len(rows) or bool(outcome.error) or self._ends or time.monotonic() > give_up
            await self._finish(row, outcome, is_last)
            if is_last:
                return

    async def _finish(self, row: Row, outcome: Outcome, is_last: bool) -> None:
        first = self._settings.webhook_retry_ms
        rest = _pause(first, WEBHOOK_GROWTH, row["failures"], LONGEST_REST_MS) if outcome.error else 0
        found = await self.app[DATABASE].call(
            "finish_webhook_delivery",
            row["webhook_id"],
            row["delivery_id"],
            row["leased_until"],
            outcome.status,
            outcome.error,
            outcome.answer,
            outcome.milliseconds,
            _pause(first, MESSAGE_GROWTH, row["attempts"], LONGEST_WAIT_MS),
            rest if is_last else None,
        )
        state = found[0]["state"] if found else "gone"
        metrics.WEBHOOK_ATTEMPTS.labels(outcome.error or "delivered").inc()
        metrics.WEBHOOK_SECONDS.observe(outcome.milliseconds / 1000)
        LOGGER.info(
            "webhook_sent",
            extra={
                "webhook_id": row["webhook_id"],
                "workspace_id": row["workspace_id"],
                "delivery_id": row["delivery_id"],
                "kind": row["kind"],
                "status": outcome.status,
                "error": outcome.error,
                "ms": outcome.milliseconds,
                "state": state,
            },
        )


def _pause(first: int, growth: int, failures: int, longest: int) -> int:
    """Milliseconds until the next attempt, with jitter: what failed together does not come together."""
    return round(min(first * float(growth) ** min(failures, 30), longest) * random.uniform(0.8, 1.2))
