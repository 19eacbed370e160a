"""Attachments: uploads that are begun, finished and given up; versions, room, and what storage may let go of."""

import threading
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.conftest import Database, Row, User
from tests.servers import run

Attach = Callable[..., Row]
DAY = 86_400


@pytest.fixture
def begin(call: Callable[..., list[Row]], user: User) -> Attach:
    """Begin an upload: `begin(task, "plan.pdf", 4)`."""

    def begun(task: int, name: str = "plan.pdf", size: int | None = 4, quota: int = 1000) -> Row:
        (row,) = call("begin_upload", user.id, task, name, size, 100, quota, DAY)
        return row

    return begun


@pytest.fixture
def attach(call: Callable[..., list[Row]], user: User, begin: Attach) -> Attach:
    """Begin an upload and finish it."""

    def attached(task: int, name: str = "plan.pdf", size: int = 4) -> Row:
        upload = begin(task, name, size)["upload_id"]
        (row,) = call("finish_upload", user.id, task, upload, size, "a" * 64, "application/pdf")
        return row

    return attached


@pytest.fixture
def orphans(call: Callable[..., list[Row]]) -> Callable[[], list[str]]:
    """The keys whose bytes may go; of other tests, too."""
    return lambda: [row["storage_key"] for row in call("list_orphans", 100_000)]


def expire(owner: Any, upload: Row) -> None:
    statement = "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = %s"
    run(owner, statement, upload["upload_id"])


@pytest.fixture
def late(owner: Any) -> Callable[[], None]:
    """What was dropped was dropped long ago."""

    def be() -> None:
        moment = "CURRENT_TIMESTAMP(6) - INTERVAL 1 SECOND"
        run(owner, f"UPDATE stored_file SET collect_at = {moment} WHERE state = 'dropped'")

    return be


def test_a_finished_upload_is_an_attachment(call, user, tasks, attach) -> None:
    (task,) = tasks("task")

    made = attach(task)

    (listed,) = call("list_attachments", user.id, task, None, None)
    assert (made["name"], made["version"], made["size_bytes"], made["uploaded_by"]) == (
        "plan.pdf",
        1,
        4,
        user.id,
    )
    assert listed.items() <= made.items()
    assert call("get_attachment", user.id, task, made["attachment_id"]) == [made]


def test_an_analyst_reads_the_newest_versions_in_a_view(user, tasks, attach, begin, person, new_user) -> None:
    (task,) = tasks("task")
    attach(task)
    newest = attach(task)
    begin(task, "unfinished.pdf")

    (row,) = person("analyst", user).run("SELECT * FROM visible_attachment")
    others = person("analyst", new_user()).run("SELECT * FROM visible_attachment")

    assert row["version"] == 2
    assert row.items() <= newest.items()
    assert list(others) == []


def test_one_that_is_not_finished_is_none(call, user, tasks, begin) -> None:
    (task,) = tasks("task")

    begin(task)

    assert call("list_attachments", user.id, task, None, None) == []


def test_the_same_name_is_a_new_version_and_another_task_has_its_own(call, user, tasks, attach) -> None:
    task, other = tasks("task", "other")

    first, elsewhere, second = attach(task), attach(other), attach(task, size=7)

    assert second["attachment_id"] == first["attachment_id"] != elsewhere["attachment_id"]
    assert (second["version"], second["size_bytes"], elsewhere["version"]) == (2, 7, 1)
    versions = call("list_attachment_versions", user.id, task, first["attachment_id"], None, None)
    assert [(row["version"], row["size_bytes"]) for row in versions] == [(2, 7), (1, 4)]
    old, new = (
        call("get_attachment_file", user.id, task, first["attachment_id"], version)[0]
        for version in (1, None)
    )
    assert (old["version"], old["size_bytes"], new["version"]) == (1, 4, 2)
    assert old["storage_key"] != new["storage_key"]


def test_the_change_log_tells_of_each_version_and_of_the_end(
    call, user, tasks, attach, revision, log
) -> None:
    (task,) = tasks("task")
    before = revision()

    attach(task)
    made = attach(task, size=7)
    call("delete_attachment", user.id, task, made["attachment_id"])

    told = log(before)
    assert [(line["entity"], line["action"], line["task_id"]) for line in told] == [
        ("attachment", action, task) for action in ("insert", "update", "delete")
    ]
    assert {line["actor_id"] for line in told} == {user.id}
    assert '"size_bytes": 7' in told[1]["new_row"]
    assert '"size_bytes": 4' in told[1]["old_row"]
    assert told[0]["old_row"] is told[2]["new_row"] is None
    assert told[1]["revision"] == made["revision"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a/b",
        "a\\b",
        "a\nb",
        ".",
        " .. ",
        "a\u200bb",
        "a\ufeff",
        "a\u202etxt.exe",
        "\u2060",
        "a\u00adb",
    ],
)
def test_a_name_is_one(tasks, begin, refused, name: str) -> None:
    with refused("invalid_request"):
        begin(tasks("task")[0], name)


@pytest.mark.parametrize(
    "name", ["...", ".a", "a..", "\u0645\u06cc\u200c\u062e", "\u2764\ufe0f\u200d\U0001f525"]
)
def test_what_is_written_with_dots_or_joiners_is_one_too(tasks, begin, name: str) -> None:
    assert begin(tasks("task")[0], name)["upload_id"]


def test_a_file_may_be_too_large(tasks, begin, refused) -> None:
    with refused("attachment_too_large"):
        begin(tasks("task")[0], size=101)


def test_no_more_is_stored_than_was_reserved(call, user, tasks, begin, refused) -> None:
    (task,) = tasks("task")
    upload = begin(task)["upload_id"]

    with refused("attachment_too_large"):
        call("finish_upload", user.id, task, upload, 5, "a" * 64, "text/plain")


def test_an_upload_is_finished_once_by_who_began_it_for_its_task(call, team, refused) -> None:
    tasks = [
        call("create_task", team.owner.id, team.workspace_id, {"title": title})[0]["task_id"]
        for title in "ab"
    ]
    upload = call("begin_upload", team.owner.id, tasks[0], "a.txt", 1, 1, 1, DAY)[0]["upload_id"]
    rest = (upload, 1, "a" * 64, "text/plain")

    with refused("upload_not_found"):
        call("finish_upload", team.admin.id, tasks[0], *rest)
    with refused("upload_not_found"):
        call("finish_upload", team.owner.id, tasks[1], *rest)
    call("finish_upload", team.owner.id, tasks[0], *rest)
    with refused("upload_not_found"):
        call("finish_upload", team.owner.id, tasks[0], *rest)


def test_who_lost_the_right_meanwhile_attaches_nothing(call, team, refused) -> None:
    task = call("create_task", team.owner.id, team.workspace_id, {"title": "task"})[0]["task_id"]
    upload = call("begin_upload", team.member.id, task, "a.txt", 1, 1, 1, DAY)[0]["upload_id"]
    call("set_member", team.owner.id, team.workspace_id, team.member.name, "viewer")

    with refused("permission_denied"):
        call("finish_upload", team.member.id, task, upload, 1, "a" * 64, "text/plain")


def test_an_upload_that_is_taken_over_goes_on_under_another_key(
    call, owner, user, tasks, begin, orphans, refused
) -> None:
    (task,) = tasks("task")
    upload = begin(task)

    (taken,) = call("take_upload", user.id, task, upload["upload_id"], DAY)

    assert taken["source_key"] == upload["storage_key"] != taken["storage_key"]
    for rest in ((4, "a" * 64, "text/plain"), (DAY,)):
        with refused("upload_not_found"):
            call("finish_upload" if rest[1:] else "take_upload", user.id, task, upload["upload_id"], *rest)
    # Until its lease ends the client may still write there.
    assert taken["source_key"] not in orphans()
    expire(owner, upload)
    assert taken["source_key"] in orphans()
    (made,) = call("finish_upload", user.id, task, taken["upload_id"], 4, "a" * 64, "text/plain")
    assert (made["name"], made["size_bytes"]) == ("plan.pdf", 4)


def test_who_did_not_begin_an_upload_does_not_take_it_over(call, team, refused) -> None:
    task = call("create_task", team.owner.id, team.workspace_id, {"title": "task"})[0]["task_id"]
    upload = call("begin_upload", team.owner.id, task, "a.txt", 1, 1, 1, DAY)[0]["upload_id"]

    with refused("upload_not_found"):
        call("take_upload", team.admin.id, task, upload, DAY)


class TestRoom:
    def test_what_is_reserved_counts_and_what_is_given_up_or_deleted_does_not(
        self, call, user, tasks, begin, attach, refused
    ) -> None:
        (task,) = tasks("task")
        made, upload = attach(task, size=60), begin(task, "other", 40, quota=100)

        with refused("quota_exceeded") as refusal:
            begin(task, "third", 1, quota=100)
        call("abandon_upload", upload["upload_id"])
        begin(task, "third", 40, quota=100)
        call("delete_attachment", user.id, task, made["attachment_id"])
        begin(task, "fourth", 60, quota=100)

        assert refusal.value.facts["used_bytes"] == refusal.value.facts["quota_bytes"] == 100

    def test_old_versions_count(self, tasks, begin, attach, refused) -> None:
        (task,) = tasks("task")
        attach(task, size=60)
        attach(task, size=40)

        with refused("quota_exceeded"):
            begin(task, size=1, quota=100)

    def test_of_a_file_of_unknown_size_as_much_is_reserved_as_there_is(
        self, tasks, begin, attach, refused
    ) -> None:
        (task,) = tasks("task")
        attach(task, size=70)

        assert begin(task, "some", None, quota=1000)["reserved_bytes"] == 100
        assert begin(task, "rest", None, quota=200)["reserved_bytes"] == 30
        with refused("quota_exceeded"):
            begin(task, "more", None, quota=200)

    def test_a_workspace_may_have_another_quota(self, tasks, user, owner, begin, refused) -> None:
        (task,) = tasks("task")
        run(owner, "UPDATE workspace SET attachment_quota_bytes = 5 WHERE id = %s", user.workspace_id)

        begin(task, size=4, quota=1)
        with refused("quota_exceeded"):
            begin(task, "other", size=4, quota=1000)

    def test_a_finished_file_takes_what_it_has(self, call, user, tasks, begin) -> None:
        (task,) = tasks("task")
        upload = begin(task, size=None, quota=100)["upload_id"]

        call("finish_upload", user.id, task, upload, 1, "a" * 64, "text/plain")

        assert begin(task, "other", size=99, quota=100)

    def test_uploads_at_once_do_not_exceed_it_together(self, database: Database, call, user, tasks) -> None:
        (task,) = tasks("task")
        barrier, told = threading.Barrier(8), []

        def ask(number: int) -> None:
            from service.database.calls import call as call_procedure
            from service.errors import Refused

            with database.service() as connection:
                barrier.wait()
                try:
                    call_procedure(connection, "begin_upload", user.id, task, f"{number}", 40, 100, 100, DAY)
                    told.append("begun")
                except Refused as refusal:
                    told.append(refusal.error.code)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(told) == ["begun"] * 2 + ["quota_exceeded"] * 6


class TestOrphans:
    def test_an_upload_is_one_when_its_lease_has_ended_or_it_was_given_up(
        self, call, owner, tasks, begin, orphans, refused, user
    ) -> None:
        (task,) = tasks("task")
        lasting, late, given_up = begin(task, "a"), begin(task, "b"), begin(task, "c")

        expire(owner, late)
        call("abandon_upload", given_up["upload_id"])

        found = orphans()
        assert late["storage_key"] in found
        assert given_up["storage_key"] in found
        assert lasting["storage_key"] not in found
        # Its bytes may be gone by now.
        with refused("upload_not_found"):
            call("finish_upload", user.id, task, late["upload_id"], 1, "a" * 64, "text/plain")

    def test_all_versions_of_a_deleted_attachment_are_after_some_minutes(
        self, call, user, tasks, attach, orphans, late
    ) -> None:
        (task,) = tasks("task")
        attach(task)
        made = attach(task)
        keys = {
            call("get_attachment_file", user.id, task, made["attachment_id"], version)[0]["storage_key"]
            for version in (1, 2)
        }
        assert not keys & set(orphans())

        call("delete_attachment", user.id, task, made["attachment_id"])

        # Somebody may just be reading it.
        assert not keys & set(orphans())
        late()
        assert keys <= set(orphans())

    @pytest.mark.parametrize("mode", ["refuse", "splice"])
    def test_a_task_is_deleted_with_its_attachments(
        self, call, user, tasks, attach, orphans, violations, late, mode
    ) -> None:
        (task,) = tasks("task")
        made = attach(task)
        key = call("get_attachment_file", user.id, task, made["attachment_id"], None)[0]["storage_key"]

        call("delete_task", user.id, task, mode, None)
        late()

        assert key in orphans()
        assert violations() == {}

    def test_what_is_kept_is_not_given_up_nor_forgotten(self, call, user, tasks, begin) -> None:
        (task,) = tasks("task")
        upload = begin(task)
        call("finish_upload", user.id, task, upload["upload_id"], 4, "a" * 64, "text/plain")

        call("abandon_upload", upload["upload_id"])
        call("forget_orphan", upload["upload_id"])

        (listed,) = call("list_attachments", user.id, task, None, None)
        assert call("get_attachment_file", user.id, task, listed["attachment_id"], None)

    def test_they_are_listed_until_they_are_forgotten(self, call, tasks, begin, orphans) -> None:
        upload = begin(tasks("task")[0])
        call("abandon_upload", upload["upload_id"])

        assert upload["storage_key"] in orphans()
        assert upload["storage_key"] in orphans()
        call("forget_orphan", upload["upload_id"])
        assert upload["storage_key"] not in orphans()


class TestGuards:
    """Raw DML of an account that owns the tables."""

    def test_a_file_that_an_attachment_has_stays(self, owner, tasks, attach, refused) -> None:
        made = attach(tasks("task")[0])

        with refused("file_in_use"):
            run(
                owner,
                "UPDATE stored_file SET state = 'dropped', collect_at = CURRENT_TIMESTAMP(6) WHERE attachment_id = %s",
                made["attachment_id"],
            )
        with refused("file_in_use"):
            run(owner, "DELETE FROM stored_file WHERE attachment_id = %s", made["attachment_id"])
        with refused("immutable_column"):
            run(
                owner,
                "UPDATE stored_file SET sha256 = %s WHERE attachment_id = %s",
                "b" * 64,
                made["attachment_id"],
            )

    def test_what_was_dropped_does_not_come_back(self, owner, call, tasks, begin, refused) -> None:
        upload = begin(tasks("task")[0])["upload_id"]
        call("abandon_upload", upload)

        for state in ("pending", "kept"):
            with refused("file_in_use"):
                run(owner, "UPDATE stored_file SET state = %s WHERE id = %s", state, upload)

    @pytest.mark.parametrize("state", ["pending", "dropped", "had"])
    def test_an_attachment_has_a_stored_file_of_its_own(
        self, owner, call, user, tasks, begin, attach, refused, state
    ) -> None:
        (task,) = tasks("task")
        file = begin(task, "a")["upload_id"]
        if state == "dropped":
            call("abandon_upload", file)
        if state == "had":
            call("finish_upload", user.id, task, file, 4, "a" * 64, "text/plain")

        with refused("file_in_use"):
            run(
                owner,
                "INSERT INTO attachment (workspace_id, task_id, name, file_id) VALUES (%s, %s, 'b', %s)",
                user.workspace_id,
                task,
                file,
            )

    def test_nor_that_of_another_workspace(self, owner, call, new_user, user, tasks, begin, refused) -> None:
        other = new_user()
        theirs = call("create_task", other.id, None, {"title": "theirs"})[0]["task_id"]
        (task,) = tasks("task")
        file = begin(task)["upload_id"]
        run(
            owner,
            "UPDATE stored_file SET state = 'kept', sha256 = %s, media_type = 'text/plain', kept_at = NOW(6), collect_at = NULL WHERE id = %s",
            "a" * 64,
            file,
        )

        with refused("file_in_use"):
            run(
                owner,
                "INSERT INTO attachment (workspace_id, task_id, name, file_id) VALUES (%s, %s, 'b', %s)",
                other.workspace_id,
                theirs,
                file,
            )

    def test_an_attachment_keeps_its_place_and_its_name(self, owner, tasks, attach, refused) -> None:
        made = attach(tasks("task")[0])

        for change in ("name = 'other'", "version = 7", "task_id = task_id + 1", "version = version + 1"):
            with refused("immutable_column"):
                run(owner, f"UPDATE attachment SET {change} WHERE id = %s", made["attachment_id"])

    def test_a_task_with_attachments_is_not_deleted_without_them(self, owner, tasks, attach, refused) -> None:
        (task,) = tasks("task")
        attach(task)

        with refused("task_in_use"):
            run(owner, "DELETE FROM task WHERE id = %s", task)

    def test_an_attachment_that_is_deleted_raw_is_told_of_and_lets_go_of_its_bytes(
        self, owner, call, user, tasks, attach, orphans, revision, log, late
    ) -> None:
        (task,) = tasks("task")
        made = attach(task)
        key = call("get_attachment_file", user.id, task, made["attachment_id"], None)[0]["storage_key"]
        before = revision()

        run(owner, "DELETE FROM attachment WHERE id = %s", made["attachment_id"])
        late()

        assert [(line["entity"], line["action"]) for line in log(before)] == [("attachment", "delete")]
        assert key in orphans()


def test_two_revisions_differ_in_what_was_attached_between(
    call: Callable[..., list[Row]],
    user: User,
    attach: Attach,
    tasks: Callable[..., list[int]],
    revision: Callable[[], int],
) -> None:
    (task,) = tasks("t")
    changed, gone = attach(task, "a.txt"), attach(task, "b.txt")
    before = revision()
    attach(task, "a.txt", 5)
    new, brief = attach(task, "c.txt"), attach(task, "d.txt")
    for attachment in (gone, brief):
        call("delete_attachment", user.id, task, attachment["attachment_id"])

    rows = call("get_workspace_diff", user.id, None, before, None, None, None)

    assert {row["entity"] for row in rows} == {"attachment"}
    told = {(row["action"], orjson.loads(row["new_row"] or row["old_row"])["attachment_id"]) for row in rows}
    assert told == {
        ("update", changed["attachment_id"]),
        ("delete", gone["attachment_id"]),
        ("insert", new["attachment_id"]),
    }
