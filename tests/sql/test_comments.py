"""Comments: kept as they are written, changed by their authors, deleted without a trace of what they said."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from pymysql.connections import Connection

from service.markdown import html
from tests.conftest import Row, User
from tests.servers import run
from tests.sql.conftest import Call, Team

Say = Callable[..., int]


@pytest.fixture
def task(call: Call, team: Team) -> int:
    """A task of the team."""
    number: int = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})[0]["task_id"]
    return number


@pytest.fixture
def say(call: Call, team: Team, task: int) -> Say:
    """Comment on the task as its member, or as somebody else, and return the comment's id."""

    def create(body: str = "hello", author: User | None = None) -> int:
        number: int = call("create_comment", (author or team.member).id, task, body)[0]["comment_id"]
        return number

    return create


@pytest.fixture
def mentioned(call: Call, team: Team, task: int) -> Callable[[int], set[str]]:
    """Who of the team is mentioned in a comment."""
    names = {person.id: name for name, person in vars(team).items() if isinstance(person, User)}

    def read(comment: int) -> set[str]:
        (row,) = call("get_comment", team.viewer.id, task, comment)
        return {names[user] for user in json.loads(row["mentions"])}

    return read


class TestWriting:
    @pytest.mark.parametrize(
        "body", ["  *a*\r\n\n\tb  \n", "<b>&amp;</b>", "\U0001f600 \\` '\" %s", "x" * 16_000]
    )
    def test_a_comment_is_kept_as_it_was_written(
        self, call: Call, team: Team, task: int, say: Say, body: str
    ) -> None:
        comment = say(body)

        (row,) = call("get_comment", team.viewer.id, task, comment)
        assert (row["body"], row["author_id"], row["author"]) == (body, team.member.id, team.member.name)
        assert (row["version"], row["deleted_at"], row["task_id"]) == (1, None, task)

    @pytest.mark.parametrize(
        "body", [None, "", " \n\t", "\u200b", "\ufeff \u00ad\u3164", "x" * 16_001, "\U0001f600" * 17_000]
    )
    def test_one_that_says_nothing_or_too_much_is_refused(
        self, call: Call, team: Team, task: int, say: Say, refused: Any, body: str | None
    ) -> None:
        comment = say()

        with refused("invalid_comment"):
            call("create_comment", team.member.id, task, body)
        with refused("invalid_comment"):
            call("update_comment", team.member.id, task, comment, body)

    def test_the_log_tells_of_it_and_not_what_it_says(
        self, call: Call, team: Team, task: int, say: Say, log: Any
    ) -> None:
        before = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]

        comment = say("hello")
        call("update_comment", team.member.id, task, comment, "hello again")
        (gone,) = call("delete_comment", team.admin.id, task, comment)

        lines = log(before, team.workspace_id)
        assert [(line["entity"], line["action"], line["actor_id"]) for line in lines] == [
            ("comment", "insert", team.member.id),
            ("comment", "update", team.member.id),
            ("comment", "delete", team.admin.id),
        ]
        assert {line["task_id"] for line in lines} == {task}
        assert gone["revision"] == before + 3
        assert [json.loads(line["new_row"] or "null") for line in lines] == [
            {"comment_id": comment, "version": 1},
            {"comment_id": comment, "version": 2},
            None,
        ]

    def test_a_comment_is_found_only_under_its_task(
        self, call: Call, team: Team, task: int, say: Say, refused: Any
    ) -> None:
        comment, other = (
            say(),
            call("create_task", team.owner.id, team.workspace_id, {"title": "o"})[0]["task_id"],
        )

        for procedure, *more in (
            ("get_comment",), ("list_comment_versions",), ("delete_comment",), ("update_comment", "x"),
        ):  # fmt: skip
            with refused("comment_not_found"):
                call(procedure, team.member.id, other, comment, *more)
            with refused("comment_not_found"):
                call(procedure, team.member.id, task, None, *more)


class TestChanging:
    def test_what_it_said_before_is_kept(self, call: Call, team: Team, task: int, say: Say) -> None:
        comment = say("one")

        for body in ("two", "two", "Two", "three"):
            call("update_comment", team.member.id, task, comment, body)

        rows = call("list_comment_versions", team.viewer.id, task, comment)
        assert [(row["version"], row["body"]) for row in rows] == [
            (1, "one"),
            (2, "two"),
            (3, "Two"),
            (4, "three"),
        ]
        assert [row["written_at"] for row in rows] == sorted(row["written_at"] for row in rows)
        (now,) = call("get_comment", team.viewer.id, task, comment)
        assert (now["created_at"], now["updated_at"]) == (rows[0]["written_at"], rows[3]["written_at"])

    def test_saying_the_same_again_is_no_change(self, call: Call, team: Team, task: int, say: Say) -> None:
        comment = say("one")

        before, after = (
            call("update_comment", team.member.id, task, comment, "one")[0]["revision"] for _ in range(2)
        )

        assert before == after

    def test_only_its_author_changes_it(
        self, call: Call, team: Team, task: int, say: Say, refused: Any
    ) -> None:
        comment = say("mine")

        for other in (team.owner, team.admin, team.viewer):
            with refused("permission_denied"):
                call("update_comment", other.id, task, comment, "theirs")

        assert call("get_comment", team.owner.id, task, comment)[0]["body"] == "mine"

    def test_who_became_a_viewer_changes_it_no_more(
        self, call: Call, team: Team, task: int, say: Say, refused: Any
    ) -> None:
        comment = say("mine")
        call("set_member", team.owner.id, team.workspace_id, team.member.name, "viewer")

        with refused("permission_denied"):
            call("update_comment", team.member.id, task, comment, "again")
        with refused("permission_denied"):
            call("delete_comment", team.member.id, task, comment)


class TestDeleting:
    @pytest.mark.parametrize("who", ["member", "admin", "owner"])
    def test_its_author_and_whoever_administers_delete_it(
        self, call: Call, team: Team, task: int, say: Say, who: str
    ) -> None:
        comment = say()

        call("delete_comment", getattr(team, who).id, task, comment)

        assert call("get_comment", team.owner.id, task, comment)[0]["body"] is None

    def test_another_member_does_not(
        self, call: Call, team: Team, task: int, say: Say, refused: Any, new_user: Any
    ) -> None:
        comment, other = say(), new_user()
        call("set_member", team.owner.id, team.workspace_id, other.name, "member")

        for person in (other, team.viewer):
            with refused("permission_denied"):
                call("delete_comment", person.id, task, comment)

    def test_nothing_of_what_it_said_is_left_but_its_place(
        self, call: Call, team: Team, task: int, say: Say, owner: "Connection[Any]", violations: Any
    ) -> None:
        needle = secrets.token_hex(16)
        first, comment, last = say("before"), say(f"{needle} @{team.admin.name}"), say("after")
        call("update_comment", team.member.id, task, comment, f"again {needle} @{team.viewer.name}")

        call("delete_comment", team.member.id, task, comment)

        rows = call("list_comments", team.viewer.id, task, 0, 10)
        assert [(row["comment_id"], row["body"]) for row in rows] == [
            (first, "before"), (comment, None), (last, "after"),
        ]  # fmt: skip
        assert rows[1]["deleted_at"] is not None
        assert rows[1]["mentions"] == "[]"
        assert call("list_comment_versions", team.member.id, task, comment) == []
        held = [run(owner, f"SELECT * FROM {table}") for table in text_tables(owner)]
        assert "before" in str(held)
        assert needle not in str(held)
        assert violations(team.workspace_id) == {}

    def test_it_is_neither_changed_nor_deleted_again(
        self, call: Call, team: Team, task: int, say: Say, refused: Any
    ) -> None:
        comment = say()
        call("delete_comment", team.member.id, task, comment)

        with refused("comment_deleted"):
            call("delete_comment", team.member.id, task, comment)
        with refused("comment_deleted"):
            call("update_comment", team.member.id, task, comment, "back")

    def test_comments_go_with_their_task(
        self, call: Call, team: Team, task: int, say: Say, owner: "Connection[Any]", log: Any, violations: Any
    ) -> None:
        comment, deleted = say("one @" + team.admin.name), say()
        call("update_comment", team.member.id, task, comment, "another")
        before = call("delete_comment", team.member.id, task, deleted)[0]["revision"]

        call("delete_task", team.member.id, task, "refuse", None)

        assert [(line["entity"], line["action"]) for line in log(before, team.workspace_id)] == [
            ("comment", "delete"), ("comment", "delete"), ("task", "delete"),
        ]  # fmt: skip
        for table in ("comment", "comment_version", "mention"):
            assert run(owner, f"SELECT * FROM {table} WHERE workspace_id = %s", team.workspace_id) == []
        assert violations(team.workspace_id) == {}

    def test_they_go_with_it_when_many_changes_are_made_at_once(
        self, call: Call, team: Team, task: int, say: Say, violations: Any
    ) -> None:
        say()

        (report,) = call(
            "apply_changes",
            team.member.id,
            team.workspace_id,
            [{"op": "delete", "task": task}],
            "apply",
            None,
        )

        assert (report["tasks_deleted"], report["refused_count"]) == (1, 0)
        assert violations(team.workspace_id) == {}

    def test_what_somebody_said_stays_when_they_leave(
        self, call: Call, team: Team, task: int, say: Say
    ) -> None:
        comment = say("goodbye")

        call("remove_member", team.owner.id, team.workspace_id, team.member.name)

        (row,) = call("get_comment", team.viewer.id, task, comment)
        assert (row["body"], row["author"]) == ("goodbye", team.member.name)


def text_tables(owner: "Connection[Any]") -> list[str]:
    """The tables that a comment or a change is written to."""
    rows = run(
        owner,
        "SELECT DISTINCT table_name AS name FROM information_schema.columns WHERE table_schema = DATABASE()"
        " AND (table_name LIKE '%%comment%%' OR table_name IN ('change_log', 'mention', 'task', 'security_event'))"
        " AND table_name NOT LIKE 'visible%%'",
    )
    return [row["name"] for row in rows]


class TestListing:
    def test_a_page_begins_after_the_one_before(self, call: Call, team: Team, task: int, say: Say) -> None:
        ids = [say(str(number)) for number in range(5)]

        pages, after = [], 0
        while page := call("list_comments", team.viewer.id, task, after, 2):
            pages.append([row["comment_id"] for row in page])
            after = pages[-1][-1]

        assert pages == [ids[:2], ids[2:4], ids[4:]]
        assert [row["comment_id"] for row in call("list_comments", team.viewer.id, task, None, None)] == ids

    def test_an_analyst_reads_them_in_a_view(
        self, call: Call, team: Team, task: int, say: Say, person: Any, new_user: Any
    ) -> None:
        comment = say("to be counted")

        rows = person("analyst", team.viewer).run("SELECT * FROM visible_comment")
        others = person("analyst", new_user()).run("SELECT * FROM visible_comment")

        assert [(row["comment_id"], row["body"]) for row in rows] == [(comment, "to be counted")]
        assert list(others) == []


class TestMentions:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("@{admin} and @{viewer}", {"admin", "viewer"}),
            ("thanks, @{admin}.", {"admin"}),
            ("(@{admin}), @{admin}!", {"admin"}),
            ("**@{admin}**", {"admin"}),
            ("\U0001f600@{admin}", {"admin"}),
            ("mail x@{admin}", set()),
            ("see /@{admin} or @{admin}@example.org or @@{admin} or \\@{admin}", set()),
            ("`@{admin}` and ``a ` @{admin}`` but @{viewer}", {"viewer"}),
            ("` @{admin}\n\n` @{viewer}", {"admin", "viewer"}),
            ("```\n@{admin}\n```\n@{viewer}", {"viewer"}),
            ("~~~ py\r\n@{admin}\r\n~~~~\r\n@{viewer} ~~@{owner}~~", {"viewer", "owner"}),
            ("```\n@{admin}", set()),
            ("@{member}", {"member"}),
            ("@nobody-by-this-name", set()),
            ("_@{admin}_ __@{viewer}__, ___@{owner}___.", {"admin", "viewer", "owner"}),
            ("_see @{admin}_ and __@{viewer}.__", {"admin", "viewer"}),
            ("x_@{admin} /_@{admin} @_@{admin}", set()),
        ],
    )
    def test_members_are_mentioned_by_an_at_sign(
        self, team: Team, say: Say, mentioned: Any, text: str, names: set[str]
    ) -> None:
        people = {name: person.name for name, person in vars(team).items() if isinstance(person, User)}

        assert mentioned(say(text.format(**people))) == names

    @pytest.mark.parametrize(
        "code",
        [
            "Example:\n\n    @{admin} --force",
            "    @{admin}",
            "\t@{admin}",
            "x\r\n\r\n  \t@{admin}\r\n\r\n    @{admin}",
            "x\n \n    a\n\n\n    @{admin}\n    @{admin}",
            "~~~\na\n\n@{admin}\n~~~",
            "```\n``` x\n@{admin}\n```",
            "```\n    ```\n@{admin}\n```",
            "~~~\n```\n@{admin}\n~~~",
            "````\n```\n@{admin}\n````",
            "  ```\n@{admin}\n ```",
            "> ~~~\n> @{admin}\n> ~~~",
            ">```py\r\n>@{admin}\r\n>```",
            "> > ~~~\n> > @{admin}\n> >\n> > @{admin}\n> > ~~~",
            "- ~~~\n  @{admin}\n  ~~~",
            "1. ```\n   a\n\n   @{admin}\n   ```",
            "- a\n\n  ```\n  b\n\n  @{admin}\n  ```",
            "1. a\n    ```\n    @{admin}\n\n    @{admin}\n    ```",
            "- > ~~~\n  > @{admin}\n  > ~~~",
            "> - ~~~\n>   @{admin}\n>   ~~~",
            "- a\n  - ~~~\n    @{admin}\n    ~~~",
            ">     @{admin}",
            "-     @{admin}",
            "write ``` so:\n```\n@{admin}\n```",
        ],
    )
    def test_in_code_nobody_is_mentioned(self, team: Team, say: Say, mentioned: Any, code: str) -> None:
        text = f"{code.format(admin=team.admin.name)}\n\n@{team.viewer.name}"

        shown = html(text)
        assert f"@{team.admin.name}" not in re.sub("<code.*?</code>", "", shown, flags=re.DOTALL)
        assert mentioned(say(text)) == {"viewer"}

    @pytest.mark.parametrize(
        "text",
        [
            "a\n    @{admin}",
            "> @{admin}\n>\n>  @{viewer}",
            "- a\n  - @{admin}\n    @{viewer}\n\n  @{owner}",
            "- ~~~\n  code\n\n@{admin}",
            "> ```\n> code\n\n@{admin}",
            "- ```\n- @{admin}",
            "```@{viewer}``` @{admin}",
            "    code\n@{admin}",
            "* * *\n@{admin}",
            "a ~~~\n@{admin}",
            "    ```\n\n@{admin}",
        ],
    )
    def test_what_looks_like_code_and_is_none_mentions(
        self, team: Team, say: Say, mentioned: Any, text: str
    ) -> None:
        people = {name: person.name for name, person in vars(team).items() if isinstance(person, User)}

        shown = re.sub("<code.*?</code>", "", html(text.format(**people)), flags=re.DOTALL)
        assert (
            mentioned(say(text.format(**people)))
            == {name for name, person in people.items() if f"@{person}" in shown}
            != set()
        )

    def test_of_a_name_and_underscores_the_longest_member_is_mentioned(
        self, call: Call, team: Team, task: int, say: Say, owner: "Connection[Any]"
    ) -> None:
        plain = f"u{secrets.token_hex(6)}"
        people = []
        for name in (plain, f"{plain}_", f"{plain}."):
            (row,) = call("create_user", name, f"{secrets.token_hex(6)}@example.org", "x" * 60)
            call("set_member", team.owner.id, team.workspace_id, name, "member")
            people.append(row["user_id"])

        def named(text: str) -> list[int]:
            rows = run(owner, "SELECT user_id FROM mention WHERE comment_id = %s ORDER BY user_id", say(text))
            return [row["user_id"] for row in rows]

        assert [named(text) for text in (f"@{plain}", f"@{plain}_", f"@{plain}.", f"__@{plain}__")] == [
            [people[0]], [people[1]], [people[2]], [people[0]],
        ]  # fmt: skip
        call("remove_member", team.owner.id, team.workspace_id, f"{plain}_")
        assert named(f"@{plain}_ and @{plain}_.") == [people[0]]

    def test_case_does_not_count(self, team: Team, say: Say, mentioned: Any) -> None:
        assert mentioned(say("@" + team.admin.name.upper())) == {"admin"}

    def test_who_does_not_belong_to_the_workspace_is_not_mentioned(
        self, call: Call, team: Team, say: Say, mentioned: Any, new_user: Any, owner: "Connection[Any]"
    ) -> None:
        stranger = new_user()
        comment = say(f"@{stranger.name} @{team.admin.name}")

        # Not even once they belong: nobody mentioned them then.
        call("set_member", team.owner.id, team.workspace_id, stranger.name, "member")

        rows = run(owner, "SELECT user_id FROM mention WHERE comment_id = %s", comment)
        assert [row["user_id"] for row in rows] == [team.admin.id]

    def test_a_change_mentions_whom_it_adds_and_nobody_twice(
        self, call: Call, team: Team, task: int, say: Say, mentioned: Any, owner: "Connection[Any]"
    ) -> None:
        def kept() -> list[Row]:
            return list(
                run(
                    owner,
                    "SELECT * FROM mention WHERE comment_id = %s AND user_id = %s",
                    comment,
                    team.admin.id,
                )
            )

        comment = say(f"@{team.admin.name} @{team.viewer.name}")
        before = kept()

        call("update_comment", team.member.id, task, comment, f"@{team.owner.name} @{team.admin.name}")

        assert mentioned(comment) == {"owner", "admin"}
        assert kept() == before

    @pytest.mark.parametrize(
        "text",
        ["@" * 16_000, "`" * 16_000, "` " * 7_999, "\n" * 15_000 + "@", "~~~\n" * 3_999,
         "".join("`" * count + " " for count in range(1, 178)) + "@x", "\\" * 15_999 + "@", "@a " * 5_000,
         "\n" + ">" * 15_990 + "@", "\n" + "> " * 7_990 + "@", "\n- " * 5_000 + "@", "\n    @" * 2_600,
         "\n" + " " * 15_900 + "@", "\n> ~~~" * 2_600, "\n- ```" * 2_600, "_" * 15_900 + "@x", "\n \t" * 5_000],
        ids=["at", "tick", "ticks", "line", "fence", "runs", "backslash", "names", "quotes", "spaced", "items",
             "indented", "blanks", "quoted", "listed", "emphasis", "tabs"],
    )  # fmt: skip
    def test_no_text_is_too_much_to_read(self, say: Say, mentioned: Any, text: str) -> None:
        assert mentioned(say(f"x{text}"[:16_000])) == set()

    def test_of_many_names_the_first_fifty_count(self, team: Team, say: Say, mentioned: Any) -> None:
        names = [f"nobody-{number}" for number in range(49)]
        text = " ".join(f"@{name}" for name in [*names, team.admin.name, team.viewer.name])

        assert mentioned(say(text)) == {"admin"}


def test_a_difference_tells_which_comments_came_changed_and_went(
    call: Call, team: Team, task: int, say: Say
) -> None:
    def revision() -> int:
        number: int = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]
        return number

    changed, gone = say("a"), say("b")
    before = revision()
    new, passing = say("c"), say("d")
    call("update_comment", team.member.id, task, changed, "aa")
    call("delete_comment", team.member.id, task, gone)
    call("delete_comment", team.member.id, task, passing)

    rows = call("get_workspace_diff", team.viewer.id, team.workspace_id, before, None, 0, 100)

    told = {
        (
            json.loads(row["new_row"] or row["old_row"])["comment_id"],
            row["entity"],
            row["action"],
            row["task_id"],
        )
        for row in rows
    }
    assert told == {
        (new, "comment", "insert", task), (changed, "comment", "update", task), (gone, "comment", "delete", task),
    }  # fmt: skip


def test_a_comment_does_not_touch_what_is_known_of_its_task(call: Call, team: Team, say: Say) -> None:
    before = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]

    say("hello")

    (row,) = call("list_touched_tasks", team.workspace_id, before)
    assert row == {"revision": before + 1, "task_ids": "[]", "touches_people": 0}


def test_the_tree_of_the_past_is_not_disturbed(call: Call, team: Team, task: int, say: Say) -> None:
    say("hello")

    (row,) = call("get_tree_as_of", team.viewer.id, task, "downstream", None, None, "2100-01-01")

    assert (row["task_id"], row["readiness"]) == (task, "ready")
