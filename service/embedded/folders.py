"""Where the private servers live: the cache, the state of this checkout, locks and short socket paths."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.embedded.errors import EmbeddedError

# sockaddr_un.sun_path holds 108 bytes with the final zero.
LONGEST_SOCKET_PATH = 107


def private_folder(path: Path) -> Path:
    """Make `path` (and its parents) if it is missing; only its owner may enter it."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"The folder {path} cannot be made: {error.strerror}.") from None
    return path


def cache_folder() -> Path:
    """The folder that all checkouts share: $HEADGATE_CACHE, or `headgate` in the user's cache folder."""
    if chosen := os.environ.get("HEADGATE_CACHE"):
        return private_folder(Path(chosen).expanduser().absolute())
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return private_folder((Path(base) if base else Path.home() / ".cache") / "headgate")
    except RuntimeError:
        raise EmbeddedError(
            "This user has no home folder: set HEADGATE_CACHE to a folder of your own."
        ) from None


def state_folder() -> Path:
    """What this checkout keeps, and no other: $HEADGATE_STATE, or a folder of its own in the cache folder."""
    if chosen := os.environ.get("HEADGATE_STATE"):
        return private_folder(Path(chosen).expanduser().absolute())
    return private_folder(cache_folder() / "state" / _digest(Path(__file__).resolve().parents[2]))


def socket_path(folder: Path, name: str) -> Path:
    """A path for a socket of the server in `folder`, short enough for the kernel wherever `folder` is."""
    if len(os.fsencode(direct := folder / name)) <= LONGEST_SOCKET_PATH:
        return direct
    return _short_folder(folder) / name


def _short_folder(folder: Path) -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    short = Path(tempfile.gettempdir()) / f"headgate-{os.getuid()}-{_digest(folder)}"
    if 0 < len(os.fsencode(runtime)) < 60 and os.access(runtime, os.W_OK):
        short = Path(runtime) / f"headgate-{_digest(folder)}"
    private_folder(short)
    # The temporary folder is everybody's: whoever made this name first could read what we send.
    found = short.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or short.is_symlink():
        raise EmbeddedError(
            f"The folder {short} belongs to somebody else: remove it, or set XDG_RUNTIME_DIR."
        )
    return short


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@contextmanager
def only_one(lock: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold `lock` among all processes of the machine; `waiting` is called once if another one has it."""
    private_folder(lock.parent)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def in_use(folder: Path) -> Iterator[int]:
    """Keep `folder` for this process and the servers it starts; yields the descriptor that they inherit.

    They inherit it because they may outlive a killed parent by a moment: the folder is free when the last of
    them is gone.
    """
    with (folder / "lock").open("a+") as file:
        _acquire(file.fileno())
        os.truncate(file.fileno(), 0)
        os.write(file.fileno(), str(os.getpid()).encode())
        yield file.fileno()


def _acquire(lock: int, patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode()
            # Servers whose parent was killed are still shutting down: that takes seconds, so wait for them.
            if _alive(owner) or time.monotonic() > deadline:
                raise EmbeddedError(f"Headgate is already running here, pid {owner or 'unknown'}.") from None
        time.sleep(0.05)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ValueError:
        return True  # the owner has the lock, and is about to write its number
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
