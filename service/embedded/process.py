"""Child processes that cannot be orphaned."""

import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

# The kernel ends a child with the *thread* that started it. This one lives as long as the process does.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-starter")


def tied_to_parent(argv: Sequence[str]) -> list[str]:
    """`argv`, run so that it receives SIGTERM when the process that starts it dies, however it dies."""
    # preexec_fn could do this without setpriv, but Python warns of deadlocks once there are threads.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *argv] if setpriv else list(argv)


def spawn(
    argv: Sequence[str],
    output: IO[bytes] | int,
    *,
    environment: dict[str, str] | None = None,
    inherit: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, so that Ctrl-C reaches us first and we stop it in order."""
    return _starter.submit(
        subprocess.Popen,
        tied_to_parent(argv),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment,
        pass_fds=inherit,
        start_new_session=True,
    ).result()
