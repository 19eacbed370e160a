"""What each question costs on the Debian graph, at its ends and as a whole.

    make bench-questions DEBIAN=folder

Bars are what a person waits for gladly: a second, and ten where the answer is about most of the graph. The medians
of a few calls each, through one client, on durable defaults; a call returns all rows of its answer.
"""

import pymysql

from bench.graph.imports import debian_folder, imported
from bench.measure import Report, Session, about, call, durable_database, in_turn, p50
from service.database.connection import driver_options

# A quarter of the tasks are low, a tenth high, a fiftieth urgent, the same ones in each run.
PRIORITIES = """
UPDATE task
   SET priority = ELT(1 + (CRC32(id) % 50 >= 1) + (CRC32(id) % 50 >= 6) + (CRC32(id) % 50 >= 18),
                      'urgent', 'high', 'low', 'medium')
 WHERE workspace_id =
"""


def questions(report: Report, session: Session, user: int, workspace: int) -> None:
    """Ask each question some times, by turns."""
    ((at_import,),) = call(session, "SELECT MAX(revision) FROM change_log WHERE workspace_id = %s", workspace)
    call(session, PRIORITIES + str(workspace))
    kde, libc = (
        call(session, "SELECT id FROM task WHERE workspace_id = %s AND task_key = %s", workspace, key)[0][0]
        for key in ("kde-full", "libc6")
    )
    ((newest,),) = call(session, "SELECT MAX(revision) FROM change_log WHERE workspace_id = %s", workspace)
    asked = {
        "explain_blocked of a task that waits for 1,179": (9, 1, "explain_blocked(%s, %s)", kde),
        "find_path from there to the bottom of the graph": (9, 1, "find_path(%s, %s, %s)", kde, libc),
        "get_impact of a task that 47,985 wait for": (5, 10, "get_impact(%s, %s)", libc),
        "get_effective_priority of the same task": (5, 10, "get_effective_priority(%s, %s)", libc),
        "list_ready_tasks by effective priority, first 50": (
            9, 1, "list_ready_tasks(%s, %s, TRUE, 0, 50)", workspace,
        ),
        "the same, 50 of the last": (5, 1, "list_ready_tasks(%s, %s, TRUE, 5000, 50)", workspace),
        "list_levels of the whole graph": (3, 10, "list_levels(%s, %s, TRUE)", workspace),
        "list_redundant_dependencies of the whole graph": (
            3, 10, "list_redundant_dependencies(%s, %s, 0, NULL)", workspace,
        ),
        "get_tree_as_of of 1,179 tasks, as it was imported": (
            9, 1, "get_tree_as_of(%s, %s, 'upstream', NULL, %s, NULL)", kde, at_import,
        ),
        "get_tree_as_of of a task with most of the graph below": (
            3, 10, "get_tree_as_of(%s, %s, 'downstream', NULL, %s, NULL)", libc, newest,
        ),
        "list_changes, 1,000 from the middle": (9, 1, "list_changes(%s, %s, %s, 1000)", workspace, newest // 2),
        "get_workspace_diff of everything, first 1,000": (
            5, 1, "get_workspace_diff(%s, %s, 0, NULL, 0, 1000)", workspace,
        ),
        "get_task_graph of three steps up from one": (9, 1, "get_task_graph(%s, %s, 'upstream', 3)", kde),
        "claim_next_task": (9, 1, "claim_next_task(%s, %s, NULL, 600)", workspace),
    }  # fmt: skip
    for operation, (count, bar, procedure, *arguments) in asked.items():
        taken = in_turn(count, it=lambda _: call(session, f"CALL {procedure}", user, *arguments))  # noqa: B023
        report.add(operation, p50(taken["it"]), "s", bar)


def main() -> None:
    folder = debian_folder(__doc__)
    report = Report("questions")

    with durable_database() as database:
        session = pymysql.connect(
            **driver_options(database), database=database.database, autocommit=True, local_infile=True
        )
        debian, _, _ = imported(database, session, folder)
        questions(report, session, debian.user, debian.id)
        report.finish(about(session))


if __name__ == "__main__":
    main()
