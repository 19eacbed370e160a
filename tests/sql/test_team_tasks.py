"""Tasks that are assigned to a team instead of a user."""

import json
from typing import Any

import pytest

from service.database.calls import call_for_all
from tests.graphs import import_lines, lines
from tests.servers import run
from tests.sql.conftest import Company


@pytest.fixture
def writers(call: Any, company: Company) -> int:
    """The team, with the member in it and a role in the workspace; and a guest of the workspace."""
    call("add_team_member", company.owner.id, company.team, company.member.name)
    call("set_team_role", company.owner.id, company.workspace, company.team, "member")
    call("set_member", company.owner.id, company.workspace, company.guest.name, "member")
    return company.team


@pytest.fixture
def service(database: Any) -> Any:
    with database.service() as connection:
        yield connection


@pytest.fixture
def new(call: Any, company: Company) -> Any:
    """Make a task in the workspace of the company: `new("title", status="completed")` gives its row."""

    def make(title: str = "t", **fields: Any) -> dict[str, Any]:
        (row,) = call("create_task", company.owner.id, company.workspace, {"title": title, **fields})
        return dict(row)

    return make


@pytest.fixture
def whose(call: Any, company: Company) -> Any:
    """The user and the team that a task is assigned to."""

    def read(task: int) -> tuple[int | None, int | None]:
        (row,) = call("get_task", company.owner.id, task)
        return row["assignee_id"], row["assignee_team_id"]

    return read


def test_a_user_takes_the_place_of_a_team_and_the_other_way_round(
    call: Any, company: Company, writers: int, new: Any, whose: Any, refused: Any
) -> None:
    task, guest = new(assignee_team_id=writers)["task_id"], company.guest.id
    seen = [whose(task)]

    for change in (
        {"assignee_id": guest},
        {"title": "another"},
        {"assignee_team_id": None},
        {"assignee_team_id": writers},
        {"assignee_id": None},
        {"assignee_id": guest, "assignee_team_id": None},
        {"assignee_id": None, "assignee_team_id": writers},
        {"assignee_team_id": None},
    ):
        call("update_task", company.owner.id, task, change, None, False)
        seen.append(whose(task))
    both = {"assignee_id": guest, "assignee_team_id": writers}
    with refused("invalid_task"):
        call("update_task", company.owner.id, task, both, None, False)
    with refused("invalid_task"):
        new(**both)

    team, person, nobody = (None, writers), (guest, None), (None, None)
    assert seen == [team, person, person, person, team, team, person, team, nobody]


def test_only_a_team_that_has_a_role_in_the_workspace_is_assigned_a_task(
    call: Any, company: Company, new: Any, new_user: Any, whose: Any, refused: Any
) -> None:
    other = new_user()
    elsewhere = call("create_organization", other.id, "Elsewhere")[0]["organization_id"]
    theirs = call("create_team", other.id, elsewhere, "Writers")[0]["team_id"]
    task = new()["task_id"]

    for team in (company.team, theirs, 2**62):
        with refused("team_not_found"):
            new(assignee_team_id=team)
        with refused("team_not_found"):
            call("update_task", company.owner.id, task, {"assignee_team_id": team}, None, False)
    with refused("team_not_found"):
        call("create_task", company.owner.id, None, {"title": "alone", "assignee_team_id": company.team})
    call("set_team_role", company.owner.id, company.workspace, company.team, "viewer")

    call("update_task", company.owner.id, task, {"assignee_team_id": company.team}, None, False)

    assert whose(task) == (None, company.team)


def test_a_team_without_a_role_keeps_its_tasks_but_gets_no_more(
    call: Any, company: Company, writers: int, new: Any, whose: Any, refused: Any, violations: Any
) -> None:
    task = new(assignee_team_id=writers)["task_id"]

    call("remove_team_role", company.owner.id, company.workspace, writers)
    call("update_task", company.owner.id, task, {"title": "another", "priority": "high"}, None, False)

    assert whose(task) == (None, writers)
    assert violations(company.workspace) == {}
    with refused("team_not_found"):
        new(assignee_team_id=writers)


def test_a_team_with_open_tasks_stays_and_closed_ones_let_it_go(
    call: Any, company: Company, writers: int, new: Any, whose: Any, log: Any, refused: Any, owner: Any
) -> None:
    (second,) = call("create_organization_workspace", company.owner.id, company.organization, "Shop")
    call("set_team_role", company.owner.id, second["workspace_id"], writers, "viewer")
    (there,) = call(
        "create_task",
        company.owner.id,
        second["workspace_id"],
        {"title": "there", "status": "completed", "assignee_team_id": writers},
    )
    task = new("open", assignee_team_id=writers)["task_id"]
    call("remove_team_role", company.owner.id, company.workspace, writers)

    with refused("team_in_use") as refusal:
        call("delete_team", company.owner.id, writers)
    run(owner, "SET foreign_key_checks = 0")
    with refused("team_in_use"):
        run(owner, "DELETE FROM team WHERE id = %s", writers)
    run(owner, "SET foreign_key_checks = 1")
    call("complete_task", company.owner.id, task)
    call("delete_team", company.admin.id, writers)

    assert refusal.value.facts == {
        "team_id": writers,
        "count": 1,
        "tasks": [{"task_id": task, "workspace_id": company.workspace, "title": "open"}],
    }
    assert whose(task) == whose(there["task_id"]) == (None, None)
    line = log(0, second["workspace_id"])[-2]
    assert (line["entity"], line["action"], line["actor_id"]) == ("task", "update", company.admin.id)
    assert json.loads(line["old_row"])["assignee_team_id"] == writers
    assert json.loads(line["new_row"])["assignee_team_id"] is None


def test_raw_sql_keeps_the_same_rule(
    company: Company, writers: int, new: Any, owner: Any, refused: Any, violations: Any
) -> None:
    task = new(assignee_team_id=writers)["task_id"]

    for code, statement in (
        ("invalid_task", "UPDATE task SET assignee_id = {guest} WHERE id = {task}"),
        ("team_not_found", "UPDATE task SET assignee_team_id = 4611686018427387904 WHERE id = {task}"),
        (
            "team_not_found",
            "UPDATE task SET workspace_id = workspace_id, assignee_team_id = 0 WHERE id = {task}",
        ),
        (
            "team_not_found",
            "INSERT INTO task (workspace_id, title, description, assignee_team_id) VALUES ({alone}, 't', '', {team})",
        ),
        (
            "invalid_task",
            "INSERT INTO task (workspace_id, title, description, assignee_id, assignee_team_id) VALUES ({workspace}, 't', '', {guest}, {team})",
        ),
    ):
        values = {
            "task": task,
            "team": writers,
            "guest": company.guest.id,
            "workspace": company.workspace,
            "alone": company.owner.workspace_id,
        }
        run(owner, "SET foreign_key_checks = 0")
        with refused(code):
            run(owner, statement.format(**values))
    assert violations(company.workspace) == {}


def test_whoever_is_in_the_team_claims_its_tasks_and_gives_them_back_to_it(
    call: Any, company: Company, writers: int, new: Any, whose: Any
) -> None:
    task = new(assignee_team_id=writers)["task_id"]

    def claim(who: int, assignee: str) -> Any:
        rows = call("claim_next_task", who, company.workspace, {"assignee": assignee}, 600)
        return rows[0] if rows else None

    unfit = [
        (company.guest.id, "available"),
        (company.guest.id, "mine"),
        (company.guest.id, "unassigned"),
        (company.member.id, "unassigned"),
    ]
    assert [claim(*one) for one in unfit] == [None] * 4
    for who, assignee in ((company.member, "available"), (company.member, "mine"), (company.guest, "any")):
        held = claim(who.id, assignee)
        assert (held["task_id"], held["assignee_id"], held["assignee_team_id"]) == (task, who.id, None)
        call("release_claim", who.id, task, held["fence"])
        assert whose(task) == (None, writers)


def test_a_claim_that_expires_gives_back_to_the_team_if_it_still_has_a_role(
    call: Any, company: Company, writers: int, new: Any, whose: Any, owner: Any
) -> None:
    tasks = [new(assignee_team_id=writers)["task_id"] for _ in range(3)]
    expire = "UPDATE claim SET lease_expires_at = claimed_at WHERE workspace_id = %s"

    for _ in tasks:
        call("claim_next_task", company.guest.id, company.workspace, {"assignee": "any"}, 600)
    run(owner, expire, company.workspace)
    call("release_expired_claims", company.owner.id, company.workspace)
    assert [whose(task) for task in tasks] == [(None, writers)] * 3
    held = [
        call("claim_next_task", company.guest.id, company.workspace, {"assignee": "any"}, 600)[0]
        for _ in tasks[1:]
    ]
    call("remove_team_role", company.owner.id, company.workspace, writers)
    call("release_claim", company.guest.id, held[0]["task_id"], held[0]["fence"])
    run(owner, expire, company.workspace)
    call("release_expired_claims", company.owner.id, company.workspace)

    assert [whose(task) for task in tasks] == [(None, None), (None, None), (None, writers)]


def test_many_changes_at_once_know_teams(
    call: Any, company: Company, writers: int, whose: Any, refused: Any, violations: Any
) -> None:
    create = {"op": "create", "title": "t"}
    good = [
        create | {"assignee_team_id": writers},
        create,
        create | {"assignee_id": company.guest.id},
        {"op": "update", "task": "#2", "assignee_team_id": writers},
    ]
    bad = [
        create | {"assignee_team_id": writers, "assignee_id": company.guest.id},
        create | {"assignee_team_id": 2**62},
        create,
        {"op": "update", "task": "#2", "assignee_team_id": 2**62},
    ]

    (report,) = call("apply_changes", company.owner.id, company.workspace, good, "apply", None)
    with refused("changes_refused") as refusal:
        call("apply_changes", company.owner.id, company.workspace, bad, "apply", None)

    made = [one["task_id"] for one in json.loads(report["created"])]
    assert [whose(task) for task in made] == [(None, writers), (None, None), (None, writers)]
    told = [(one["index"], one["code"]) for one in refusal.value.facts["refused"]]
    assert told == [(0, "invalid_task"), (1, "team_not_found"), (3, "team_not_found")]
    assert violations(company.workspace) == {}


def test_teams_are_imported_and_exported_by_name(
    call: Any, service: Any, company: Company, writers: int, refused: Any
) -> None:
    owner, workspace = company.owner, company.workspace
    call("create_team", owner.id, company.organization, "Mute")
    good = lines({"key": "a", "team": "WRITERS"}, {"key": "b", "assignee": owner.name}, {"key": "c"})
    bad = lines(
        {"key": "d", "team": "Writers", "assignee": owner.name},
        {"key": "e", "team": "Mute"},
        {"key": "f", "team": "Writers"},
        {"key": "g", "team": "nobody"},
    )

    import_lines(service, owner.id, good, workspace_id=workspace)
    with refused("import_refused") as refusal:
        import_lines(service, owner.id, bad, workspace_id=workspace)

    rows = call("export_tasks", owner.id, workspace, None, None)
    assert [(row["key"], row["assignee"], row["team"]) for row in rows] == [
        ("a", None, "Writers"),
        ("b", owner.name, None),
        ("c", None, None),
    ]
    assert [(one["line"], one["code"]) for one in refusal.value.facts["errors"]] == [
        (1, "invalid_task"),
        (2, "team_not_found"),
        (4, "team_not_found"),
    ]


def test_the_tasks_of_a_team_are_found(
    call: Any, company: Company, writers: int, new: Any, refused: Any
) -> None:
    call("create_team", company.owner.id, company.organization, "Mute")
    theirs, hers, nobodys = (
        new(**fields)["task_id"]
        for fields in ({"assignee_team_id": writers}, {"assignee_id": company.guest.id}, {})
    )

    def found(query: Any) -> list[int]:
        line, wanted = (query, None) if isinstance(query, str) else (None, query)
        rows = call("list_tasks", company.guest.id, company.workspace, wanted, line, "id", None, 0, 10)
        return [row["task_id"] for row in rows]

    for query in ("team:writers", f"team:{writers}", "has:team", {"team": "Writers"}, {"team": writers}):
        assert found(query) == [theirs], query
    for query in ("team:none", {"team": None}, "-has:team", {"not": {"team": writers}}):
        assert found(query) == [hers, nobodys], query
    assert found("assignee:none team:none") == [nobodys]
    # Which teams there are besides is nothing to a guest.
    for name in ("Mute", "nobody"):
        with refused("invalid_request"):
            found(f"team:{name}")


def test_questions_name_the_team(
    call: Any, service: Any, company: Company, writers: int, new: Any, log: Any
) -> None:
    first = new("first", assignee_team_id=writers)["task_id"]
    second = new("second", assignee_team_id=writers, depends_on=[first])["task_id"]
    last = log(0, company.workspace)[-1]["revision"]

    call("update_task", company.owner.id, first, {"assignee_team_id": None}, None, False)
    call(
        "update_task", company.owner.id, first, {"assignee_team_id": writers, "priority": "high"}, None, False
    )
    call("update_task", company.owner.id, second, {"assignee_id": company.guest.id}, None, False)

    (cause,) = call("explain_blocked", company.owner.id, second)
    assert (cause["assignee_id"], cause["assignee_team_id"], cause["team"]) == (None, writers, "Writers")
    call("update_task", company.owner.id, second, {"assignee_team_id": writers}, None, False)
    freed, counted = call_for_all(service, "get_impact", company.owner.id, first)
    assert [(row["task_id"], row["assignee_team_id"]) for row in freed] == [(second, writers)]
    assert [(row["assignee"], row["team"], row["tasks"]) for row in counted] == [(None, "Writers", 1)]
    (changed,) = call("get_workspace_diff", company.owner.id, company.workspace, last, None, 0, 10)
    assert json.loads(changed["new_row"]) == {"priority": "high"}
