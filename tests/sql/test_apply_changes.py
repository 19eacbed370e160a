"""apply_changes: many at once, in their order, all or nothing; and what they would do."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from service.database.calls import call as call_procedure
from service.errors import Refused
from tests.conftest import Database, Row, User
from tests.examples import examples
from tests.graphs import violations as found_violations
from tests.servers import run
from tests.sql.conftest import Person, Team

Change = dict[str, Any]
Call = Callable[..., list[Row]]
Apply = Callable[..., Row]

ARRAYS = ("created", "newly_ready", "newly_blocked", "reopened", "refused", "not_judged")


def read(rows: list[Row]) -> Row:
    """The one row of a report, its arrays read."""
    (row,) = rows
    return row | {name: json.loads(row[name]) for name in ARRAYS}


def apply_to(connection: "Connection[DictCursor]", user: User, changes: list[Change], mode: str) -> Row:
    return read(call_procedure(connection, "apply_changes", user.id, user.workspace_id, changes, mode, None))


def new(title: str, **fields: Any) -> Change:
    return {"op": "create", "key": title, "title": title} | fields


def add(task: Any, depends_on: Any) -> Change:
    return {"op": "add_dependency", "task": task, "depends_on": depends_on}


def do(op: str, task: Any, **fields: Any) -> Change:
    return {"op": op, "task": task} | fields


def codes(refused: list[Row]) -> list[tuple[int, str]]:
    return [(one["index"], one["code"]) for one in refused]


def ids(touched: list[Row]) -> list[int]:
    return [one["task_id"] for one in touched]


LONG = "x" * 20_000
DEEP = json.loads("[" * 90 + "]" * 90)
# Neither a change nor the key of one.
ODD = (None, True, 1.5, -1, 2**64 - 1, "", LONG, [], [None], [[1]], {}, {"a": None}, DEEP)
MALFORMED = [*ODD, *(new("x", key=odd) for odd in ODD), new("k" * 129)]


@pytest.fixture
def apply(call: Call, user: User) -> Apply:
    """Apply changes to the user's workspace: `apply(change, change, mode="preview", key="k")` -> the report."""

    def ask(*changes: Change, mode: str = "apply", key: str | None = None) -> Row:
        return read(call("apply_changes", user.id, None, list(changes), mode, key))

    return ask


@pytest.fixture
def task(call: Call, user: User) -> Callable[[int], Row]:
    return lambda number: call("get_task", user.id, number)[0]


@pytest.fixture
def contents(owner: "Connection[DictCursor]") -> Callable[[], dict[str, int]]:
    """A checksum of every table of the database."""

    def read_all() -> dict[str, int]:
        tables = run(
            owner,
            "SELECT table_name AS name FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
        )
        rows = run(owner, f"CHECKSUM TABLE {', '.join(row['name'] for row in tables)}")
        return {row["Table"]: row["Checksum"] for row in rows}

    return read_all


@pytest.fixture(autouse=True)
def sound(violations: Callable[..., dict[str, int]]) -> Iterator[None]:
    """Whatever a test does, the workspace keeps its rules."""
    yield
    assert violations() == {}


class TestOperations:
    def test_a_task_is_created_with_all_that_is_said_of_it(self, apply: Apply, task: Any, user: User) -> None:
        report = apply(
            new("first"),
            new(
                "second",
                description="words",
                priority="high",
                assignee_id=user.id,
                estimate_minutes=30,
                due_at="2030-01-31T17:00:00Z",
                task_key="S-2",
                tags=["a", "b"],
                depends_on=["first"],
            ),
        )

        first, second = (one["task_id"] for one in report["created"])
        found = task(second)
        assert (found["title"], found["description"], found["priority"]) == ("second", "words", "high")
        assert (found["assignee_id"], found["estimate_minutes"]) == (user.id, 30)
        assert (str(found["due_at"]), found["task_key"]) == ("2030-01-31 17:00:00", "S-2")
        assert (json.loads(found["tags"]), json.loads(found["depends_on"])) == (["a", "b"], [first])
        assert [(one["index"], one["key"], one["readiness"]) for one in report["created"]] == [
            (0, "first", "ready"),
            (1, "second", "blocked"),
        ]

    def test_a_task_is_updated(self, apply: Apply, task: Any, tasks: Any) -> None:
        one, other = tasks("one", "other")

        report = apply(do("update", one, title="new", depends_on=[other], version=1))

        assert (task(one)["title"], json.loads(task(one)["depends_on"])) == ("new", [other])
        assert (report["tasks_updated"], report["dependencies_added"]) == (1, 1)
        assert ids(report["newly_blocked"]) == [one]

    def test_tasks_are_started_completed_and_cancelled(self, apply: Apply, tasks: Any, status: Any) -> None:
        one, two, three = tasks("one", "two", "three")

        apply(do("start", one), do("complete", two), do("cancel", three))

        assert status(one, two, three) == ["in_progress", "completed", "cancelled"]

    def test_what_waited_for_completed_tasks_is_newly_ready(
        self, apply: Apply, tasks: Any, wait: Any
    ) -> None:
        ship, build, design = tasks("ship", "build", "design")
        wait(ship, build, design)

        report = apply(do("complete", design), do("complete", build))

        assert report["newly_ready"] == [{"task_id": ship, "title": "ship"}]
        assert report["newly_blocked"] == []

    def test_a_cascade_tells_which_tasks_it_reopened(
        self, apply: Apply, tasks: Any, wait: Any, status: Any
    ) -> None:
        ship, build, design = tasks("ship", "build", "design")
        wait(ship, build, design)
        apply(*(do("complete", task) for task in (design, build, ship)))

        report = apply(new("unrelated"), do("reopen", design, cascade=True))

        assert status(ship, build, design) == ["pending"] * 3
        assert [(one["index"], one["task_id"]) for one in report["reopened"]] == [(1, ship), (1, build)]
        assert ids(report["newly_ready"]) == [design]
        assert ids(report["newly_blocked"]) == [ship, build]

    def test_dependencies_are_added_and_removed(self, apply: Apply, tasks: Any, task: Any) -> None:
        one, two, three = tasks("one", "two", "three")
        apply(add(one, two))

        report = apply({"op": "remove_dependency", "task": one, "depends_on": two}, add(one, three))

        assert json.loads(task(one)["depends_on"]) == [three]
        assert (report["dependencies_added"], report["dependencies_removed"]) == (1, 1)
        assert (report["newly_ready"], report["newly_blocked"]) == ([], [])

    def test_a_task_is_deleted_by_splicing(self, apply: Apply, tasks: Any, wait: Any, task: Any) -> None:
        ship, build, design = tasks("ship", "build", "design")
        wait(ship, build, design)

        report = apply(do("delete", build, mode="splice"))

        assert json.loads(task(ship)["depends_on"]) == [design]
        assert report["tasks_deleted"] == 1

    def test_however_many_become_ready_or_blocked_all_are_told(self, apply: Apply, tasks: Any) -> None:
        (root,) = tasks("root")
        waiting = ids(apply(*(new(f"waits {n}") for n in range(200)))["created"])

        assert ids(apply(*(add(task, root) for task in waiting))["newly_blocked"]) == waiting
        assert ids(apply(do("complete", root), mode="preview")["newly_ready"]) == waiting
        assert ids(apply(do("complete", root))["newly_ready"]) == waiting
        assert ids(apply(do("reopen", root, cascade=True))["newly_blocked"]) == waiting

    def test_without_changes_nothing_changes(self, apply: Apply, revision: Callable[[], int]) -> None:
        before = revision()

        assert apply()["revision"] == before


class TestNames:
    def test_a_task_without_a_key_is_called_by_its_index(self, apply: Apply, task: Any) -> None:
        report = apply(
            {"op": "create", "title": "a"}, {"op": "create", "title": "b"}, add("#0", "#1"), do("start", "#1")
        )

        first, second = ids(report["created"])
        assert json.loads(task(first)["depends_on"]) == [second]
        assert task(second)["status"] == "in_progress"

    def test_a_task_of_the_workspace_is_called_by_its_key(
        self, apply: Apply, call: Call, user: User, status: Any
    ) -> None:
        (known,) = call("create_task", user.id, None, {"title": "x", "task_key": "OPS-1"})

        apply(do("complete", "OPS-1"))

        assert status(known["task_id"]) == ["completed"]

    def test_a_key_of_the_batch_goes_before_one_of_the_workspace(
        self, apply: Apply, call: Call, user: User, status: Any
    ) -> None:
        (known,) = call("create_task", user.id, None, {"title": "x", "task_key": "same"})

        report = apply(new("same"), do("complete", "same"))

        assert status(known["task_id"], report["created"][0]["task_id"]) == ["pending", "completed"]

    @pytest.mark.parametrize("fillers", [0, 20])
    def test_a_key_means_nothing_before_its_task_is_created(
        self, apply: Apply, refused: Any, fillers: int
    ) -> None:
        """The same in a long run, which goes in together."""
        changes = [add("first", "later"), new("later", task_key="K"), *(new(f"f{n}") for n in range(fillers))]

        with refused("changes_refused") as refusal:
            apply(new("first"), *changes, new("again", task_key="K2"), add("K2", "K"), add("K2", "K3"),
                  new("x", task_key="K3"))  # fmt: skip

        assert codes(refusal.value.facts["refused"]) == [
            (1, "task_not_found"),
            (5 + fillers, "task_not_found"),
        ]

    @pytest.mark.parametrize("fillers", [0, 20])
    def test_a_task_that_is_named_by_its_id_and_its_key_counts_once(
        self, apply: Apply, call: Call, user: User, task: Any, fillers: int
    ) -> None:
        """The same in a long run, which goes in together."""
        (known,) = call("create_task", user.id, None, {"title": "x", "task_key": "OPS-1"})
        twice = {"depends_on": [known["task_id"], "OPS-1"]}

        report = apply(*(new(f"f{n}") for n in range(fillers)), new("new", **twice))
        apply(do("update", report["created"][0]["task_id"], **twice))

        for created in report["created"][0], report["created"][-1]:
            assert json.loads(task(created["task_id"])["depends_on"]) == [known["task_id"]]
        assert report["dependencies_added"] == 1


class TestRefusals:
    def test_every_change_that_is_wrong_is_told_at_once(self, apply: Apply, tasks: Any, refused: Any) -> None:
        one, two = tasks("one", "two")

        with refused("changes_refused") as refusal:
            apply(
                new("good"),
                {"op": "create"},
                {"op": "explode", "task": one},
                new("bad", status="nix"),
                do("complete", 2**60),
                do("update", one, version=7),
                add(one, two),
                add(one, two),
                do("complete", one),
                do("delete", two),
                {"op": "remove_dependency", "task": two, "depends_on": one},
                do("update", one, nonsense=1),
                new("good"),
                new("due", due_at="soon"),
                7,
                do("start", "nobody"),
                do("complete", two),
            )

        assert codes(refusal.value.facts["refused"]) == [
            (1, "invalid_task"),
            (2, "invalid_task"),
            (3, "invalid_task"),
            (4, "task_not_found"),
            (5, "version_mismatch"),
            (7, "dependency_exists"),
            (8, "task_blocked"),
            (9, "task_has_dependents"),
            (10, "dependency_not_found"),
            (11, "invalid_task"),
            (12, "invalid_task"),
            (13, "invalid_task"),
            (14, "invalid_task"),
            (15, "task_not_found"),
        ]
        assert refusal.value.facts["refused_count"] == 14

    @pytest.mark.parametrize("fillers", [0, 20])
    def test_what_is_no_change_is_refused_like_a_wrong_one(
        self, apply: Apply, refused: Any, fillers: int
    ) -> None:
        """The same in a long run, which goes in together."""
        with refused("changes_refused") as refusal:
            apply(*(new(f"f{n}") for n in range(fillers)), *MALFORMED)

        assert codes(refusal.value.facts["refused"]) == [
            (fillers + n, "invalid_task") for n in range(len(MALFORMED))
        ]

    def test_nothing_is_left_of_refused_changes(
        self, apply: Apply, tasks: Any, refused: Any, contents: Any
    ) -> None:
        (one,) = tasks("one")
        before = contents()

        with refused("changes_refused"):
            apply(
                *(new(f"t{n}") for n in range(30)),
                do("complete", one),
                do("update", one, title="x", status="nix"),
            )

        assert contents() == before

    def test_what_needs_a_refused_task_is_not_judged(self, apply: Apply, refused: Any) -> None:
        with refused("changes_refused") as refusal:
            apply(
                new("bad", status="nix"),
                new("good"),
                add("good", "bad"),
                new("more", depends_on=["bad"]),
                do("complete", "more"),
            )

        assert codes(refusal.value.facts["refused"]) == [(0, "invalid_task")]
        assert refusal.value.facts["not_judged"] == [2, 3, 4]

    @pytest.mark.parametrize("fillers", [0, 20])
    def test_a_cycle_is_told_with_its_path_and_the_changes_it_comes_of(
        self, apply: Apply, tasks: Any, refused: Any, fillers: int
    ) -> None:
        old, older = tasks("old", "older")
        apply(add(old, older))

        with refused("changes_refused") as refusal:
            apply(
                new("a"),
                new("b", depends_on=["a"]),
                add("a", old),
                add(older, "b"),
                *(new(f"f{n}") for n in range(fillers)),
                add("a", "a"),
            )

        cycle, loop = refusal.value.facts["refused"]
        assert (cycle["index"], cycle["code"]) == (3, "dependency_cycle")
        assert cycle["path"] == [older, "b", "a", old, older]
        assert cycle["changes"] == [3, 1, 2, None]
        assert str(cycle["detail"]).endswith(f"[{older}, b, a, {old}, {older}]")
        assert (loop["index"], loop["path"], loop["changes"]) == (4 + fillers, ["a", "a"], [4 + fillers])

    def test_a_key_may_hold_what_means_something_elsewhere(self, apply: Apply, refused: Any) -> None:
        odd = 'a\\b$1"#'

        with refused("changes_refused") as refusal:
            apply(new(odd), new("b", depends_on=[odd]), add(odd, "b"))

        (cycle,) = refusal.value.facts["refused"]
        assert cycle["path"] == [odd, "b", odd]
        assert f"[{odd}, b, {odd}]" in cycle["detail"]
        assert cycle["task_id"] == odd

    def test_the_first_thousand_refusals_are_told(self, apply: Apply, refused: Any) -> None:
        with refused("changes_refused") as refusal:
            apply(*(do("start", "nobody") for _ in range(1_001)))

        assert (len(refusal.value.facts["refused"]), refusal.value.facts["refused_count"]) == (1_000, 1_001)

    def test_all_that_is_not_judged_is_told(self, apply: Apply, refused: Any) -> None:
        with refused("changes_refused") as refusal:
            apply(new("bad", status="nix"), *(new(f"n{n}", depends_on=["bad"]) for n in range(1_001)))

        assert refusal.value.facts["not_judged"] == list(range(1, 1_002))

    def test_a_task_of_another_workspace_is_not_found(
        self, apply: Apply, call: Call, team: Team, refused: Any, tasks: Any
    ) -> None:
        (mine,) = tasks("mine")
        (other,) = call("create_task", team.owner.id, team.workspace_id, {"title": "theirs"})

        with refused("changes_refused") as refusal:
            apply(
                do("complete", other["task_id"]),
                add(mine, other["task_id"]),
                *(new(f"t{n}") for n in range(20)),
                add("t1", other["task_id"]),
            )

        assert codes(refusal.value.facts["refused"]) == [
            (0, "task_not_found"),
            (1, "dependency_across_workspaces"),
            (22, "dependency_across_workspaces"),
        ]

    @pytest.mark.parametrize("changes", [{"op": "create"}, "x", None])
    def test_changes_that_are_no_array_are_refused(
        self, call: Call, user: User, refused: Any, changes: Any
    ) -> None:
        with refused("invalid_changes"):
            call("apply_changes", user.id, None, json.dumps(changes), "apply", None)

    @pytest.mark.parametrize("mode", ["", "maybe", None])
    def test_an_unknown_mode_is_refused(self, call: Call, user: User, refused: Any, mode: str | None) -> None:
        with refused("invalid_changes"):
            call("apply_changes", user.id, None, [], mode, None)

    def test_too_many_or_too_large_changes_are_refused(self, call: Call, user: User, refused: Any) -> None:
        with refused("too_many_changes") as many:
            call("apply_changes", user.id, None, "[" + ",".join(["1"] * 50_001) + "]", "apply", None)
        with refused("too_many_changes"):
            call("apply_changes", user.id, None, [{"op": "x" * 1_000_000} for _ in range(17)], "apply", None)

        assert many.value.facts == {"changes": 50_001, "most": 50_000}

    @pytest.mark.parametrize("mode", ["apply", "preview"])
    def test_a_viewer_may_not(self, call: Call, team: Team, refused: Any, mode: str) -> None:
        with refused("permission_denied"):
            call("apply_changes", team.viewer.id, team.workspace_id, [new("x")], mode, None)

    def test_a_stranger_sees_no_workspace(self, call: Call, team: Team, new_user: Any, refused: Any) -> None:
        with refused("workspace_not_found"):
            call("apply_changes", new_user().id, team.workspace_id, [new("x")], "preview", None)

    def test_a_planner_plans_at_the_prompt(self, person: Callable[..., Person], user: User) -> None:
        report = read(person("planner", user).call("apply_changes", None, None, [new("x")], "apply", None))

        assert report["tasks_created"] == 1


class TestPreview:
    def test_it_leaves_the_whole_database_as_it_was(
        self, apply: Apply, tasks: Any, wait: Any, contents: Any
    ) -> None:
        ship, build = tasks("ship", "build")
        wait(ship, build)
        before = contents()

        report = apply(
            *(new(f"t{n}", tags=["x"], depends_on=[build]) for n in range(20)),
            do("complete", build),
            do("delete", ship),
            mode="preview",
            key="kept?",
        )

        assert (report["tasks_created"], report["tasks_deleted"]) == (20, 1)
        assert contents() == before

    def test_it_tells_the_refusals_instead_of_refusing(self, apply: Apply) -> None:
        report = apply(do("start", "nobody"), new("x"), mode="preview")

        assert codes(report["refused"]) == [(0, "task_not_found")]
        assert (report["refused_count"], report["created"]) == (1, [])

    def test_its_revision_is_the_present_one(self, apply: Apply, revision: Callable[[], int]) -> None:
        before = revision()

        assert apply(new("x"), mode="preview")["revision"] == before
        assert apply(new("x"))["revision"] == revision() == before + 1


class TestIdempotency:
    def test_a_repetition_gets_the_first_answer_and_does_nothing(self, apply: Apply, contents: Any) -> None:
        first = apply(new("x"), key="k")
        before = contents()

        again = apply(new("x"), key="k")

        assert again == first | {"is_replay": 1}
        assert contents() == before

    def test_the_key_with_other_changes_is_refused(self, apply: Apply, refused: Any) -> None:
        apply(new("x"), key="k")

        with refused("idempotency_key_reused"):
            apply(new("y"), key="k")

    def test_the_key_in_another_workspace_is_refused(
        self, apply: Apply, call: Call, team: Team, refused: Any
    ) -> None:
        apply(new("x"), key="k")

        with refused("idempotency_key_reused"):
            call("apply_changes", team.owner.id, team.workspace_id, [new("x")], "apply", "k")

    def test_the_same_key_of_another_user_is_another(self, apply: Apply, call: Call, new_user: Any) -> None:
        apply(new("x"), key="k")

        other = read(call("apply_changes", new_user().id, None, [new("y")], "apply", "k"))

        assert not other["is_replay"]

    def test_a_refused_call_does_not_use_the_key_up(self, apply: Apply, refused: Any) -> None:
        with refused("changes_refused"):
            apply(do("start", "nobody"), key="k")

        assert not apply(new("x"), key="k")["is_replay"]

    def test_answers_are_cleared_away_after_a_day(
        self, apply: Apply, owner: "Connection[DictCursor]", user: User
    ) -> None:
        apply(new("x"), key="old")
        apply(new("y"), key="older")
        run(
            owner,
            "UPDATE idempotent_answer SET created_at = created_at - INTERVAL 1 DAY WHERE actor_id = %s",
            user.id,
        )

        assert not apply(new("z"), key="old")["is_replay"]
        kept = run(owner, "SELECT idempotency_key FROM idempotent_answer WHERE actor_id = %s", user.id)
        assert kept == [{"idempotency_key": "old"}]

    def test_an_empty_key_is_refused(self, apply: Apply, refused: Any) -> None:
        with refused("invalid_changes"):
            apply(new("x"), key="")


class TestManyAtOnce:
    """Runs long enough to go in together."""

    def test_old_and_new_tasks_may_wait_for_each_other(self, apply: Apply, tasks: Any, task: Any) -> None:
        old = tasks("o0", "o1", "o2", "o3")

        report = apply(
            *(new(f"n{n}") for n in range(10)),
            *(add(f"n{n}", f"n{n + 1}") for n in range(9)),
            add(old[0], "n0"),
            add("n9", old[1]),
            add(old[1], old[3]),
            add(old[3], old[2]),
        )

        assert (report["tasks_created"], report["dependencies_added"]) == (10, 13)
        assert ids(report["newly_blocked"]) == [old[0], old[1], old[3]]
        assert [one["readiness"] for one in report["created"]] == ["blocked"] * 10
        assert json.loads(task(old[0])["depends_on"]) == [report["created"][0]["task_id"]]

    def test_the_log_says_who(self, apply: Apply, log: Any, user: User) -> None:
        apply(*(new(f"n{n}") for n in range(20)), *(add(f"n{n}", "n19") for n in range(19)))

        lines = log(0)
        assert {line["actor_id"] for line in lines} == {user.id}
        assert len([line for line in lines if line["entity"] == "dependency"]) == 19

    def test_a_large_batch_with_one_fault_names_it(self, apply: Apply, refused: Any) -> None:
        changes = [new(f"n{n}") for n in range(300)]
        changes += [add(f"n{n}", f"n{m}") for n in range(1, 300) for m in {n - 1, n // 2} if m != n]
        changes[100] |= {"priority": 3}

        with refused("changes_refused") as refusal:
            apply(*changes)

        assert codes(refusal.value.facts["refused"]) == [(100, "invalid_task")]
        touching = [n for n, one in enumerate(changes) if "n100" in (one.get("task"), one.get("depends_on"))]
        assert refusal.value.facts["not_judged"] == touching


# What may be asked, over and over: five tasks are there, up to eight are new.
OLD = [f"old{n}" for n in range(5)]
NEW = [f"new{n}" for n in range(8)]
BOTH = OLD + NEW
NAMES = st.sampled_from(BOTH)


def creation(name: str) -> st.SearchStrategy[Change]:
    return st.fixed_dictionaries(
        {"op": st.just("create"), "key": st.just(name), "title": st.just(name)},
        optional={
            "status": st.sampled_from(["pending", "pending", "pending", "completed", "nix"]),
            "task_key": st.sampled_from(["K-1", f"K-{name}", f"K-{name}"]),
            "tags": st.just(["a", "b"]),
            "depends_on": st.lists(NAMES, max_size=2, unique=True),
        },
    )


def uphill(first: str, second: str) -> Change:
    """A dependency that goes from the front of the names to their end, as those of the old tasks do."""
    return add(*sorted((first, second), key=BOTH.index))


CREATE = st.sampled_from(NEW).flatmap(creation)
ADD = st.one_of(st.builds(uphill, NAMES, NAMES), st.builds(add, NAMES, NAMES))
OTHER = st.one_of(
    st.builds(do, st.sampled_from(["start", "complete", "complete", "cancel"]), NAMES),
    st.builds(lambda task, cascade: do("reopen", task, cascade=cascade), NAMES, st.booleans()),
    st.builds(lambda task: do("update", task, status="pending", cascade=True), NAMES),
    st.builds(lambda task, other: do("update", task, depends_on=[other]), NAMES, NAMES),
    st.builds(lambda task, mode: do("delete", task, mode=mode), NAMES, st.sampled_from(["refuse", "splice"])),
    st.builds(
        lambda task, other: {"op": "remove_dependency", "task": task, "depends_on": other}, NAMES, NAMES
    ),
)
SHORT = st.lists(OTHER | ADD | CREATE, max_size=6)
# Long enough to go in together; the second kind is right from end to end, unless a task is completed.
MIXED = st.tuples(
    st.tuples(*(creation(name) for name in NEW[:6])), st.lists(ADD | CREATE, min_size=11, max_size=20)
)
RIGHT = st.sets(st.tuples(NAMES, st.sampled_from(NEW)), min_size=10, max_size=20).map(
    lambda pairs: (
        [new(name) for name in NEW],
        [uphill(*pair) for pair in {tuple(sorted(pair)) for pair in pairs} if len(set(pair)) > 1],
    )
)
BATCH = st.tuples(SHORT, MIXED | RIGHT, SHORT) | st.tuples(st.just([]), RIGHT, st.just([]))


@dataclass
class OneByOne:
    """The same changes, each by the procedure of its name; what is refused is skipped."""

    connection: "Connection[DictCursor]"
    user: User
    names: dict[str, int]
    lost: set[str] = field(default_factory=set)
    refused: list[tuple[int, str]] = field(default_factory=list)
    not_judged: list[int] = field(default_factory=list)

    def apply(self, changes: list[Change]) -> None:
        keys: set[str] = set()
        for index, change in enumerate(changes):
            if change["op"] == "create":
                if change["key"] in keys:
                    self.refused.append((index, "invalid_task"))
                    continue
                keys.add(change["key"])
            if self.lost & self.mentioned(change):
                self.not_judged.append(index)
                self.lose(change)
                continue
            if self.mentioned(change) - self.names.keys():
                # Nobody is called so yet; by its id, which the other procedures want, it could not be asked for.
                self.refused.append((index, "task_not_found"))
                self.lose(change)
                continue
            try:
                self.apply_one(change)
            except Refused as refusal:
                self.refused.append((index, refusal.error.code))
                self.lose(change)

    def mentioned(self, change: Change) -> set[str]:
        others = change.get("depends_on", [])
        return {
            *(others if isinstance(others, list) else [others]),
            *([change["task"]] if "task" in change else []),
        }

    def lose(self, change: Change) -> None:
        if change["op"] == "create":
            self.lost.add(change["key"])

    def apply_one(self, change: Change) -> None:
        fields = {
            name: value for name, value in change.items() if name not in ("op", "key", "task", "cascade")
        }
        if isinstance(fields.get("depends_on"), list):
            fields["depends_on"] = [self.names[name] for name in fields["depends_on"]]
        task = self.names[change["task"]] if "task" in change else None
        cascade = change.get("cascade", False)
        match change["op"]:
            case "create":
                (row,) = self.call("create_task", self.user.workspace_id, fields)
                self.names[change["key"]] = row["task_id"]
            case "update":
                self.call("update_task", task, fields, None, cascade)
            case "reopen":
                self.call("reopen_task", task, cascade)
            case "delete":
                self.call("delete_task", task, change["mode"], None)
            case "add_dependency" | "remove_dependency":
                self.call(change["op"], task, self.names[change["depends_on"]])
            case op:
                self.call(f"{op}_task", task)

    def call(self, procedure: str, *args: object) -> list[Row]:
        return call_procedure(self.connection, procedure, self.user.id, *args)


def facts(owner: "Connection[DictCursor]", user: User) -> dict[str, Any]:
    """Each task of a workspace by its title."""
    tasks = run(
        owner,
        "SELECT task.id, task.title, task.status, task.task_key, node.readiness FROM task"
        " JOIN node ON node.task_id = task.id WHERE task.workspace_id = %s",
        user.workspace_id,
    )
    titles = {row["id"]: row["title"] for row in tasks}
    tags = run(owner, "SELECT task_id, name FROM tag WHERE workspace_id = %s", user.workspace_id)
    edges = run(
        owner, "SELECT task_id, depends_on_id FROM dependency WHERE workspace_id = %s", user.workspace_id
    )
    return {
        row["title"]: (
            row["status"],
            row["task_key"],
            row["readiness"],
            sorted(tag["name"] for tag in tags if tag["task_id"] == row["id"]),
            sorted(titles[edge["depends_on_id"]] for edge in edges if edge["task_id"] == row["id"]),
        )
        for row in tasks
    }


def started(connection: "Connection[DictCursor]", user: User, finished: int) -> dict[str, int]:
    """Five old tasks, of which each waits for the next two; the last ones are completed."""
    names: dict[str, int] = {}
    for place in reversed(range(len(OLD))):
        fields = {
            "title": OLD[place],
            "depends_on": [names[other] for other in OLD[place + 1 : place + 3]],
            "status": "completed" if place >= len(OLD) - finished else "pending",
        }
        (row,) = call_procedure(connection, "create_task", user.id, None, fields)
        names[OLD[place]] = row["task_id"]
    return names


def by_number(changes: list[Change], names: dict[str, int]) -> list[Change]:
    """Changes that call the old tasks by their ids."""

    def called(value: Any) -> Any:
        return [called(one) for one in value] if isinstance(value, list) else names.get(value, value)

    return [
        change | {name: called(change[name]) for name in ("task", "depends_on") if name in change}
        for change in changes
    ]


def test_it_is_as_if_each_were_called_by_itself_and_a_preview_tells_it(
    database: Database, new_user: Callable[[], User], refused: Any
) -> None:
    with database.service() as connection, database.owner() as owner:

        @examples(25)
        @given(batch=BATCH, finished=st.sampled_from([0, 0, 2, len(OLD)]))
        def judge(batch: Any, finished: int) -> None:
            first, together_now, last = batch
            changes = [*first, *chain.from_iterable(together_now), *last]
            together, apart = new_user(), new_user()
            names = started(connection, together, finished)
            one_by_one = OneByOne(connection, apart, started(connection, apart, finished))
            before = facts(owner, together)
            asked = by_number(changes, names)

            one_by_one.apply(changes)
            preview = apply_to(connection, together, asked, "preview")
            unchanged = facts(owner, together)
            if preview["refused_count"]:
                with refused("changes_refused") as refusal:
                    apply_to(connection, together, asked, "apply")
                told = ("refused", "refused_count", "not_judged")
                assert refusal.value.facts == {name: preview[name] for name in told}
            else:
                applied = apply_to(connection, together, asked, "apply")
                assert facts(owner, together) == facts(owner, apart)
                assert without_ids(applied) == without_ids(preview)
                assert became("ready", before, facts(owner, together)) == titles(applied["newly_ready"])
                assert became("blocked", before, facts(owner, together)) == titles(applied["newly_blocked"])

            assert codes(preview["refused"]) == one_by_one.refused
            assert preview["not_judged"] == one_by_one.not_judged
            assert unchanged == before
            for user in (together, apart):
                assert found_violations(connection, user.id, user.workspace_id) == {}

        judge()


def without_ids(report: Row) -> Row:
    """A report without what a preview cannot know."""
    created = [one | {"task_id": None} for one in report["created"]]
    return report | {"created": created, "mode": None, "revision": None}


def became(readiness: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The old tasks that are this now and were not."""
    return sorted(
        title for title in before.keys() & after.keys() if after[title][2] == readiness != before[title][2]
    )


def titles(touched: list[Row]) -> list[str]:
    return sorted(one["title"] for one in touched)
