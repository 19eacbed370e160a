"""No server is orphaned, and no folder is used twice."""

import signal
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest
from redis import Redis as Client

from service.embedded import EmbeddedError
from service.embedded.folders import in_use

START_REDIS_AND_SAY_SO = """
import sys
from pathlib import Path
from service.embedded import Redis, ensure_redis
from service.embedded.folders import in_use

with in_use(Path(sys.argv[1])) as lock, Redis(ensure_redis(), Path(sys.argv[1]), inherit=[lock]) as server:
    print(server.socket, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def parent(tmp_path):
    """Another process that runs a Redis in `tmp_path`; its first line of output is the socket."""
    argv = [sys.executable, "-c", START_REDIS_AND_SAY_SO, str(tmp_path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().endswith(b"redis.sock\n")
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_server_ends_when_its_parent_is_killed(parent, tmp_path):
    parent.send_signal(signal.SIGKILL)
    parent.wait()

    # Waits until nobody has the folder: the server inherited it and is the last to let go.
    with in_use(tmp_path):
        assert not (tmp_path / "redis.sock").exists()


def test_a_folder_in_use_says_by_whom(parent, tmp_path):
    with pytest.raises(EmbeddedError, match=f"already running here, pid {parent.pid}"), in_use(tmp_path):
        pass


def test_a_server_outlives_the_thread_that_started_it(new_redis):
    server = new_redis()
    thread = threading.Thread(target=server.start)

    thread.start()
    thread.join()

    with ExitStack() as stack, Client(unix_socket_path=str(server.socket)) as client:
        stack.callback(server.stop)
        assert all(client.ping() for _ in range(1000))
