"""A private apt: downloads packages from the machine's own Debian archive; the machine stays as it is."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from service.embedded.errors import NO_SPACE, DiskFull, EmbeddedError, Unavailable
from service.embedded.folders import private_folder
from service.embedded.process import spawn

DOCKER = "use `docker compose up` instead"
HELPER = "/usr/lib/apt/apt-helper"
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
# The only two architectures for which Debian builds MySQL and we know the loader.
TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}

OnFraction = Callable[[float], None]


def architecture() -> str:
    """Debian's name for this machine's processor, or one sentence why private servers cannot work here."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and Path(HELPER).exists()):
        raise EmbeddedError(f"Private servers need Debian's apt, which is not here: {DOCKER}.")
    found = _output(["dpkg", "--print-architecture"]).strip()
    if found not in TRIPLETS:
        raise EmbeddedError(f"There is no MySQL package for the architecture {found}: {DOCKER}.")
    return found


class PrivateApt:
    """One private apt root in `folder`, for the given Debian suites ("" is the machine's own)."""

    def __init__(self, folder: Path, suites: Sequence[str]) -> None:
        self.folder = folder
        self.archives = folder / "cache" / "archives"
        for path in (self.archives / "partial", folder / "state" / "lists" / "partial"):
            private_folder(path)
        (folder / "status").touch()
        (folder / "sources.list").touch()
        (folder / "apt.conf").write_text(
            f'Dir::State "{folder}/state";\n'
            f'Dir::State::lists "{folder}/state/lists";\n'
            f'Dir::State::status "{folder}/status";\n'  # empty, so that every library comes along
            f'Dir::Cache "{folder}/cache";\n'
            f'Dir::Etc::sourcelist "{folder}/sources.list";\n'
            'Dir::Etc::sourceparts "-";\n'
            'APT::Install-Recommends "false";\n'
            'APT::Sandbox::User "";\n'  # apt's own user could not write into a private folder
            'Acquire::Check-Valid-Until "false";\n'
            'Acquire::Languages "none";\n'
            'Acquire::Retries "2";\n'
        )
        self._archive, own_suite = debian_archive(folder)
        keyring = next((path for path in KEYRINGS if Path(path).exists()), None)
        signed = f"[signed-by={keyring}] " if keyring else ""
        lines = [f"deb {signed}{self._archive} {suite or own_suite} main\n" for suite in suites]
        (folder / "sources.list").write_text("".join(lines))

    def update(self, report: OnFraction) -> None:
        """Read what the suites have."""
        self._run(["apt-get", "update", "--error-on=any", "-o", "APT::Status-Fd=1"], report)

    def from_pool(self, path: str, sha256: str) -> Path:
        """Get the one file at `path` below the archive's root: no index names it any more, so we pin it."""
        target = self.folder / Path(path).name
        if not target.exists():
            self._run(
                [HELPER, "download-file", f"{self._archive}/{path}", f"{target}.new", f"SHA256:{sha256}"]
            )
            Path(f"{target}.new").rename(target)
        return target

    def download(self, packages: Sequence[str | Path], report: OnFraction) -> None:
        """Put `packages` and everything that they depend on into `archives`."""
        if any(self.archives.glob("*.deb")):
            # An interrupted download may be days old: what the archive has replaced since must go.
            self._run(["apt-get", "autoclean", "-y"])
        self._run(
            ["apt-get", "install", "--download-only", "-y", "-o", "APT::Status-Fd=1", *map(str, packages)],
            report,
        )
        for local in (package for package in packages if isinstance(package, Path)):
            shutil.copy(local, self.archives)

    def download_alone(self, package: str) -> None:
        """Put `package` into `archives` without anything that it depends on."""
        self._run(["apt-get", "download", package], within=self.archives)

    def _run(self, argv: list[str], report: OnFraction | None = None, within: Path | None = None) -> None:
        environment = os.environ | {"APT_CONFIG": f"{self.folder}/apt.conf", "LC_ALL": "C"}
        if within:
            argv = ["env", "-C", str(within), *argv]
        said = []
        with spawn(argv, subprocess.PIPE, environment=environment) as process:
            try:
                for raw in process.stdout or ():
                    said.append(line := raw.decode(errors="replace"))
                    if report and (status := re.match(r"dlstatus:\d+:([\d.]+):", line)):
                        report(min(float(status[1]) / 100, 1.0))
            except BaseException:
                process.terminate()
                raise
        if process.returncode:
            raise explain("".join(said), self.folder)


def explain(said: str, folder: Path) -> EmbeddedError:
    """The one sentence for a person about what a failed apt or dpkg said."""
    errors = re.findall(r"^(?:E|dpkg-deb: error): ?(.*)", said, re.MULTILINE)
    detail = errors[0] if errors else said.strip().rpartition("\n")[2]
    if any(text in said for text in NO_SPACE):
        return DiskFull(folder)
    if re.search(r"Hash Sum mismatch|Unable to find expected entry|is not valid|NO_PUBKEY|not signed", said):
        return EmbeddedError(
            f"A downloaded file is not the one that was expected (checksum or signature): {detail}"
        )
    if re.search(
        r"404 +Not Found|Unable to locate|Unable to correct problems|unmet dependencies|no .*candidate", said
    ):
        return Unavailable(f"Debian's archive no longer has a package that is needed: {detail}")
    if "Failed to fetch" in said or "Some index files failed" in said:
        return EmbeddedError(
            f"Debian's archive cannot be reached and nothing is stored from before; "
            f"check the network, or {DOCKER}: {detail}"
        )
    return EmbeddedError(f"apt failed: {detail}")


def debian_archive(folder: Path) -> tuple[str, str]:
    """The address of the Debian archive that this machine uses, and the suite it has from there."""
    listed = _output(
        ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)"]
    )
    for origin, suite, component, address in (line.split("|") for line in listed.splitlines()):
        if (origin, component) == ("Debian", "main") and not suite.endswith(
            ("-security", "-updates", "-backports")
        ):
            return address.rstrip("/"), suite
    # A fresh container has no index files yet; then its sources are known only by what an update would fetch.
    planned = _output(["apt-get", "update", "--print-uris", "-o", f"Dir::State::lists={folder}/state/lists"])
    own = _os_release()
    for address, suite in re.findall(r"'(\S+)/dists/(\S+)/main/binary-\w+/Packages", planned):
        if own.get("ID") == "debian" and suite in (
            own.get("VERSION_CODENAME"),
            "stable",
            "testing",
            "sid",
            "unstable",
        ):
            return address, suite
    raise EmbeddedError(f"No Debian archive is among this machine's apt sources: {DOCKER}.")


def _os_release() -> dict[str, str]:
    try:
        text = Path("/etc/os-release").read_text()
    except OSError:
        return {}
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in text.splitlines())}


def _output(argv: list[str]) -> str:
    environment = os.environ | {"LC_ALL": "C"}
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False).stdout
