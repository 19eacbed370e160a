"""Two sessions, each right alone. Without the locks each race does harm, so the test can see it."""

import threading

from pymysql.err import MySQLError

from service.errors import Refused
from tests.concurrency.conftest import Arena

# Raw, and READ COMMITTED: what the guard of a DELETE or an INSERT reads, the server locks by itself.
STEP_DOWN = "UPDATE membership SET direct_role = 'member' WHERE workspace_id = %s AND user_id = %s"

STEP_DOWN_OF_ALL = (
    "UPDATE organization_member SET role = 'member' WHERE organization_id = %s AND user_id = %s"
)


def owners_of(arena: Arena, organization: int) -> int:
    (row,) = arena.run(
        "SELECT COUNT(*) AS owners FROM organization_member WHERE organization_id = %s AND role = 'owner'",
        organization,
    )
    number: int = row["owners"]
    return number


def test_opposite_dependencies_do_not_close_a_cycle(arena: Arena) -> None:
    user = arena.user()
    chicken, egg = arena.task(user, "chicken"), arena.task(user, "egg")

    first, second = arena.race(
        ("add_dependency", user.id, egg, chicken),
        ("add_dependency", user.id, chicken, egg),
    )

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "dependency_cycle")
        assert arena.violations(user.workspace_id) == {}
    else:
        assert arena.violations(user.workspace_id)["every dependency goes uphill"] == 1


def test_a_longer_cycle_is_not_closed_from_two_sides(arena: Arena) -> None:
    user = arena.user()
    a, b, c, d = (arena.task(user, title) for title in "abcd")
    arena.call("add_dependency", user.id, b, a)
    arena.call("add_dependency", user.id, d, c)

    first, second = arena.race(("add_dependency", user.id, c, b), ("add_dependency", user.id, a, d))

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "dependency_cycle")
        assert arena.violations(user.workspace_id) == {}
    else:
        assert arena.violations(user.workspace_id)["every dependency goes uphill"] > 0


def test_a_task_is_not_completed_while_it_gets_a_prerequisite(arena: Arena) -> None:
    user = arena.user()
    design, build = arena.task(user, "design"), arena.task(user, "build")

    first, second = arena.race(("add_dependency", user.id, build, design), ("complete_task", user.id, build))

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "task_blocked")
        assert arena.violations(user.workspace_id) == {}
    else:
        assert arena.violations(user.workspace_id)["no completed task waits for an open one"] == 1


def test_a_task_gets_no_open_prerequisite_while_it_is_completed(arena: Arena) -> None:
    user = arena.user()
    design, build = arena.task(user, "design"), arena.task(user, "build")

    first, second = arena.race(("complete_task", user.id, build), ("add_dependency", user.id, build, design))

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "task_blocked")
        assert arena.violations(user.workspace_id) == {}
    else:
        assert arena.violations(user.workspace_id)["no completed task waits for an open one"] == 1


def test_a_prerequisite_is_not_opened_again_while_its_dependent_is_completed(arena: Arena) -> None:
    user = arena.user()
    design = arena.task(user, "design", status="completed")
    build = arena.task(user, "build", depends_on=[design])

    first, second = arena.race(("complete_task", user.id, build), ("reopen_task", user.id, design, False))

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "dependents_completed")
        assert arena.violations(user.workspace_id) == {}
    else:
        assert arena.violations(user.workspace_id)["no completed task waits for an open one"] == 1


def test_the_last_two_owners_do_not_both_step_down(arena: Arena) -> None:
    one, two = arena.user(), arena.user()
    (workspace,) = arena.call("create_workspace", one.id, "shared")
    number = workspace["workspace_id"]
    arena.call("set_member", one.id, number, two.name, "owner")

    first, second = arena.race(
        (STEP_DOWN, number, one.id),
        (STEP_DOWN, number, two.id),
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    )

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "last_owner")
        assert arena.violations(number) == {}
    else:
        assert arena.violations(number)["the workspace exists and has an owner"] == 1


def test_the_last_two_owners_of_an_organization_do_not_both_step_down(arena: Arena) -> None:
    one, two = arena.user(), arena.user()
    (organization,) = arena.call("create_organization", one.id, "Example")
    number = organization["organization_id"]
    arena.call("set_organization_member", one.id, number, two.name, "owner")

    first, second = arena.race(
        (STEP_DOWN_OF_ALL, number, one.id),
        (STEP_DOWN_OF_ALL, number, two.id),
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    )

    owners = owners_of(arena, number)
    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "last_owner")
        assert owners == 1
    else:
        assert owners == 0


def test_an_owner_does_not_leave_while_the_other_is_made_an_admin(arena: Arena) -> None:
    one, two = arena.user(), arena.user()
    number = arena.call("create_organization", one.id, "Example")[0]["organization_id"]
    arena.call("set_organization_member", one.id, number, two.name, "owner")

    first, second = arena.race(
        ("set_organization_member", two.id, number, one.name, "admin"),
        ("remove_organization_member", two.id, number, two.name),
    )

    # What the guard of a DELETE reads, the server locks by itself: this holds without our lock, too.
    assert owners_of(arena, number) == 1
    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "last_owner")


def test_a_role_through_a_team_is_not_lost_while_the_team_gets_it(arena: Arena) -> None:
    owner, user = arena.user(), arena.user()
    number = arena.call("create_organization", owner.id, "Example")[0]["organization_id"]
    workspace = arena.call("create_organization_workspace", owner.id, number, "shared")[0]["workspace_id"]
    arena.call("set_organization_member", owner.id, number, user.name, "member")
    team = arena.call("create_team", owner.id, number, "Writers")[0]["team_id"]
    arena.call("set_member", owner.id, workspace, user.name, "viewer")

    # Held while it changes the role of the user in the workspace.
    first, second = arena.race(
        ("set_member", owner.id, workspace, user.name, "member"),
        ("add_team_member", owner.id, team, user.name),
    )
    arena.call("set_team_role", owner.id, workspace, team, "admin")

    assert (first.refused_with, second.refused_with) == (None, None)
    (found,) = arena.run(
        "SELECT role, direct_role FROM membership WHERE workspace_id = %s AND user_id = %s",
        workspace,
        user.id,
    )
    assert found == {"role": "admin", "direct_role": "member"}
    assert arena.violations(workspace) == {}


def test_a_task_is_not_deleted_while_another_begins_to_wait_for_it(arena: Arena) -> None:
    user = arena.user()
    design, build = arena.task(user, "design"), arena.task(user, "build")

    # The foreign keys would help out: they are off, so that the lock stands alone.
    first, second = arena.race(
        ("add_dependency", user.id, build, design),
        ("delete_task", user.id, design, "refuse", None),
        "SET foreign_key_checks = 0",
    )

    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == (None, "task_has_dependents")
        assert arena.violations(user.workspace_id) == {}
    else:
        assert (
            arena.violations(user.workspace_id)["no dependency hangs in the air or leaves the workspace"] == 1
        )


def test_a_user_name_is_taken_once(arena: Arena) -> None:
    name = f"{arena.user().name}-twin"

    # The lock is the unique key: nothing else can lock a row that is not there yet.
    first, second = arena.race(
        ("create_user", name, f"{name}.1@example.org", "x"),
        ("create_user", name, f"{name}.2@example.org", "x"),
    )

    (found,) = arena.run("SELECT COUNT(*) AS users FROM app_user WHERE username = %s", name)
    if arena.is_locked:
        assert (first.refused_with, second.refused_with) == ("username_taken", None)
        assert found["users"] == 1
    else:
        assert found["users"] == 2


def test_many_writers_of_one_workspace_leave_no_gap_and_no_cycle(arena: Arena) -> None:
    user = arena.user()
    tasks = [arena.task(user, f"t{number}") for number in range(6)]
    before = arena.call("get_workspace_revision", user.id, None)[0]["revision"]
    start = threading.Barrier(4)
    added: list[tuple[int, int]] = []
    failed: list[MySQLError] = []

    def add(shift: int) -> None:
        connection = arena.connect()
        start.wait()
        for number, task in enumerate(tasks):
            other = tasks[(number + shift) % len(tasks)]
            try:
                with connection.cursor() as cursor:
                    cursor.execute("CALL add_dependency(%s, %s, %s)", (user.id, task, other))
                added.append((task, other))
            except MySQLError as error:
                failed.append(error)

    threads = [threading.Thread(target=add, args=(shift,)) for shift in (1, 2, -1, -2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    if arena.is_locked:
        after = arena.call("get_workspace_revision", user.id, None)[0]["revision"]
        assert after == before + len(added)
        # 50042: dependency_cycle, which PyMySQL reads as a signed short.
        assert {error.args[0] & 0xFFFF for error in failed} == {50042}
        assert arena.violations(user.workspace_id) == {}


def test_somebody_elses_lock_is_not_waited_for(arena: Arena) -> None:
    one, two = arena.user(), arena.user()
    design, build = arena.task(one, "design"), arena.task(one, "build")
    elsewhere = arena.task(two, "elsewhere")

    first, second = arena.race(
        ("add_dependency", one.id, build, design), ("complete_task", two.id, elsewhere)
    )

    assert (first.refused_with, second.refused_with) == (None, None)
    assert second.rows[0]["status"] == "completed"


def test_a_refused_racer_leaves_its_session_usable(arena: Arena) -> None:
    user = arena.user()
    design, build = arena.task(user, "design"), arena.task(user, "build")

    _, second = arena.race(("add_dependency", user.id, build, design), ("complete_task", user.id, build))
    with second.connection.cursor() as cursor:
        cursor.execute("SELECT @headgate_actor_id AS actor, @headgate_deriving AS deriving")
        left = cursor.fetchone()
        cursor.execute("CALL start_task(%s, %s)", (user.id, design))

    assert left == {"actor": None, "deriving": None}
    assert isinstance(second.error, Refused) == arena.is_locked
