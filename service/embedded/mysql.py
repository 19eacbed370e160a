"""A private MySQL: its own data folder, its own process, reachable through a Unix socket only."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from service.embedded.errors import NO_SPACE, DiskFull, EmbeddedError
from service.embedded.packages import MySQLInstallation
from service.embedded.progress import Progress
from service.embedded.server import PrivateServer

# Data that nobody will miss: no waiting for the disk, and a small redo log to create.
THROWAWAY = (
    "--innodb-flush-log-at-trx-commit=0",
    "--sync-binlog=0",
    "--skip-innodb-doublewrite",
    "--innodb-flush-method=nosync",
    "--loose-innodb-redo-log-capacity=64M",
)


class MySQL(PrivateServer):
    """One MySQL server; its `root` has no password, since only the owner of the folder gets in."""

    name = "MySQL"

    def __init__(
        self,
        installation: MySQLInstallation,
        folder: Path,
        *,
        durable: bool = True,
        extra: Sequence[str] = (),
        inherit: Sequence[int] = (),
    ) -> None:
        super().__init__(folder, inherit)
        self.installation = installation
        self.data = self.folder / "data"
        self._durable = durable
        self._options = (*(() if durable else THROWAWAY), *extra)

    def client_command(self) -> list[str]:
        """The argv of the real `mysql` client against it; add `-uroot`, a database, `--delimiter=//`."""
        return [*self.installation.client, "--default-character-set=utf8mb4", f"--socket={self.socket}"]

    def _prepare(self, progress: Progress) -> None:
        """Make the data folder if there is none; under another name until it is complete, so that an
        interrupted first start heals."""
        if self.data.exists():
            return
        what = "Preparing MySQL's data"
        progress.step(what, 0.0)
        unfinished = self.folder / "data.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        process = self._spawn([*self._mysqld(unfinished), "--initialize-insecure"])
        try:
            failed = process.wait() != 0
        finally:
            process.kill()
            process.wait()
        if failed and any(text in self.log.read_text(errors="replace") for text in NO_SPACE):
            raise DiskFull(self.folder)
        if failed:
            raise EmbeddedError(f"MySQL could not make its data folder: {self._reason()} (log: {self.log})")
        unfinished.rename(self.data)
        progress.step(what, 1.0)

    def _command(self) -> list[str]:
        return [
            *self._mysqld(self.data),
            f"--socket={self.socket}",
            f"--pid-file={self.folder}/mysqld.pid",
            *([] if self._durable else ["--innodb-fast-shutdown=2"]),  # leave the tidying up to nobody
        ]

    def _mysqld(self, data: Path) -> list[str]:
        return [
            *self.installation.server,
            f"--datadir={data}",
            "--skip-networking",
            "--loose-mysqlx=OFF",
            "--secure-file-priv=",  # its default is a folder that does not exist here
            "--log-bin-trust-function-creators=1",  # triggers are created by an account without SUPER
            "--max-connections=500",
            "--innodb-buffer-pool-size=256M",
            *(["--user=root"] if os.geteuid() == 0 else []),
            *self._options,
        ]

    def _answers(self) -> bool:
        # A server that is ready greets: 3 bytes of length, a sequence number, then protocol version 10.
        return self._reply(b"", 5)[4:] == b"\x0a"

    def _reason(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() or ["it gave no reason"]
        # The first error is the cause; the last only says that it gives up.
        errors = [line for line in lines if "[ERROR]" in line]
        return re.sub(r"^\S+ \d+ (\[[^]]*\] )*", "", errors[0] if errors else lines[-1])
