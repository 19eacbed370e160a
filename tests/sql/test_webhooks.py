"""Which messages follow from changes, and who may read what is kept about webhooks."""

import re

import pytest
from pymysql.err import MySQLError

from service.vocabulary import rows
from tests.servers import run

# What the log can hold by its columns, and never does, or not while a webhook is there.
NEVER = {"workspace.created", "workspace.deleted", "dependency.updated", "tag.updated", "reaction.updated"}
OF_A_STATUS = {
    "task.started",
    "task.stopped",
    "task.completed",
    "task.cancelled",
    "task.reopened",
    "task.ready",
}


@pytest.fixture
def hook(call, user):
    """Make a webhook of the user's personal workspace for some kinds, and give what it is told of since."""

    def make(*kinds):
        (made,) = call(
            "create_webhook", user.id, user.workspace_id, "https://example.org/", list(kinds), "sealed"
        )

        def told():
            call("dispatch_changes", user.workspace_id, 100_000)
            found = call(
                "list_webhook_deliveries", user.id, user.workspace_id, made["webhook_id"], None, None, 1000
            )
            return [(row["kind"], row["revision"]) for row in reversed(found)]

        return told

    return make


def test_every_line_of_the_log_has_a_word(owner):
    (column,) = run(owner, "SHOW COLUMNS FROM change_log LIKE 'entity'")
    lines = {
        f"{entity}.{action}"
        for entity in re.findall(r"'(\w+)'", column["Type"])
        for action in ("created", "updated", "deleted")
    }

    assert {row["kind"] for row in rows("webhook_kind")} == lines - NEVER | OF_A_STATUS


def test_it_is_told_what_it_subscribed_to_from_then_on(hook, tasks, call, user, revision):
    tasks("before")
    told = hook("task.created", "tag.created")
    since = revision()

    (task,) = tasks("after")
    call("start_task", user.id, task)
    call("update_task", user.id, task, {"tags": ["red"]}, None, False)

    assert told() == [("task.created", since + 1), ("tag.created", since + 3)]
    assert len(told()) == 2


def test_two_webhooks_are_told_of_the_same_change_under_two_ids(hook, tasks, owner):
    first, second = hook("task.created"), hook("task.created")
    tasks("one")

    assert first() == second()
    ids = run(owner, "SELECT message_id FROM webhook_delivery ORDER BY id DESC LIMIT 2")
    assert len({row["message_id"] for row in ids}) == 2


def test_what_is_freed_stands_behind_the_change_that_freed_it(hook, tasks, wait, call, user, revision):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    told = hook("task.completed", "task.ready")

    call("complete_task", user.id, build)

    assert told() == [("task.completed", revision()), ("task.ready", revision())]


def test_freed_twice_before_it_was_told_is_told_once(hook, tasks, wait, call, user):
    ship, build = tasks("ship", "build")
    wait(ship, build)
    told = hook("task.ready")

    call("complete_task", user.id, build)
    call("reopen_task", user.id, build, False)
    call("complete_task", user.id, build)

    assert len(told()) == 1


def test_nobody_but_the_service_reads_what_signs(hook, person, user):
    hook("task.ready")
    planner = person("planner", user)

    shown = planner.call("list_webhooks", None, user.workspace_id)

    assert not [value for row in shown for value in row.values() if value == "sealed"]
    for statement in ("SELECT secret FROM webhook", "CALL claim_webhook_deliveries(1, 1)"):
        with pytest.raises(MySQLError, match="denied"):
            planner.run(statement)


def test_old_messages_are_removed_with_their_attempts(hook, call, user, owner, tasks):
    told = hook("task.created")
    tasks("delivered", "dead", "waiting")
    told()
    ids = [row["id"] for row in run(owner, "SELECT id FROM webhook_delivery ORDER BY id DESC LIMIT 3")]
    for delivery, state, days in ((ids[0], "delivered", 8), (ids[1], "dead", 8)):
        run(
            owner,
            "INSERT INTO webhook_attempt (delivery_id, attempt, milliseconds) VALUES (%s, 1, 1)",
            delivery,
        )
        run(
            owner,
            "UPDATE webhook_delivery SET state = %s, due_at = NULL, finished_at = NOW(6) - INTERVAL %s DAY WHERE id = %s",
            state,
            days,
            delivery,
        )

    while call("remove_old_rows", 100)[0]["removed"] >= 100:
        pass
    kept = [
        row["id"]
        for row in run(
            owner, "SELECT id FROM webhook_delivery WHERE id IN (%s, %s, %s) ORDER BY id DESC", *ids
        )
    ]

    assert kept == ids[1:]
