"""A page whose commands are run: what it asks, what it says is answered, and what is answered in truth."""

import re
import shlex
import sys
from collections.abc import Collection
from pathlib import Path

from service.database.migrate import ROOT
from tests.end_to_end.conftest import Up

HEADGATE = f"{shlex.quote(sys.executable)} -m service.cli"
END = "--- end of answer"
# What no two runs have in common.
VARYING = re.compile(
    r'"request_id":"\w+"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?|\b[0-9a-f]{32,}\b'
)


def commands(page: Path) -> list[tuple[str, str]]:
    """Each `$ ` line of a page with the answer below it."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", "".join(blocks), re.MULTILINE)


def masked(answer: str) -> str:
    """An answer without what differs each time; not every answer ends its last line."""
    return VARYING.sub("...", answer).rstrip("\n")


def answers(up: Up, folder: Path, asked: Collection[str]) -> list[str]:
    """What the commands answer, typed one after the other into one shell that stands in the folder."""
    # As typed in the project's folder, but nothing is written there.
    script = ["exec 2>&1", f"cd {shlex.quote(str(folder))}", f"export PYTHONPATH={shlex.quote(str(ROOT))}"]
    for command in asked:
        here = command.replace(":8000", f":{up.environment['PORT']}")
        script += [here.replace(".venv/bin/headgate", HEADGATE), f"echo '{END}'"]

    *said, rest = up.paste("\n".join(script)).stdout.split(f"{END}\n")
    assert (len(said), rest) == (len(asked), "")
    return said


def check(up: Up, folder: Path, page: Path, elsewhere: Collection[str] = ()) -> None:
    """Type the page's commands, but those that run elsewhere: each answers what the page says."""
    session = [(command, answer) for command, answer in commands(page) if command not in elsewhere]

    said = answers(up, folder, [command for command, _ in session])

    for (command, expected), answer in zip(session, said, strict=True):
        assert masked(answer) == masked(expected), command
