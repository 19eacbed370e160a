"""create_task: a task with its tags and what it waits for, in one go or not at all."""

import json
from typing import Any

import pytest


def test_only_a_title_is_needed(call, user):
    (task,) = call("create_task", user.id, None, {"title": "Write"})

    assert task["workspace_id"] == user.workspace_id
    assert (task["status"], task["priority"], task["readiness"]) == ("pending", "medium", "ready")
    assert (task["description"], task["version"], task["created_by"]) == ("", 1, user.id)
    assert task["task_key"] is task["assignee_id"] is task["due_at"] is task["completed_at"] is None
    assert json.loads(task["tags"]) == json.loads(task["depends_on"]) == []


def test_every_field_is_kept(call, user, tasks):
    (design,) = tasks("design")
    given = {
        "title": "Schöne Tür 🚪",
        "description": "long",
        "status": "in_progress",
        "priority": "urgent",
        "assignee_id": user.id,
        "estimate_minutes": 90,
        "due_at": "2026-12-01 09:00:00",
        "task_key": "OPS-12",
        "tags": ["red", "blue"],
        "depends_on": [design],
    }

    (task,) = call("create_task", user.id, None, given)

    assert {name: task[name] for name in given.keys() - {"tags", "depends_on", "due_at"}} == {
        name: given[name] for name in given.keys() - {"tags", "depends_on", "due_at"}
    }
    assert str(task["due_at"]) == given["due_at"]
    assert sorted(json.loads(task["tags"])) == ["blue", "red"]
    assert json.loads(task["depends_on"]) == [design]
    assert (task["readiness"], task["waiting_for"]) == ("blocked", 1)
    assert task["started_at"] == task["created_at"]


def test_what_may_be_null_may_be_null(call, user):
    nothing = dict.fromkeys(("description", "assignee_id", "estimate_minutes", "due_at", "task_key"))

    (task,) = call("create_task", user.id, None, {"title": "Write", **nothing})

    assert task["description"] == ""
    assert task["due_at"] is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (None, "task"),
        ("null", "task"),
        ("[]", "task"),
        ('"title"', "task"),
        ("{}", "title"),
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "\u202e"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": 7}, "title"),
        ({"title": "t", "colour": "red"}, "colour"),
        ({"title": "t", "Title": "u"}, "Title"),
        ({"title": "t", "é" * 300: "red"}, "task"),
        ({"title": "t", "status": "done"}, "status"),
        ({"title": "t", "status": "PENDING"}, "status"),
        ({"title": "t", "status": "fértig"}, "status"),
        ({"title": "t", "status": None}, "status"),
        ({"title": "t", "priority": "highest"}, "priority"),
        ({"title": "t", "priority": "größer"}, "priority"),
        ({"title": "t", "priority": None}, "priority"),
        ({"title": "t", "assignee_id": "me"}, "assignee_id"),
        ({"title": "t", "assignee_id": 0}, "assignee_id"),
        ({"title": "t", "estimate_minutes": -1}, "estimate_minutes"),
        ({"title": "t", "estimate_minutes": 1.5}, "estimate_minutes"),
        ({"title": "t", "task_key": ""}, "task_key"),
        ({"title": "t", "task_key": "#1"}, "task_key"),
        ({"title": "t", "tags": None}, "tags"),
        ({"title": "t", "tags": [""]}, "tags"),
        ({"title": "t", "tags": ["x" * 65]}, "tags"),
        ({"title": "t", "tags": [None]}, "tags"),
        ({"title": "t", "tags": "red"}, "tags"),
        ({"title": "t", "depends_on": [0]}, "depends_on"),
        ({"title": "t", "depends_on": [-1]}, "depends_on"),
        ({"title": "t", "depends_on": ["1"]}, "depends_on"),
        ({"title": "t", "depends_on": [1, 1]}, "depends_on"),
        ({"title": "t", "depends_on": None}, "depends_on"),
        ({"title": "t", "due_at": "tomorrow, perhaps"}, "due_at"),
        ({"title": "t", "due_at": "2026-02-30"}, "due_at"),
        ({"title": "t", "due_at": "0000-00-00"}, "due_at"),
        ({"title": "t", "due_at": 1790000000}, "due_at"),
        ({"title": "t", "due_at": ""}, "due_at"),
    ],
)
def test_an_object_that_does_not_fit_is_refused_by_field(call, user, refused, given: Any, field):
    with refused("invalid_task") as refusal:
        call("create_task", user.id, None, given)

    assert list(refusal.value.facts["errors"]) == [field]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-12-01", "2026-12-01 00:00:00"),
        ("2026-12-01 09:30", "2026-12-01 09:30:00"),
        ("2026-12-01T09:30:00", "2026-12-01 09:30:00"),
        ("2026-12-01 09:30:00.4", "2026-12-01 09:30:00"),
    ],
)
def test_a_due_time_may_be_written_in_several_forms(call, user, given, kept):
    (task,) = call("create_task", user.id, None, {"title": "t", "due_at": given})

    assert str(task["due_at"]) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-12-01T09:30:00Z", "2026-12-01 09:30:00"),
        ("2026-12-01T09:30:00+02:00", "2026-12-01 07:30:00"),
        ("20261201093000", None),
        ("2026-12-01 25:00:00", None),
        ("2026-12-01 09:30:00 or so", None),
    ],
)
def test_a_due_time_is_kept_right_or_refused_but_never_lost(call, user, refused, given, kept):
    asked = ("create_task", user.id, None, {"title": "t", "due_at": given})

    if kept is None:
        with refused("invalid_task"):
            call(*asked)
    else:
        assert str(call(*asked)[0]["due_at"]) == kept


def test_tags_that_differ_in_case_or_accents_are_one(call, user):
    (task,) = call(
        "create_task", user.id, None, {"title": "t", "tags": ["Urgent", "urgent", "ürgent", "late"]}
    )

    assert len(json.loads(task["tags"])) == 2


def test_a_task_may_wait_for_several(call, user, tasks, violations):
    old = tasks("one", "two", "three")

    (task,) = call("create_task", user.id, None, {"title": "four", "depends_on": old})

    assert sorted(json.loads(task["depends_on"])) == old
    assert task["waiting_for"] == 3
    assert violations() == {}


def test_a_refused_prerequisite_takes_the_task_along(call, user, tasks, refused, revision):
    (one,) = tasks("one")
    before = revision()

    with refused("task_not_found") as refusal:
        call("create_task", user.id, None, {"title": "t", "tags": ["red"], "depends_on": [one, 999999999999]})

    assert refusal.value.facts["task_id"] == 999999999999
    assert revision() == before


def test_a_prerequisite_in_somebody_elses_workspace_does_not_exist(call, user, new_user, refused):
    stranger = new_user()
    (theirs,) = call("create_task", stranger.id, None, {"title": "theirs"})

    with refused("task_not_found"):
        call("create_task", user.id, None, {"title": "mine", "depends_on": [theirs["task_id"]]})


def test_a_prerequisite_in_another_own_workspace_is_told_apart(call, team, refused):
    (here,) = call("create_task", team.owner.id, None, {"title": "here"})

    with refused("dependency_across_workspaces"):
        call("create_task", team.owner.id, team.workspace_id, {"title": "t", "depends_on": [here["task_id"]]})


def test_a_completed_task_cannot_be_made_to_wait_for_an_open_one(call, user, tasks, refused, violations):
    (one,) = tasks("one")

    with refused("task_blocked") as refusal:
        call("create_task", user.id, None, {"title": "t", "status": "completed", "depends_on": [one]})

    assert [one["task_id"] for one in refusal.value.facts["open_prerequisites"]] == [one]
    assert violations() == {}


def test_a_completed_task_may_wait_for_a_closed_one(call, user, tasks):
    (one,) = tasks("one")
    call("cancel_task", user.id, one)

    (task,) = call("create_task", user.id, None, {"title": "t", "status": "completed", "depends_on": [one]})

    assert (task["readiness"], task["waiting_for"]) == ("closed", 0)
    assert task["completed_at"] == task["created_at"]


def test_a_key_is_taken_once_in_a_workspace_and_its_case_counts(call, team, refused):
    call("create_task", team.owner.id, team.workspace_id, {"title": "t", "task_key": "OPS-1"})
    call("create_task", team.owner.id, team.workspace_id, {"title": "t", "task_key": "ops-1"})
    call("create_task", team.owner.id, None, {"title": "t", "task_key": "OPS-1"})

    with refused("task_key_taken") as refusal:
        call("create_task", team.member.id, team.workspace_id, {"title": "t", "task_key": "OPS-1"})

    assert refusal.value.facts["task_key"] == "OPS-1"


def test_the_assignee_belongs_to_the_workspace(call, team, new_user, refused):
    stranger = new_user()
    call("create_task", team.member.id, team.workspace_id, {"title": "t", "assignee_id": team.viewer.id})

    with refused("member_not_found"):
        call("create_task", team.member.id, team.workspace_id, {"title": "t", "assignee_id": stranger.id})


def test_each_part_of_a_new_task_is_a_change_of_its_own(call, user, tasks, log, revision):
    (one,) = tasks("one")
    before = revision()

    (task,) = call("create_task", user.id, None, {"title": "t", "tags": ["a", "b"], "depends_on": [one]})

    lines = log(before)
    assert [(line["entity"], line["action"]) for line in lines] == [
        ("task", "insert"),
        ("tag", "insert"),
        ("tag", "insert"),
        ("dependency", "insert"),
    ]
    assert [line["revision"] for line in lines] == list(range(before + 1, before + 5))
    assert {line["actor_id"] for line in lines} == {user.id}
    assert task["revision"] == before + 4
    assert json.loads(lines[0]["new_row"])["title"] == "t"
    assert (lines[3]["task_id"], lines[3]["depends_on_id"]) == (task["task_id"], one)
