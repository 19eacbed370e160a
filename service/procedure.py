"""The manuals of the stored procedures: the COMMENT header of each file in sql/procedures."""

import re
from dataclasses import dataclass
from pathlib import Path

PROCEDURES = Path(__file__).resolve().parent.parent / "sql" / "procedures"
SECTIONS = ("Parameters", "Result", "Errors", "Example")


@dataclass(frozen=True)
class Manual:
    """What a header says that a client of the API wants to know."""

    summary: str
    description: str
    errors: dict[str, str]


def manual(procedure: str) -> Manual:
    """Read the header of one procedure."""
    source = (PROCEDURES / f"{procedure}.sql").read_text(encoding="utf-8")
    found = re.search(r"COMMENT '\n(.*?)\n'", source, re.DOTALL)
    text = found[1].replace("''", "'") if found else ""

    titles = "|".join(SECTIONS)
    opening, *rest = re.split(rf"^({titles})\n", text, flags=re.MULTILINE)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))

    summary, _, description = opening.strip().partition("\n\n")
    return Manual(
        " ".join(summary.split()).rstrip("."), description.strip(), _errors(sections.get("Errors", ""))
    )


def _errors(section: str) -> dict[str, str]:
    """`code  what it means`, where deeper indented lines continue the meaning."""
    errors: dict[str, str] = {}
    code = ""
    for line in section.splitlines():
        if found := re.match(r"  (\w+)  +(.*)", line):
            code, meaning = found.groups()
            errors[code] = meaning
        elif code and line.strip():
            errors[code] += " " + line.strip()
    return errors
