"""Random operations at both doors, against a model of a few dictionaries that predicts every answer.

The model says for each operation whether it succeeds or by which code it is refused, and what the facts are
afterwards. It knows nothing of ranks, counters, locks or triggers. HEADGATE_EXAMPLES=5000 makes a soak of it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import pymysql
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run_machine
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import call as call_procedure
from service.errors import Refused
from tests.conftest import Database, Row, User
from tests.examples import examples
from tests.graphs import violations
from tests.servers import run

OPEN = {"pending", "in_progress"}
TRANSITIONS = {
    ("pending", "in_progress"), ("pending", "completed"), ("pending", "cancelled"),
    ("in_progress", "pending"), ("in_progress", "completed"), ("in_progress", "cancelled"),
    ("completed", "pending"), ("completed", "in_progress"),
    ("cancelled", "pending"), ("cancelled", "in_progress"),
}  # fmt: skip
# What the log does not tell.
CLAIM = ("fence", "assignee_before_id")
# An id that no task will have.
NOWHERE = 2**60

URGENCY = ["low", "medium", "high", "urgent"]
STATUSES = st.sampled_from(["pending", "in_progress", "completed", "cancelled"])
PRIORITIES = st.sampled_from(URGENCY)
TITLES = st.sampled_from(["one", "One", "two ", "drei ß", "四", "{}", "null"])
KEYS = st.sampled_from([None, None, None, "K-1", "k-1", "K-2"])
TAGS = st.lists(st.sampled_from(["a", "b", "c d", "é"]), unique=True, max_size=3)


class No(Exception):
    """The model's refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Task:
    workspace: int
    title: str
    status: str = "pending"
    priority: str = "medium"
    task_key: str | None = None
    description: str = ""
    tags: set[str] = field(default_factory=set)
    waits_for: set[int] = field(default_factory=set)
    assignee_id: int | None = None
    # Of its claim, if there is one.
    fence: int | None = None
    assignee_before_id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class Model:
    """What the facts are, and what may be done to them."""

    def __init__(self) -> None:
        self.tasks: dict[int, Task] = {}

    def task(self, number: int) -> Task:
        if number not in self.tasks:
            raise No("task_not_found")
        return self.tasks[number]

    def dependents(self, number: int) -> set[int]:
        return {other for other, task in self.tasks.items() if number in task.waits_for}

    def leads_to(self, start: int, end: int) -> bool:
        """Whether a task is another or waits for it, directly or through others."""
        seen, waiting = {start}, [start]
        while waiting:
            new = self.tasks[waiting.pop()].waits_for - seen
            seen |= new
            waiting += new
        return end in seen

    def check_key(self, number: int | None, workspace: int, key: str | None) -> None:
        for other, task in self.tasks.items():
            if key is not None and other != number and (task.workspace, task.task_key) == (workspace, key):
                raise No("task_key_taken")

    def create(self, workspace: int, fields: dict[str, Any]) -> Callable[[int], None]:
        """Judge a new task; the answer takes it in under the id that it was given."""
        self.check_key(None, workspace, fields.get("task_key"))
        known = {name: value for name, value in fields.items() if name not in ("tags", "depends_on")}
        task = Task(workspace, **known, tags=set(fields.get("tags", ())))
        self.check_prerequisites(workspace, fields.get("depends_on", ()))
        self.check_gate(task, fields.get("depends_on", ()))
        task.waits_for = set(fields.get("depends_on", ()))
        return lambda number: self.tasks.update({number: task})

    def check_prerequisites(self, workspace: int, prerequisites: Any) -> None:
        for number in sorted(prerequisites):
            if self.task(number).workspace != workspace:
                raise No("dependency_across_workspaces")

    def check_gate(self, task: Task, prerequisites: Any) -> None:
        if task.status == "completed" and any(self.tasks[number].is_open for number in prerequisites):
            raise No("task_blocked")

    def set_status(self, number: int, status: str) -> None:
        task = self.tasks[number]
        if status != task.status:
            if (task.status, status) not in TRANSITIONS:
                raise No("transition_not_allowed")
            if status == "completed" and any(self.tasks[other].is_open for other in task.waits_for):
                raise No("task_blocked")
            completed = {
                other for other in self.dependents(number) if self.tasks[other].status == "completed"
            }
            if completed and status in OPEN and not task.is_open:
                raise No("dependents_completed")
        task.status = status
        if status != "in_progress":
            task.fence = task.assignee_before_id = None

    def reopen_dependents(self, number: int) -> None:
        for other in self.dependents(number):
            if self.tasks[other].status == "completed":
                self.tasks[other].status = "pending"
                self.reopen_dependents(other)

    def reopen(self, number: int, cascade: bool) -> None:
        self.update(number, {} if self.task(number).is_open else {"status": "pending"}, cascade)

    def update(self, number: int, changes: dict[str, Any], cascade: bool = False) -> None:
        task = self.task(number)
        task.tags = set(changes.get("tags", task.tags))
        wanted = set(changes.get("depends_on", task.waits_for))
        task.waits_for &= wanted
        status = changes.get("status", task.status)
        if cascade and status in OPEN and not task.is_open:
            self.reopen_dependents(number)
        self.set_status(number, status)
        if "task_key" in changes:
            self.check_key(number, task.workspace, changes["task_key"])
        for name in ("title", "priority", "task_key", "description"):
            setattr(task, name, changes.get(name, getattr(task, name)))
        self.check_prerequisites(task.workspace, wanted)
        if any(self.leads_to(other, number) for other in wanted - task.waits_for):
            raise No("dependency_cycle")
        self.check_gate(task, wanted)
        task.waits_for = wanted

    def delete(self, number: int, mode: str) -> None:
        task = self.task(number)
        dependents = self.dependents(number)
        if mode == "refuse" and dependents:
            raise No("task_has_dependents")
        for other in dependents:
            self.check_gate(self.tasks[other], task.waits_for)
            self.tasks[other].waits_for |= task.waits_for
            self.tasks[other].waits_for.discard(number)
        del self.tasks[number]

    def add(self, number: int, prerequisite: int) -> None:
        task = self.task(number)
        self.check_prerequisites(task.workspace, [prerequisite])
        if prerequisite in task.waits_for:
            raise No("dependency_exists")
        if self.leads_to(prerequisite, number):
            raise No("dependency_cycle")
        self.check_gate(task, [prerequisite])
        task.waits_for.add(prerequisite)

    def remove(self, number: int, prerequisite: int) -> None:
        if prerequisite not in self.task(number).waits_for:
            raise No("dependency_not_found")
        self.tasks[number].waits_for.remove(prerequisite)

    def claim(self, workspace: int, actor: int, min_priority: str, tags: list[str]) -> int | None:
        """The next task, or None; the answer gives its fence."""
        queue = [
            (-URGENCY.index(task.priority), number)
            for number, task in self.tasks.items()
            if (task.workspace, task.status) == (workspace, "pending")
            and not any(self.tasks[other].is_open for other in task.waits_for)
            and URGENCY.index(task.priority) >= URGENCY.index(min_priority)
            and task.tags >= set(tags)
        ]
        if not queue:
            return None
        _, number = min(queue)
        task = self.tasks[number]
        task.status = "in_progress"
        task.assignee_id, task.assignee_before_id = actor, task.assignee_id
        return number

    def hold(self, number: int, fence: int) -> None:
        if self.task(number).fence != fence:
            raise No("claim_lost")

    def put_back(self, number: int) -> None:
        task = self.tasks[number]
        task.assignee_id = task.assignee_before_id
        self.set_status(number, "pending")


@dataclass(frozen=True)
class Doors:
    """Three connections: the service's, the owner's for raw statements, and one that only looks."""

    service: "Connection[DictCursor]"
    owner: "Connection[DictCursor]"
    reader: "Connection[DictCursor]"
    new_user: Callable[[], User]

    def look(self, statement: str, *args: object) -> list[Row]:
        return run(self.reader, statement, *args)


class Machine(RuleBasedStateMachine):
    """One user with two workspaces; bundles keep deleted tasks too, so those are asked for as well."""

    numbers = Bundle("numbers")

    def __init__(self, doors: Doors) -> None:
        super().__init__()
        self.doors = doors
        self.model = Model()
        self.user = doors.new_user()
        (shared,) = call_procedure(doors.service, "create_workspace", self.user.id, "shared")
        self.workspaces = [self.user.workspace_id, shared["workspace_id"]]
        self.seen = {workspace: len(self.log(workspace)) for workspace in self.workspaces}
        self.actor: int | None = None
        self.in_snapshot = False

    def log(self, workspace: int, after: int = 0) -> list[Row]:
        return self.doors.look(
            "SELECT * FROM change_log WHERE workspace_id = %s AND revision > %s ORDER BY revision",
            workspace,
            after,
        )

    def both(self, judge: Callable[[], Any], act: Callable[[], Any], actor: int | None) -> tuple[Any, Any]:
        """Ask the model and the database; they agree on yes, or on the code of the no."""
        before = {number: (vars(task).copy(), set(task.tags), set(task.waits_for))
                  for number, task in self.model.tasks.items()}  # fmt: skip
        self.actor = actor
        told = answer = None
        expected = found = "done"
        try:
            told = judge()
        except No as no:
            expected = no.code
            self.model.tasks = {
                number: Task(**{**columns, "tags": tags, "waits_for": waits_for})
                for number, (columns, tags, waits_for) in before.items()
            }
        try:
            answer = act()
        except Refused as refused:
            found = refused.error.code
        except pymysql.IntegrityError as error:
            found = f"integrity error {error.args[0]}"
        assert found == expected
        return told, answer

    def calls(self, procedure: str, *args: object) -> Callable[[], list[Row]]:
        return lambda: call_procedure(self.doors.service, procedure, self.user.id, *args)

    def raw(self, statement: str, *args: object) -> Callable[[], list[Row]]:
        """A statement of the owner, in the old snapshot if one is open; that ends then."""

        def act() -> list[Row]:
            try:
                return run(self.doors.owner, statement, *args)
            finally:
                run(self.doors.owner, "COMMIT")
                self.in_snapshot = False

        return act

    @initialize(target=numbers)
    def begin(self) -> Any:
        """With something to do."""
        return multiple(*(self.create(0, {"title": title}, []) for title in ("one", "two")))

    # What a procedure can be asked for.

    @rule(
        target=numbers,
        workspace=st.sampled_from([0, 0, 0, 0, 1]),
        fields=st.fixed_dictionaries(
            {"title": TITLES},
            optional={"status": STATUSES, "priority": PRIORITIES, "task_key": KEYS, "tags": TAGS},
        ),
        depends_on=st.lists(numbers, unique=True, max_size=3),
    )
    def create(self, workspace: int, fields: dict[str, Any], depends_on: list[int]) -> Any:
        place = self.workspaces[workspace]
        if depends_on:
            fields = fields | {"depends_on": depends_on}

        take_in, rows = self.both(
            lambda: self.model.create(place, fields), self.calls("create_task", place, fields), self.user.id
        )

        if not rows:
            return multiple()
        take_in(rows[0]["task_id"])
        return rows[0]["task_id"]

    @rule(
        number=numbers,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "title": TITLES,
                "status": STATUSES,
                "priority": PRIORITIES,
                "task_key": KEYS,
                "description": st.sampled_from(["", "long", "Long"]),
                "tags": TAGS,
                "depends_on": st.lists(numbers, unique=True, max_size=3),
            },
        ),
        cascade=st.booleans(),
    )
    def update(self, number: int, changes: dict[str, Any], cascade: bool) -> None:
        self.both(
            lambda: self.model.update(number, changes, cascade),
            self.calls("update_task", number, changes, None, cascade),
            self.user.id,
        )

    @rule(number=numbers)
    def start(self, number: int) -> None:
        self.change_status(number, "start_task", "in_progress")

    @rule(number=numbers)
    def complete(self, number: int) -> None:
        self.change_status(number, "complete_task", "completed")

    @rule(number=numbers)
    def cancel(self, number: int) -> None:
        self.change_status(number, "cancel_task", "cancelled")

    def change_status(self, number: int, procedure: str, status: str) -> None:
        self.both(
            lambda: self.model.update(number, {"status": status}), self.calls(procedure, number), self.user.id
        )

    @rule(number=numbers, cascade=st.booleans())
    def reopen(self, number: int, cascade: bool) -> None:
        self.both(
            lambda: self.model.reopen(number, cascade),
            self.calls("reopen_task", number, cascade),
            self.user.id,
        )

    @rule(number=numbers, mode=st.sampled_from(["refuse", "splice"]))
    def delete(self, number: int, mode: str) -> None:
        self.both(
            lambda: self.model.delete(number, mode),
            self.calls("delete_task", number, mode, None),
            self.user.id,
        )

    @rule(number=numbers, prerequisite=numbers | st.just(NOWHERE))
    def add_dependency(self, number: int, prerequisite: int) -> None:
        self.both(
            lambda: self.model.add(number, prerequisite),
            self.calls("add_dependency", number, prerequisite),
            self.user.id,
        )

    @rule(number=numbers, prerequisite=numbers)
    def add_another_dependency(self, number: int, prerequisite: int) -> None:
        self.add_dependency(number, prerequisite)

    @rule(number=numbers, data=st.data())
    def remove_dependency(self, number: int, data: st.DataObject) -> None:
        known = self.model.tasks[number].waits_for if number in self.model.tasks else ()
        prerequisite = data.draw(st.sampled_from([*sorted(known), NOWHERE]))

        self.both(
            lambda: self.model.remove(number, prerequisite),
            self.calls("remove_dependency", number, prerequisite),
            self.user.id,
        )

    @precondition(lambda self: any(task.status == "pending" for task in self.model.tasks.values()))
    @rule(
        workspace=st.sampled_from([0, 0, 0, 0, 1]),
        min_priority=st.sampled_from(["low", "low", "low", "medium", "high"]),
        tags=st.sampled_from([[], [], [], ["a"], ["a", "b"]]),
    )
    def claim(self, workspace: int, min_priority: str, tags: list[str]) -> None:
        place = self.workspaces[workspace]
        criteria = {"min_priority": min_priority, "tags": tags}

        number, rows = self.both(
            lambda: self.model.claim(place, self.user.id, min_priority, tags),
            self.calls("claim_next_task", place, criteria, 600),
            self.user.id,
        )

        assert [row["task_id"] for row in rows] == ([number] if number else [])
        if number:
            self.model.tasks[number].fence = rows[0]["fence"]
            assert rows[0]["fence"] == self.seen[place] + 1

    @precondition(lambda self: any(task.fence for task in self.model.tasks.values()))
    @rule(
        data=st.data(),
        procedure=st.sampled_from(["complete_claim", "release_claim", "renew_claim"]),
        late=st.sampled_from([0, 0, 0, 1]),
    )
    def hold(self, data: st.DataObject, procedure: str, late: int) -> None:
        claimed = [(number, task.fence) for number, task in self.model.tasks.items() if task.fence]
        number, newest = data.draw(st.sampled_from(claimed))
        fence = newest - late

        def judge() -> None:
            self.model.hold(number, fence)
            if procedure == "complete_claim":
                self.model.set_status(number, "completed")
            elif procedure == "release_claim":
                self.model.put_back(number)

        more = [600] if procedure == "renew_claim" else []
        self.both(judge, self.calls(procedure, number, fence, *more), self.user.id)

    @precondition(lambda self: any(task.fence for task in self.model.tasks.values()))
    @rule()
    def let_claims_expire(self) -> None:
        """All that are held."""
        place = self.workspaces[0]
        held = [n for n, task in self.model.tasks.items() if task.workspace == place and task.fence]

        def judge() -> None:
            for number in held:
                self.model.put_back(number)

        run(
            self.doors.reader, "UPDATE claim SET lease_expires_at = claimed_at WHERE workspace_id = %s", place
        )
        run(self.doors.reader, "COMMIT")
        _, rows = self.both(judge, self.calls("release_expired_claims", place), self.user.id)

        assert rows[0]["released"] == len(held)

    # What the owner of the tables can type.

    @precondition(lambda self: not self.in_snapshot)
    @rule()
    def open_old_snapshot(self) -> None:
        """What is typed next decides in the world of now: whatever was changed between."""
        run(self.doors.owner, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        run(self.doors.owner, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
        self.in_snapshot = True

    @rule(number=numbers, prerequisite=numbers)
    def insert_dependency(self, number: int, prerequisite: int) -> None:
        assume(number in self.model.tasks)
        task = self.model.tasks[number]
        ranks = {
            row["task_id"]: row["topo_rank"]
            for row in self.doors.look(
                "SELECT task_id, topo_rank FROM node WHERE task_id IN (%s, %s)", number, prerequisite
            )
        }

        def judge() -> None:
            if self.model.task(prerequisite).workspace != task.workspace:
                raise No("task_not_found")
            if ranks[prerequisite] >= ranks[number]:
                raise No("dependency_not_uphill")
            assert not self.model.leads_to(prerequisite, number)
            self.model.check_gate(task, [prerequisite])
            if prerequisite in task.waits_for:
                raise No("integrity error 1062")
            task.waits_for.add(prerequisite)

        self.both(
            judge,
            self.raw(
                "INSERT INTO dependency (workspace_id, task_id, depends_on_id) VALUES (%s, %s, %s)",
                task.workspace, number, prerequisite,
            ),
            None,
        )  # fmt: skip

    @rule(number=numbers)
    def delete_dependencies(self, number: int) -> None:
        def judge() -> None:
            if number in self.model.tasks:
                self.model.tasks[number].waits_for = set()

        self.both(judge, self.raw("DELETE FROM dependency WHERE task_id = %s", number), None)

    @rule(number=numbers, status=STATUSES)
    def update_status(self, number: int, status: str) -> None:
        assume(number in self.model.tasks)

        self.both(
            lambda: self.model.set_status(number, status),
            self.raw("UPDATE task SET status = %s WHERE id = %s", status, number),
            None,
        )

    @rule(target=numbers, status=STATUSES, key=KEYS)
    def insert_task(self, status: str, key: str | None) -> Any:
        workspace = self.workspaces[0]

        def judge() -> Callable[[int], None]:
            try:
                return self.model.create(
                    workspace, {"title": "raw", "status": status, "task_key": key, "description": "d"}
                )
            except No as no:
                raise No("integrity error 1062") from no

        take_in, _ = self.both(
            judge,
            self.raw(
                "INSERT INTO task (workspace_id, title, description, status, task_key)"
                " VALUES (%s, 'raw', 'd', %s, %s)",
                workspace, status, key,
            ),
            None,
        )  # fmt: skip

        if not take_in:
            return multiple()
        (row,) = self.doors.look("SELECT MAX(id) AS id FROM task WHERE workspace_id = %s", workspace)
        take_in(row["id"])
        return row["id"]

    @rule(number=numbers)
    def delete_task_row(self, number: int) -> None:
        def judge() -> None:
            if task := self.model.tasks.get(number):
                if self.model.dependents(number):
                    raise No("task_has_dependents")
                if task.waits_for or task.tags:
                    raise No("task_in_use")
                del self.model.tasks[number]

        self.both(judge, self.raw("DELETE FROM task WHERE id = %s", number), None)

    @rule(number=numbers, name=st.sampled_from(["a", "new"]))
    def insert_tag(self, number: int, name: str) -> None:
        def judge() -> None:
            task = self.model.task(number)
            if task.workspace != self.workspaces[0]:
                raise No("task_not_found")
            if name in task.tags:
                raise No("integrity error 1062")
            task.tags.add(name)

        self.both(
            judge,
            self.raw(
                "INSERT INTO tag (workspace_id, task_id, name) VALUES (%s, %s, %s)",
                self.workspaces[0], number, name,
            ),
            None,
        )  # fmt: skip

    @rule(
        number=numbers,
        attack=st.sampled_from(
            [
                ("derived_row", "UPDATE node SET waiting_for = 0, topo_rank = 1 WHERE task_id = %s"),
                ("derived_row", "DELETE FROM node WHERE task_id = %s"),
                ("log_append_only", "DELETE FROM change_log WHERE task_id = %s"),
                ("immutable_column", "UPDATE task SET id = id + 1 WHERE id = %s"),
                ("invalid_task", "UPDATE task SET status = 'done' WHERE id = %s"),
            ]
        ),
    )
    def attack(self, number: int, attack: tuple[str, str]) -> None:
        code, statement = attack
        # The log of a task outlives it; every other row is gone with it.
        assume(number in self.model.tasks)

        def judge() -> None:
            raise No(code)

        self.both(judge, self.raw(statement, number), None)

    # What must hold after every step, and at the end.

    @invariant()
    def facts_are_those_of_the_model(self) -> None:
        marks = ", ".join(str(workspace) for workspace in self.workspaces)
        tasks = {
            row.pop("id"): row
            for row in self.doors.look(
                "SELECT id, task.workspace_id AS workspace, title, status, priority, task_key, description, assignee_id,"
                " fence, assignee_before_id"
                f" FROM task LEFT JOIN claim ON claim.task_id = task.id WHERE task.workspace_id IN ({marks})"
            )
        }
        for row in tasks.values():
            row.update(tags=set(), waits_for=set())
        for row in self.doors.look(f"SELECT task_id, name FROM tag WHERE workspace_id IN ({marks})"):
            tasks[row["task_id"]]["tags"].add(row["name"])
        for row in self.doors.look(
            f"SELECT task_id, depends_on_id FROM dependency WHERE workspace_id IN ({marks})"
        ):
            tasks[row["task_id"]]["waits_for"].add(row["depends_on_id"])

        assert tasks == {number: vars(task) for number, task in self.model.tasks.items()}

    @invariant()
    def whoever_did_it_is_in_the_log(self) -> None:
        for workspace, seen in self.seen.items():
            new = self.log(workspace, seen)
            assert [row["revision"] for row in new] == list(range(seen + 1, seen + len(new) + 1))
            assert {row["actor_id"] for row in new} <= {self.actor}
            self.seen[workspace] += len(new)

    def teardown(self) -> None:
        run(self.doors.owner, "ROLLBACK")
        for workspace in self.workspaces:
            assert violations(self.doors.service, self.user.id, workspace) == {}
            assert replayed(self.log(workspace)) == {
                number: {name: value for name, value in vars(task).items() if name not in CLAIM}
                for number, task in self.model.tasks.items()
                if task.workspace == workspace
            }
            ready = call_procedure(
                self.doors.service, "list_ready_tasks", self.user.id, workspace, False, 0, 1_000
            )
            assert {row["task_id"] for row in ready} == {
                number
                for number, task in self.model.tasks.items()
                if task.workspace == workspace
                and task.is_open
                and not any(self.model.tasks[other].is_open for other in task.waits_for)
            }
        edges = [(number, other) for number, task in self.model.tasks.items() for other in task.waits_for]
        assert nx.is_directed_acyclic_graph(nx.DiGraph(edges))


def replayed(log: list[Row]) -> dict[int, dict[str, Any]]:
    """The tasks of a workspace as its change log tells them, from the first revision to the last."""
    tasks: dict[int, dict[str, Any]] = {}
    for row in log:
        new = json.loads(row["new_row"] or "{}")
        old = json.loads(row["old_row"] or "{}")
        match row["entity"], row["action"]:
            case "task", "insert":
                tasks[row["task_id"]] = new | {
                    "workspace": row["workspace_id"], "tags": set(), "waits_for": set(),
                }  # fmt: skip
            case "task", "update":
                assert old.items() <= tasks[row["task_id"]].items()
                tasks[row["task_id"]].update(new)
            case "task", "delete":
                gone = tasks.pop(row["task_id"])
                assert (gone["tags"], gone["waits_for"]) == (set(), set())
                assert old.items() <= gone.items()
            case "tag", "insert":
                tasks[row["task_id"]]["tags"].add(new["name"])
            case "tag", "delete":
                tasks[row["task_id"]]["tags"].remove(old["name"])
            case "dependency", "insert":
                tasks[row["task_id"]]["waits_for"].add(row["depends_on_id"])
            case "dependency", "delete":
                tasks[row["task_id"]]["waits_for"].remove(row["depends_on_id"])
    for task in tasks.values():
        for name in ("assignee_team_id", "estimate_minutes", "due_at"):
            assert task.pop(name) is None
    return tasks


@pytest.fixture
def doors(database: Database, new_user: Callable[[], User]) -> Iterator[Doors]:
    """Connections that all examples share."""
    with database.service() as service, database.owner() as owner, database.owner() as reader:
        yield Doors(service, owner, reader, new_user)


def test_whatever_is_done_in_whatever_order_the_model_knows_the_answer(doors: Doors) -> None:
    run_machine(lambda: Machine(doors), settings=examples(25, steps=50))
