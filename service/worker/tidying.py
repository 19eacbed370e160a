"""What has expired and is put back, and what nobody asks for any more."""

from service.db import DATABASE
from service.files.collection import collect
from service.live.news import NEWS
from service.storage import STORAGE
from service.worker.job import Job

# Who is only late may still complete or renew a claim that nobody else wants.
LATE_SECONDS = 60
BATCH = 1000


class AbandonedClaims(Job):
    """Tasks of whom nobody has heard for long go back into the queue."""

    name = "abandoned_claims"
    seconds = 5.0

    async def run(self) -> bool:
        rows = await self.app[DATABASE].call("release_abandoned_claims", LATE_SECONDS)
        for row in rows:
            self.app[NEWS].publish_revision(row["workspace_id"], row["revision"])
        return bool(rows)


class Orphans(Job):
    """The bytes of deleted attachments, and of uploads that came to nothing."""

    name = "orphans"
    seconds = 60.0

    async def run(self) -> bool:
        await collect(self.app[DATABASE].call, self.app[STORAGE])
        return False


class OldRows(Job):
    """Rows that were kept for a time that is over."""

    name = "old_rows"
    seconds = 600.0

    async def run(self) -> bool:
        (row,) = await self.app[DATABASE].call("remove_old_rows", BATCH)
        return bool(row["removed"] >= BATCH)
