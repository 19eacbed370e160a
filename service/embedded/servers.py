"""Both private servers together, as `make run` and the tests use them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.embedded.errors import disk_full_explained
from service.embedded.folders import in_use, private_folder
from service.embedded.mysql import MySQL
from service.embedded.packages import ensure_mysql, ensure_redis
from service.embedded.progress import QUIET, Progress
from service.embedded.redis import Redis


@dataclass(frozen=True)
class Servers:
    """A MySQL and a Redis that answer."""

    mysql: MySQL
    redis: Redis


@contextmanager
def private_servers(
    mysql_version: str | None,
    folder: Path,
    durable: bool,
    progress: Progress = QUIET,
    mysql_options: Sequence[str] = (),
) -> Iterator[Servers]:
    """A private MySQL and Redis with their data in `folder`, which nobody else may use at the same time.

    Each MySQL series has its own data in there. Everything is stopped at the end, or when this process dies.
    """
    with ExitStack() as stack:
        with disk_full_explained(folder):
            lock = stack.enter_context(in_use(private_folder(folder)))
            redis = Redis(ensure_redis(progress), folder / "redis", durable=durable, inherit=[lock])
            installation = ensure_mysql(mysql_version, progress)
            mysql = MySQL(
                installation,
                folder / f"mysql-{installation.series}",
                durable=durable,
                extra=mysql_options,
                inherit=[lock],
            )
            for server in (redis, mysql):
                stack.callback(server.stop)
                server.start(progress)
        yield Servers(mysql, redis)
