"""The Dockerfile: linted, and what it promises."""

import subprocess
import sys
from pathlib import Path

from service.database.migrate import ROOT
from tests.docker.dockerfile import copied, shipped, stages

TOOLS = Path(sys.executable).parent


def test_the_linter_finds_nothing() -> None:
    linted = subprocess.run(
        [TOOLS / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )

    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_what_is_shipped_is_slim_and_installs_nothing() -> None:
    assert len(stages()) > 1
    assert "-slim" in shipped("FROM")[0].text
    assert all(one.text.startswith("useradd ") for one in shipped("RUN"))


def test_it_does_not_run_as_root() -> None:
    user, _ = shipped("USER")[-1].text.split(":")

    assert int(user) > 0


def test_it_serves_and_asks_itself_how_it_is() -> None:
    assert shipped("CMD")[-1].words == ["headgate", "serve"]
    assert "/api/status" in shipped("HEALTHCHECK")[0].text


def test_the_builder_gets_what_is_copied_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    built = {word for one in stages()[0] if one.name == "COPY" for word in one.words[:-1]}

    assert "*" in lines
    assert sent == built | set(copied())
    assert all((ROOT / name).exists() for name in sent)
