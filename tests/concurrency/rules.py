"""What is right, in Python: what each thing that can be asked for does to the facts, or why it is refused.

No ranks, no counters, no locks: one workspace as dictionaries, changed by the lines of its change log. An `Ask`
is judged in a state of the workspace and leaves it as it was; the answer is the lines that the log should show.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

OPEN = {"pending", "in_progress"}
TRANSITIONS = {
    ("pending", "in_progress"), ("pending", "completed"), ("pending", "cancelled"),
    ("in_progress", "pending"), ("in_progress", "completed"), ("in_progress", "cancelled"),
    ("completed", "pending"), ("completed", "in_progress"),
    ("cancelled", "pending"), ("cancelled", "in_progress"),
}  # fmt: skip
COLUMNS = {
    "task_key": None, "title": None, "description": "", "status": "pending", "priority": "medium",
    "assignee_id": None, "assignee_team_id": None, "estimate_minutes": None, "due_at": None,
}  # fmt: skip
DUPLICATE = "1062"

# A task by its id; one that is only being made, by its key.
Name = int | str


@dataclass(frozen=True)
class Ask:
    """Something to do in a workspace: a verb (`raw_...` is a statement, the rest are procedures) and its objects."""

    workspace: int
    verb: str
    task: int = 0
    other: int = 0
    more: Any = None


@dataclass(frozen=True)
class Change:
    """One line of the change log. `row` has the columns of a new or a gone row, or (column, before, after)."""

    entity: str
    action: str
    task: Name | None = None
    other: Name | None = None
    row: tuple[Hashable, ...] = ()


class No(Exception):
    """A refusal; `named` tells whether the facts that came with it are so."""

    def __init__(self, code: str, named: Callable[[dict[str, Any]], bool] = lambda _: True) -> None:
        super().__init__(code)
        self.code = code
        self.named = named


class Inconsistent(Exception):
    """The log tells of something that cannot have happened in the state before it."""


@dataclass
class Task:
    columns: dict[str, Any]
    version: int = 1
    tags: set[str] = field(default_factory=set)
    up: set[Name] = field(default_factory=set)
    down: set[Name] = field(default_factory=set)
    comments: int = 0

    @property
    def status(self) -> str:
        return str(self.columns["status"])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class State:
    """The facts of a workspace at one revision."""

    def __init__(self) -> None:
        self.tasks: dict[Name, Task] = {}
        self.keys: dict[str, Name] = {}
        self.members: dict[int, str] = {}
        self.journal: list[Change] = []
        self._deleted: dict[Name, Task] = {}

    def task(self, name: Name) -> Task:
        if name not in self.tasks:
            raise No(
                "task_not_found", lambda facts: name in (facts.get("task_id"), facts.get("depends_on_id"))
            )
        return self.tasks[name]

    def waits_for(self, task: Name, other: Name) -> bool:
        """Whether a task waits for another, directly or through others."""
        seen, pending = {task}, [task]
        while pending:
            for up in self.tasks[pending.pop()].up - seen:
                if up == other:
                    return True
                seen.add(up)
                pending.append(up)
        return False

    def open_above(self, name: Name) -> set[Name]:
        return {up for up in self.tasks[name].up if self.tasks[up].is_open}

    def completed_below(self, name: Name) -> set[Name]:
        return {down for down in self.tasks[name].down if self.tasks[down].status == "completed"}

    @contextmanager
    def trial(self) -> Iterator[list[Change]]:
        """Whatever is written in this block is in the list, and undone at its end."""
        before, self.journal = self.journal, []
        try:
            yield self.journal
        finally:
            for change in reversed(self.journal):
                self._turn(change, back=True)
            self.journal = before

    def write(self, *args: Any) -> None:
        change = Change(*args)
        self.apply(change)
        self.journal.append(change)

    def apply(self, change: Change) -> None:
        """Carry a change out; `Inconsistent` if it cannot be."""
        try:
            self._turn(change, back=False)
        except (KeyError, AssertionError) as error:
            raise Inconsistent(change) from error

    def _turn(self, change: Change, *, back: bool) -> None:
        comes = (change.action == "insert") != back
        match change.entity, change.action:
            case "task", "update":
                columns = self.tasks[change.task].columns
                for name, old, new in change.row:
                    before, after = (new, old) if back else (old, new)
                    assert columns[name] == before
                    columns[name] = after
                self.tasks[change.task].version += -1 if back else 1
            case "task", _:
                columns = dict(change.row)
                if comes:
                    assert change.task not in self.tasks
                    # A deletion that is only undone gives back the version too.
                    self.tasks[change.task] = self._deleted.pop(change.task) if back else Task(columns)
                    if columns["task_key"]:
                        self.keys[columns["task_key"]] = change.task
                else:
                    gone = self.tasks.pop(change.task)
                    assert gone.columns == columns
                    assert not gone.tags | gone.up | gone.down
                    assert not gone.comments
                    self._deleted[change.task] = gone
                    self.keys.pop(columns["task_key"], None)
            case "tag", _:
                tags = self.tasks[change.task].tags
                assert (change.row[0] in tags) != comes
                tags.symmetric_difference_update(change.row)
            case "comment", _:
                self.tasks[change.task].comments += 1 if comes else -1
                assert self.tasks[change.task].comments >= 0
            case "dependency", _:
                task, other = self.tasks[change.task], self.tasks[change.other]
                assert (change.other in task.up) != comes
                task.up.symmetric_difference_update({change.other})
                other.down.symmetric_difference_update({change.task})
            case "membership", "update":
                user, old, new = change.row
                before, after = (new, old) if back else (old, new)
                assert self.members[user] == before
                self.members[user] = after
            case "membership", _:
                user, role = change.row
                assert (user in self.members) != comes
                if comes:
                    self.members[user] = role
                else:
                    del self.members[user]


def answer(state: State, ask: Ask) -> list[Change]:
    """What should come of it in this state; raises `No` if it should be refused."""
    with state.trial() as written:
        VERBS[ask.verb](state, ask)
        return list(written)


def carry_out(state: State, ask: Ask) -> None:
    """Do it inside a trial."""
    VERBS[ask.verb](state, ask)


def is_right_refusal(state: State, ask: Ask, code: str, facts: dict[str, Any]) -> bool:
    """Whether this state is a reason to refuse it by this code, and the facts told with it are so."""
    if (ask.verb, code) == ("raw_add", "dependency_not_uphill") and {
        ask.task,
        ask.other,
    } <= state.tasks.keys():
        # Ranks are nobody's fact: without a path either way the order may have gone against it.
        return not state.waits_for(ask.task, ask.other)
    with state.trial():
        try:
            carry_out(state, ask)
        except No as no:
            return no.code == code and no.named(facts)
    return False


def same(expected: Iterable[Change], found: Iterable[Change], state: State) -> bool:
    """Whether the log shows what it should, in any order; new tasks are known by their keys."""
    found = list(found)
    keys = {
        change.task: dict(change.row)["task_key"]
        for change in found
        if change.entity == "task" and change.action == "insert" and change.task not in state.tasks
    }
    renamed = [
        Change(change.entity, change.action, keys.get(change.task, change.task), change.other, change.row)
        for change in found
    ]
    # A line of an import may wait for another one of it.
    renamed = [
        Change(change.entity, change.action, change.task, keys.get(change.other, change.other), change.row)
        for change in renamed
    ]
    return Counter(expected) == Counter(renamed)


def columns(**given: Any) -> tuple[Hashable, ...]:
    """All columns of a task, as the log has them."""
    return tuple(sorted((COLUMNS | given).items()))


def _shown(facts: dict[str, Any], name: str, whole: set[int]) -> bool:
    """Whether a refusal shows these tasks, or twenty of them where there are more."""
    shown = _ids(facts, name)
    return shown <= whole and len(shown) == min(len(whole), 20)


def _ids(facts: dict[str, Any], name: str) -> set[int]:
    return {row["task_id"] for row in facts.get(name) or []}


def _add_task(state: State, key: str, **given: Any) -> None:
    if key in state.keys:
        raise No("task_key_taken")
    state.write("task", "insert", key, None, columns(task_key=key, **given))


def _add_edge(state: State, task: Name, other: Name) -> None:
    if state.tasks[task].status == "completed" and state.tasks[other].is_open:
        raise No("task_blocked", lambda facts: _is_blocked(state, facts))
    state.write("dependency", "insert", task, other)


def _is_blocked(state: State, facts: dict[str, Any]) -> bool:
    """What is named as open is open."""
    named = _ids(facts, "open_prerequisites")
    return bool(named) and all(name in state.tasks and state.tasks[name].is_open for name in named)


def _is_path(state: State, task: Name, others: set[Name]) -> Callable[[dict[str, Any]], bool]:
    def holds(facts: dict[str, Any]) -> bool:
        path = facts["path"]
        return (
            path[0] == path[-1] == task
            and path[1] in others
            and facts["length"] == len(path) - 1
            and all(after in state.tasks[before].up for before, after in pairwise(path[1:]))
        )

    return holds


def _check_cycle(state: State, task: Name, others: set[Name]) -> None:
    if any(other == task or state.waits_for(other, task) for other in others):
        raise No("dependency_cycle", _is_path(state, task, others))


def _set_status(state: State, name: Name, status: str) -> None:
    task = state.tasks[name]
    if status == task.status:
        return
    if (task.status, status) not in TRANSITIONS:
        was = task.status
        raise No("transition_not_allowed", lambda facts: (facts["from"], facts["to"]) == (was, status))
    if status == "completed" and (above := state.open_above(name)):
        raise No("task_blocked", lambda facts: _shown(facts, "open_prerequisites", above))
    if status in OPEN and not task.is_open and (below := state.completed_below(name)):
        raise No("dependents_completed", lambda facts: _shown(facts, "completed_dependents", below))
    state.write("task", "update", name, None, (("status", task.status, status),))


def _reopen_below(state: State, name: Name) -> None:
    """All completed tasks that wait for it, through completed ones."""
    found, pending = set(), [name]
    while pending:
        new = state.completed_below(pending.pop()) - found
        found |= new
        pending += new
    for below in found - {name}:
        state.write("task", "update", below, None, (("status", "completed", "pending"),))


def _add(state: State, ask: Ask) -> None:
    task = state.task(ask.task)
    state.task(ask.other)
    if ask.other in task.up:
        raise No("dependency_exists")
    _check_cycle(state, ask.task, {ask.other})
    _add_edge(state, ask.task, ask.other)


def _remove(state: State, ask: Ask) -> None:
    if ask.other not in state.task(ask.task).up:
        raise No("dependency_not_found")
    state.write("dependency", "delete", ask.task, ask.other)


def _create(state: State, ask: Ask) -> None:
    key, status, depends_on = ask.more
    _add_task(state, key, title=key, status=status)
    for other in sorted(depends_on):
        state.task(other)
    for other in depends_on:
        _add_edge(state, key, other)


def _go(status: str) -> Callable[[State, Ask], None]:
    def go(state: State, ask: Ask) -> None:
        state.task(ask.task)
        _set_status(state, ask.task, status)

    return go


def _reopen(state: State, ask: Ask) -> None:
    if not state.task(ask.task).is_open:
        if ask.more:
            _reopen_below(state, ask.task)
        _set_status(state, ask.task, "pending")


def _update(state: State, ask: Ask) -> None:
    """The order of update_task: the set of prerequisites shrinks, the task changes, then the set grows."""
    changes, version, cascade = ask.more
    task = state.task(ask.task)
    if version not in (None, task.version):
        is_version = task.version
        raise No("version_mismatch", lambda facts: facts["version"] == is_version)
    for name in task.tags ^ set(changes.get("tags", task.tags)):
        state.write("tag", "delete" if name in task.tags else "insert", ask.task, None, (name,))
    wanted = set(changes.get("depends_on", task.up))
    for other in task.up - wanted:
        state.write("dependency", "delete", ask.task, other)
    old, status = task.status, changes.get("status", task.status)
    if cascade and status in OPEN and not task.is_open:
        _reopen_below(state, ask.task)
    diff = {("title", task.columns["title"], changes.get("title", task.columns["title"]))}
    with state.trial() as step:
        _set_status(state, ask.task, status)
        diff |= {triple for change in step for triple in change.row}
    if diff := {(name, before, after) for name, before, after in diff if before != after}:
        assert task.status == old
        state.write("task", "update", ask.task, None, tuple(sorted(diff)))
    for other in sorted(wanted):
        state.task(other)
    _check_cycle(state, ask.task, wanted - task.up)
    for other in wanted - task.up:
        _add_edge(state, ask.task, other)


def _delete(state: State, ask: Ask) -> None:
    task = state.task(ask.task)
    if ask.more == "refuse" and task.down:
        below = set(task.down)
        raise No("task_has_dependents", lambda facts: _shown(facts, "dependents", below))
    for below in sorted(task.down):
        for above in sorted(task.up - state.tasks[below].up):
            _add_edge(state, below, above)
    for below in sorted(task.down):
        state.write("dependency", "delete", below, ask.task)
    for above in sorted(task.up):
        state.write("dependency", "delete", ask.task, above)
    for name in sorted(task.tags):
        state.write("tag", "delete", ask.task, None, (name,))
    for _ in range(task.comments):
        state.write("comment", "delete", ask.task)
    state.write("task", "delete", ask.task, None, tuple(sorted(task.columns.items())))


def _import(state: State, ask: Ask) -> None:
    """`more` is the lines: (key, status, keys waited for, tags). A line may wait for earlier ones or for itself."""
    lines, on_cycle = ask.more
    statuses = {key: status for key, status, _, _ in lines}
    errors, loops = set(), set()
    for number, (key, status, depends_on, _) in enumerate(lines, 1):
        if key in state.keys:
            errors.add((number, "task_key_taken"))
        for other in depends_on:
            if other not in statuses and other not in state.keys:
                errors.add((number, "unknown_key"))
                continue
            its = statuses.get(other) or state.tasks[state.keys[other]].status
            if status == "completed" and its in OPEN:
                errors.add((number, "task_blocked"))
            if other == key:
                loops.add((number, "dependency_cycle"))
    if not errors and on_cycle == "refuse":
        errors = loops
    if errors:
        raise No("import_refused", lambda facts: {(e["line"], e["code"]) for e in facts["errors"]} == errors)
    for key, status, _, tags in lines:
        state.write("task", "insert", key, None, columns(task_key=key, title=key, status=status))
        for name in tags:
            state.write("tag", "insert", key, None, (name,))
    for key, _, depends_on, _ in lines:
        for other in depends_on:
            if other != key:
                state.write("dependency", "insert", key, state.keys[other])


def _set_role(state: State, ask: Ask) -> None:
    old = state.members[ask.task]
    if old == ask.more:
        return
    if old == "owner" and list(state.members.values()).count("owner") == 1:
        raise No("last_owner")
    state.write("membership", "update", None, None, (ask.task, old, ask.more))


def _raw_add(state: State, ask: Ask) -> None:
    if not {ask.task, ask.other} <= state.tasks.keys():
        raise No("task_not_found")
    if ask.task == ask.other or state.waits_for(ask.other, ask.task):
        raise No("dependency_not_uphill")
    if ask.other in state.tasks[ask.task].up:
        raise No(DUPLICATE)
    _add_edge(state, ask.task, ask.other)


def _raw_remove(state: State, ask: Ask) -> None:
    """One row: a statement of many at READ COMMITTED looks for them before its first trigger has the lock."""
    if ask.task in state.tasks and ask.other in state.tasks[ask.task].up:
        state.write("dependency", "delete", ask.task, ask.other)


def _raw_status(state: State, ask: Ask) -> None:
    if ask.task in state.tasks:
        _set_status(state, ask.task, ask.more)


def _raw_create(state: State, ask: Ask) -> None:
    key, status = ask.more
    if key in state.keys:
        raise No(DUPLICATE)
    _add_task(state, key, title=key, status=status)


def _raw_delete(state: State, ask: Ask) -> None:
    if ask.task not in state.tasks:
        return
    task = state.tasks[ask.task]
    if task.down:
        raise No("task_has_dependents")
    if task.up or task.tags or task.comments:
        raise No("task_in_use")
    state.write("task", "delete", ask.task, None, tuple(sorted(task.columns.items())))


def _comment(state: State, ask: Ask) -> None:
    state.task(ask.task)
    state.write("comment", "insert", ask.task)


def _raw_tag(state: State, ask: Ask) -> None:
    if ask.task not in state.tasks:
        raise No("task_not_found")
    if ask.more in state.tasks[ask.task].tags:
        raise No(DUPLICATE)
    state.write("tag", "insert", ask.task, None, (ask.more,))


VERBS: dict[str, Callable[[State, Ask], None]] = {
    "add": _add, "remove": _remove, "create": _create, "start": _go("in_progress"), "complete": _go("completed"),
    "cancel": _go("cancelled"), "reopen": _reopen, "update": _update, "delete": _delete, "import": _import,
    "set_member": _set_role, "comment": _comment, "raw_comment": _comment, "raw_add": _raw_add, "raw_remove": _raw_remove, "raw_status": _raw_status,
    "raw_create": _raw_create, "raw_delete": _raw_delete, "raw_tag": _raw_tag, "raw_role": _set_role,
}  # fmt: skip
