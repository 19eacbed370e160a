"""What an analyst's questions cost through the views, against the same questions to the tables.

    make bench-views

A login reads from a workspace of 1,000,000 tasks and from a small one; the tables are read by their owner, who names the
workspace. Bars are what the views may add: three times a question that is answered by a few rows of an index, which is
mostly the way there and back; twice a pass over a whole workspace.
"""

import argparse
import random

from bench.graph.workspace import load
from bench.measure import Report, Session, about, call, durable_database, in_turn, p50
from service.database.accounts import make_account
from service.database.connection import open_connection

# By bar: the question, to the views and to the tables. {task} is in the middle of the large workspace.
QUESTIONS = {
    "a task by its id": (
        3, "SELECT title FROM visible_task WHERE task_id = {task}", "SELECT title FROM task WHERE id = {task}",
    ),
    "a task by its key": (
        3, "SELECT title FROM visible_task WHERE task_key = '{key}'",
        "SELECT title FROM task WHERE workspace_id = {large} AND task_key = '{key}'",
    ),
    "what a task waits for": (
        3, "SELECT depends_on_id FROM visible_dependency WHERE task_id = {task}",
        "SELECT depends_on_id FROM dependency WHERE workspace_id = {large} AND task_id = {task}",
    ),
    "what waits for a task": (
        3, "SELECT task_id FROM visible_dependency WHERE depends_on_id = {task}",
        "SELECT task_id FROM dependency WHERE workspace_id = {large} AND depends_on_id = {task}",
    ),
    "the tasks of the small workspace": (
        3, "SELECT COUNT(*) FROM visible_task WHERE workspace_id = {small}",
        "SELECT COUNT(*) FROM task JOIN node ON node.task_id = task.id WHERE task.workspace_id = {small}",
    ),
    "all tasks by status": (
        2,
        "SELECT status, COUNT(*) FROM visible_task WHERE workspace_id = {large} GROUP BY status",
        "SELECT status, COUNT(*) FROM task STRAIGHT_JOIN node ON task_id = id WHERE task.workspace_id = {large} GROUP BY status",
    ),
    "all dependencies": (
        2, "SELECT COUNT(*) FROM visible_dependency WHERE workspace_id = {large}",
        "SELECT COUNT(*) FROM dependency WHERE workspace_id = {large}",
    ),
    "the whole change log": (
        2, "SELECT COUNT(changed_at) FROM visible_change WHERE workspace_id = {large}",
        "SELECT COUNT(changed_at) FROM change_log WHERE workspace_id = {large}",
    ),
}  # fmt: skip
NEWEST = (
    "SELECT revision FROM visible_change WHERE workspace_id = {large} ORDER BY revision DESC LIMIT 10",
    "CALL list_changes(NULL, {large}, {revision} - 10, 10)",
)
READY = (
    "SELECT task_id FROM ready_task ORDER BY priority_rank DESC, task_id LIMIT 50",
    "CALL list_ready_tasks(NULL, {large}, FALSE, 0, 50)",
)


def ask(report: Report, owner: Session, analyst: Session, place: dict[str, object]) -> None:
    """Ask each question some times, of the views and of the tables by turns."""

    def timed(count: int, view: str, other: str, session: Session) -> tuple[float, float]:
        asked = view.format(**place), other.format(**place)
        taken = in_turn(
            count, view=lambda _: call(analyst, asked[0]), other=lambda _: call(session, asked[1])
        )
        return p50(taken["view"]), p50(taken["other"])

    for name, (bar, view, tables) in QUESTIONS.items():
        through, bare = timed(5 if bar == 2 else 200, view, tables, owner)
        report.add(name, through * 1000, "ms")
        report.add(f"{name}, against the tables", through / bare, "x", bar)
    for name, questions in (("the ten newest changes", NEWEST), ("the fifty most urgent ready tasks", READY)):
        through, procedure = timed(5, *questions, analyst)
        report.add(f"{name}, by a view", through * 1000, "ms")
        report.add(f"{name}, by the procedure", procedure * 1000, "ms", 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    tasks = parser.parse_args().tasks
    report = Report("views")
    with durable_database() as database, open_connection(database) as owner:
        large = load(owner, tasks, random.Random(7))
        call(owner, "CALL create_workspace(%s, 'small')", large.user)
        ((small,),) = call(owner, "SELECT MAX(id) FROM workspace")
        for number in range(30):
            call(owner, f'CALL create_task(%s, %s, \'{{"title": "t{number}"}}\')', large.user, small)
        # As the server does by itself some seconds after a big change.
        call(owner, "ANALYZE TABLE task, node, dependency, tag, change_log, membership")
        login = database.login_as(f"{database.database}_ana", "bench")
        make_account(owner, login, "analyst", large.user)
        middle = large.first + tasks // 2
        ((key,),) = call(owner, "SELECT task_key FROM task WHERE id = %s", middle)
        ((revision,),) = call(owner, "SELECT MAX(revision) FROM change_log WHERE workspace_id = %s", large.id)
        place = {"task": middle, "key": key, "small": small, "large": large.id, "revision": revision}
        with open_connection(login) as analyst:
            ask(report, owner, analyst, place)
        report.finish(about(owner) | {"tasks": f"{tasks:,}"})


if __name__ == "__main__":
    main()
