"""Words, their beginnings and phrases are found in every script, whatever door the text came through, and never elsewhere."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.database.calls import call_for_all
from tests.conftest import User
from tests.examples import examples
from tests.servers import run


@pytest.fixture
def found(call, user) -> Callable[..., list[str]]:
    """The titles that a line finds, in the order in which it shows them."""

    def titles(line: str, actor: User | None = None) -> list[str]:
        rows = call("list_tasks", (actor or user).id, None, None, line, None, None, 0, 100)
        return [row["title"] for row in rows]

    return titles


@pytest.fixture
def write(call, user) -> Callable[..., int]:
    """Create a task of a title and a description."""

    def create(title: str, description: str = "") -> int:
        (row,) = call("create_task", user.id, None, {"title": title, "description": description})
        return int(row["task_id"])

    return create


def test_words_and_their_beginnings_are_found_in_titles_and_descriptions(write, found) -> None:
    write("Deploy the shop")
    write("Shopping list", "deployment, then_redeploy")

    assert found("shop") == ["Deploy the shop"]
    assert found("shop*") == ["Deploy the shop", "Shopping list"][::-1]
    assert found("DEPLO*") == ["Deploy the shop", "Shopping list"]
    assert found("deploy*") == ["Deploy the shop", "Shopping list"]
    assert found("redeploy") == ["Shopping list"]
    assert found("eploy") == found("redep") == []


def test_a_phrase_is_words_one_after_the_other_in_one_field(write, found) -> None:
    write("Quarterly report")
    write("report, quarterly!")
    write("the quarterly", "report of it")
    write("other", "a quarterly (report) and a reporter")

    assert sorted(found("quarterly report")) == [
        "Quarterly report",
        "other",
        "report, quarterly!",
        "the quarterly",
    ]
    assert found('"quarterly report"') == ["Quarterly report", "other"]
    assert found("quarterly-report") == ["Quarterly report", "other"]
    assert found('"a report*"') == ["other"]
    assert found('"report quarterly"') == ["report, quarterly!"]
    assert found('report -"quarterly report"') == ["report, quarterly!", "the quarterly"]
    assert found('"quarterly reporter"') == []


@pytest.mark.parametrize(
    "sign",
    ["❤", "❤\ufe0f", "👩\u200d💻", "#\ufe0f\u20e3", "🏳\ufe0f\u200d🌈", "👍🏽", "\U0001f50d\U000e0101", "—"],
)
def test_a_phrase_goes_on_behind_a_sign_that_is_no_word(write, found, violations, sign) -> None:
    title = f"Ship {sign} rocket {sign} now"
    write(title)

    assert found('"rocket now"') == found(f'"rocket {sign} now"') == found(f'"ship{sign}rocket"') == [title]
    assert (
        found(f'"{sign} ship rocket now {sign}"')
        == found(f'"{sign}now"')
        == found(f"ship {sign}now")
        == [title]
    )
    assert violations() == {}


def test_a_long_phrase_is_judged_by_the_text(write, found) -> None:
    words = [f"w{number % 7}" for number in range(150)]
    write("long", " ".join(words))

    assert found(f'"{" ".join(words[20:60])}"') == ["long"]
    assert found(f'"{" ".join(words[20:59])} w*"') == ["long"]
    # These follow each other by their places of 64, but not in the text.
    assert found('"w0 w2"') == found(f'"{" ".join([*words[20:59], "w9"])}"') == []


def test_what_people_say_about_a_task_is_found_for_as_long_as_they_say_so(write, found, call, user) -> None:
    task = write("Paint the cellar", "in white")
    (first,) = call("create_comment", user.id, task, "An urgent question: which white?")
    call("create_comment", user.id, task, "会議で決める")

    assert found("urgent") == found('"which white"') == found("会議 cellar quest*") == ["Paint the cellar"]
    assert found('"white an"') == found('"white which"') == found('"white 会議"') == []
    call("update_comment", user.id, task, first["comment_id"], "answered")
    assert (found("urgent"), found("answered white")) == ([], ["Paint the cellar"])
    call("update_task", user.id, task, {"title": "Paint the wall"}, None, False)
    assert found("answered wall") == ["Paint the wall"]
    call("delete_comment", user.id, task, first["comment_id"])
    assert found("answered") == []
    assert {row["violations"] for row in call("verify_workspace", user.id, None)} == {0}


def test_not_takes_the_rest(write, found) -> None:
    write("one two")
    write("one")

    assert found("one -two") == ["one"]
    assert found("-two") == ["one"]
    assert found("-t*") == ["one"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("見積書", ["見積書を送る"]), ("見積", ["見積書を送る"]), ("積書", ["見積書を送る"]), ("書", ["見積書を送る"]), ("る", ["見積書を送る"]),
        ("見書", []), ("送る", ["見積書を送る"]), ("보고", ["분기 보고서"]), ('"분기 보고서"', ["분기 보고서"]), ("보고서 분기", ["분기 보고서"]),
        ('"보고서 분기"', []), ("北京", ["去北京"]), ("京*", ["去北京"]), ("北京 -去", []), ("ロード", ["CSVをロード"]), ("csv", ["CSVをロード"]),
        ("csvを", ["CSVをロード"]), ("かい", []), ("𠮷", ["𠮷野家"]), ("𠮷野", ["𠮷野家"]),
    ],
)  # fmt: skip
def test_chinese_japanese_and_korean_need_no_gaps(write, found, line, expected) -> None:
    for title in ("見積書を送る", "분기 보고서", "去北京", "CSVをロード", "𠮷野家"):
        write(title)

    assert found(line) == expected


def test_every_word_counts_also_short_and_frequent_ones(write, found) -> None:
    write("To be or not to be: that is the question")
    write("Plan B, by A.")

    assert (
        found('"to be or not"')
        == found("the")
        == found("that is")
        == ["To be or not to be: that is the question"]
    )
    assert found("a") == found('b "by a"') == ["Plan B, by A."]
    assert found("p*") == ["Plan B, by A."]


def test_case_accents_and_width_do_not_matter(write, found) -> None:
    write("Café Müller", "\uff21\uff22\uff23 \uff11\uff12")

    assert found("cafe") == found("CAFÉ MULLER") == found("abc 12") == ["Café Müller"]


def test_a_word_may_be_long_and_a_text_may_hold_anything(write, found) -> None:
    word, rest = "x" * 63, '\x00\x07 "quoted" \\ \' {} \u2028 \U0001f600'
    write("long", f"{word}yz {word}ab {rest} end")

    assert found(f"{word}yz") == found("quoted end") == found('"quoted end"') == ["long"]


def test_the_most_relevant_come_first_and_of_equal_ones_the_newest(write, found) -> None:
    write("other", "website")
    write("The website")
    write("Website", "of the website")
    write("website")

    assert found("website") == ["Website", "website", "The website", "other"]
    assert found("website sort:id") == ["other", "The website", "Website", "website"]


def test_without_words_to_be_found_nothing_is_relevant(write, found, refused) -> None:
    for title in ("a", "b"):
        write(title)

    assert found("-c") == found("") == ["b", "a"]
    for line in ("sort:relevance", "a sort:-relevance"):
        with refused("invalid_request"):
            found(line)


@pytest.fixture(scope="module")
def many(database, call, new_user) -> User:
    """800 tasks in which the same word stands, in every third of them in the title."""
    user = new_user()
    with database.owner() as owner:
        run(
            owner,
            "INSERT /*+ SET_VAR(cte_max_recursion_depth = 10000) */ INTO task (workspace_id, title, description)"
            " WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 800)"
            " SELECT %s, IF(n %% 3, 'other', 'common word'), 'common and wordy' FROM number",
            user.workspace_id,
        )
    return user


@pytest.mark.parametrize("line", ["common", "wor*", "common wordy"])
def test_pages_by_relevance_fit_together_while_others_write(many, database, call, line) -> None:
    with database.service() as service:
        whole, _ = call_for_all(service, "list_tasks", many.id, None, None, line, None, None, 0, 3000)
        by_number = [
            row["task_id"]
            for skip in range(0, len(whole), 220)
            for row in call("list_tasks", many.id, None, None, line, None, None, skip, 220)
        ]
        seen, after, place = [], None, {"after": True}
        while place["after"]:
            rows, (place,) = call_for_all(
                service, "list_tasks", many.id, None, None, line, None, after, 0, 220
            )
            seen += [row["task_id"] for row in rows]
            after = place["after"]
            call("create_task", many.id, None, {"title": "common, wordy and new"})

    ids = [row["task_id"] for row in whole]
    assert seen == ids == by_number
    assert len(set(ids)) == len(ids) >= 800
    # Each 250 from the newest on are in order for themselves.
    titles = [row["title"] for row in whole[:250]]
    assert titles == sorted(titles, key=["common, wordy and new", "common word", "other"].index)


@pytest.mark.parametrize(
    "after", ["[5, 1]", "[[1, 2], 1]", '[[1, 2, "x"], 1]', "[[1, 2, -1], 1]", "[[1, 2, 3], null]", "[[], 1]"]
)
def test_a_place_by_relevance_that_is_none_is_refused(call, user, refused, after) -> None:
    with refused("invalid_request"):
        call("list_tasks", user.id, None, None, "word", None, after, 0, 5)


def test_raw_statements_keep_the_index_right(owner, write, found, user) -> None:
    task = write("before", "same")

    run(owner, "UPDATE task SET title = 'After' WHERE id = %s", task)
    assert (found("before"), found("after same")) == ([], ["After"])

    run(owner, "UPDATE task SET description = 'SAME' WHERE id = %s", task)
    run(owner, "UPDATE task SET status = 'in_progress' WHERE id = %s", task)
    run(
        owner,
        "INSERT INTO task (workspace_id, title, description) VALUES (%s, 'one', 'x'), (%s, 'two', 'x')",
        *[user.workspace_id] * 2,
    )
    assert (found("same"), found("x sort:id")) == (["After"], ["one", "two"])

    run(owner, "DELETE FROM task WHERE id = %s", task)
    assert found("same") == []
    assert not run(owner, "SELECT 1 FROM task_word WHERE task_id = %s", task)


def test_what_is_not_committed_is_found_by_nobody_else(owner, write, found, user) -> None:
    write("kept")
    owner.begin()
    run(
        owner,
        "INSERT INTO task (workspace_id, title, description) VALUES (%s, 'kept too', '')",
        user.workspace_id,
    )

    assert found("kept") == ["kept"]
    owner.rollback()
    assert found("kept too") == []


def test_many_changes_at_once_are_found(call, user, found) -> None:
    changes = [{"op": "create", "title": f"bulk {n}", "description": "見積書"} for n in range(30)]

    call("apply_changes", user.id, None, json.dumps(changes), "apply", None)

    assert found('"bulk 17" 見積') == ["bulk 17"]
    assert len(found("bulk")) == 30
    assert {row["violations"] for row in call("verify_workspace", user.id, None)} == {0}


def test_a_search_reads_nothing_of_other_workspaces(database, owner, call, user, new_user, write) -> None:
    """What it reads is the same however often its words stand elsewhere: not even its time tells of that."""
    for number in range(5):
        write(f"secret {number}", "of ours")
    other = new_user()

    def read(connection: Any, line: str) -> tuple[list[int], dict[str, int]]:
        for _ in range(2):
            before = counters(connection)
            rows = call_for_all(connection, "list_tasks", user.id, None, None, line, None, None, 0, 50)[0]
        return [row["task_id"] for row in rows], {
            name: count - before[name] for name, count in counters(connection).items()
        }

    with database.service() as connection:
        lines = ("secret", "sec*", "secret ours", '"secret 3"', "-secret", "s*")
        alone = [read(connection, line) for line in lines]
        run(
            owner,
            "INSERT INTO task (workspace_id, title, description)"
            " WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 300)"
            " SELECT %s, 'secret 3', 'of ours' FROM number",
            other.workspace_id,
        )

        assert [read(connection, line) for line in lines] == alone


def counters(connection: Any) -> dict[str, int]:
    rows = run(
        connection,
        "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_key', 'Handler_read_next', 'Handler_read_prev')",
    )
    return {row["Variable_name"]: int(row["Value"]) for row in rows}


ALPHABET = "aZ0é _-*\"\\'.ー一見書かガ분기\uff21\u0301\n%❤\ufe0f\u200d"


def test_the_words_of_a_text_are_those_that_its_parts_are_looked_for_by(owner) -> None:
    """Whatever is cut out of a text is found in it: the words of the part are among its words, in that order."""

    @examples(150)
    @given(st.text(ALPHABET, max_size=25), st.data())
    def check(text: str, data: Any) -> None:
        start = data.draw(st.integers(0, len(text)))
        part = text[start : data.draw(st.integers(start, len(text)))].rstrip("*")
        if start and re.sub("[\u0301\ufe0f\u200d]", "a", text[start - 1] + part[:1]).isalnum():
            part = re.sub(r"^\w+", "", part)

        ((row),) = run(
            owner,
            "SELECT _spread(%s) AS text, _search_words(%s) AS part, _spread(%s) AS own", text, f"{part}*", part,
        )  # fmt: skip

        if row["part"] is not None and (phrase := json.loads(row["part"])["phrase"]):
            where = text if json.loads(row["part"])["form"] == "run" else row["text"]
            (fits,) = run(owner, "SELECT %s LIKE %s COLLATE utf8mb4_0900_ai_ci AS fits", where, phrase)
            assert fits["fits"], (text, part)

    check()


def marks(call: Any, user: User, line: str, *tasks: int) -> list[tuple[int, str, str, list[str]]]:
    rows = call("highlight_tasks", user.id, None, None, line, json.dumps(tasks))
    return [
        (
            row["task_id"],
            row["field"],
            row["fragment"],
            [row["fragment"][at : at + size] for at, size in json.loads(row["marks"])],
        )
        for row in rows
    ]


def test_highlights_mark_what_is_looked_for_and_nothing_else(call, user, write) -> None:
    one = write("Café quarterly", "Deploy: quarterly, report. Reporter 見積書を書く \U0001f600 report")
    two = write("other")

    assert marks(call, user, "cafe repor* -other 書", two, one) == [
        (one, "title", "Café quarterly", ["Café"]),
        (
            one,
            "description",
            "Deploy: quarterly, report. Reporter 見積書を書く \U0001f600 report",
            ["report", "Reporter", "書", "書", "report"],
        ),
    ]
    call("create_comment", user.id, one, "A report, at last")
    assert marks(call, user, "at report", one)[-1] == (one, "comment", "A report, at last", ["report", "at"])
    assert marks(call, user, '"quarterly report" 見積書', one)[0][3] == ["quarterly, report", "見積書"]
    assert (
        marks(call, user, "is:open", one)
        == marks(call, user, "-report", one)
        == marks(call, user, "nothing", one)
        == []
    )


def test_a_fragment_of_a_long_text_begins_shortly_before_what_is_found(call, user, write) -> None:
    task = write("long", "some words " * 100 + "needle " + "and more of them " * 50 + "needle")

    ((_, _, fragment, found),) = marks(call, user, "needle", task)

    assert fragment.startswith("words some words some words needle ")
    assert (len(fragment), found) == (200, ["needle"])


def test_highlights_tell_nothing_of_tasks_elsewhere(call, user, new_user, write) -> None:
    other = new_user()
    (far,) = call("create_task", other.id, None, {"title": "secret"})

    assert marks(call, user, "secret", far["task_id"]) == []


@pytest.mark.parametrize("ids", ["{}", "1", json.dumps([1] * 1001), None])
def test_highlights_of_what_is_no_list_of_tasks_are_refused(call, user, refused, ids) -> None:
    with refused("invalid_request"):
        call("highlight_tasks", user.id, None, None, "word", ids)
