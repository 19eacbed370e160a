"""Mails: gathered, taken for a time, handed over. MySQL decides what is mailed to whom."""

import logging

from aiohttp import web
from aiosmtplib import SMTP

from service import metrics
from service.admission.confirmation import Links
from service.config import SETTINGS
from service.db import DATABASE, Row
from service.mail.letter import UnfitAddress, letter
from service.mail.sending import Server, Verdict, hand_over, why
from service.worker.job import Job

LOGGER = logging.getLogger(__name__)

GATHER = 1000
BATCH = 20
# Longer than a batch takes, whatever the server does: each mail has a bound (MAIL_SECONDS).
LEASE_SECONDS = 900


class Mail(Job):
    """What is to be mailed at once, and what could not be sent before."""

    name = "mail"
    seconds = 1.0

    def __init__(self, app: web.Application) -> None:
        super().__init__(app)
        self._settings = app[SETTINGS]
        self._server = Server.parse(self._settings.smtp_url) if self._settings.smtp_url else None
        self._links = Links(self._settings) if self._settings.smtp_url else None

    async def run(self) -> bool:
        if not self._server:
            return False
        (gathered,) = await self.app[DATABASE].call("gather_mail", GATHER)
        rows = await self.app[DATABASE].call("claim_mail", BATCH, LEASE_SECONDS)
        if rows:
            await self._send(self._server, rows)
        return len(rows) == BATCH or gathered["gathered"] == GATHER

    async def _send(self, server: Server, rows: list[Row]) -> None:
        connection, away = server.connection(), None
        try:
            for row in rows:
                # While the server is away, what is left of the batch is not tried.
                verdict = away or await self._tried(connection, row)
                away = verdict if verdict.is_away else None
                await self._finish(row, verdict)
        finally:
            connection.close()

    async def _tried(self, connection: SMTP, row: Row) -> Verdict:
        assert self._links
        try:
            message = letter(row, self._settings, self._links)
        except UnfitAddress as error:
            return Verdict("refused", why(error))
        return await hand_over(connection, message)

    async def _finish(self, row: Row, verdict: Verdict) -> None:
        told = {"mail_id": row["mail_id"], "attempt": row["attempt"], "reason": verdict.reason}
        (known,) = await self.app[DATABASE].call(
            "finish_mail", row["mail_id"], row["attempt"], verdict.outcome, verdict.reason
        )
        metrics.MAILS.labels(verdict.outcome).inc()
        if known["outcome"] == "given_up":
            LOGGER.error("mail_given_up", extra=told)
        elif verdict.outcome == "failed":
            LOGGER.warning("mail_failed", extra=told)


class Digests(Job):
    """What is mailed together, in each user's morning."""

    name = "digests"
    seconds = 60.0

    async def run(self) -> bool:
        if not self.app[SETTINGS].smtp_url:
            return False
        (row,) = await self.app[DATABASE].call("gather_digests", GATHER)
        return bool(row["gathered"] == GATHER)
