"""Turn the dependency graph of a Debian release into the import format.

    python bench/debian.py packages.tsv.gz depends.tsv.gz > debian.jsonl
    headgate import debian.jsonl --on-cycle skip

packages.tsv holds one package a line, its number and its name; depends.tsv one dependency a line, the number
of the package that depends and of the one that it depends on. Each package becomes a task, its name the key.
"""

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """The two columns of a .tsv or .tsv.gz file."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            first, second = line.rstrip("\n").split("\t")
            yield first, second


def convert(packages: Path, depends: Path) -> Iterator[str]:
    """The lines of the import format, in the order of the packages."""
    names = dict(pairs(packages))
    needed: dict[str, list[str]] = defaultdict(list)
    for package, other in pairs(depends):
        needed[package].append(names[other])
    for number, name in names.items():
        task = {"key": name, "title": name}
        yield json.dumps(task | {"depends_on": needed[number]} if number in needed else task) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", type=Path, help="number and name of each package, .tsv or .tsv.gz")
    parser.add_argument("depends", type=Path, help="pairs of numbers, .tsv or .tsv.gz")
    parser.add_argument("output", type=argparse.FileType("w"), nargs="?", default=sys.stdout)
    arguments = parser.parse_args()
    arguments.output.writelines(convert(arguments.packages, arguments.depends))


if __name__ == "__main__":
    main()
