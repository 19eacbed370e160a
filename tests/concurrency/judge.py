"""Whether many sessions at once did no harm: from the facts and the log alone, in Python.

The log gives the order of commits. Replayed from the first line, it gives the facts at every revision, so each
answer that a session got can be compared with what was right when it was given: a change at the revision that it
followed, a refusal at some revision between the question and the answer.
"""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from tests.concurrency import rules
from tests.concurrency.rules import Ask, Change, Inconsistent, No, State
from tests.conftest import Row
from tests.graphs import violations
from tests.servers import run

# Enough to see what is wrong; the first is the cause of most others.
MOST_FAULTS = 20
PRIORITIES = {"low": 1, "medium": 2, "high": 3, "urgent": 4}


@dataclass
class Step:
    """One statement or call, and what came of it: a refusal (a code), an error (a number), or neither."""

    ask: Ask
    refused: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    error: int | None = None


@dataclass
class Claim:
    """A transaction as its session saw it: `steps` that ended in `end`.

    Committed, rolled back, or unknown, if the connection was lost before the answer. Its lines in the log bear
    `actor`. It began after revision `before` and was over at `after`. `base` is the revision that its first
    change, that of step `first`, was made on.
    """

    actor: int
    before: int
    steps: list[Step] = field(default_factory=list)
    end: str = "unknown"
    after: int | None = None
    first: int | None = None
    base: int | None = None

    @property
    def workspace(self) -> int:
        return self.steps[0].ask.workspace


@dataclass
class Verdict:
    """All that is wrong with a workspace, and what there was to be judged."""

    faults: list[str] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)

    @property
    def harm(self) -> set[str]:
        """What is wrong with the facts and the derived rows themselves, not only with an answer."""
        lasting = ("cycle", "dangling", "gate", "drift", "verify_workspace")
        return {kind for kind in lasting if self.judged[f"fault: {kind}"]}

    def fault(self, kind: str, what: object) -> None:
        self.judged[f"fault: {kind}"] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(f"{kind}: {what}")


@dataclass(frozen=True)
class Facts:
    """Everything about a workspace, read in one snapshot."""

    tasks: list[Row]
    tags: set[tuple[int, str]]
    comments: dict[int, int]
    edges: set[tuple[int, int]]
    members: dict[int, str]
    nodes: list[Row]
    log: list[Row]


def read(connection: "Connection[DictCursor]", workspace: int) -> Facts:
    """The facts, the derived rows and the log of a workspace."""

    def rows(statement: str) -> list[Row]:
        return run(connection, statement, workspace)

    run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    run(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
    facts = Facts(
        tasks=rows(
            "SELECT id, task_key, title, description, status, priority, assignee_id, assignee_team_id,"
            " estimate_minutes, due_at, version FROM task WHERE workspace_id = %s"
        ),
        tags={(row["task_id"], row["name"]) for row in rows("SELECT * FROM tag WHERE workspace_id = %s")},
        comments={
            row["task_id"]: row["comments"]
            for row in rows(
                "SELECT task_id, COUNT(*) AS comments FROM comment WHERE workspace_id = %s GROUP BY task_id"
            )
        },
        edges={
            (row["task_id"], row["depends_on_id"])
            for row in rows("SELECT * FROM dependency WHERE workspace_id = %s")
        },
        members={
            row["user_id"]: row["role"] for row in rows("SELECT * FROM membership WHERE workspace_id = %s")
        },
        nodes=rows("SELECT * FROM node WHERE workspace_id = %s"),
        log=rows("SELECT * FROM change_log WHERE workspace_id = %s ORDER BY revision"),
    )
    run(connection, "COMMIT")
    return facts


def judge(connection: "Connection[DictCursor]", workspace: int, claims: Iterable[Claim]) -> Verdict:
    """Everything there is to find out about a workspace after a workload."""
    verdict = Verdict()
    facts = read(connection, workspace)
    _judge_facts(facts, verdict)
    for invariant, count in violations(connection, None, workspace).items():
        verdict.fault("verify_workspace", f"{invariant}: {count}")
    Replay(facts.log, [claim for claim in claims if claim.workspace == workspace], verdict).run(facts)
    return verdict


def _judge_facts(facts: Facts, verdict: Verdict) -> None:
    """No cycle, nothing dangling, no open gate, nothing derived that does not follow."""
    tasks = {row["id"]: row for row in facts.tasks}
    graph = nx.DiGraph(facts.edges)
    if not nx.is_directed_acyclic_graph(graph):
        verdict.fault("cycle", nx.find_cycle(graph))
    waiting_for: Counter[int] = Counter()
    for task, other in facts.edges:
        if task not in tasks or other not in tasks:
            verdict.fault("dangling", (task, other))
            continue
        waiting_for[task] += tasks[other]["status"] in rules.OPEN
        if tasks[task]["status"] == "completed" and tasks[other]["status"] in rules.OPEN:
            verdict.fault("gate", f"completed {task} waits for open {other}")
    verdict.faults += [f"dangling: tag {tag}" for tag in facts.tags if tag[0] not in tasks]
    nodes = {row["task_id"]: row for row in facts.nodes}
    for number in tasks.keys() ^ nodes.keys():
        verdict.fault("drift", f"task or node {number} is alone")
    for number in tasks.keys() & nodes.keys():
        task, node = tasks[number], nodes[number]
        found = (node["is_open"], node["waiting_for"], node["priority_rank"])
        wanted = (task["status"] in rules.OPEN, waiting_for[number], PRIORITIES[task["priority"]])
        if found != wanted:
            verdict.fault("drift", f"node of {number} says {found}, the facts {wanted}")


def change(row: Row) -> Change:
    """A line of the log without when and by whom."""
    old, new = json.loads(row["old_row"] or "{}"), json.loads(row["new_row"] or "{}")
    match row["entity"], row["action"]:
        case "task", "update":
            # The log has the description only where it changed.
            columns = tuple(
                sorted((name, old[name], new[name]) for name in old | new if old[name] != new[name])
            )
        case "task", _:
            columns = tuple(sorted((old | new).items()))
        case "tag", _:
            columns = ((old | new)["name"],)
        case "membership", "update":
            columns = (old["user_id"], old["role"], new["role"])
        case "membership", _:
            columns = ((old | new)["user_id"], (old | new)["role"])
        case _:
            columns = ()
    return Change(row["entity"], row["action"], row["task_id"], row["depends_on_id"], columns)


class Replay:
    """The log of a workspace from its first line to its last, with every claim judged on the way."""

    def __init__(self, log: Sequence[Row], claims: Sequence[Claim], verdict: Verdict) -> None:
        self.log = log
        self.verdict = verdict
        self.state = State()
        self.last = len(log)
        self.lines: dict[int, list[int]] = {}  # revisions, by the id() of a claim
        self.claims = claims
        self.by_first: dict[int, Claim] = {}
        self.by_base: defaultdict[int, list[Claim]] = defaultdict(list)
        # Steps that changed nothing, by the revision seen before them, with the one seen after them.
        self.open: defaultdict[int, list[tuple[int, Step]]] = defaultdict(list)

    def run(self, facts: Facts) -> None:
        revisions = [row["revision"] for row in self.log]
        if revisions != list(range(1, self.last + 1)):
            self.verdict.fault("revision gap", revisions[-10:])
            return
        self._attribute()
        try:
            self._replay()
        except Inconsistent as inconsistent:
            self.verdict.fault("log", f"cannot be replayed: {inconsistent}")
            return
        self._compare(facts)

    def _attribute(self) -> None:
        """Whose each line is, and what is to be judged where."""
        by_actor: defaultdict[int, list[int]] = defaultdict(list)
        for row in self.log:
            by_actor[row["actor_id"]].append(row["revision"])
        owned: set[int] = set()
        for claim in self.claims:
            last = self.last if claim.after is None else claim.after
            written = by_actor[claim.actor]
            lines = written[bisect_right(written, claim.before) : bisect_right(written, last)]
            owned.update(lines)
            if lines and lines != list(range(lines[0], lines[-1] + 1)):
                self.verdict.fault("torn", f"{claim} is at {lines}")
            if lines and claim.end == "rolled back":
                self.verdict.fault("rolled back", f"and yet {claim} is at {lines}")
            if not lines and claim.end == "committed" and claim.base is not None:
                self.verdict.fault("lost", claim)
            if lines:
                claim.base = lines[0] - 1
                self.by_first[lines[0]] = claim
                self.lines[id(claim)] = lines
            self._file(claim, last)
        began = min((claim.before for claim in self.claims), default=self.last)
        for stray in set(range(began + 1, self.last + 1)) - owned:
            self.verdict.fault("nobody's", self.log[stray - 1])

    def _file(self, claim: Claim, last: int) -> None:
        """A step before the first change may have been judged at any revision, the others at that one."""
        for number, step in enumerate(claim.steps):
            if step.error is not None:
                self.verdict.judged[f"error {step.error}"] += 1
            elif claim.base is None or (claim.first is not None and number < claim.first):
                if step.refused or claim.end == "committed":
                    self.open[claim.before].append((last, step))
            else:
                self.by_base[claim.base].append(claim)
                break

    def _replay(self) -> None:
        pending: list[tuple[int, Step]] = []
        ends = {lines[-1] for lines in self.lines.values()}
        began = min((claim.before for claim in self.claims), default=self.last)
        touched: set[Any] = set()
        for revision in range(self.last + 1):
            if revision:
                line = change(self.log[revision - 1])
                if claim := self.by_first.get(revision):
                    self._judge_change(claim)
                if revision > began and line.entity == "dependency" and line.action == "insert":
                    self._judge_edge(line)
                self.state.apply(line)
                touched |= {line.task, line.other}
            # Between these a transaction is half done.
            if revision == began or revision in ends:
                self._judge_gate(touched)
                touched.clear()
                for claim in self.by_base[revision]:
                    if id(claim) not in self.lines:
                        self._judge_steps(claim)
                pending += self.open[revision]
                pending = [one for one in pending if not self._is_settled(*one, revision)]
        for _, step in pending:
            self.verdict.fault("wrong answer", step)
        for revision in (self.open.keys() | self.by_base.keys()) - ends - {began}:
            self.verdict.fault("lost", f"revision {revision} was seen, and no transaction ends there")

    def _is_settled(self, last: int, step: Step, revision: int) -> bool:
        """Whether this state is a reason for what the step was told, or it is too late for one."""
        if revision > last:
            self.verdict.fault("wrong answer", step)
            return True
        if self._is_right(step):
            self.verdict.judged[step.refused or "nothing to do"] += 1
            return True
        return False

    def _is_right(self, step: Step) -> bool:
        """Whether a step that changed nothing was answered as this state has it."""
        if step.refused:
            return rules.is_right_refusal(self.state, step.ask, step.refused, step.facts)
        try:
            return not rules.answer(self.state, step.ask)
        except No:
            return False

    def _judge_change(self, claim: Claim) -> None:
        """The lines of a claim are what all its steps together should do to the state before them."""
        lines = [change(self.log[line - 1]) for line in self.lines[id(claim)]]
        expected = self._judge_steps(claim)
        if expected is not None and not rules.same(expected, lines, self.state):
            self.verdict.fault("wrong change", f"{claim.steps}: {expected} expected, found {lines}")
        self.verdict.judged["+".join(step.ask.verb for step in claim.steps if not step.refused)] += 1

    def _judge_steps(self, claim: Claim) -> list[Change] | None:
        """What the steps should write on this state, one after the other; None if one was answered wrongly."""
        with self.state.trial() as written:
            for step in claim.steps[claim.first or 0 :]:
                # If there are lines, then only the answer was lost.
                if step.error is not None and id(claim) not in self.lines:
                    continue
                if step.refused:
                    if not rules.is_right_refusal(self.state, step.ask, step.refused, step.facts):
                        self.verdict.fault("wrong answer", step)
                        return None
                    self.verdict.judged[step.refused] += 1
                    continue
                try:
                    rules.carry_out(self.state, step.ask)
                except No as no:
                    self.verdict.fault("wrong answer", f"{step} should have been refused: {no.code}")
                    return None
            return list(written)

    def _judge_edge(self, line: Change) -> None:
        task, other = line.task, line.other
        if task == other or (other in self.state.tasks and self.state.waits_for(other, task)):
            self.verdict.fault("cycle", f"closed by {line}")

    def _judge_gate(self, touched: set[Any]) -> None:
        """At the end of each transaction, the tasks that it wrote about."""
        for name in touched & self.state.tasks.keys():
            task = self.state.tasks[name]
            if task.status == "completed" and (above := self.state.open_above(name)):
                self.verdict.fault("gate", f"completed {name} waited for open {above}")
            if task.is_open and (below := self.state.completed_below(name)):
                self.verdict.fault("gate", f"completed {below} waited for open {name}")

    def _compare(self, facts: Facts) -> None:
        """The end of the log is the present."""
        state = self.state
        found = {
            "tasks": {row["id"]: {k: v for k, v in row.items() if k != "id"} for row in facts.tasks},
            "tags": facts.tags,
            "comments": facts.comments,
            "edges": facts.edges,
            "members": facts.members,
        }
        replayed = {
            "tasks": {
                number: task.columns | {"version": task.version} for number, task in state.tasks.items()
            },
            "tags": {(number, name) for number, task in state.tasks.items() for name in task.tags},
            "comments": {number: task.comments for number, task in state.tasks.items() if task.comments},
            "edges": {(number, up) for number, task in state.tasks.items() for up in task.up},
            "members": state.members,
        }
        for name, what in found.items():
            only = _only(what, replayed[name]), _only(replayed[name], what)
            if any(only):
                self.verdict.fault(
                    "replay", f"{name}: only the tables have {only[0]}, only the log {only[1]}"
                )


def _only(one: dict[Any, Any] | set[Any], other: dict[Any, Any] | set[Any]) -> list[Any]:
    """What the first has and the second has not."""
    if isinstance(one, set):
        return list(one - other)
    return [(key, value) for key, value in one.items() if key not in other or other[key] != value]
