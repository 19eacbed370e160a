"""The graph engine against a bare table, the textbook check and networkx, all in one run.

    make bench-graph DEBIAN=folder                 1,000 tasks, the Debian graph, 1,000,000 tasks
    python -m bench.graph --tasks 20000            a smaller largest graph
    python -m bench.graph --tasks 0 --debian DIR   import and closures alone, beside the last whole run

Random layered graphs: each task waits for three of the 2,000 before it. Everything is timed through the same
client, with autocommit, on durable defaults. "Bare" is the same insert into a table of the same shape, with the
same foreign keys and no triggers.
"""

import argparse
import random
from pathlib import Path

import pymysql

from bench.graph.changes import adding, completing, popular, refusing, reordering
from bench.graph.imports import importing
from bench.graph.reads import closures, ready, verify
from bench.graph.workspace import load, make_bare
from bench.measure import Report, about, durable_database
from service.database.connection import driver_options


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=1_000_000, help="size of the largest graph")
    parser.add_argument(
        "--debian", type=Path, help="folder of debian-bookworm-packages.tsv.gz and -depends.tsv.gz"
    )
    arguments = parser.parse_args()
    rng, report = random.Random(12), Report("graph")

    with durable_database() as database:
        session = pymysql.connect(
            **driver_options(database), database=database.database, autocommit=True, local_infile=True
        )
        make_bare(session)
        if arguments.debian:
            debian = importing(report, database, session, arguments.debian)
            closures(report, session, debian.user, debian.id)
        if arguments.tasks:
            small, large = load(session, 1_000, rng), load(session, arguments.tasks, rng)
            workspaces = [small, *([debian] if arguments.debian else []), large]
            adding(report, workspaces, rng)
            for workspace in workspaces[1:]:
                reordering(report, workspace, rng)
            popular(report, large, rng)
            refusing(report, large, rng)
            completing(report, large, rng)
            verify(report, large)
            ready(report, large)
        report.finish(about(session), is_part=not arguments.tasks)


if __name__ == "__main__":
    main()
