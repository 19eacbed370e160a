"""The Dockerfile, read: its stages, each a list of instructions."""

import json
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from service.database.migrate import ROOT


@dataclass(frozen=True)
class Instruction:
    """One instruction: `Instruction("COPY", "sql sql")`."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its words: those of the JSON array, or as a shell splits them."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


def stages() -> list[list[Instruction]]:
    """Every stage, from the first to the one that is shipped."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    found: list[list[Instruction]] = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            instruction = Instruction(*line.split(maxsplit=1))
            found += [[]] if instruction.name == "FROM" else []
            found[-1].append(instruction)
    return found


def shipped(name: str) -> list[Instruction]:
    """The instructions of this name in the last stage."""
    return [one for one in stages()[-1] if one.name == name]


def environment() -> dict[str, str]:
    """What ENV sets in the last stage."""
    return dict(word.split("=", 1) for one in shipped("ENV") for word in one.words)


def copied() -> list[str]:
    """What the last stage takes from the project."""
    return [one.words[0] for one in shipped("COPY") if not one.words[0].startswith("--from=")]


def lay_out(folder: Path) -> Path:
    """Put into `folder` what is in the image's working directory."""
    for name in copied():
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
