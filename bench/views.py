"""What an analyst's questions cost through the views, in a large workspace beside a small one.

python -m bench.views --tasks 1000000
"""

import argparse
import random

from bench.graph.workspace import load
from bench.measure import Report, about, call, durable_database, in_turn, p50
from service.database.accounts import make_account
from service.database.connection import open_connection

# {task} lies in the middle of the large workspace, {small} is another one of the same login.
QUESTIONS = {
    "a task by its id": "SELECT title FROM visible_task WHERE task_id = {task}",
    "a task by its key": "SELECT title FROM visible_task WHERE task_key = '{key}'",
    "what a task waits for": "SELECT depends_on_id FROM visible_dependency WHERE task_id = {task}",
    "what waits for a task": "SELECT task_id FROM visible_dependency WHERE depends_on_id = {task}",
    "the tasks of the small workspace": "SELECT COUNT(*) FROM visible_task WHERE workspace_id = {small}",
    "the ten newest changes": "SELECT revision FROM visible_change WHERE workspace_id = {large}"
    " ORDER BY revision DESC LIMIT 10",
    "the fifty most urgent": "SELECT task_id FROM ready_task ORDER BY priority_rank DESC, task_id LIMIT 50",
    "all tasks by status": "SELECT status, COUNT(*) FROM visible_task GROUP BY status",
    "all dependencies": "SELECT COUNT(*) FROM visible_dependency",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    tasks = parser.parse_args().tasks
    report = Report("views")
    with durable_database() as database, open_connection(database) as session:
        large = load(session, tasks, random.Random(7))
        call(session, "CALL create_workspace(%s, 'small')", large.user)
        ((small,),) = call(session, "SELECT MAX(id) FROM workspace")
        for number in range(30):
            call(session, f'CALL create_task(%s, %s, \'{{"title": "t{number}"}}\')', large.user, small)
        # As the server does by itself some seconds after a big change.
        call(session, "ANALYZE TABLE task, node, dependency, tag, change_log, membership")
        analyst = database.login_as(f"{database.database}_ana", "bench")
        make_account(session, analyst, "analyst", large.user)
        middle = large.first + tasks // 2
        ((key,),) = call(session, "SELECT task_key FROM task WHERE id = %s", middle)
        with open_connection(analyst) as asking:
            for name, question in QUESTIONS.items():
                statement = question.format(task=middle, key=key, small=small, large=large.id)
                taken = in_turn(5, ask=lambda _, text=statement: call(asking, text))["ask"]  # type: ignore[misc]
                report.add(f"{name}, {tasks:,} tasks", p50(taken) * 1000, "ms")
        report.finish(about(session))


if __name__ == "__main__":
    main()
