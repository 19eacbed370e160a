"""Private MySQL and Redis servers for `make run` and the tests: real ones, without root and without Docker.

with private_servers("8.0", folder, durable=True) as servers:
    servers.mysql.socket, servers.redis.socket, servers.mysql.client_command()

packages   what to run: found on PATH, in the cache, or downloaded
apt        how to download without changing the machine
folders    cache, state of this checkout, locks, short socket paths
process    children that cannot be orphaned
server     start, wait until it answers, stop; mysql and redis say how
servers    both together
"""

from service.embedded.errors import DiskFull, EmbeddedError, Unavailable
from service.embedded.folders import cache_folder, state_folder
from service.embedded.mysql import MySQL
from service.embedded.packages import MySQLInstallation, RedisInstallation, ensure_mysql, ensure_redis
from service.embedded.progress import QUIET, Progress, Quiet
from service.embedded.redis import Redis
from service.embedded.servers import Servers, private_servers

__all__ = [
    "QUIET",
    "DiskFull",
    "EmbeddedError",
    "MySQL",
    "MySQLInstallation",
    "Progress",
    "Quiet",
    "Redis",
    "RedisInstallation",
    "Servers",
    "Unavailable",
    "cache_folder",
    "ensure_mysql",
    "ensure_redis",
    "private_servers",
    "state_folder",
]
