"""What idle followers of changes cost one process of the service, and how soon all of them know of a change.

    make bench-feed
    python -m bench.feed --followers 500        fewer

Opens so many streams of Server-Sent Events, half of them on one workspace and the rest on workspaces of their own,
a hundred of each; looks at the memory and the processor time of the service and of MySQL before and while nothing
happens; then changes the one workspace at each door.
"""

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from aiohttp import ClientSession
from pymysql.cursors import DictCursor

from bench.measure import Report, about, call, durable_servers
from service.admission.tokens import Caller, Tokens
from service.config import Settings
from service.database.connection import Dsn, open_connection

IDLE_SECONDS = 10
CHANGES = 10
WORKSPACES = 100
TICKS = os.sysconf("SC_CLK_TCK")
SECRET = "a key for a benchmark, thirty-two bytes"


class Process:
    """What the kernel knows of a process."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    def megabytes(self) -> float:
        (line,) = [
            line for line in (self._folder / "status").read_text().splitlines() if line.startswith("VmRSS")
        ]
        return int(line.split()[1]) / 1024

    def cpu_seconds(self) -> float:
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def served(service: Dsn, redis: str) -> Iterator[tuple[str, int]]:
    """`headgate serve` for a block: its address and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "SERVICE_DATABASE_URL": service.url,
        "REDIS_URL": redis,
        "SECRET_KEY": SECRET,
        "PORT": str(port),
        "STREAMS_PER_USER": "0",
        "RATE_LIMIT_PER_MINUTE": "0",
        "RATE_LIMIT_ADDRESS_PER_MINUTE": "0",
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "service.cli", "serve"], env=environment)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


async def follow(url: str, token: str, workspace_id: int, seen: "asyncio.Queue[tuple[int, float]]") -> None:
    """One stream: the revision of each change, and when it came."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    path = f"/api/v1/changes/stream?workspace_id={workspace_id}"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    is_told = False
    try:
        while line := await reader.readline():
            if line.startswith(b"data: {"):
                seen.put_nowait((orjson.loads(line[6:])["revision"], time.perf_counter()))
            elif line.startswith(b"id: ") and not is_told:
                # Its place in the log, which comes first.
                is_told = True
                seen.put_nowait((0, time.perf_counter()))
    finally:
        writer.close()


async def load(processes: dict[str, Process]) -> dict[str, float]:
    """Of each process, the part of one core that it uses while nothing happens."""
    before = {name: process.cpu_seconds() for name, process in processes.items()}
    await asyncio.sleep(IDLE_SECONDS)
    return {
        name: (process.cpu_seconds() - before[name]) / IDLE_SECONDS * 100
        for name, process in processes.items()
    }


async def measure(
    report: Report, database: Dsn, url: str, processes: dict[str, Process], followers: int
) -> None:
    with open_connection(database, cursor=DictCursor) as session:
        user = call(session, "CALL create_user('bench', 'bench@example.org', %s)", "$2b$04$" + "x" * 53)[0]
        user_id, workspace_id = user["user_id"], user["workspace_id"]
        others = [
            call(session, "CALL create_workspace(%s, %s)", user_id, f"w{number}")[0]["workspace_id"]
            for number in range(WORKSPACES)
        ]
    token = Tokens(Settings(secret_key=SECRET)).issue(Caller(user_id, workspace_id, 0))
    async with ClientSession(url, headers={"Authorization": f"Bearer {token}"}) as client:
        async with client.get("/api/v1/users/me") as response:
            assert response.status == 200
        alone, size = await load(processes), processes["service"].megabytes()

        queues = [asyncio.Queue[tuple[int, float]]() for _ in range(followers)]
        places = [workspace_id if n % 2 == 0 else others[n // 2 % WORKSPACES] for n in range(followers)]
        streams = []
        for place, queue in zip(places, queues, strict=True):
            streams.append(asyncio.create_task(follow(url, token, place, queue)))
            await queue.get()
        idle = await load(processes)
        report.add("memory of the process before", size, "MB")
        report.add(f"memory with {followers} followers", processes["service"].megabytes(), "MB", 200)
        for name in processes:
            report.add(f"{name}, idle, without followers", alone[name], "% of a core")
            report.add(f"{name}, idle, with {followers} followers", idle[name], "% of a core")

        first = [queue for place, queue in zip(places, queues, strict=True) if place == workspace_id]
        await arrival(report, "by REST", first, by_rest(client))
        await arrival(report, "by SQL", first, by_sql(database, user_id, workspace_id))
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)


def by_rest(client: ClientSession):
    async def change() -> None:
        async with client.post("/api/v1/tasks", json={"title": "new"}) as response:
            assert response.status == 201

    return change


def by_sql(database: Dsn, user_id: int, workspace_id: int):
    def work() -> None:
        with open_connection(database) as session:
            call(session, "CALL create_task(%s, %s, %s)", user_id, workspace_id, '{"title": "new"}')

    return lambda: asyncio.to_thread(work)


async def arrival(
    report: Report, door: str, queues: list["asyncio.Queue[tuple[int, float]]"], change
) -> None:
    """From the answer of the door to the first and to the last of the followers."""
    firsts, lasts = [], []
    for _ in range(CHANGES):
        await asyncio.sleep(0.3)
        await change()
        done = time.perf_counter()
        times = [(await queue.get())[1] for queue in queues]
        firsts.append((min(times) - done) * 1000)
        lasts.append((max(times) - done) * 1000)
    report.add(f"a change {door}, to the first of {len(queues)}", statistics.median(firsts), "ms")
    report.add(f"a change {door}, to the last of {len(queues)}", statistics.median(lasts), "ms")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--followers", type=int, default=2000)
    followers = options.parse_args().followers
    report = Report("feed")
    with durable_servers() as (database, service, redis), served(service, redis) as (url, pid):
        with open_connection(database) as session:
            pid_file = call(session, "SELECT @@pid_file")[0][0]
            told = about(session)
        processes = {"service": Process(pid), "MySQL": Process(int(Path(pid_file).read_text()))}
        asyncio.run(measure(report, database, url, processes, followers))
    report.finish(told)


if __name__ == "__main__":
    main()
