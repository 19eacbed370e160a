"""headgate graph: a task and what surrounds it, as a picture or as text that becomes one."""

import sys

import click

from service.cli import environment
from service.cli.transfer import USER
from service.database.calls import call_for_all
from service.database.connection import connected
from service.pictures import graphviz, picture
from service.transfer.people import find_user


@click.command()
@click.argument("task", type=click.IntRange(min=1))
@click.option(
    "--format", "form", type=click.Choice(["svg", "mermaid", "dot"]), default="svg", show_default=True,
    help="svg: drawn by Graphviz, which has to be installed.",
)  # fmt: skip
@click.option(
    "--direction", type=click.Choice(["upstream", "downstream", "both"]), default="both", show_default=True,
    help="upstream: what the task waits for. downstream: what waits for it.",
)  # fmt: skip
@click.option("--depth", type=click.IntRange(min=1), metavar="STEPS", help="Only tasks so many steps away.")
@USER
def graph(task: int, form: str, direction: str, depth: int | None, user: str | None) -> None:
    """Draw the TASK of that id with all that it waits for and that waits for it.

    Arrows lead from a task to the one that waits for it; the colour is the status.

    \b
    headgate graph 7 > graph.svg
    headgate graph 7 --format mermaid --direction upstream --depth 2
    """
    with connected(environment.owner()) as connection:
        actor = find_user(connection, user, environment.DEMO_USER)
        tasks, edges = call_for_all(connection, "get_task_graph", actor, task, direction, depth)
    if form == "svg":
        drawn = graphviz.svg(picture.dot(tasks, edges))
    else:
        drawn = (picture.dot if form == "dot" else picture.mermaid)(tasks, edges).encode()
    sys.stdout.buffer.write(drawn)
    sys.stdout.flush()
