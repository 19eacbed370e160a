"""Time goes by: tasks become due soon, and overdue."""

from service.config import SETTINGS
from service.db import DATABASE
from service.worker.job import Job

BATCH = 500


class Reminders(Job):
    """Tells of what is due soon, and of what is overdue."""

    name = "reminders"
    seconds = 10.0

    async def run(self) -> bool:
        (row,) = await self.app[DATABASE].call("send_reminders", self.app[SETTINGS].due_soon_hours, BATCH)
        return bool(row["tasks"])
