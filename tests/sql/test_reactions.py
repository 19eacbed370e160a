"""Reactions: of each user, each way once, to a comment that is there; in the log."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from service.vocabulary import REACTIONS
from tests.conftest import User
from tests.servers import run
from tests.sql.conftest import Call, Team


@pytest.fixture
def place(call: Call, team: Team) -> tuple[int, int]:
    """A task of the team and a comment on it."""
    task = call("create_task", team.owner.id, team.workspace_id, {"title": "t"})[0]["task_id"]
    return task, call("create_comment", team.owner.id, task, "Done?")[0]["comment_id"]


@pytest.fixture
def react(call: Call, place: tuple[int, int]) -> Callable[..., dict[str, list[int]]]:
    """Put a reaction on the comment, or take it off; who has reacted how then."""

    def change(who: User, kind: str, verb: str = "add") -> dict[str, list[int]]:
        (row,) = call(f"{verb}_reaction", who.id, *place, kind)
        return {told["kind"]: told["user_ids"] for told in json.loads(row["reactions"])}

    return change


def test_each_user_reacts_each_way_once(team: Team, react: Any) -> None:
    react(team.member, "rocket")
    react(team.member, "thumbs_up")
    react(team.member, "rocket")

    told = react(team.admin, "rocket")

    assert list(told) == ["thumbs_up", "rocket"]
    assert (told["thumbs_up"], set(told["rocket"])) == ([team.member.id], {team.member.id, team.admin.id})


def test_one_takes_back_ones_own(team: Team, react: Any) -> None:
    react(team.member, "rocket")
    react(team.admin, "rocket")

    for _ in range(2):
        told = react(team.member, "rocket", "remove")

    assert told == {"rocket": [team.admin.id]}


def test_the_log_tells_what_changed_and_nothing_else(
    call: Call, team: Team, react: Any, log: Any, place: Any
) -> None:
    before = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]

    for verb in ("add", "add", "remove", "remove"):
        react(team.member, "eyes", verb)

    row = {"comment_id": place[1], "kind": "eyes", "user_id": team.member.id}
    assert [
        (line["entity"], line["action"], line["task_id"], json.loads(line["new_row"] or line["old_row"]))
        for line in log(before, team.workspace_id)
    ] == [("reaction", "insert", place[0], row), ("reaction", "delete", place[0], row)]


def test_comments_are_shown_with_their_reactions(call: Call, team: Team, react: Any, place: Any) -> None:
    react(team.member, "heart")

    (listed,) = call("list_comments", team.viewer.id, place[0], 0, 10)
    (shown,) = call("get_comment", team.viewer.id, *place)

    told = [{"kind": "heart", "emoji": "\u2764\ufe0f", "user_ids": [team.member.id]}]
    assert json.loads(listed["reactions"]) == json.loads(shown["reactions"]) == told


@pytest.mark.parametrize("kind", [None, "", "nope", "ROCKET", "rocket "])
def test_another_way_is_refused(call: Call, team: Team, place: Any, refused: Any, kind: str | None) -> None:
    for verb in ("add", "remove"):
        with refused("reaction_unknown"):
            call(f"{verb}_reaction", team.member.id, *place, kind)


@pytest.mark.parametrize("kind", REACTIONS)
def test_each_way_that_there_is_will_do(team: Team, react: Any, kind: str) -> None:
    assert react(team.member, kind) == {kind: [team.member.id]}


def test_a_viewer_only_looks(call: Call, team: Team, place: Any, refused: Any) -> None:
    with refused("permission_denied"):
        call("add_reaction", team.viewer.id, *place, "heart")


def test_reactions_go_with_the_comment(
    call: Call, team: Team, react: Any, place: Any, refused: Any, log: Any, owner: Any, violations: Any
) -> None:
    react(team.member, "heart")
    before = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]

    call("delete_comment", team.owner.id, *place)

    assert [line["entity"] for line in log(before, team.workspace_id)] == ["reaction", "comment"]
    assert run(owner, "SELECT * FROM reaction WHERE comment_id = %s", place[1]) == []
    for verb in ("add", "remove"):
        with refused("comment_deleted"):
            call(f"{verb}_reaction", team.member.id, *place, "heart")
    assert violations(team.workspace_id) == {}


def test_they_go_with_the_task(
    call: Call, team: Team, react: Any, place: Any, owner: Any, violations: Any
) -> None:
    react(team.member, "heart")

    call("delete_task", team.owner.id, place[0], "refuse", None)

    assert run(owner, "SELECT * FROM reaction WHERE comment_id = %s", place[1]) == []
    assert violations(team.workspace_id) == {}


def test_a_difference_tells_of_those_that_came_or_went(
    call: Call, team: Team, react: Any, place: Any
) -> None:
    react(team.member, "heart")
    react(team.member, "eyes")
    before = call("get_workspace_revision", team.owner.id, team.workspace_id)[0]["revision"]
    react(team.member, "heart", "remove")
    react(team.member, "heart")
    react(team.member, "eyes", "remove")
    react(team.admin, "eyes")
    react(team.admin, "rocket")
    react(team.admin, "rocket", "remove")

    rows = call("get_workspace_diff", team.viewer.id, team.workspace_id, before, None, 0, 100)

    assert {
        (row["entity"], row["action"], json.loads(row["new_row"] or row["old_row"])["kind"], row["task_id"])
        for row in rows
    } == {("reaction", "insert", "eyes", place[0]), ("reaction", "delete", "eyes", place[0])}
