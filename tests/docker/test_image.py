"""What the containers do, done without containers: the image's files and environment on real servers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.database.connection import Dsn, connected, query
from service.database.migrate import ROOT
from tests.conftest import server_dsn
from tests.docker.dockerfile import Instruction, environment, lay_out, shipped

Popen = subprocess.Popen[bytes]
PASSWORD = "0wner"


@pytest.fixture
def owner(empty_database: Dsn) -> Dsn:
    """The owner as the MySQL image and docker/owner.sql make it, under the name of the test's database."""
    name = empty_database.database
    login = f"{name}_owner"
    with connected(server_dsn()) as connection:
        query(connection, f"CREATE USER {login}@'%' IDENTIFIED BY '{PASSWORD}'")
        query(connection, f"GRANT ALL ON {name}.* TO {login}@'%'")
        for statement in (ROOT / "docker" / "owner.sql").read_text().split(";"):
            if statement.strip():
                query(connection, statement.replace("headgate", name))
    return empty_database.login_as(login, PASSWORD)


@pytest.fixture
def container(tmp_path: Path) -> Callable[..., Popen]:
    """Start a command in the image's files, with the image's environment and no home."""
    app = lay_out(tmp_path / "app")
    inherited = environment() | {"PATH": os.environ["PATH"], "HOME": "/dev/null/home"}
    inherited |= {"PYTHONPATH": str(app), "HEADGATE_STATE": str(tmp_path / "state")}

    def start(*command: str, **variables: str) -> Popen:
        return subprocess.Popen(command, cwd=app, env=inherited | variables)

    return start


def headgate(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "service.cli", *arguments]


def test_migrate_makes_the_schema_and_the_service_is_healthy(
    container: Callable[..., Popen], owner: Dsn, redis_url: str
) -> None:
    service = owner.login_as(f"{owner.database}_api", "s3rvice")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    check = shipped("HEALTHCHECK")[0].text.partition("CMD ")[2]
    ask = [sys.executable, *Instruction("CMD", check).words[1:]]

    migrated = container(*headgate("migrate", "up"), DATABASE_URL=owner.url, SERVICE_DATABASE_URL=service.url)
    assert migrated.wait(120) == 0
    checked = container(*headgate("migrate", "check"), DATABASE_URL=owner.url)
    assert checked.wait(120) == 0

    assert container(*ask, PORT=port).wait(60) != 0
    served = container(
        *headgate("serve"),
        SERVICE_DATABASE_URL=service.url,
        REDIS_URL=redis_url,
        SECRET_KEY="x" * 32,
        HOST="127.0.0.1",
        PORT=port,
    )
    try:
        deadline = time.monotonic() + 60
        while container(*ask, PORT=port).wait(60) != 0:
            assert served.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        served.terminate()
        assert served.wait(60) == 0
