"""The manuals of the stored procedures: the COMMENT header of each file below sql/procedures."""

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "sql" / "procedures"
# The file of each, by its name; the room that it is in means nothing.
PROCEDURES = {path.stem: path for path in _FOLDER.rglob("*.sql")}

_FILE = re.compile(
    r"CREATE PROCEDURE (?P<name>\w+) \((?P<parameters>.*?)\n?\)\n    COMMENT '\n(?P<manual>.*?)\n'\n",
    re.DOTALL,
)


@dataclass(frozen=True)
class Header:
    """A procedure's header, cut into its sections."""

    name: str
    types: dict[str, str]
    summary: str
    sections: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> "Header":
        """The header of one file; a ValueError if it has none."""
        if not (found := _FILE.match(path.read_text(encoding="utf-8"))):
            raise ValueError(f"{path} does not begin with a procedure and its COMMENT.")
        # As MySQL keeps it: two quotes within quotes are one.
        summary, *rest = re.split(r"\n\n(?=[A-Z]\w+\n  )", found["manual"].replace("''", "'"))
        return cls(
            name=found["name"],
            types=dict(
                re.findall(r"^\s+(?:IN|OUT|INOUT)\s+(\w+)\s+(.+?),?$", found["parameters"], re.MULTILINE)
            ),
            summary=summary,
            sections=dict(section.split("\n", 1) for section in rest),
        )

    def entries(self, section: str) -> list[tuple[str, str]]:
        """A section that is a list of names, each with its text on one line."""
        rows = re.findall(r"^  (\w+)  +(.+(?:\n   .+)*)", self.sections.get(section, ""), re.MULTILINE)
        return [(name, " ".join(text.split())) for name, text in rows]


@dataclass(frozen=True)
class Manual:
    """What a header says that a client of the API wants to know."""

    summary: str
    description: str
    errors: dict[str, str]


def manual(procedure: str) -> Manual:
    """Read the header of one procedure."""
    header = Header.read(PROCEDURES[procedure])
    summary, _, description = header.summary.partition("\n\n")
    return Manual(" ".join(summary.split()).rstrip("."), description.strip(), dict(header.entries("Errors")))
