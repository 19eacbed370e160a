"""Workspaces to measure in: random layered graphs, loaded through the front door, and the calls that are timed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from bench.measure import Session, call

REACH = 2_000
CYCLE = 50042


@dataclass(frozen=True)
class Workspace:
    """A loaded workspace, and the user who owns it."""

    session: Session
    name: str
    user: int
    id: int
    first: int
    tasks: int

    def add(self, task: int, prerequisite: int) -> None:
        call(self.session, "CALL add_dependency(%s, %s, %s)", self.user, task, prerequisite)

    def bare(self, task: int, prerequisite: int) -> None:
        """The same row into a table of the same shape, with the same foreign keys and no triggers."""
        call(
            self.session,
            "INSERT INTO bare_dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
            self.id,
            task,
            prerequisite,
        )

    def complete(self, task: int) -> None:
        call(self.session, "CALL complete_task(%s, %s)", self.user, task)

    def new_task(self) -> int:
        row = call(self.session, 'CALL create_task(%s, NULL, \'{"title": "new"}\')', self.user)
        return int(row[0][0])


def open_workspace(session: Session, name: str) -> tuple[int, int]:
    """A fresh user: its id and the id of its personal workspace."""
    call(session, "CALL create_user(%s, %s, 'x')", name, f"{name}@bench")
    ((user, workspace),) = call(
        session,
        "SELECT app_user.id, workspace.id FROM app_user JOIN workspace ON personal_user_id = app_user.id WHERE username = %s",
        name,
    )
    return user, workspace


def loaded(session: Session, name: str, user: int, workspace: int) -> Workspace:
    """The workspace as it is now."""
    ((first, tasks),) = call(session, "SELECT MIN(id), COUNT(*) FROM task WHERE workspace_id = %s", workspace)
    return Workspace(session, name, user, workspace, first, tasks)


def layered(tasks: int, rng: random.Random) -> Iterator[dict[str, object]]:
    """The lines of a random layered graph: each task waits for three of the REACH before it."""
    for number in range(tasks):
        near = range(max(0, number - REACH), number)
        wanted = rng.sample(near, min(3, len(near)))
        yield {
            "line": number + 1,
            "key": f"t{number}",
            "title": f"Task {number}",
            "depends_on": [f"t{n}" for n in wanted],
        }


def load(session: Session, tasks: int, rng: random.Random, name: str = "layered") -> Workspace:
    """A random layered graph of a new user, imported 50,000 tasks at a time."""
    user, workspace = open_workspace(session, f"{name}{tasks}")
    lines = layered(tasks, rng)
    for start in range(0, tasks, 50_000):
        call(session, "CALL begin_import()")
        for _ in range(start, min(start + 50_000, tasks), 1_000):
            chunk = [line for _, line in zip(range(1_000), lines, strict=False)]
            call(session, "CALL stage_tasks(%s)", orjson.dumps(chunk).decode())
        call(session, "CALL finish_import(%s, NULL, 'refuse')", user)
        print(f"  {min(start + 50_000, tasks):,} tasks loaded", flush=True)
    return loaded(session, f"{tasks:,} tasks", user, workspace)


def make_bare(session: Session) -> None:
    """A table of the shape of dependency, with its foreign keys and nothing else."""
    call(session, "CREATE TABLE bare_dependency LIKE dependency")
    call(
        session,
        "ALTER TABLE bare_dependency"
        " ADD FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id),"
        " ADD FOREIGN KEY (workspace_id, depends_on_id) REFERENCES task (workspace_id, id)",
    )


def fresh_pairs(workspace: Workspace, count: int, rng: random.Random) -> list[tuple[int, int]]:
    """Pairs (task, prerequisite) at most REACH apart, uphill as they are and not dependencies yet, each once."""
    uphill = (
        "SELECT waiting.topo_rank > prerequisite.topo_rank AND known.task_id IS NULL"
        " FROM node AS waiting JOIN node AS prerequisite ON prerequisite.task_id = %s"
        " LEFT JOIN dependency AS known ON known.workspace_id = waiting.workspace_id"
        " AND known.task_id = waiting.task_id AND known.depends_on_id = prerequisite.task_id"
        " WHERE waiting.task_id = %s"
    )
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < count:
        task = rng.randrange(
            workspace.first + min(REACH, workspace.tasks // 2), workspace.first + workspace.tasks
        )
        prerequisite = rng.randrange(max(workspace.first, task - REACH), task)
        if call(workspace.session, uphill, prerequisite, task) == [(1,)]:
            pairs[task, prerequisite] = None
    return list(pairs)
