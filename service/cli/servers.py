"""The MySQL and Redis that `headgate up` works with: those that the environment names, or private ones."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from dotenv import dotenv_values

from service.cli import state
from service.config import Settings
from service.database.connection import Dsn
from service.embedded import MySQL, Redis, ensure_mysql, ensure_redis
from service.embedded.folders import in_use
from service.embedded.progress import Progress

DATABASE = "headgate"


@dataclass(frozen=True)
class Servers:
    """Where they are; `mysql_client` is empty when MySQL is not ours."""

    owner: Dsn
    redis_url: str = field(repr=False)
    mysql_client: list[str]

    @property
    def is_private(self) -> bool:
        """Whether MySQL is ours alone."""
        return bool(self.mysql_client)


@contextmanager
def servers(settings: Settings, progress: Progress) -> Iterator[Servers]:
    """Start what the environment does not name, and stop it afterwards; its data stays."""
    with ExitStack() as stack:
        # A second `up` of this checkout would fight over both the data and the generated passwords.
        lock = stack.enter_context(in_use(state.folder()))
        if is_named("REDIS_URL"):
            redis_url = settings.redis_url
        else:
            redis = Redis(ensure_redis(progress), state.folder() / "redis", inherit=[lock])
            redis.start(progress)
            stack.callback(redis.stop)
            redis_url = f"unix://{redis.socket}?db=0"
        if settings.database_url:
            yield Servers(Dsn.parse(settings.database_url), redis_url, [])
            return
        installation = ensure_mysql(os.environ.get("HEADGATE_MYSQL") or None, progress)
        mysql = MySQL(installation, state.folder() / f"mysql-{installation.series}", inherit=[lock])
        mysql.start(progress)
        stack.callback(mysql.stop)
        owner = Dsn("root", "", "localhost", 3306, DATABASE, str(mysql.socket))
        yield Servers(owner, redis_url, mysql.client_command())


def is_named(name: str) -> bool:
    """Whether the environment or `.env` gives a setting, rather than its default."""
    return bool((dotenv_values(".env") | dict(os.environ)).get(name))
