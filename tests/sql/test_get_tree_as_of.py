"""A tree as it was: deleted tasks are there again, by revision or by time."""

from datetime import timedelta

import pytest

from tests.servers import run


@pytest.fixture
def tree(call, user):
    """The ids of a tree, root first: `tree(task, 7)`, or `tree(task, time=...)`."""

    def read(task, revision=None, direction="upstream", depth=None, time=None):
        rows = call("get_tree_as_of", user.id, task, direction, depth, revision, time)
        return [row["task_id"] for row in rows]

    return read


@pytest.fixture
def changed_at(owner, user):
    """When a change was made."""

    def read(number):
        (row,) = run(
            owner,
            "SELECT changed_at FROM change_log WHERE workspace_id = %s AND revision = %s",
            user.workspace_id,
            number,
        )
        return row["changed_at"]

    return read


def test_at_the_newest_revision_it_is_the_present_tree(call, user, tasks, wait, revision):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    call("complete_task", user.id, design)

    for task, direction in ((ship, "upstream"), (design, "downstream")):
        past = call("get_tree_as_of", user.id, task, direction, None, revision(), None)
        present = call("get_dependency_tree", user.id, task, direction, None)

        assert past == [row | {"revision": revision()} for row in present]


def test_what_was_deleted_since_is_there_again(call, user, tasks, wait, revision, tree):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)
    before = revision()

    call("delete_task", user.id, build, "splice", None)

    assert tree(ship, before) == [ship, build, design]
    assert tree(build, before) == [build, design]
    assert tree(design, before, "downstream") == [design, build, ship]
    assert tree(ship, revision()) == [ship, design]


def test_titles_words_and_readiness_are_those_of_then(call, user, tasks, wait, revision):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    before = revision()
    call("update_task", user.id, ship, {"title": "sail", "priority": "urgent"}, None, False)
    call("complete_task", user.id, build)

    ((then, _), (now, _)) = (
        call("get_tree_as_of", user.id, ship, "upstream", None, number, None)
        for number in (before, revision())
    )

    assert (then["title"], then["priority"], then["readiness"]) == ("ship", "medium", "blocked")
    assert (now["title"], now["priority"], now["readiness"]) == ("sail", "urgent", "ready")


def test_a_depth_ends_it(tasks, wait, revision, tree):
    ship, build, design = tasks("ship", "build", "design")
    wait(ship, build, design)

    assert tree(ship, revision(), depth=1) == [ship, build]


def test_a_dependency_that_came_and_went_and_came_is_there_while_it_was(
    call, user, tasks, wait, revision, tree
):
    ship, build = tasks("ship", "build")
    seen = []
    for _ in range(2):
        wait(ship, build)
        seen.append(tree(ship, revision()))
        call("remove_dependency", user.id, ship, build)
        seen.append(tree(ship, revision()))

    assert seen == [[ship, build], [ship], [ship, build], [ship]]


def test_a_time_means_the_newest_change_until_then(tasks, wait, revision, tree, changed_at):
    ship, build = tasks("ship", "build")
    before = revision()
    wait(ship, build)
    moment = changed_at(before + 1)

    assert tree(ship, time=moment - timedelta(microseconds=1)) == [ship]
    assert tree(ship, time=moment) == [ship, build]
    assert tree(ship, time=moment + timedelta(days=1)) == [ship, build]


def test_a_time_is_utc_whatever_the_session_thinks(database, user, tasks, wait, revision, changed_at):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    moment = changed_at(revision())

    with database.owner() as connection:
        run(connection, "SET time_zone = '-05:00'")
        rows = run(
            connection, "CALL get_tree_as_of(%s, %s, 'upstream', NULL, NULL, %s)", user.id, ship, moment
        )

    assert [row["task_id"] for row in rows] == [ship, build]


def test_a_clock_that_was_set_back_hides_no_later_change(owner, user, tasks, tree, revision, changed_at):
    (ship,) = tasks("ship")
    before = revision()
    run(owner, "SET timestamp = UNIX_TIMESTAMP() + 3600")
    run(owner, "UPDATE task SET title = 'too early' WHERE id = %s", ship)
    run(owner, "SET timestamp = DEFAULT")
    run(owner, "UPDATE task SET title = 'in time' WHERE id = %s", ship)

    found = [
        run(owner, "CALL get_tree_as_of(%s, %s, 'upstream', NULL, NULL, %s)", user.id, ship, moment)[0]
        for moment in (changed_at(before + 2), changed_at(before + 1))
    ]

    assert changed_at(before + 2) < changed_at(before + 1)
    assert [row["title"] for row in found] == ["in time", "in time"]
    assert {row["revision"] for row in found} == {before + 2}


def test_before_a_task_was_made_it_is_refused(call, user, tasks, revision, tree, refused, changed_at):
    (first,) = tasks("first")
    before = revision()
    (second,) = tasks("second")

    for past in ({"revision": before}, {"revision": 0}, {"time": changed_at(1) - timedelta(days=1)}):
        with refused("task_absent_then") as refusal:
            tree(second, **past)
    assert refusal.value.facts == {"task_id": second, "revision": 0}

    call("delete_task", user.id, first, "refuse", None)
    with refused("task_absent_then"):
        tree(first, revision())


def test_a_revision_that_was_not_come_to_is_refused(tasks, revision, tree, refused):
    (task,) = tasks("ship")

    with refused("revision_unknown"):
        tree(task, revision() + 1)


@pytest.mark.parametrize(
    "wrong", [{}, {"revision": 3, "time": "2030-01-01"}, {"revision": 3, "direction": "up"}]
)
def test_a_question_that_is_not_one_is_refused(tasks, tree, refused, wrong):
    (task,) = tasks("ship")

    with refused("invalid_request"):
        tree(task, **wrong)


def test_a_deleted_task_is_hidden_from_strangers_as_a_present_one_is(
    call, user, tasks, revision, new_user, refused
):
    gone, here = tasks("gone", "here")
    call("delete_task", user.id, gone, "refuse", None)
    stranger = new_user()

    for task in (gone, here, 2**60, None):
        with refused("task_not_found"):
            call("get_tree_as_of", stranger.id, task, "upstream", None, 3, None)


def test_an_analyst_asks_as_the_user_it_is_bound_to(call, user, tasks, revision, person):
    (gone,) = tasks("gone")
    before = revision()
    call("delete_task", user.id, gone, "refuse", None)

    (row,) = person("analyst", user).call("get_tree_as_of", None, gone, "upstream", None, before, None)

    assert row["title"] == "gone"
