"""ETag, If-None-Match and If-Match: what has not changed is not sent again, and nobody overwrites what they never saw."""

import pytest

from service.http.entity_tag import accepts_gzip, expected_version, names
from service.routes import ROUTES
from tests.http.conftest import Api, problem

TASKS = "/api/v1/tasks/"


async def test_what_a_client_has_already_is_not_sent_again(api: Api) -> None:
    task = await api.task()
    for path in (f"{TASKS}{task}", TASKS, f"{TASKS}{task}/tree", f"{TASKS}ready"):
        first = await api.get(path)
        tag = first.headers["ETag"]

        second = await api.get(path, headers={"If-None-Match": tag})
        weak = await api.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        other = await api.get(path, headers={"If-None-Match": '"other"'})

        assert first.headers["Cache-Control"] == "private, no-cache"
        assert [answer.status for answer in (first, second, weak, other)] == [200, 304, 304, 200]
        assert (second.headers["ETag"], await second.read()) == (tag, b"")


async def test_a_change_gives_a_new_tag_and_the_old_one_is_answered_in_full(api: Api) -> None:
    task = await api.task("old")
    tag = (await api.get(f"{TASKS}{task}")).headers["ETag"]
    await api.patch(f"{TASKS}{task}", json={"title": "new"})

    response = await api.get(f"{TASKS}{task}", headers={"If-None-Match": tag})

    assert (response.status, (await response.json())["title"]) == (200, "new")
    assert response.headers["ETag"] != tag


async def test_a_tag_names_the_revision_of_the_workspace_and_the_version_of_the_task(api: Api) -> None:
    task = await api.task()

    shown = await api.get(f"{TASKS}{task}")
    listed = await api.get(TASKS)

    told = await shown.json()
    state = f".{told['workspace_id']}.{told['revision']}"
    assert shown.headers["ETag"].endswith(f'{state}-{task}v{told["version"]}"')
    assert listed.headers["ETag"].endswith(f'{state}"')


async def test_who_changes_a_task_that_another_changed_first_is_told_its_version(api: Api) -> None:
    task = await api.task("0")
    tag = (await api.get(f"{TASKS}{task}")).headers["ETag"]
    first = await api.patch(f"{TASKS}{task}", json={"title": "1"}, headers={"If-Match": tag})

    second = await api.patch(f"{TASKS}{task}", json={"title": "2"}, headers={"If-Match": tag})
    third = await api.put(f"{TASKS}{task}", json={"title": "2"}, headers={"If-Match": first.headers["ETag"]})

    assert (first.status, third.status) == (200, 200)
    told = await problem(second, 412, "precondition_failed")
    assert told["version"] == (await first.json())["version"]


async def test_who_deletes_a_task_that_another_changed_first_is_told_its_version(api: Api) -> None:
    task = await api.task("0")
    tag = (await api.get(f"{TASKS}{task}")).headers["ETag"]
    changed = await api.patch(f"{TASKS}{task}", json={"title": "1"})

    late = await api.delete(f"{TASKS}{task}", headers={"If-Match": tag})
    after = await api.delete(f"{TASKS}{task}", headers={"If-Match": changed.headers["ETag"]})

    assert (await problem(late, 412, "precondition_failed"))["version"] == (await changed.json())["version"]
    assert after.status == 200


async def test_a_change_elsewhere_in_the_workspace_does_not_stop_a_write(api: Api) -> None:
    task = await api.task()
    tag = (await api.get(f"{TASKS}{task}")).headers["ETag"]
    await api.task("another")

    response = await api.patch(f"{TASKS}{task}", json={"title": "new"}, headers={"If-Match": tag})

    assert response.status == 200


@pytest.mark.parametrize("tag", ['"made.up"', '"a.1.1-1v1"', '""'])
async def test_a_tag_of_something_else_never_matches(api: Api, tag: str) -> None:
    task = await api.task()

    response = await api.patch(f"{TASKS}{task}", json={"title": "new"}, headers={"If-Match": tag})

    await problem(response, 412, "precondition_failed")


async def test_a_version_in_the_body_and_one_in_the_header_must_be_the_same(api: Api) -> None:
    task = await api.task()
    shown = await api.get(f"{TASKS}{task}")
    headers, version = {"If-Match": shown.headers["ETag"]}, (await shown.json())["version"]

    differing = await api.patch(
        f"{TASKS}{task}", json={"title": "a", "version": version + 1}, headers=headers
    )
    same = await api.patch(f"{TASKS}{task}", json={"title": "a", "version": version}, headers=headers)

    await problem(differing, 412, "precondition_failed")
    assert same.status == 200


async def test_a_large_answer_is_sent_compressed_to_those_who_read_that(api: Api) -> None:
    for number in range(20):
        await api.task(f"task {number}", description="word " * 50)

    bodies: list[bytes] = []
    for coding in ("gzip", "identity"):
        for _ in range(2):
            response = await api.get(TASKS, headers={"Accept-Encoding": coding})
            assert response.headers.get("Content-Encoding", "identity") == coding
            assert response.headers["ETag"].endswith('-gzip"') == (coding == "gzip")
            assert response.headers["Vary"] == "Accept, Accept-Encoding"
            bodies.append(await response.read())

    assert len(set(bodies)) == 1


@pytest.mark.parametrize(
    ("accepted", "is_read"),
    [
        ("gzip", True),
        ("deflate, gzip;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0, br", False),
        ("identity;q=1, gzip; q=0.000", False),
        ("notgzip", False),
        ("identity, *;q=1, gzip;q=0", False),
        ("*;q=0, gzip", True),
    ],
)
def test_gzip_is_for_those_who_say_that_they_read_it(accepted: str, is_read: bool) -> None:
    assert accepts_gzip(accepted) == is_read


def test_tags_are_compared_whole() -> None:
    assert names('"a.1.2"', "a.1.2")
    assert names('"a.1.2-gzip"', "a.1.2")
    assert names("*", "a.1.2")
    assert not names('"a.1.2-3v4"', "a.1.2")
    assert not names("a.1.2", "a.1.2")
    assert expected_version('"a.1.2-3v4"', 3) == expected_version('"a.1.2-3v4-gzip"', 3) == 4
    assert expected_version('"a.1.2-3v4"', 33) == 0
    assert expected_version("*", 3) is None


def test_every_read_says_what_its_answer_follows() -> None:
    for route in ROUTES:
        assert bool(route.follows) == (route.method == "GET" and not route.public), route.path
        assert (
            route.follows != "revision"
            or "{task_id" in route.path
            or "workspace_id" in route.path + str(route.query().fields)
        )
