"""What this checkout keeps between commands: generated secrets, and the addresses of what is running.

Both are files in the state folder that only their owner may read.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from service.database.connection import Dsn
from service.embedded.errors import EmbeddedError
from service.embedded.folders import state_folder


@dataclass(frozen=True)
class Running:
    """Where the servers are; the accounts that are not known are empty."""

    owner_url: str = field(repr=False)
    service_url: str = field(default="", repr=False)
    analyst_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    mysql_client: list[str] = field(default_factory=list)


def folder() -> Path:
    """The state folder, in which all of it is."""
    return state_folder()


def secret_key() -> str:
    """The key that signs this checkout's access tokens, made when it is first asked for."""
    return _kept("secret_key")


def password(account: Dsn) -> str:
    """The generated password of an account, made when it is first asked for."""
    return _kept(_place(account))


def known_password(account: Dsn) -> str | None:
    """The password of an account that this checkout has made, or nothing."""
    try:
        value = _read(_secrets_path()).get(_place(account))
    except EmbeddedError:
        # No home, no state folder: in a container nothing was made here, so nothing is known.
        return None
    return str(value) if value else None


@contextmanager
def published(running: Running) -> Iterator[None]:
    """Let other commands find the running servers during this block, and not after it, however it ends."""
    path = folder() / "running.json"
    part = path.with_suffix(".part")
    with _open_private(part) as descriptor:
        # Locked and complete before it has the name under which others look for it.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(asdict(running)).encode())
        part.rename(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running() -> Running | None:
    """What another process of this checkout has published, if that process still lives."""
    try:
        with (folder() / "running.json").open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(**json.load(file))
    except FileNotFoundError:
        pass
    # The lock is free: the process that wrote the file was killed, and its servers with it.
    return None


def _kept(name: str) -> str:
    path = _secrets_path()
    with _open_private(path.with_suffix(".lock")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        values = _read(path)
        if name not in values:
            values[name] = secrets.token_urlsafe(32)
            part = path.with_suffix(".part")
            with _open_private(part) as descriptor:
                os.ftruncate(descriptor, 0)
                os.write(descriptor, json.dumps(values, indent=2).encode())
            part.rename(path)
        return str(values[name])


def _secrets_path() -> Path:
    return folder() / "secrets.json"


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _place(account: Dsn) -> str:
    server = account.unix_socket or f"{account.host}:{account.port}"
    return f"{account.user}@{server}/{account.database}"


@contextmanager
def _open_private(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
