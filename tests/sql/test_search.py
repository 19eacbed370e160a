"""Filters and typed queries: both forms find what a model in Python finds, whatever is put into them."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.database.calls import call_for_all
from service.errors import Refused
from service.vocabulary import SORT_COLUMNS
from tests.examples import examples

STATUSES = ("pending", "in_progress", "completed", "cancelled")
PRIORITIES = ("low", "medium", "high", "urgent")
TAGS = ("a", "b c", "d,e", 'q"t', "日本", "x' OR '1'='1")
WORDS = ("shop", "50%", "under_score", "a|b", "引用", "back\\slash", 'say "hi"')
TEXTS = (
    *WORDS,
    "sho*",
    "SHOP",
    "score",
    "under s*",
    "b a",
    "hi*",
    "引",
    "用*",
    "用 引",
    "say",
    "1*",
    "slash 1*",
    "引用 4",
    "0",
)
PARTS = ("dependencies", "dependents", "tags", "due", "estimate", "assignee", "team", "description")
STATES = ("ready", "blocked", "open", "closed", "overdue")
DAYS = ("2020-01-01", "2026-03-15", "2030-12-31")
# What MySQL takes for the same letter where accents do not matter, and what it overlooks there.
ACCENTS = dict(zip("acdeiklnorstu", "áçďéíķĺñöřšťů", strict=True))
OVERLOOKED = "\u00ad\u200b\u200d\u2060\ufe0f\u0301"


@dataclass
class Known:
    """A task as the model knows it."""

    id: int
    title: str
    status: str = "pending"
    priority: str = "medium"
    description: str = ""
    estimate: int | None = None
    due: str | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    after: list["Known"] = field(default_factory=list)
    before: list["Known"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status in ("pending", "in_progress")

    @property
    def open_prerequisites(self) -> list["Known"]:
        return [task for task in self.after if task.is_open]

    def upstream(self) -> set[int]:
        return {task.id for task in self.after}.union(*(task.upstream() for task in self.after))

    def effective(self) -> str:
        waiting = [
            PRIORITIES.index(task.effective()) for task in self.before if self.is_open and task.is_open
        ]
        return PRIORITIES[max([PRIORITIES.index(self.priority), *waiting])]


@dataclass(frozen=True)
class Term:
    """One term, in both forms and as a condition."""

    field: str
    comparison: str
    values: tuple[str, ...]

    def line(self) -> str:
        quoted = [
            value if value.isascii() and value.replace("-", "").isalnum() else f'"{escaped(value)}"'
            for value in self.values
        ]
        if self.field == "text":
            quoted = [f'"{escaped(value)}"' for value in self.values]
            return quoted[0] if len(quoted) == 1 else f"text:{','.join(quoted)}"
        return f"{self.field}{self.comparison}{','.join(quoted)}"

    def filter(self) -> dict[str, Any]:
        names = {"<": "before", "<=": "to", ">": "after", ">=": "from"}
        values = [int(value) if self.field == "estimate" else value for value in self.values]
        if self.comparison in names:
            return {self.field: {names[self.comparison]: values[0]}}
        return {self.field: values[0] if len(values) == 1 else values}

    def holds(self, task: Known) -> bool:
        return any(self._holds(task, value) for value in self.values)

    def _holds(self, task: Known, value: str) -> bool:
        match self.field:
            case "status":
                return task.status == value
            case "priority":
                return compare(PRIORITIES.index(task.priority), self.comparison, PRIORITIES.index(value))
            case "effective_priority":
                return task.effective() == value
            case "assignee":
                return task.assignee == (None if value == "none" else value)
            case "tag":
                return value in task.tags
            case "text":
                return said(value, task.title) or said(value, task.description)
            case "id":
                return task.id == int(value)
            case "blocked_by":
                return task.is_open and any(other.id == int(value) for other in task.open_prerequisites)
            case "waits_for":
                return int(value) in task.upstream()
            case "estimate":
                return task.estimate is not None and compare(task.estimate, self.comparison, int(value))
            case "due":
                return task.due is not None and compare(task.due, self.comparison, value)
            case "is":
                return {
                    "open": task.is_open,
                    "closed": not task.is_open,
                    "ready": task.is_open and not task.open_prerequisites,
                    "blocked": task.is_open and bool(task.open_prerequisites),
                    "overdue": task.is_open and task.due is not None and task.due < "2026-06-01",
                }[value]
            case _:
                return {
                    "dependencies": bool(task.after),
                    "dependents": bool(task.before),
                    "tags": bool(task.tags),
                    "due": task.due is not None,
                    "estimate": task.estimate is not None,
                    "assignee": task.assignee is not None,
                    "team": False,
                    "description": task.description != "",
                }[value]


@dataclass(frozen=True)
class Not:
    part: Any

    def line(self) -> str:
        return f"-({self.part.line()})"

    def filter(self) -> dict[str, Any]:
        return {"not": self.part.filter()}

    def holds(self, task: Known) -> bool:
        return not self.part.holds(task)


@dataclass(frozen=True)
class Group:
    joint: str
    parts: list[Any]

    def line(self) -> str:
        return "(" + {"and": " ", "or": " or "}[self.joint].join(part.line() for part in self.parts) + ")"

    def filter(self) -> dict[str, Any]:
        return {self.joint: [part.filter() for part in self.parts]}

    def holds(self, task: Known) -> bool:
        return (all if self.joint == "and" else any)(part.holds(task) for part in self.parts)


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def said(phrase: str, text: str) -> bool:
    """Whether the words stand in the text, one after the other; of Chinese each character is one."""
    wanted, words = (re.findall(r"[一-龥]|[^\W_一-龥]+", each.lower()) for each in (phrase, text))
    *whole, last = wanted
    return any(
        words[at : at + len(whole)] == whole
        and at + len(whole) < len(words)
        and (
            words[at + len(whole)] == last
            or (phrase.endswith("*") and not last > "一" and words[at + len(whole)].startswith(last))
        )
        for at in range(len(words))
    )


def compare(one: Any, comparison: str, other: Any) -> bool:
    return {":": one == other, "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[
        comparison
    ]


def terms(ids: list[int], names: tuple[str, ...]) -> st.SearchStrategy[Term]:
    def term(
        name: str, values: tuple[str, ...], comparisons: tuple[str, ...] = (":",)
    ) -> st.SearchStrategy[Term]:
        return st.sampled_from(comparisons).flatmap(
            lambda comparison: st.builds(
                Term,
                st.just(name),
                st.just(comparison),
                st.lists(
                    st.sampled_from(values),
                    min_size=1,
                    max_size=2 if comparison == ":" else 1,
                ).map(tuple),
            )
        )

    ordered = (":", "<", "<=", ">", ">=")
    some = tuple(map(str, ids))
    return st.one_of(
        term("status", STATUSES), term("priority", PRIORITIES, ordered), term("effective_priority", PRIORITIES),
        term("assignee", (*names, "none")), term("tag", TAGS), term("text", TEXTS), term("id", some),
        term("blocked_by", some), term("waits_for", some), term("estimate", ("0", "30", "90"), ordered),
        term("due", DAYS, ordered), term("is", STATES), term("has", PARTS),
    )  # fmt: skip


def wide(text: str) -> str:
    """The same text in characters as wide as Chinese ones, which MySQL takes for the same too."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def disguised(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts that look like these to whoever leaves out accents, width, case or what nobody sees."""
    ways = st.one_of(
        st.sampled_from([wide, str.upper]),
        st.just(lambda char: ACCENTS.get(char, char)),
        st.sampled_from(OVERLOOKED).map(lambda sign: lambda char: char + sign),
    )

    def disguise(text: str, way: Callable[[str], str], at: int) -> str:
        at %= len(text)
        return text[:at] + way(text[at]) + text[at + 1 :]

    return st.builds(disguise, texts, ways, st.integers(0, 20))


def expressions(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.builds(Not, parts),
            st.builds(Group, st.sampled_from(["and", "or"]), st.lists(parts, min_size=1, max_size=3)),
        ),
        max_leaves=8,
    )


@pytest.fixture
def find(call, user) -> Callable[..., list[int]]:
    """The ids that are found: `find({"status": "pending"})` or `find("status:pending")`, oldest first."""

    def found(wanted: dict[str, Any] | str, actor: int | None = None) -> list[int]:
        line = wanted if isinstance(wanted, str) else None
        rows = call(
            "list_tasks",
            actor or user.id,
            None,
            None if line is not None else wanted,
            line,
            "id",
            None,
            0,
            100,
        )
        return [row["task_id"] for row in rows]

    return found


@pytest.fixture
def zoo(call, user, new_user) -> list[Known]:
    """Twelve tasks that differ in all that can be asked for."""
    other = new_user()
    call("set_member", user.id, user.workspace_id, other.name, "member")
    people = {None: None, user.name: user.id, other.name: other.id}
    tasks: list[Known] = []
    for number in range(12):
        known = Known(
            id=0,
            title=f"{WORDS[number % len(WORDS)]} {number}",
            priority=PRIORITIES[number * 7 % 4],
            description=WORDS[number * 3 % len(WORDS)] if number % 2 else "",
            estimate=(None, 0, 30, 90, 120)[number % 5],
            due=(None, *DAYS)[number % 4],
            assignee=list(people)[number % 3],
            tags=tuple(sorted({TAGS[number % len(TAGS)], TAGS[number // 2 % len(TAGS)]}))
            if number % 3
            else (),
            after=[tasks[n] for n in {number // 2, number // 3} if n < number and number % 4],
        )
        (row,) = call(
            "create_task", user.id, None,
            {
                "title": known.title, "priority": known.priority, "description": known.description,
                "estimate_minutes": known.estimate, "due_at": known.due, "assignee_id": people[known.assignee],
                "tags": list(known.tags), "depends_on": [task.id for task in known.after],
            },
        )  # fmt: skip
        known.id = row["task_id"]
        for task in known.after:
            task.before.append(known)
        tasks.append(known)
    for number, how in ((0, "complete_task"), (1, "complete_task"), (4, "start_task"), (8, "cancel_task")):
        (row,) = call(how, user.id, tasks[number].id)
        tasks[number].status = row["status"]
    return tasks


def test_both_forms_of_a_query_find_what_it_says(zoo, find) -> None:
    names = tuple({task.assignee for task in zoo if task.assignee})

    @settings(examples(60))
    @given(expressions(terms([task.id for task in zoo], names)))
    def check(expression: Any) -> None:
        expected = [task.id for task in zoo if expression.holds(task)]

        assert find(expression.filter()) == expected, expression.filter()
        assert find(expression.line()) == expected, expression.line()

    check()


def test_whatever_is_typed_is_found_or_refused(zoo, find, owner) -> None:
    pieces = st.sampled_from(
        ["status:", "(", ")", '"', "\\", "'", ";", "--", "/*", "or", "and", "-", "not", "tag:a", ",", "<", "due<", "2026-13-41",
         "is:ready", "last-7-days", "..", "@headgate_values", "DROP TABLE task", "*", "sho*", '"a|b"', "sort:relevance", "sort:", "sort:due", "\x00", "%", "日本", "#1", "0x41", "`",
         "shop", "is:blocked", "has:tags", "status:pending", "assignee:me", "due:today", "due:2026..2027", "due<9999", "sort:relevance_at", "x" * 70, ">" * 9]
    )  # fmt: skip
    pieces = st.one_of(pieces, disguised(pieces))
    # All of these lines can be read, so that what is made of them is tried.
    readable = st.lists(
        st.tuples(
            disguised(st.sampled_from(["or", "and", "not"])), st.sampled_from(["shop", "tag:a", "is:ready"])
        ),
        min_size=1,
        max_size=3,
    ).map(lambda pairs: " ".join(["tag:a", *chain(*pairs)]))

    @settings(examples(150))
    @given(
        st.one_of(
            st.lists(pieces, max_size=12).map(" ".join),
            st.lists(pieces, max_size=12).map("".join),
            readable,
            st.text(max_size=40),
            st.text("".join(["andort:()-< ", wide("ORT:()-<"), *ACCENTS.values(), OVERLOOKED]), max_size=20),
        )
    )
    def check(line: str) -> None:
        try:
            found = find(line)
        except Refused as refusal:
            code = refusal.error.code
        else:
            code = "invalid_request"
            assert set(found) <= {task.id for task in zoo}
        assert code == "invalid_request"

    check()


VALUES = st.sampled_from(["pending", "me", "none", "a", "ready", "today", "2026..2027"])
NAMES = st.sampled_from(
    ["and", "or", "not", "status", "tag", "due", "before", "in", "all", "none", "is", "ready", "id"]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), VALUES, disguised(VALUES)),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3),
        st.dictionaries(
            st.one_of(NAMES, disguised(NAMES), st.text(max_size=5)),
            parts,
            max_size=3,
        ),
    ),
    max_leaves=10,
)  # fmt: skip


def test_whatever_object_is_sent_is_found_or_refused(zoo, call, user) -> None:
    @settings(examples(150))
    @given(JSON)
    def check(wanted: Any) -> None:
        try:
            found = call("list_tasks", user.id, None, json.dumps(wanted), None, None, None, 0, 100)
        except Refused as refusal:
            code = refusal.error.code
        else:
            code = "invalid_request"
            assert {row["task_id"] for row in found} <= {task.id for task in zoo}
        assert code == "invalid_request"

    check()


@pytest.mark.parametrize(
    "word",
    [
        "ör",
        "őr",
        "ør",
        wide("OR"),
        "o\u00adr",
        "ánd",
        "nöt",
        wide("("),
        wide(")"),
        wide("-"),
        wide("not"),
        "n\u200bot",
    ],
)
def test_what_only_looks_like_an_operator_is_a_word(call, user, find, refused, word) -> None:
    (task,) = call("create_task", user.id, None, {"title": f"shop {word} brand"})
    call("create_task", user.id, None, {"title": "shop"})
    call("create_task", user.id, None, {"title": "brand"})

    if any(map(str.isalpha, word)):
        assert find(f"shop {word} brand") == find(f"{word} shop") == [task["task_id"]]
    else:
        with refused("invalid_request"):
            find(f"shop {word} brand")


@pytest.mark.parametrize("state", STATES)
def test_states_are_read_in_any_case(zoo, find, state) -> None:
    expected = find(f"is:{state}")

    assert expected
    assert find(f"is:{state.title()}") == find(f"Is:{state.upper()}") == expected
    assert find({state.title(): True}) == find({"is": state.upper()}) == expected
    assert find(f"-is:{state.title()}") == find({state.upper(): False}) == find(f"-is:{state}")
    assert find(f"is:{state.title()} sort:-priority") == find(f"is:{state} sort:-priority")
    assert find(f"is:overdue,{state.title()}") == find(f"is:overdue,{state}")


@pytest.mark.parametrize("part", PARTS)
def test_parts_are_read_in_any_case(zoo, find, part) -> None:
    assert find(f"has:{part.title()}") == find({"Has": part.upper()}) == find(f"has:{part}")


def test_operators_are_read_in_any_case(call, user, find) -> None:
    one, two = (
        call("create_task", user.id, None, {"title": title})[0]["task_id"] for title in ("shop", "brand")
    )

    assert find("shop OR brand") == find({"OR": [{"Text": "shop"}, {"TEXT": "brand"}]}) == [one, two]
    assert find("NOT brand And shop") == find({"Not": {"text": {"Any": ["brand"]}}}) == [one]


@pytest.mark.parametrize(
    "wanted",
    [
        "sört:title", "\u017ftatus:pending", "is:réady", "has:tägs", "assignee:mé", "due:tödáy", 'due:"\u00ad"',
        {"ör": [{"tag": "a"}]}, {"nöt": {"tag": "a"}}, {"due": {"beföre": "2026"}}, {"\u017ftatus": "pending"},
        {"team": "nöne"}, {"réady": True}, {"tag": {"áll": ["a"]}},
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_is_refused(find, refused, wanted) -> None:
    with refused("invalid_request"):
        find(wanted)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("status:pending or", 16), ("or status:pending", 1), ("(status:pending", 2), ("status:pending )", 16),
        ("colour:red", 1), ("tag:a statsu:pending", 7), ("status:finished", 1), ('tag:a "open', 7), ("due:someday", 1),
        ("status<pending", 1), ("waits-for:99999999", 1), ("assignee:nobody-here", 1), ("tag:a not", 7), ("a\\b", 2),
        ("is:open sort:foo", 9), ("sort:id_at", 1), ("tag:a sort:due sort:relevance_at shop", 16), ("sort:-relevance shop", 1),
        (f"tag:a sort:{'x' * 300}", 7), (f"tag:a {'x' * 300}=", 7), (f"tag:a {'x' * 300}=y", 7), ("tag:a due:>>>>>>>>>2026", 7),
        ("due<2026-02-30", 1), ("estimate:much", 1), ("()", 2), ("tag:a %", 7), ("*", 1), ("de*ploy", 1), ('shop "-"', 6),
    ],
)  # fmt: skip
def test_an_error_points_at_the_character(find, refused, line, at) -> None:
    with refused("invalid_request") as refusal:
        find(line)

    assert refusal.value.facts["at"] == at
    assert str(refusal.value.detail).startswith(f"character {at}: ")


@pytest.mark.parametrize(
    ("wanted", "at"),
    [
        ({"and": []}, "$.and"),
        ({"status": "pending", "or": [{"tag": "a"}, {"colour": "red"}]}, "$.or[1].colour"),
        ({"due": {"sooner": "2026"}}, "$.due.sooner"),
        ({"ready": "yes"}, "$.ready"),
        ({"not": []}, "$.not"),
        ({"not": {}}, "$.not"),
        ({"due": {"before": ["2026", "2027"]}}, "$.due.before"),
        ({"tag": [["a"]]}, "$.tag"),
        ({"status": None}, "$.status"),
        ({"not": {"text": "%"}}, "$.not.text"),
        ({"text": {"all": ["shop", "_"]}}, "$.text.all"),
    ],
)
def test_an_error_points_at_the_member(find, refused, wanted, at) -> None:
    with refused("invalid_request") as refusal:
        find(wanted)

    assert refusal.value.facts["at"] == at


def test_a_filter_that_is_too_deep_or_too_long_is_refused(find, refused) -> None:
    deep: dict[str, Any] = {"tag": "a"}
    for _ in range(50):
        deep = {"not": deep}

    deepest: dict[str, Any] = {"tag": "a"}
    for _ in range(48):
        deepest = {"and": [deepest]}

    for wanted in (deep, deepest, {"tag": ["x" * 50] * 500}, {"or": [{"tag": "a"}] * 1500}, "tag:a " * 200):
        with refused("invalid_request"):
            find(wanted)


def test_tags_are_asked_for_by_any_all_and_none(call, user, find) -> None:
    one, two, three = (
        call("create_task", user.id, None, {"title": "t", "tags": tags})[0]["task_id"]
        for tags in (["a", "b"], ["b"], [])
    )

    assert find({"tags": {"any": ["a", "b"]}}) == find("tag:a,b") == [one, two]
    assert find({"tags": {"all": ["a", "b"]}}) == find("tag:a tag:b") == [one]
    assert find({"tags": {"none": ["a"]}}) == find("-tag:a") == [two, three]
    assert find({"tags": {"any": ["b"], "none": ["a"]}}) == [two]


def test_days_are_those_of_the_user(call, user, find) -> None:
    (task,) = call("create_task", user.id, None, {"title": "t", "due_at": "2026-03-01 23:30:00"})

    in_utc = find("due:2026-03-01")
    call("set_time_zone", user.id, "+01:00")

    assert (in_utc, find("due:2026-03-01"), find("due:2026-03-02")) == (
        [task["task_id"]],
        [],
        [task["task_id"]],
    )
    assert find("due:2026-03-01T23:30Z") == find("due:2026-03-02T00:30") == [task["task_id"]]
    assert (
        find("due:2026-03-02..2026-03-03")
        == find("due:2026-03-02..")
        == find("due:2026-03")
        == [task["task_id"]]
    )


def test_a_time_zone_is_one_that_the_server_knows(call, user, refused) -> None:
    with refused("invalid_request"):
        call("set_time_zone", user.id, "Mars/Olympus")


def test_words_of_time_are_spans(owner) -> None:
    with owner.cursor() as cursor:
        cursor.execute(
            "SET timestamp = UNIX_TIMESTAMP(CONVERT_TZ('2026-11-25 15:00:00', '+00:00', @@session.time_zone))"
        )

        def span(words: str) -> list[str]:
            cursor.execute("SELECT _time_span(%s, '+00:00') AS span", (words,))
            return [moment[:16] for moment in json.loads(cursor.fetchone()["span"])]

        assert span("today") == ["2026-11-25 00:00", "2026-11-26 00:00"]
        assert span("yesterday") == ["2026-11-24 00:00", "2026-11-25 00:00"]
        assert span("this-week") == ["2026-11-23 00:00", "2026-11-30 00:00"]
        assert span("last-month") == ["2026-10-01 00:00", "2026-11-01 00:00"]
        assert span("next-year") == ["2027-01-01 00:00", "2028-01-01 00:00"]
        assert span("last-7-days") == ["2026-11-19 00:00", "2026-11-26 00:00"]
        assert span("next-2-weeks") == ["2026-11-25 00:00", "2026-12-09 00:00"]
        assert span("last-3-hours") == ["2026-11-25 12:00", "2026-11-25 15:00"]
        assert span("2026-02") == ["2026-02-01 00:00", "2026-03-01 00:00"]


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12", "9999", "9999-12-31T23:59", "9999-12-31T23:59:00Z"])
def test_time_ends_with_the_year_9999(call, user, find, day) -> None:
    soon, last = (
        call("create_task", user.id, None, {"title": "t", "due_at": due})[0]["task_id"]
        for due in ("2026-12-24 12:00:00", "9999-12-31 23:59:00")
    )

    assert find(f"due<{day}") == find({"due": {"before": day}}) == [soon]
    assert find(f"due<={day}") == find(f"due:2026..{day}") == find(f"created<{day}") == [soon, last]
    assert find(f"due:{day}") == find(f"due>={day}") == [last]
    assert find(f"due>{day}") == find(f"created>{day}") == []


@pytest.mark.parametrize(
    "day", ["0000", "0001", "0001-01-01", "1000", "0001-01-01T00:00+13:00", "last-999-years"]
)
def test_all_that_is_came_after_the_first_years(call, user, find, day) -> None:
    task = call("create_task", user.id, None, {"title": "t", "due_at": "2026-12-24 12:00:00"})[0]["task_id"]
    call("set_time_zone", user.id, "+13:00")

    assert find(f"due>={day}") == find(f"created>={day}") == find(f"due:{day}..") == [task]
    assert find(f"due<{day}") == find(f"created<{day}") == []


@pytest.mark.parametrize("number", ["0", "4294967296", "9223372036854775808", "9" * 19])
def test_a_number_may_be_larger_than_any_that_there_is(call, user, find, refused, number) -> None:
    call("create_task", user.id, None, {"title": "t", "estimate_minutes": 5, "assignee_id": user.id})

    assert find(f"estimate:{number}") == find({"estimate": {"after": int("9" * 19), "to": int(number)}}) == []
    assert find(f"assignee:{number}") == find({"creator": int(number)}) == []
    for wanted in (f"id:{number}", f"search:{number}", {"blocked_by": int(number)}):
        with refused("invalid_request"):
            find(wanted)


@pytest.mark.parametrize("number", ["9" * 20, "9" * 40, "1e300", "-1", "1.5"])
def test_what_is_too_large_for_a_number_or_none_is_refused(call, user, find, refused, number) -> None:
    for name in ("estimate", "assignee", "id", "waits_for", "search"):
        with refused("invalid_request"):
            find(f"{name}:{number}")
        with refused("invalid_request"):
            call("count_tasks", user.id, None, f'{{"{name}": {number}}}', None, None)


@pytest.mark.parametrize(
    "span",
    ["2030-01-01..garbage", "garbage..2030", "2026-13..2027", "2030..x..2031", "2030..2031..", "2026...2027", "..garbage", "2026..9999-13"],
)  # fmt: skip
def test_a_span_of_which_an_end_cannot_be_read_is_refused(find, refused, span) -> None:
    for wanted in (f"due:{span}", f"created:{span}", {"due": span}, {"updated": {"in": ["2026", span]}}):
        with refused("invalid_request") as refusal:
            find(wanted)

        assert f"{span} is not a value of" in refusal.value.detail


SORTS = ("id", "title", "priority", "estimate", "created", "updated", "started", "completed", "due")


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_pages_by_place_fit_together(zoo, database, user, sort) -> None:
    with database.service() as service:
        whole, (last,) = call_for_all(service, "list_tasks", user.id, None, None, None, sort, None, 0, 100)
        pages = [call_for_all(service, "list_tasks", user.id, None, None, None, sort, None, 0, 5)]
        while after := pages[-1][1][0]["after"]:
            pages.append(call_for_all(service, "list_tasks", user.id, None, None, None, sort, after, 0, 5))

    assert [len(rows) for rows, _ in pages] == [5, 5, 2]
    assert [row["task_id"] for rows, _ in pages for row in rows] == [row["task_id"] for row in whole]
    assert last == {"sort": sort, "after": None}


@pytest.mark.parametrize(
    "after", [{}, [], [1], ["x", 1], [None, 1], ["2026-01-01", "1"], ["2026-01-01", 1, 2], "null", [[1], 1]]
)
def test_a_place_that_is_none_is_refused(call, user, refused, after) -> None:
    with refused("invalid_request"):
        call("list_tasks", user.id, None, None, None, "-created", json.dumps(after), 0, 5)


def test_the_query_and_the_filter_must_both_hold(zoo, call, user) -> None:
    def ids(*wanted: Any) -> set[int]:
        return {row["task_id"] for row in call("list_tasks", user.id, None, *wanted, "id", None, 0, 100)}

    both = ids({"priority": "low"}, "is:open or tag:a")

    assert both == ids({"priority": "low"}, None) & ids(None, "is:open or tag:a")
    assert both


def test_the_order_of_a_query_gives_way_to_one_that_is_asked_for(call, user, tasks) -> None:
    b, a = tasks("b", "a")

    def order(line: str, sort: str | None = None) -> list[int]:
        return [row["task_id"] for row in call("list_tasks", user.id, None, None, line, sort, None, 0, 9)]

    assert order("sort:title") == order("sort:title", "-created") == [a, b]
    assert order("sort:title", "created") == [b, a]


def test_orders_are_total_and_pages_fit_together_by_number_too(call, user, tasks):
    b, a, c = tasks("b", "a", "c")
    call("update_task", user.id, b, {"priority": "urgent", "due_at": "2026-12-01"}, None, False)
    call("update_task", user.id, c, {"priority": "low"}, None, False)

    def ids(sort: str | None, skip: int = 0, limit: int = 100) -> list[int]:
        return [
            row["task_id"] for row in call("list_tasks", user.id, None, None, None, sort, None, skip, limit)
        ]

    assert ids("title") == [a, b, c]
    assert ids("-priority") == [b, a, c]
    assert ids(None) == ids("-created") == ids("-created_at") == [c, a, b]
    assert ids("-updated")[0] == c
    assert ids("-due")[0] == b
    assert [ids("title", skip, 1) for skip in range(4)] == [[a], [b], [c], []]
    assert ids("title", limit=0) == []


@pytest.mark.parametrize("sort", ["version", "", "-", "title desc", "--title", "title;", "relevance_at", "-relevance_at", "id_at", "priority_at", "títle", "due\u00ad"],
)  # fmt: skip
def test_what_cannot_be_sorted_by_is_refused(call, user, refused, sort):
    for line in (None, "shop"):
        with refused("invalid_request"):
            call("list_tasks", user.id, None, None, line, sort, None, 0, 10)
    if " " not in sort:
        with refused("invalid_request"):
            call("create_saved_search", user.id, None, "s", f"shop sort:{sort}", None, False)


def test_rest_sorts_by_all_that_sql_sorts_by(call, user, refused) -> None:
    with refused("invalid_request") as refusal:
        call("list_tasks", user.id, None, None, None, "version", None, 0, 10)
    (told,) = refusal.value.facts["errors"]["sort"]
    names = told.partition(";")[0].split(", ")

    assert {column.removesuffix("_at").replace("task_id", "id") for column in SORT_COLUMNS} == set(names)
    assert {"relevance", *SORTS} == set(names)
    for column in SORT_COLUMNS:
        call("list_tasks", user.id, None, None, "shop", column, None, 0, 10)


def test_a_session_finds_again_after_it_found_nothing(call, user, find, tasks):
    nothing = find("tag:later"), find({})
    (task,) = tasks("t")

    assert nothing == ([], [])
    assert find("is:open") == find({}) == [task]


def test_paging_among_writes_neither_repeats_nor_skips_a_task_that_stays_as_it_is(
    zoo, database, user
) -> None:
    """Others change, appear and go all the time, before and after the place where the reader is."""
    staying, changing = (
        [task.id for task in zoo[::2]],
        [task.id for task in zoo[1::2] if task.status == "pending"],
    )
    done = threading.Event()

    def write() -> None:
        with database.service() as connection:
            number = 0
            while not done.is_set():
                number += 1
                change = {
                    "title": f"{number % 7} changed", "priority": PRIORITIES[number % 4], "estimate_minutes": number * 37 % 100,
                    "due_at": DAYS[number % 3],
                }  # fmt: skip
                call_for_all(
                    connection, "update_task", user.id, changing[number % len(changing)], change, None, False
                )
                ((row,), *_) = call_for_all(
                    connection, "create_task", user.id, None, {"title": f"{number % 5}"}
                )
                if number % 2:
                    call_for_all(connection, "delete_task", user.id, row["task_id"], "refuse", None)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with database.service() as reader:
            for line in (
                "",
                "-has:tags or has:tags",
                "is:open or is:closed",
                *(f"sort:{way}{name}" for name in SORTS for way in ("", "-")),
            ):
                seen, after, place = [], None, {"after": True}
                while place["after"]:
                    shown, (place,) = call_for_all(
                        reader, "list_tasks", user.id, None, None, line, None, after, 0, 3
                    )
                    seen += [row["task_id"] for row in shown if row["task_id"] in staying]
                    after = place["after"]

                assert sorted(seen) == sorted(staying), line
    finally:
        done.set()
        writer.join()


def test_who_is_gone_is_found_by_name_where_they_have_or_made_tasks(call, team, refused) -> None:
    """And nobody else who is not there: no name of a stranger is told."""
    gone, place = team.member, team.workspace_id
    (has,) = call("create_task", team.owner.id, place, {"title": "has", "assignee_id": gone.id})
    call("set_member", team.owner.id, place, team.viewer.name, "member")
    (made,) = call("create_task", team.viewer.id, place, {"title": "made"})
    call("create_saved_search", team.owner.id, place, "theirs", f"assignee:{gone.name}", None, True)
    call("remove_member", team.owner.id, place, gone.name)
    call("remove_member", team.owner.id, place, team.viewer.name)
    call("remove_member", team.owner.id, place, team.admin.name)

    def found(query: str) -> list[int]:
        return [
            row["task_id"] for row in call("list_tasks", team.owner.id, place, None, query, None, None, 0, 9)
        ]

    facets = call("get_facets", team.owner.id, place, None, None)
    assert {row["value"]: row["tasks"] for row in facets if row["field"] == "assignee"} == {
        gone.name: 1,
        "none": 1,
    }
    assert found(f"assignee:{gone.name}") == found("search:theirs") == [has["task_id"]]
    assert found(f"creator:{team.viewer.name}") == [made["task_id"]]
    assert found(f"assignee:{team.viewer.name}") == []
    for query in (f"assignee:{team.admin.name}", f"creator:{team.admin.name}", "assignee:nobody-here"):
        with refused("invalid_request"):
            found(query)


def test_facets_and_counts_are_those_of_the_tasks_that_are_found(zoo, call, user, find) -> None:
    for line in (
        "",
        "is:open",
        "tag:a or has:due",
        "priority>=high -status:completed",
        "text:nothing-has-this",
        # What leads is read by an index of its own.
        "tag:a,b",
        "tag:a,b -priority:low",
        "tag:a,b (tag:a,b or status:pending)",
        "-tag:a,b",
        "is:overdue",
        "is:overdue,ready",
        "due>2020-01-01",
        "created>2020 is:open",
        "estimate>=0",
        "priority:high,urgent updated>2020",
    ):
        found = [task for task in zoo if task.id in find(line)]
        expected = Counter(
            (name, value)
            for task in found
            for name, value in (
                ("status", task.status), ("priority", task.priority), ("assignee", task.assignee or "none"), ("team", "none"),
                *(("tag", tag) for tag in task.tags),
            )
        )  # fmt: skip

        facets = call("get_facets", user.id, None, None, line)
        (counted,) = call("count_tasks", user.id, None, None, line, None)

        assert {(row["field"], row["value"]): row["tasks"] for row in facets} == expected
        assert counted == {"tasks": len(found), "is_exact": 1}


def test_facets_of_several_values_need_no_more_than_a_session_allows(user, person) -> None:
    me = person("analyst", user)
    me.run("SET group_concat_max_len = 4")

    assert me.run("CALL get_facets(NULL, NULL, NULL, 'priority:high,urgent')") == []


def test_beyond_the_bound_the_number_of_tasks_is_estimated(zoo, call, user) -> None:
    (every,) = call("count_tasks", user.id, None, None, "", 4)
    (pending,) = call("count_tasks", user.id, None, None, "status:pending", 4)

    assert (every["is_exact"], pending["is_exact"]) == (0, 0)
    assert abs(every["tasks"] - 12) <= 2
    assert 5 <= pending["tasks"] <= 12
