"""What a text has in common with tasks: possible duplicates of it, and the tags that it may want."""

import pytest


@pytest.fixture
def house(call, user) -> dict[str, int]:
    """Tasks of a house; three words stand in nearly all of them."""
    tags = {
        "Paint the cellar of the house": ["paint", "cellar"],
        "Paint the walls of the house": ["paint"],
        "Insulate the cellar of the house": ["cellar"],
        "Sell the house": [],
        "Sweep the house": [],
    }
    return {
        title: call("create_task", user.id, None, {"title": title, "tags": names})[0]["task_id"]
        for title, names in tags.items()
    }


def test_similar_tasks_share_rare_words(house, call, user) -> None:
    found = call("find_similar_tasks", user.id, None, "paint cellar", None, None)

    assert [row["title"] for row in found] == [
        "Paint the cellar of the house", "Insulate the cellar of the house", "Paint the walls of the house",
    ]  # fmt: skip
    assert float(found[0]["score"]) == 1 > float(found[1]["score"]) > 0
    assert [row["title"] for row in call("find_similar_tasks", user.id, None, "nobody", "sweep the", 1)] == [
        "Sweep the house"
    ]


def test_what_is_said_in_few_tasks_says_more(house, call, user) -> None:
    found = call("find_similar_tasks", user.id, None, "sweep house", None, None)

    assert found[0]["title"] == "Sweep the house"
    assert {float(row["score"]) for row in found[1:]} == {float(found[1]["score"])}
    assert float(found[1]["score"]) < 0.5


def test_words_that_no_task_has_set_a_text_apart(house, call, user) -> None:
    (plain,) = call("find_similar_tasks", user.id, None, "sweep", None, 1)
    (apart,) = call("find_similar_tasks", user.id, None, "sweep chimneys", None, 1)

    assert float(plain["score"]) == 1
    assert 0 < float(apart["score"]) < 0.6


def test_a_text_that_shares_nothing_is_like_nothing(house, call, user) -> None:
    for title in ("unheard", "%", ""):
        assert call("find_similar_tasks", user.id, None, title, None, None) == []
        assert call("suggest_tags", user.id, None, title, None, None) == []


def test_tags_of_similar_tasks_are_suggested_the_likelier_first(house, call, user) -> None:
    suggested = call("suggest_tags", user.id, None, "Paint the cellar again", None, None)
    (first,) = call("suggest_tags", user.id, None, "insulate", None, 1)

    assert {row["tag"] for row in suggested} == {"paint", "cellar"}
    assert [row["tasks"] for row in suggested] == [2, 2]
    assert all(0 < float(row["score"]) <= 1 for row in suggested)
    assert (first["tag"], float(first["score"])) == ("cellar", 1)


def test_only_tasks_of_the_workspace_are_similar(house, call, user, new_user) -> None:
    other = new_user()

    assert call("find_similar_tasks", other.id, None, "Paint the cellar", None, None) == []
    assert call("suggest_tags", other.id, None, "Paint the cellar", None, None) == []


def test_tasks_are_described_by_names(call, user, team) -> None:
    (design,) = call("create_task", user.id, team.workspace_id, {"title": "design"})
    (build,) = call(
        "create_task", user.id, team.workspace_id,
        {"title": "build", "assignee_id": team.member.id, "depends_on": [design["task_id"]]},
    )  # fmt: skip
    (elsewhere,) = call("create_task", user.id, None, {"title": "elsewhere"})

    first, second = call(
        "describe_tasks",
        user.id,
        team.workspace_id,
        [build["task_id"], elsewhere["task_id"], design["task_id"]],
    )

    assert first["assignee"] == f'{{"user_id": {team.member.id}, "username": "{team.member.name}"}}'
    assert first["dependencies"] == (
        f'[{{"title": "design", "status": "pending", "task_id": {design["task_id"]}, "priority": "medium", "readiness": "ready"}}]'
    )
    assert (second["assignee"], second["dependencies"]) == (None, "[]")
