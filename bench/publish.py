"""Put the tables of bench/results into docs/performance.md and README.md, between their markers.

python -m bench.publish
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
PAGES = (ROOT / "docs" / "performance.md", ROOT / "README.md")
# <!-- results graph: words --> takes the lines of graph.json in which one of the words stands; without words all.
MARKED = re.compile(r"(<!-- results (\w+)(?:: ([^>]*?))? -->\n).*?(<!-- end -->)", re.DOTALL)


def row(line: dict[str, Any]) -> str:
    bar = "" if line["bar"] is None else f"{'≥' if line.get('at_least') else '≤'} {line['bar']:,g}"
    met = {None: "", True: "yes", False: "**no**"}[line["met"]]
    return f"| {line['operation'].strip()} | {line['measured']:,.3g} {line['unit']} | {bar} | {met} |"


def table(name: str, words: str | None) -> str:
    """A table of one benchmark, and what it was measured on."""
    lines = json.loads((RESULTS / f"{name}.json").read_text())
    about = json.loads((RESULTS / f"{name}.about.json").read_text())
    wanted = [word.strip() for word in (words or "").split("|")]
    chosen = [line for line in lines if any(word in line["operation"] for word in wanted)]
    machine = (
        f"MySQL {about['mysql']}, Python {about['python']}, {about['machine']}, {about['cores']} shared cores,"
        f" load {about['load']} at the end of the run."
    )
    return "\n".join(
        ["| operation | measured | bar | met |", "|---|---|---|---|", *map(row, chosen), "", machine, ""]
    )


def published(text: str) -> str:
    """A page with its tables as the results are now."""
    return MARKED.sub(lambda found: found[1] + table(found[2], found[3]) + found[4], text)


def main() -> None:
    for page in PAGES:
        page.write_text(published(page.read_text()))


if __name__ == "__main__":
    main()
