"""Claims: the next task of the queue for one worker, for a time, under a number that grows."""

from datetime import UTC, datetime, timedelta

import pytest

from service.database.calls import call as call_procedure
from tests.graphs import import_lines, lines
from tests.servers import raw_refusals, run

LEASE = 600


@pytest.fixture
def claim(call, user):
    """Claim the next task of the user's personal workspace, and return its row or None: `claim(tags=["red"])`."""

    def take(actor=user, workspace=user.workspace_id, **criteria):
        rows = call("claim_next_task", actor.id, workspace, criteria or None, LEASE)
        return rows[0] if rows else None

    return take


@pytest.fixture
def later(call, owner):
    """Call a procedure after every lease that there was before the first such call has expired."""
    expired = []

    def ask(procedure, *args):
        if not expired:
            run(owner, "UPDATE claim SET lease_expires_at = claimed_at")
            expired.append(True)
        return call(procedure, *args)

    return ask


@pytest.fixture
def claims(call, user):
    """The tasks of the user's personal workspace that are claimed, each with its fence."""
    return lambda: {row["task_id"]: row["fence"] for row in call("list_claims", user.id, None, 0, 100)}


@pytest.fixture
def change(call, user):
    """Change a task: `change(task, priority="high")`."""
    return lambda task, **fields: call("update_task", user.id, task, fields, None, False)


class TestWhatIsNext:
    def test_the_most_urgent_comes_first_then_the_oldest(self, claim, tasks, change):
        a, b, c, d = tasks("a", "b", "c", "d")
        change(c, priority="urgent")
        change(a, priority="low")

        assert [claim()["task_id"] for _ in range(4)] == [c, b, d, a]
        assert claim() is None

    def test_what_is_blocked_comes_when_it_is_free(self, call, user, claim, tasks, wait):
        ship, build = tasks("ship", "build")
        wait(ship, build)

        first = claim()
        nothing = claim()
        call("complete_claim", user.id, build, first["fence"])

        assert (first["task_id"], nothing, claim()["task_id"]) == (build, None, ship)

    def test_what_somebody_has_started_by_hand_is_not_in_the_queue(self, call, user, claim, tasks):
        one, two = tasks("one", "two")
        call("start_task", user.id, one)

        assert claim()["task_id"] == two
        assert claim() is None

    @pytest.mark.parametrize("status", ["in_progress", "completed", "cancelled"])
    def test_what_was_created_begun_or_closed_is_not_either(self, call, user, claim, status):
        call("create_task", user.id, None, {"title": "t", "status": status})

        assert claim() is None

    def test_what_was_imported_is(self, owner, user, claim, violations):
        import_lines(
            owner,
            user.id,
            lines(
                {"key": "a", "depends_on": ["b"]},
                {"key": "b", "status": "completed"},
                {"key": "c", "status": "in_progress", "priority": "urgent"},
                {"key": "d", "depends_on": ["a"], "priority": "urgent"},
            ),
        )

        assert claim()["task_key"] == "a"
        assert claim() is None
        assert violations() == {}

    def test_filters_narrow_and_combine(self, claim, tasks, change):
        low, red, both, rest = tasks("low", "red", "both", "rest")
        change(low, priority="low", tags=["red"])
        change(red, tags=["Red"])
        change(both, tags=["red", "late", "more"], priority="high")

        assert claim(tags=["nope"]) is claim(min_priority="urgent") is None
        assert claim(tags=["LATE", "red", "late"], min_priority="medium")["task_id"] == both
        assert claim(tags=["red"], min_priority="medium")["task_id"] == red
        assert claim(tags=["red"], min_priority="medium") is None
        assert claim(tags=["red"])["task_id"] == low
        assert claim(tags=[])["task_id"] == rest

    def test_the_work_of_others_is_left_to_them_unless_it_is_asked_for(self, call, team, claim):
        def new(assignee):
            task = {"title": "t", "assignee_id": assignee and assignee.id}
            return call("create_task", team.owner.id, team.workspace_id, task)[0]["task_id"]

        def take(assignee=None):
            criteria = {"assignee": assignee} if assignee else {}
            row = claim(team.member, team.workspace_id, **criteria)
            return row and row["task_id"]

        others, mine, nobodys = new(team.admin), new(team.member), new(None)
        again = new(team.member)

        assert take("unassigned") == nobodys
        assert take("unassigned") is None
        assert (take(), take("mine")) == (mine, again)
        assert take() is take("available") is take("mine") is None
        assert take("any") == others

    @pytest.mark.parametrize(
        "criteria",
        [
            "null", "[]", {"colour": "red"}, {"min_priority": "nope"}, {"min_priority": "URGENT"}, {"min_priority": None},
            {"assignee": "x' OR '1'='1"}, {"assignee": 1}, {"tags": "red"}, {"tags": [None]}, {"tags": ["x"] * 51},
        ],
    )  # fmt: skip
    def test_other_filters_are_refused(self, call, user, tasks, refused, criteria):
        tasks("one")

        with refused("invalid_request"):
            call("claim_next_task", user.id, None, criteria, LEASE)

    @pytest.mark.parametrize("seconds", [None, 0, -1, 86_401])
    def test_so_are_other_leases(self, call, user, tasks, claim, refused, seconds):
        (task,) = tasks("one")

        with refused("invalid_request"):
            call("claim_next_task", user.id, None, None, seconds)
        held = claim()
        with refused("invalid_request"):
            call("renew_claim", user.id, task, held["fence"], seconds)


class TestTheClaim:
    def test_the_task_is_started_for_the_actor_and_logged(self, claim, user, tasks, revision, log):
        (task,) = tasks("one")
        before = revision()

        row = claim()

        (line,) = log(before)
        assert (row["task_id"], row["status"], row["assignee_id"]) == (task, "in_progress", user.id)
        assert row["fence"] == row["revision"] == line["revision"] == before + 1
        assert line["actor_id"] == user.id
        assert timedelta(0) < row["lease_expires_at"] - row["started_at"] <= timedelta(seconds=LEASE + 5)

    def test_the_row_has_all_that_get_task_shows(self, call, claim, user, tasks, change):
        (task,) = tasks("one")
        change(task, tags=["red"], depends_on=[])

        row = claim()

        (shown,) = call("get_task", user.id, task)
        assert {name: row[name] for name in shown} == shown
        assert row.keys() - shown.keys() == {"fence", "lease_expires_at"}

    def test_fences_grow_in_the_workspace(self, call, user, claim, tasks):
        tasks("one", "two")

        first = claim()
        second = claim()
        call("release_claim", user.id, first["task_id"], first["fence"])
        third = claim()

        assert third["task_id"] == first["task_id"]
        assert first["fence"] < second["fence"] < third["fence"]

    def test_it_is_listed(self, call, claim, user, tasks):
        (task,) = tasks("one")
        row = claim()

        (listed,) = call("list_claims", user.id, None, 0, 10)

        assert (listed["task_id"], listed["title"], listed["username"]) == (task, "one", user.name)
        assert (listed["fence"], listed["is_expired"]) == (row["fence"], 0)
        assert call("list_claims", user.id, None, 1, 10) == []

    def test_completing_it_ends_it(self, call, user, claim, tasks, claims):
        (task,) = tasks("one")

        (done,) = call("complete_claim", user.id, task, claim()["fence"])

        assert (done["status"], claims()) == ("completed", {})

    def test_renewing_it_moves_its_end_and_is_no_change_of_the_workspace(
        self, call, user, claim, tasks, revision
    ):
        (task,) = tasks("one")
        held, before = claim(), revision()

        (renewed,) = call("renew_claim", user.id, task, held["fence"], 2 * LEASE)

        assert renewed["lease_expires_at"] - held["lease_expires_at"] >= timedelta(seconds=LEASE)
        assert (renewed["fence"], revision()) == (held["fence"], before)

    def test_giving_it_back_restores_who_it_was_assigned_to(self, call, team, claim):
        task = {"title": "t", "assignee_id": team.admin.id}
        call("create_task", team.owner.id, team.workspace_id, task)
        held = claim(team.member, team.workspace_id, assignee="any")

        (back,) = call("release_claim", team.member.id, held["task_id"], held["fence"])

        assert (back["status"], back["assignee_id"], back["readiness"]) == ("pending", team.admin.id, "ready")

    def test_or_nobody_where_that_one_has_left(self, call, team, claim, later):
        for _ in range(2):
            task = {"title": "t", "assignee_id": team.admin.id}
            call("create_task", team.owner.id, team.workspace_id, task)
        given_back = claim(team.member, team.workspace_id, assignee="any")
        expired = claim(team.member, team.workspace_id, assignee="any")
        call("remove_member", team.owner.id, team.workspace_id, team.admin.name)

        (back,) = call("release_claim", team.member.id, given_back["task_id"], given_back["fence"])
        later("release_expired_claims", team.owner.id, team.workspace_id)

        assert back["assignee_id"] is None
        assert call("get_task", team.owner.id, expired["task_id"])[0]["assignee_id"] is None

    def test_a_task_that_was_made_to_wait_cannot_be_completed_and_stays_claimed(
        self, call, user, claim, tasks, wait, claims, refused
    ):
        build, design = tasks("build", "design")
        held = claim()
        wait(build, design)

        with refused("task_blocked"):
            call("complete_claim", user.id, build, held["fence"])

        assert claims() == {build: held["fence"]}


class TestWhoHoldsIt:
    @pytest.fixture
    def held(self, team, claim, call):
        """A task of the team, claimed by its member."""
        call("create_task", team.owner.id, team.workspace_id, {"title": "t"})
        return claim(team.member, team.workspace_id)

    PROCEDURES = (("renew_claim", LEASE), ("complete_claim",), ("release_claim",))

    @pytest.mark.parametrize(("procedure", "rest"), [(name, rest) for name, *rest in PROCEDURES])
    def test_only_the_holder_under_the_number_does_something_with_it(
        self, call, team, held, refused, procedure, rest
    ):
        for actor, fence in [
            (team.owner, held["fence"]), (team.member, held["fence"] - 1), (team.member, held["fence"] + 1),
            (team.member, None),
        ]:  # fmt: skip
            with refused("claim_lost"):
                call(procedure, actor.id, held["task_id"], fence, *rest)
        with refused("permission_denied"):
            call(procedure, team.viewer.id, held["task_id"], held["fence"], *rest)

        (row,) = call(procedure, team.member.id, held["task_id"], held["fence"], *rest)

        assert row["task_id"] == held["task_id"]

    def test_viewers_see_claims_and_make_none(self, call, team, held, refused):
        (row,) = call("list_claims", team.viewer.id, team.workspace_id, 0, 10)

        assert row["username"] == team.member.name
        with refused("permission_denied"):
            call("claim_next_task", team.viewer.id, team.workspace_id, None, LEASE)
        with refused("permission_denied"):
            call("release_expired_claims", team.viewer.id, team.workspace_id)

    def test_strangers_see_nothing(self, call, team, held, new_user, refused):
        stranger = new_user()

        for procedure, *rest in [
            ("claim_next_task", None, LEASE), ("release_expired_claims",), ("list_claims", 0, 10),
        ]:  # fmt: skip
            with refused("workspace_not_found"):
                call(procedure, stranger.id, team.workspace_id, *rest)
        for procedure, *rest in self.PROCEDURES:
            with refused("task_not_found"):
                call(procedure, stranger.id, held["task_id"], held["fence"], *rest)

    def test_planners_claim_at_the_prompt_and_nobody_touches_the_table(self, person, user, tasks):
        tasks("one")
        planner, analyst = person("planner", user), person("analyst", user)

        (row,) = planner.call("claim_next_task", None, None, None, LEASE)

        assert analyst.call("list_claims", None, None, 0, 10)[0]["task_id"] == row["task_id"]
        for somebody in (planner, analyst):
            with pytest.raises(Exception, match="denied"):
                somebody.run("SELECT * FROM claim")
        with pytest.raises(Exception, match="denied"):
            analyst.call("claim_next_task", None, None, None, LEASE)


class TestAnExpiredLease:
    def test_the_next_claim_puts_the_task_back_and_takes_it(self, call, team, claim, later, log, refused):
        call("create_task", team.owner.id, team.workspace_id, {"title": "t"})
        first = claim(team.member, team.workspace_id)

        (second,) = later("claim_next_task", team.admin.id, team.workspace_id, None, LEASE)

        assert (second["task_id"], second["assignee_id"]) == (first["task_id"], team.admin.id)
        assert second["fence"] > first["fence"]
        assert [line["actor_id"] for line in log(first["fence"], team.workspace_id)] == [team.admin.id] * 2
        for procedure, *rest in TestWhoHoldsIt.PROCEDURES:
            with refused("claim_lost"):
                call(procedure, team.member.id, first["task_id"], first["fence"], *rest)

    def test_it_is_kept_in_the_order_of_the_queue(self, call, user, claim, tasks, change, later):
        low, middle, urgent = tasks("low", "middle", "urgent")
        change(low, priority="low")
        change(urgent, priority="urgent")
        claim(), claim(), claim()
        (high,) = tasks("high")
        change(high, priority="high")

        taken = [later("claim_next_task", user.id, None, None, LEASE)[0]["task_id"] for _ in range(4)]

        assert taken == [urgent, high, middle, low]

    def test_nobody_asked_so_the_holder_may_still_renew_it(self, call, user, claim, tasks, later):
        (task,) = tasks("one")
        held = claim()

        assert later("list_claims", user.id, None, 0, 10)[0]["is_expired"] == 1
        later("renew_claim", user.id, task, held["fence"], LEASE)
        assert later("claim_next_task", user.id, None, None, LEASE) == []

    def test_all_can_be_put_back_at_once(self, call, user, claim, owner, later, claims, violations):
        import_lines(owner, user.id, lines(*({"key": f"t{number}"} for number in range(250))))
        for _ in range(250):
            claim()

        assert call("release_expired_claims", user.id, None)[0]["released"] == 0
        (answer,) = later("release_expired_claims", user.id, None)

        assert (answer["released"], claims()) == (250, {})
        pending = "SELECT assignee_id FROM task WHERE workspace_id = %s AND status = 'pending'"
        back = run(owner, pending, user.workspace_id)
        assert (len(back), {row["assignee_id"] for row in back}) == (250, {None})
        assert violations() == {}

    def test_however_many_have_expired_the_best_that_fits_is_taken(
        self, call, user, claim, owner, change, later
    ):
        import_lines(
            owner, user.id, lines(*({"key": f"t{number}", "priority": "urgent"} for number in range(220)))
        )
        last = [claim()["task_id"] for _ in range(220)][-1]
        call("update_task", user.id, last, {"tags": ["red"]}, None, False)
        (call("create_task", user.id, None, {"title": "waiting", "priority": "high", "tags": ["red"]}))

        (row,) = later("claim_next_task", user.id, None, {"tags": ["red"]}, LEASE)

        assert row["task_id"] == last


class TestOtherDoors:
    """Work that ends or goes to somebody else by any other door ends the claim."""

    @pytest.fixture
    def held(self, claim, tasks):
        tasks("one")
        return claim()

    @pytest.mark.parametrize(
        ("procedure", "rest"),
        [
            ("complete_task", ()), ("cancel_task", ()), ("delete_task", ("refuse", None)),
            ("delete_task", ("splice", None)),
            ("update_task", ({"status": "pending"}, None, False)),
            ("update_task", ({"assignee_id": None}, None, False)),
        ],
    )  # fmt: skip
    def test_a_procedure_ends_it(self, call, user, held, claims, violations, refused, procedure, rest):
        call(procedure, user.id, held["task_id"], *rest)

        assert claims() == {}
        with refused("task_not_found" if procedure == "delete_task" else "claim_lost"):
            call("complete_claim", user.id, held["task_id"], held["fence"])
        assert violations() == {}

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE task SET status = 'completed' WHERE id = {task_id}",
            "UPDATE task SET status = 'pending' WHERE id = {task_id}",
            "UPDATE task SET assignee_id = NULL WHERE id = {task_id}",
            "DELETE FROM task WHERE id = {task_id}",
            "DELETE FROM claim WHERE task_id = {task_id}",
        ],
    )
    def test_so_does_a_raw_statement(self, owner, held, claims, violations, statement):
        run(owner, statement.format(**held))

        assert claims() == {}
        assert violations() == {}

    @pytest.mark.parametrize(
        ("procedure", "rest"),
        [
            ("start_task", ()),
            ("update_task", ({"title": "new", "priority": "urgent", "tags": ["red"]}, None, False)),
            ("update_task", ({"status": "in_progress"}, None, False)),
        ],
    )
    def test_other_changes_do_not(self, call, user, held, claims, procedure, rest):
        call(procedure, user.id, held["task_id"], *rest)

        assert claims() == {held["task_id"]: held["fence"]}
        assert call("complete_claim", user.id, held["task_id"], held["fence"])

    def test_work_that_was_taken_away_is_no_part_of_the_claim_when_it_is_given_back(
        self, call, user, team, claim, refused
    ):
        call("create_task", team.owner.id, team.workspace_id, {"title": "t"})
        held = claim(team.member, team.workspace_id)
        for assignee in (team.admin, team.member):
            call("update_task", user.id, held["task_id"], {"assignee_id": assignee.id}, None, False)

        with refused("claim_lost"):
            call("complete_claim", team.member.id, held["task_id"], held["fence"])


@pytest.mark.parametrize(
    "statement",
    ["UPDATE task SET status = 'pending' WHERE id = {}", "UPDATE task SET assignee_id = NULL WHERE id = {}"],
)
def test_whoever_ends_work_that_was_not_claimed_holds_up_no_claim_elsewhere(
    database, owner, call, user, tasks, new_user, statement
):
    (task,) = tasks("one")
    call("update_task", user.id, task, {"status": "in_progress", "assignee_id": user.id}, None, False)
    other = new_user()
    call("create_task", other.id, None, {"title": "elsewhere"})

    run(owner, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    run(owner, "START TRANSACTION")
    run(owner, statement.format(task))
    with database.service() as connection:
        run(connection, "SET innodb_lock_wait_timeout = 1")
        (row,) = call_procedure(connection, "claim_next_task", other.id, None, None, LEASE)
    run(owner, "COMMIT")

    assert row["title"] == "elsewhere"


class TestRawClaims:
    """The owner of the tables can make no claim that is wrong, with foreign keys switched off or not."""

    INSERT = (
        "INSERT INTO claim (task_id, workspace_id, user_id, fence, lease_expires_at)"
        " VALUES ({task}, {workspace}, {user}, {fence}, NOW() + INTERVAL 1 HOUR)"
    )

    @pytest.fixture(params=[0, 1])
    def raw(self, request, owner):
        run(owner, f"SET foreign_key_checks = {request.param}")

        def attempt(statement, **names):
            with raw_refusals(owner):
                return run(owner, statement.format(**names))

        return attempt

    @pytest.fixture
    def right(self, call, user, tasks, revision):
        """What a right claim of a started task says."""
        (task,) = tasks("one")
        call("update_task", user.id, task, {"assignee_id": user.id, "status": "in_progress"}, None, False)
        return {"task": task, "workspace": user.workspace_id, "user": user.id, "fence": revision()}

    def test_a_right_one_holds(self, raw, call, user, right, violations):
        raw(self.INSERT, **right)

        assert violations() == {}
        assert call("complete_claim", user.id, right["task"], right["fence"])[0]["status"] == "completed"

    def test_a_wrong_one_is_refused(self, raw, right, new_user, tasks, team, refused, revision):
        (other,) = tasks("pending")
        right["fence"] = revision()
        for wrong in (
            {"task": other}, {"task": 888888888888}, {"user": new_user().id}, {"fence": right["fence"] - 1},
            {"fence": right["fence"] + 1}, {"workspace": team.workspace_id}, {"workspace": 888888888888},
        ):  # fmt: skip
            with refused("claim_unfounded"):
                raw(self.INSERT, **right | wrong)

    def test_a_task_is_claimed_once(self, raw, right):
        raw(self.INSERT, **right)

        with pytest.raises(Exception, match="Duplicate entry"):
            raw(self.INSERT, **right)

    @pytest.mark.parametrize(
        "change",
        [
            "task_id = task_id + 1", "workspace_id = workspace_id + 1", "user_id = user_id + 1", "fence = fence + 1",
            "assignee_before_id = user_id", "claimed_at = claimed_at - INTERVAL 1 DAY",
        ],
    )  # fmt: skip
    def test_nothing_but_the_lease_is_changed(self, raw, right, refused, change):
        raw(self.INSERT, **right)

        with refused("immutable_column"):
            raw("UPDATE claim SET " + change + " WHERE task_id = {task}", **right)
        raw("UPDATE claim SET lease_expires_at = NOW() WHERE task_id = {task}", **right)


class TestWhatIsRead:
    """A claim reads the first of the queue, however many tasks stand beside it."""

    ROWS = (
        "SHOW SESSION STATUS WHERE variable_name IN ('Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd',"
        " 'Handler_read_rnd_next', 'Handler_read_key')"
    )

    def rows_read(self, owner, user, **criteria):
        def total():
            return sum(int(row["Value"]) for row in run(owner, self.ROWS))

        before = total()
        (row,) = call_procedure(owner, "claim_next_task", user.id, None, criteria or None, LEASE)
        return row, total() - before

    @pytest.mark.parametrize("status", ["in_progress", "completed"])
    def test_tasks_that_are_begun_or_done_are_not_read(self, owner, user, status):
        beside = [{"key": f"b{number}", "status": status, "priority": "urgent"} for number in range(3000)]
        import_lines(owner, user.id, lines(*beside, {"key": "next", "priority": "low"}))

        row, read = self.rows_read(owner, user)

        assert row["task_key"] == "next"
        assert read < 300

    def test_neither_are_blocked_or_waiting_ones(self, owner, user):
        blocked = [{"key": f"b{number}", "depends_on": ["next"]} for number in range(1500)]
        waiting = [{"key": f"w{number}"} for number in range(1500)]
        import_lines(owner, user.id, lines(*blocked, {"key": "next", "priority": "high"}, *waiting))

        row, read = self.rows_read(owner, user)

        assert row["task_key"] == "next"
        assert read < 300

    def test_neither_are_claims_that_are_good(self, owner, user):
        import_lines(owner, user.id, lines(*({"key": f"t{number}"} for number in range(500))))
        for _ in range(400):
            call_procedure(owner, "claim_next_task", user.id, None, None, LEASE)

        assert self.rows_read(owner, user)[1] < 300


def test_times_are_utc(call, user, tasks, claim):
    tasks("one")

    away = claim()["lease_expires_at"] - datetime.now(UTC).replace(tzinfo=None)

    assert timedelta(seconds=LEASE - 60) < away < timedelta(seconds=LEASE + 60)
