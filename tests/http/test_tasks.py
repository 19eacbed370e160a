"""/api/v1/tasks and /api/v1/tasks/{id}: what is to be done."""

from typing import Any

import pytest

from tests.http.conftest import Api, problem

TASKS = "/api/v1/tasks/"


async def test_a_task_is_created_with_its_tags_and_dependencies(api: Api) -> None:
    design = await api.task("design")

    response = await api.post(
        TASKS,
        json={
            "title": "  build  ",
            "description": "all of it",
            "status": "pending",
            "priority": "high",
            "tags": ["urgent", "backend"],
            "depends_on": [design],
            "estimate_minutes": 90,
            "due_at": "2030-01-31T18:00:00+01:00",
        },
    )

    task = await response.json()
    assert response.status == 201
    assert (task["title"], task["description"], task["status"]) == ("build", "all of it", "pending")
    assert sorted(task["tags"]) == ["backend", "urgent"]
    assert (task["depends_on"], task["readiness"], task["waiting_for"]) == ([design], "blocked", 1)
    assert (task["due_at"], task["estimate_minutes"]) == ("2030-01-31T17:00:00Z", 90)
    assert (task["workspace_id"], task["created_by"]) == (api.user["workspace_id"], api.user["id"])
    assert await (await api.get(f"{TASKS}{task['id']}")).json() == task


async def test_a_task_needs_only_a_title(api: Api) -> None:
    response = await api.post(TASKS, json={"title": "think"})

    task = await response.json()
    assert (task["status"], task["priority"], task["readiness"]) == ("pending", "medium", "ready")
    assert (task["tags"], task["depends_on"], task["due_at"]) == ([], [], None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 201),
        ("title", "two\nlines"),
        ("title", "nul\0byte"),
        ("title", 5),
        ("title", None),
        ("title", ["a"]),
        ("description", "x" * 16_001),
        ("description", "nul\0byte"),
        ("status", "done"),
        ("priority", "HIGH"),
        ("priority", 1),
        ("assignee_id", 0),
        ("assignee_id", "1"),
        ("assignee_id", True),
        ("assignee_id", 2**63),
        ("assignee_id", 2**64),
        ("estimate_minutes", -1),
        ("estimate_minutes", 1.5),
        ("estimate_minutes", 5_256_001),
        ("due_at", "tomorrow"),
        ("due_at", 1_900_000_000),
        ("due_at", "0001-01-01T00:00:00+10:00"),
        ("tags", "urgent"),
        ("tags", ["same", "same"]),
        ("tags", [f"tag-{number}" for number in range(51)]),
        ("depends_on", [1, 1]),
        ("depends_on", {"id": 1}),
        ("depends_on", list(range(1, 1002))),
        ("task_key", "#12"),
        ("colour", "red"),
        ("id", 7),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_wrong_field_is_named(api: Api, field: str, value: object) -> None:
    response = await api.post(TASKS, json={"title": "a task", field: value})

    document = await problem(response, 422, "invalid_request")
    assert list(document["errors"]) == [field]


async def test_every_wrong_field_is_named_at_once(api: Api) -> None:
    response = await api.post(TASKS, json={"priority": "huge", "tags": ["fine", "", "two\nlines"], "more": 1})

    document = await problem(response, 422, "invalid_request")
    assert sorted(document["errors"]) == ["more", "priority", "tags.1", "tags.2", "title"]


@pytest.mark.parametrize(
    "text",
    ["x" * 200, "🦊" * 200, "Ünïcödé", "'; DROP TABLE task; --", "100 % \\ 'q' \"d\" %s"],
    ids=lambda t: t[:9],
)
async def test_any_text_comes_back_as_it_was_sent(api: Api, text: str) -> None:
    task = await api.task(text, description=f"{text}\n\ttwo lines", tags=[text[:64]])

    shown = await (await api.get(f"{TASKS}{task}")).json()

    assert (shown["title"], shown["description"]) == (text, f"{text}\n\ttwo lines")
    assert shown["tags"] == [text[:64]]


async def test_the_largest_description_fits(api: Api) -> None:
    task = await api.task(description="🦊" * 16_000)

    assert (await (await api.get(f"{TASKS}{task}")).json())["description"] == "🦊" * 16_000


async def test_patch_changes_what_it_names_and_nothing_else(api: Api) -> None:
    design = await api.task("design")
    task = await api.task("build", tags=["backend"], depends_on=[design], estimate_minutes=5)

    response = await api.patch(f"{TASKS}{task}", json={"priority": "urgent", "estimate_minutes": None})

    changed = await response.json()
    assert response.status == 200
    assert (changed["priority"], changed["estimate_minutes"]) == ("urgent", None)
    assert (changed["title"], changed["tags"], changed["depends_on"]) == ("build", ["backend"], [design])


async def test_put_gives_back_their_defaults_to_what_it_does_not_name(api: Api) -> None:
    design = await api.task("design")
    task = await api.task("build", tags=["backend"], depends_on=[design], priority="high", description="long")

    response = await api.put(f"{TASKS}{task}", json={"title": "build it"})

    changed = await response.json()
    assert (changed["title"], changed["priority"], changed["description"]) == ("build it", "medium", "")
    assert (changed["tags"], changed["depends_on"], changed["readiness"]) == ([], [], "ready")


@pytest.mark.parametrize(
    ("method", "body"), [("PUT", {"priority": "low"}), ("PATCH", {}), ("PATCH", {"version": 1})]
)
async def test_a_change_must_say_something(api: Api, method: str, body: dict[str, Any]) -> None:
    task = await api.task()

    response = await api.request(method, f"{TASKS}{task}", json=body)

    await problem(response, 422, "invalid_request")


async def test_a_change_of_an_older_version_is_refused(api: Api) -> None:
    task = await api.task()
    version = (await (await api.patch(f"{TASKS}{task}", json={"title": "first"})).json())["version"]
    await api.patch(f"{TASKS}{task}", json={"title": "second", "version": version})

    response = await api.patch(f"{TASKS}{task}", json={"title": "late", "version": version})

    document = await problem(response, 409, "version_mismatch")
    assert document["version"] == version + 1
    assert (await (await api.get(f"{TASKS}{task}")).json())["title"] == "second"


async def test_a_blocked_task_is_not_completed_and_the_answer_says_what_it_waits_for(api: Api) -> None:
    design = await api.task("design")
    build = await api.task("build", depends_on=[design])

    response = await api.patch(f"{TASKS}{build}", json={"status": "completed"})

    document = await problem(response, 409, "task_blocked")
    assert str(design) in str(document["open_prerequisites"])


async def test_completing_the_prerequisite_unblocks_the_task(api: Api) -> None:
    design = await api.task("design")
    build = await api.task("build", depends_on=[design])

    await api.patch(f"{TASKS}{design}", json={"status": "completed"})

    shown = await (await api.get(f"{TASKS}{build}")).json()
    assert (shown["readiness"], shown["waiting_for"]) == ("ready", 0)


async def test_reopening_below_completed_tasks_needs_cascade(api: Api) -> None:
    design = await api.task("design", status="completed")
    build = await api.task("build", depends_on=[design], status="completed")

    refused = await api.patch(f"{TASKS}{design}", json={"status": "pending"})
    cascaded = await api.patch(f"{TASKS}{design}?cascade=true", json={"status": "pending"})

    await problem(refused, 409, "dependents_completed")
    assert cascaded.status == 200
    assert (await (await api.get(f"{TASKS}{build}")).json())["status"] != "completed"


async def test_a_deleted_task_is_gone(api: Api) -> None:
    task = await api.task()

    response = await api.delete(f"{TASKS}{task}")

    assert (response.status, (await response.json())["id"]) == (200, task)
    await problem(await api.get(f"{TASKS}{task}"), 404, "task_not_found")
    await problem(await api.delete(f"{TASKS}{task}"), 404, "task_not_found")


async def test_a_task_that_others_wait_for_is_deleted_only_by_splicing(api: Api) -> None:
    design = await api.task("design")
    build = await api.task("build", depends_on=[design])
    ship = await api.task("ship", depends_on=[build])

    refused = await api.delete(f"{TASKS}{build}")
    spliced = await api.delete(f"{TASKS}{build}?mode=splice")

    await problem(refused, 409, "task_has_dependents")
    assert spliced.status == 200
    assert (await (await api.get(f"{TASKS}{ship}")).json())["depends_on"] == [design]


@pytest.mark.parametrize("identifier", ["0", str(2**63), "9" * 40])
async def test_an_impossible_id_is_a_wrong_field(api: Api, identifier: str) -> None:
    await problem(await api.get(f"{TASKS}{identifier}"), 422, "invalid_request")


async def test_a_prerequisite_that_is_not_there_is_refused_and_nothing_is_created(api: Api) -> None:
    response = await api.post(TASKS, json={"title": "lonely", "depends_on": [2**62]})

    await problem(response, 404, "task_not_found")
    assert (await (await api.get(TASKS)).json())["items"] == []
