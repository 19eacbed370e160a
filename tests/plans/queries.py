"""The hot queries: each filter and order that the API and docs/finding-tasks.md show, and the index it begins with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """A line as people type it; the order where the line does not say it is the usual one."""

    line: str
    index: str
    # What the bound of rows, or of sorting, cannot hold for, and why.
    exempt: str = ""


RANKED = "the newest 250 that are found are read, to be put in the order of what they say of the words"

# {task} and {other} are tasks in the middle of the workspace, of which the first is open and others wait for it.
HOT = (
    Query("", "task_workspace"),
    Query("status:pending", "task_by_status"),
    Query("status:pending,in_progress", "task_by_status"),
    Query("-status:completed", "task_workspace"),
    Query("priority:urgent", "task_by_priority"),
    Query("priority>=high", "task_by_priority"),
    Query("assignee:large3", "task_assignee"),
    Query("assignee:large3,large4", "task_assignee"),
    Query("assignee:none", "task_assignee"),
    Query("team:none", "task_assignee_team"),
    Query("creator:large3", "task_creator"),
    Query("tag:backend", "tag_tasks"),
    Query("tag:backend,urgent", "tag_tasks"),
    Query("tag:backend tag:legal", "tag_tasks"),
    Query("-tag:backend", "task_workspace"),
    Query("is:ready", "node_state"),
    Query("is:blocked", "node_state"),
    Query("is:open", "node_state"),
    Query("is:closed", "node_state"),
    Query("is:overdue", "task_status_due"),
    Query("id:{task}", "PRIMARY"),
    Query("blocked_by:{task}", "dependency_dependents", "what waits for it is sorted: it is mostly little"),
    Query("waits_for:{task}", "dependency_dependents", "what waits for it is sorted: it is mostly little"),
    Query("has:dependencies", "task_workspace"),
    Query("has:dependents", "task_workspace"),
    Query("has:tags", "task_workspace"),
    Query("-has:tags", "task_workspace"),
    Query("has:due", "task_workspace"),
    Query("has:estimate", "task_workspace"),
    Query("has:assignee", "task_workspace"),
    Query("has:description", "task_workspace"),
    Query("created:2024-05", "task_created"),
    Query("updated:2024-05", "task_updated"),
    Query("started:2024-05", "task_started"),
    Query("completed:2024-05", "task_completed"),
    Query("due:2024-05", "task_due"),
    Query("due<2026-12-01", "task_due"),
    Query("estimate:30", "task_estimate"),
    Query("estimate>30 sort:-estimate", "task_estimate"),
    Query("status:pending sort:due", "task_status_due"),
    Query("is:open sort:due", "task_status_due"),
    Query("report sort:-id", "PRIMARY"),
    Query("review report sort:-id", "PRIMARY"),
    Query("r* sort:-id", "task_workspace"),
    Query("quarterly report", "PRIMARY", RANKED),
    Query('"quarterly report"', "PRIMARY", RANKED),
    Query("quarterly rep*", "PRIMARY", RANKED),
    Query("r*", "task_workspace", RANKED),
    Query("見積書", "PRIMARY", RANKED),
    Query("status:pending tag:backend priority:high", "tag_tasks"),
    Query("is:ready tag:backend", "tag_tasks"),
    Query("assignee:large3 status:pending", "task_assignee"),
    Query("sort:id", "task_workspace"),
    Query("sort:title", "task_title"),
    Query("sort:-priority", "node_priority"),
    Query("sort:-estimate", "task_estimate"),
    Query("sort:-created", "task_created"),
    Query("sort:-updated", "task_updated"),
    Query("sort:-started", "task_started"),
    Query("sort:-completed", "task_completed"),
    Query("sort:due", "task_due"),
    Query("is:ready sort:-priority", "node_readiness"),
    Query("is:open sort:-priority", "node_readiness"),
)  # fmt: skip

# Indexes that no hot query begins with, and what they are for.
OTHERWISE = {
    "task.PRIMARY": "a task by its id",
    "task.task_key_in_workspace": "keys are unique; id:SHOP-11, and imports find tasks by them",
    "node.PRIMARY": "the node of a task",
    "node.node_order": "_make_room and export_tasks walk a workspace in its order",
    "node.node_queue": "claim_next_task finds the first of the queue",
    "tag.PRIMARY": "the tags of a task",
    "dependency.PRIMARY": "what a task waits for",
    "dependency.dependency_dependents": "what waits for a task",
}
