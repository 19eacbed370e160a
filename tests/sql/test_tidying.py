"""What the worker puts back and removes."""

import pytest

from tests.servers import run


@pytest.fixture
def release(call, user):
    """Put back what has been abandoned for so long; the row about the user's personal workspace, if any."""

    def ask(seconds=60):
        found = None
        # Other tests leave claims behind, too.
        while rows := call("release_abandoned_claims", seconds):
            found = rows[0] if rows[0]["workspace_id"] == user.workspace_id else found
        return found

    return ask


@pytest.fixture
def claimed(call, user, tasks):
    """Two tasks that the user has claimed."""
    ids = tasks("one", "two")
    for _ in ids:
        call("claim_next_task", user.id, None, None, 600)
    return ids


def expire(owner, task, seconds):
    statement = "UPDATE claim SET lease_expires_at = NOW(6) - INTERVAL %s SECOND WHERE task_id = %s"
    run(owner, statement, seconds, task)


def test_an_abandoned_task_goes_back_into_the_queue(owner, release, claimed, status, log, revision):
    expire(owner, claimed[0], 61)
    before = revision()

    row = release()

    assert (row["released"], row["revision"]) == (1, before + 1)
    assert status(*claimed) == ["pending", "in_progress"]
    (line,) = log(before)
    assert (line["task_id"], line["actor_id"]) == (claimed[0], None)


def test_who_is_only_late_keeps_it(owner, release, claimed, status):
    expire(owner, claimed[0], 30)

    assert release() is None
    assert status(*claimed) == ["in_progress", "in_progress"]


def test_answers_of_the_day_before_are_removed(owner, call, user, tasks):
    (task,) = tasks("one")
    for key in ("old", "new"):
        call("apply_changes", user.id, None, [{"op": "update", "task": task, "title": key}], "apply", key)
    statement = "UPDATE idempotent_answer SET created_at = NOW(6) - INTERVAL 25 HOUR WHERE actor_id = %s AND idempotency_key = 'old'"
    run(owner, statement, user.id)

    while call("remove_old_rows", 100)[0]["removed"] == 100:
        pass

    kept = run(owner, "SELECT idempotency_key FROM idempotent_answer WHERE actor_id = %s", user.id)
    assert [row["idempotency_key"] for row in kept] == ["new"]


def test_no_more_than_asked_are_removed_at_once(owner, call, user, tasks):
    (task,) = tasks("one")
    for key in ("a", "b", "c"):
        call("apply_changes", user.id, None, [{"op": "update", "task": task, "title": key}], "apply", key)
    run(owner, "UPDATE idempotent_answer SET created_at = NOW(6) - INTERVAL 25 HOUR")

    assert call("remove_old_rows", 2) == [{"removed": 2}]


def test_what_entered_a_search_a_week_ago_is_removed_and_who_comes_from_before_is_told(
    owner, call, user, tasks, refused
):
    (search,) = call("create_saved_search", user.id, None, "open", "is:open", None, False)
    call("follow_search", user.id, search["search_id"], None, None)
    tasks("old")
    call("follow_search", user.id, search["search_id"], 0, None)
    run(owner, "UPDATE search_event SET noticed_at = NOW(6) - INTERVAL 8 DAY WHERE user_id = %s", user.id)
    tasks("new")
    call("follow_search", user.id, search["search_id"], 0, None)

    while call("remove_old_rows", 100)[0]["removed"] == 100:
        pass

    with refused("place_gone") as refusal:
        call("follow_search", user.id, search["search_id"], 0, None)
    assert (refusal.value.facts["oldest"], refusal.value.facts["newest"]) == (1, 2)
    assert [row["title"] for row in call("follow_search", user.id, search["search_id"], 1, None)] == ["new"]


def test_what_nobody_follows_is_forgotten_and_who_comes_back_begins_anew(owner, call, user, tasks, refused):
    (search,) = call("create_saved_search", user.id, None, "open", "is:open", None, False)
    tasks("old")
    call("follow_search", user.id, search["search_id"], None, None)
    run(owner, "UPDATE search_watch SET looked_at = NOW(6) - INTERVAL 31 DAY WHERE user_id = %s", user.id)

    while run(owner, "SELECT * FROM search_member WHERE user_id = %s", user.id):
        call("remove_old_rows", 100)
    tasks("meanwhile")

    with refused("place_gone") as refusal:
        call("follow_search", user.id, search["search_id"], 0, None)
    place = refusal.value.facts["newest"]
    assert call("follow_search", user.id, search["search_id"], place, None) == []
    tasks("new")
    assert [row["title"] for row in call("follow_search", user.id, search["search_id"], place, None)] == [
        "new"
    ]


def test_what_was_told_a_year_ago_is_removed(owner, call, user, tasks):
    (task,) = tasks("one")
    tell = (
        "INSERT INTO notification (user_id, workspace_id, kind, task_id, revision, in_inbox, mail, created_at)"
        " VALUES (%s, %s, 'assigned', %s, %s, TRUE, 'none', NOW(6) - INTERVAL %s DAY)"
    )
    for revision, days in enumerate((366, 364)):
        run(owner, tell, user.id, user.workspace_id, task, revision, days)

    call("remove_old_rows", 100_000)

    kept = run(owner, "SELECT revision FROM notification WHERE user_id = %s", user.id)
    assert [row["revision"] for row in kept] == [1]


def test_a_mail_is_removed_a_month_after_it_ended_and_not_before_it_has(owner, call, user):
    mail = (
        "INSERT INTO mail (user_id, purpose, batch, outcome, next_at, ended_at)"
        " VALUES (%s, 'at_once', UUID(), %s, NOW(6) + INTERVAL 1 DAY, NOW(6) - INTERVAL %s DAY)"
    )
    for outcome, days in (("sent", 31), ("given_up", 31), ("sent", 29), (None, None)):
        run(owner, mail, user.id, outcome, days)

    call("remove_old_rows", 100_000)

    kept = run(owner, "SELECT outcome FROM mail WHERE user_id = %s ORDER BY id", user.id)
    assert [row["outcome"] for row in kept] == ["sent", None]
