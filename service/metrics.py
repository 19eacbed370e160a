"""What the service counts about itself, and the door at which a monitor reads it.

No label comes from a client: a route is its pattern, a method one that routes have, a code a word of the
catalogue. The door is an address of its own (METRICS_ADDRESS): how often what is asked and refused is told to
monitors and to no caller of the API. Several workers write their numbers to files in one folder
(prometheus_client's multiprocess mode), and their parent answers with the sums.
"""

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from wsgiref.simple_server import make_server

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, multiprocess
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app
from prometheus_client.exposition import _SilentHandler as SilentHandler

# Read by prometheus_client when it is imported: a worker has it in its environment from the start.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

REQUESTS = Counter(
    "headgate_http_requests",
    "Requests answered; 499: the client left, or the process.",
    ["method", "route", "status"],
)
REQUEST_SECONDS = Histogram(
    "headgate_http_request_seconds", "Time to an answer.", ["method", "route"], buckets=SECONDS
)
REFUSALS = Counter("headgate_refusals", "Answers that say no, by the code of the problem.", ["code"])
CALL_SECONDS = Histogram(
    "headgate_procedure_seconds", "Time of a call, without the wait for a connection.", ["procedure"],
    buckets=SECONDS,
)  # fmt: skip
CALL_REFUSALS = Counter("headgate_procedure_refusals", "Calls that MySQL refused.", ["procedure", "code"])
CALL_REPEATS = Counter(
    "headgate_procedure_repeats", "Calls repeated after a deadlock, a lock wait or a deployment.", ["errno"]
)
POOL_IN_USE = Gauge(
    "headgate_pool_in_use", "Connections to MySQL that serve a call.", multiprocess_mode="livesum"
)
POOL_WAITING = Gauge(
    "headgate_pool_waiting", "Calls that wait for a connection.", multiprocess_mode="livesum"
)
DATABASE_AWAY = Counter("headgate_database_unavailable", "Calls that got no answer from MySQL.")
CACHE_READS = Counter(
    "headgate_cache_reads",
    "Cached reads: hit, miss, stale (a newer revision than was known) or bypass (the cache is off or away).",
    ["how"],
)
CACHE_READ = {how: CACHE_READS.labels(how) for how in ("hit", "miss", "stale", "bypass")}
REDIS_AWAY = Counter("headgate_redis_failures", "Connections to Redis that failed, and refusals.")
REDIS_SPARED = Counter("headgate_redis_spared", "Questions not put, because Redis failed a moment before.")
FOLLOWERS = Gauge("headgate_feed_followers", "Who follows changes now.", multiprocess_mode="livesum")
FEED_SECONDS = Histogram(
    "headgate_feed_seconds", "From a change to the readers of its stream.", buckets=SECONDS
)
FEED_ENDS = Counter("headgate_feed_ends", "Streams that the service ended, by the code it told.", ["code"])
JOB_SECONDS = Histogram("headgate_job_seconds", "Time of a turn of a job.", ["job"], buckets=SECONDS)
JOB_FAILURES = Counter("headgate_job_failures", "Turns of a job that failed, by the code.", ["job", "code"])
MAILS = Counter("headgate_mails", "Mails that were tried, by what came of it.", ["outcome"])
DISPATCHED = Counter(
    "headgate_dispatched_changes", "Changes of which everything was told that is to be told."
)
WEBHOOK_ATTEMPTS = Counter("headgate_webhook_attempts", "Messages sent, by what came of it.", ["outcome"])
WEBHOOK_SECONDS = Histogram("headgate_webhook_seconds", "Time to the answer of a receiver.", buckets=SECONDS)
UNLIMITED = Counter("headgate_rate_limit_open", "Requests let in uncounted, because Redis was away.")


@lru_cache(maxsize=2000)
def _of_request(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, status), REQUEST_SECONDS.labels(method, route)


def count_request(name: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered, or that its client left."""
    requests, times = _of_request(method(name), route, status)
    requests.inc()
    times.observe(seconds)


def method(name: str) -> str:
    """The method as a label: one that routes have, or `other` for whatever a client made up."""
    return name if name in METHODS else "other"


def address(text: str) -> tuple[str, int]:
    """The host and the port of METRICS_ADDRESS."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


@contextmanager
def shown(place: str, folder: Path | None = None) -> Iterator[None]:
    """Answer monitors at `host:port` for a block; of workers, if they write to a folder. "" shows nothing."""
    if not place:
        yield
        return
    host, port = address(place)
    registry = REGISTRY
    if folder:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]

    class Server(ThreadingWSGIServer):
        address_family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]

    with make_server(host, port, make_wsgi_app(registry), Server, SilentHandler) as server:
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@contextmanager
def folder_of_workers() -> Iterator[Path]:
    """Where processes that are started in this block write their numbers."""
    with tempfile.TemporaryDirectory(prefix="headgate-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield Path(folder)
        finally:
            del os.environ[FOLDER]


def forget_process(pid: int, folder: Path) -> None:
    """What a process that ended has in use is nothing; what it counted goes on counting."""
    multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
