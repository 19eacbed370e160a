"""Get a real MySQL and a real Redis: from PATH, from the cache, or from the machine's Debian archive."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.embedded.errors import EmbeddedError, Unavailable
from service.embedded.prefix import Recipe, ensure_prefix, loaded, location
from service.embedded.progress import QUIET, Progress

OLDEST_MYSQL = (8, 0, 19)
OLDEST_REDIS = (6, 2)
SYSTEM_PROGRAMS = ("/usr/sbin", "/usr/local/sbin")  # Debian keeps them out of an ordinary user's PATH


@dataclass(frozen=True)
class Installation:
    """Programs that can be run here; each argv is complete but for the options of the run."""

    version: str
    server: tuple[str, ...]
    client: tuple[str, ...]

    @property
    def series(self) -> str:
        """The part of the version that decides who may read whose data, such as "8.0"."""
        return ".".join(self.version.split(".")[:2])


class MySQLInstallation(Installation):
    """mysqld and the mysql client."""


class RedisInstallation(Installation):
    """redis-server and redis-cli."""


MYSQL = {
    "8.0": Recipe(
        name="mysql-8.0.45",
        title="MySQL 8.0",
        suites=("sid", "trixie"),  # trixie keeps the libicu that 8.0 was built with
        pool={
            "amd64": {
                "pool/main/m/mysql-8.0/mysql-server-core-8.0_8.0.45-1_amd64.deb": (
                    "0d6227408f63c01dadce99c1639f2427cc88495a0b3ed3292a85d9c2aa64e1fd"
                ),
                "pool/main/m/mysql-8.0/mysql-client-core-8.0_8.0.45-1_amd64.deb": (
                    "cbb6881d471c60bcb3f6ac2fd2b8e982c11836a0ce98469aef89b49d9a346aea"
                ),
            }
        },
    ),
    "9.7": Recipe(
        name="mysql-9.7",
        title="MySQL 9.7",
        suites=("sid",),
        packages=("mysql-server-core", "mysql-client-core"),
    ),
}
# redis-server's own dependencies (adduser, perl ...) are big, and serve its installation only.
REDIS = Recipe(name="redis", title="Redis", suites=("",), packages=("redis-tools",), alone=("redis-server",))


def ensure_mysql(version: str | None = None, progress: Progress = QUIET) -> MySQLInstallation:
    """MySQL of the series asked for (None: any that will do, 8.0 if it has to be downloaded)."""
    found = _on_path("mysqld", "mysql", OLDEST_MYSQL)
    if found and version in (None, found.series):
        return MySQLInstallation(found.version, found.server, found.client)
    if version not in (None, *MYSQL):
        raise EmbeddedError(
            f"MySQL {version} is not here and cannot be downloaded: choose {' or '.join(MYSQL)}."
        )
    if version == "9.7":
        return _mysql(ensure_prefix(MYSQL["9.7"], progress))
    try:
        return _mysql(ensure_prefix(MYSQL["8.0"], progress))
    except EmbeddedError as error:
        if not isinstance(error, Unavailable) and not location(MYSQL["9.7"]).exists():
            raise
        progress.note(f"MySQL 8.0 cannot be had, so this is MySQL 9.7. {error}")
        return _mysql(ensure_prefix(MYSQL["9.7"], progress))


def ensure_redis(progress: Progress = QUIET) -> RedisInstallation:
    """Redis 6.2 or newer."""
    if found := _on_path("redis-server", "redis-cli", OLDEST_REDIS):
        return RedisInstallation(found.version, found.server, found.client)
    prefix = ensure_prefix(REDIS, progress)
    server = loaded(prefix, "usr/bin/redis-server")
    return RedisInstallation(_version(server), server, loaded(prefix, "usr/bin/redis-cli"))


def _mysql(prefix: Path) -> MySQLInstallation:
    share = prefix / "usr/share/mysql"
    server = (
        *loaded(prefix, "usr/sbin/mysqld"),
        "--no-defaults",
        f"--basedir={prefix}/usr",
        f"--lc-messages-dir={share}",
        f"--character-sets-dir={share}/charsets",
        f"--plugin-dir={prefix}/usr/lib/mysql/plugin",
    )
    client = (*loaded(prefix, "usr/bin/mysql"), "--no-defaults", f"--character-sets-dir={share}/charsets")
    return MySQLInstallation(_version(server), server, client)


def _on_path(server: str, client: str, oldest: tuple[int, ...]) -> Installation | None:
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_PROGRAMS])
    server_path, client_path = shutil.which(server, path=search), shutil.which(client, path=search)
    if not (server_path and client_path):
        return None
    options = ("--no-defaults",) if server == "mysqld" else ()
    try:
        found = Installation(_version([server_path]), (server_path, *options), (client_path, *options))
    except EmbeddedError:
        return None
    return found if tuple(map(int, found.version.split("."))) >= oldest else None


def _version(server: Sequence[str]) -> str:
    """What `server --version` says, which also proves that it runs here."""
    try:
        said = subprocess.run([*server, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise EmbeddedError(f"{server[0]} does not run here: {error.strerror}.") from None
    found = re.search(r"(?:Ver |v=)(\d+\.\d+\.\d+)", said.stdout)
    if said.returncode or not found or "MariaDB" in said.stdout:
        raise EmbeddedError(f"{server[0]} does not run here: {(said.stderr or said.stdout).strip()[:200]}")
    return found[1]
