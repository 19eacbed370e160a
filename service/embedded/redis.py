"""A private Redis: its own process, reachable through a Unix socket only."""

from collections.abc import Sequence
from pathlib import Path

from service.embedded.packages import RedisInstallation
from service.embedded.progress import Progress
from service.embedded.server import PrivateServer


class Redis(PrivateServer):
    """One Redis server; what it holds is kept across restarts if it is `durable`."""

    name = "Redis"

    def __init__(
        self,
        installation: RedisInstallation,
        folder: Path,
        *,
        durable: bool = True,
        extra: Sequence[str] = (),
        inherit: Sequence[int] = (),
    ) -> None:
        super().__init__(folder, inherit)
        self.installation = installation
        self._options = ("--appendonly", "yes" if durable else "no", "--save", "", *extra)

    def client_command(self) -> list[str]:
        """The argv that runs the real `redis-cli` against it."""
        return [*self.installation.client, "-s", str(self.socket)]

    def _prepare(self, progress: Progress) -> None:
        """Nothing: it makes its files itself."""

    def _command(self) -> list[str]:
        return [
            *self.installation.server,
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--dir", str(self.folder)),
            *self._options,
        ]

    def _answers(self) -> bool:
        return self._reply(b"PING\r\n", 5) == b"+PONG"  # -LOADING while it reads its data back

    def _reason(self) -> str:
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        # What it says of a bad option takes two lines, and the first of them names it.
        return " ".join(lines[-2:] if ">>>" in "".join(lines) else lines[-1:]) or "it gave no reason"
