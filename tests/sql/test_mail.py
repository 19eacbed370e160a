"""Mails as MySQL keeps them: what is in which, who has it for how long, when it is tried again, and when no more."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.database.calls import call as call_procedure
from tests.conftest import Database, User
from tests.servers import run
from tests.sql.conftest import Call, Team

Mine = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def reader(call: Call, team: Team) -> User:
    """A member whose address is known to be theirs."""
    call("confirm_email", team.member.id, f"{team.member.name}@example.org")
    return team.member


@pytest.fixture
def tell(call: Call, owner: Any, team: Team, reader: User) -> Callable[[str], int]:
    """Give the reader a task, and tell them."""

    def assign(title: str) -> int:
        wanted = {"title": title, "assignee_id": reader.id}
        number: int = call("create_task", team.owner.id, team.workspace_id, wanted)[0]["task_id"]
        call_procedure(owner, "dispatch_changes", team.workspace_id, 100_000)
        return number

    return assign


@pytest.fixture
def mine(call: Call, owner: Any, reader: User) -> Mine:
    """Take all that is to be sent now, and show the reader's; what others left behind is over then."""

    def take(user: User = reader) -> list[dict[str, Any]]:
        call("gather_mail", 10_000)
        rows = call("claim_mail", 10_000, 600)
        return [row for row in rows if row["user_id"] == user.id]

    return take


@pytest.fixture
def later(owner: Any) -> Callable[[int], None]:
    """Let the time go by until a mail is to be tried again."""
    return lambda mail_id: run(
        owner, "UPDATE mail SET next_at = NOW(6) WHERE id = %s AND outcome IS NULL", mail_id
    )


def titles(row: dict[str, Any]) -> list[str]:
    items = [item for item in json.loads(row["items"]) if item]
    return [item["title"] for item in sorted(items, key=lambda item: item["place"])]


def test_what_waits_at_once_is_one_mail(tell: Any, mine: Mine, reader: User, team: Team) -> None:
    tell("first")
    second = tell("second")

    (row,) = mine()

    assert (row["purpose"], row["address"], row["things"]) == ("at_once", f"{reader.name}@example.org", 2)
    assert titles(row) == ["first", "second"]
    assert {
        "kind": "assigned",
        "actor": team.owner.name,
        "workspace": "Team",
        "due": None,
        "task_id": second,
    }.items() <= (max((item for item in json.loads(row["items"])), key=lambda item: item["place"]).items())
    assert mine() == []


def test_what_is_told_later_is_another_mail(call: Call, tell: Any, mine: Mine) -> None:
    tell("first")
    (first,) = mine()
    tell("second")
    (second,) = mine()

    assert (titles(first), titles(second)) == (["first"], ["second"])
    assert first["mail_id"] != second["mail_id"]


def test_an_address_that_is_not_known_to_be_theirs_is_told_nothing(
    call: Call, owner: Any, team: Team, tell: Any, mine: Mine, reader: User
) -> None:
    tell("waits")
    call("gather_mail", 10_000)
    tell("waits too")
    call("update_user", reader.id, f"{reader.name}@example.net", None)
    tell("comes after")

    (row,) = mine()

    assert (row["purpose"], row["address"], row["things"]) == (
        "confirmation",
        f"{reader.name}@example.net",
        0,
    )
    outcomes = run(owner, f"SELECT purpose, outcome FROM mail WHERE user_id = {reader.id} ORDER BY id")
    assert [(line["purpose"], line["outcome"]) for line in outcomes] == [
        ("at_once", "dropped"),
        ("confirmation", None),
    ]
    call("confirm_email", reader.id, f"{reader.name}@example.net")
    assert mine() == []


def test_a_worker_that_died_leaves_the_mail_to_another_when_its_time_is_over(
    call: Call, tell: Any, mine: Mine, later: Any
) -> None:
    tell("told")
    (first,) = mine()
    assert mine() == []

    later(first["mail_id"])
    (again,) = mine()

    same = ("mail_id", "address", "created_at", "things", "items")
    assert [first[name] for name in same] == [again[name] for name in same]
    assert (first["attempt"], again["attempt"]) == (1, 2)
    # The first was only slow. It did send it, so nobody needs to do so again.
    assert call("finish_mail", first["mail_id"], 1, "sent", None)[0]["outcome"] == "sent"
    assert call("finish_mail", first["mail_id"], 2, "failed", "late")[0]["outcome"] == "sent"


def test_who_has_lost_a_mail_to_another_does_not_say_that_it_failed(
    call: Call, tell: Any, mine: Mine, later: Any
) -> None:
    tell("told")
    (first,) = mine()
    later(first["mail_id"])
    (again,) = mine()

    (row,) = call("finish_mail", first["mail_id"], first["attempt"], "refused", "550")

    assert (row["outcome"], row["attempts"]) == (None, again["attempt"])


def test_what_failed_is_tried_again_later_and_later_and_then_given_up(
    call: Call, owner: Any, tell: Any, mine: Mine, later: Any
) -> None:
    tell("told")
    pauses, outcome = [], None
    while outcome is None:
        (row,) = mine()
        (known,) = call("finish_mail", row["mail_id"], row["attempt"], "failed", "421")
        outcome = known["outcome"]
        (pause,) = run(
            owner, f"SELECT TIMESTAMPDIFF(SECOND, NOW(6), next_at) AS s FROM mail WHERE id = {row['mail_id']}"
        )
        pauses.append(pause["s"])
        later(row["mail_id"])

    assert (outcome, row["attempt"]) == ("given_up", 24)
    assert 20 <= pauses[0] <= 30
    assert 40 <= pauses[1] <= 60
    assert 2600 <= pauses[10] <= 3600
    assert mine() == []


def test_what_was_refused_is_not_tried_again(call: Call, tell: Any, mine: Mine, later: Any) -> None:
    tell("told")
    (row,) = mine()

    (known,) = call("finish_mail", row["mail_id"], row["attempt"], "refused", "550")
    later(row["mail_id"])

    assert known["outcome"] == "given_up"
    assert mine() == []


def test_what_was_read_by_then_or_may_not_be_read_any_more_is_not_mailed(
    call: Call, owner: Any, team: Team, tell: Any, mine: Mine, reader: User, later: Any
) -> None:
    tell("read")
    tell("unread")
    newest, oldest = call("list_notifications", reader.id, True, None, None)
    call("mark_notification", reader.id, oldest["notification_id"], True)
    (row,) = mine()
    call("finish_mail", row["mail_id"], row["attempt"], "failed", "421")
    later(row["mail_id"])
    call("remove_member", team.owner.id, team.workspace_id, reader.name)

    gone = mine()

    assert (titles(row), newest["title"]) == (["unread"], "unread")
    assert gone == []
    assert run(owner, f"SELECT outcome FROM mail WHERE id = {row['mail_id']}") == [{"outcome": "dropped"}]


def test_what_waited_for_a_day_is_not_mailed(
    call: Call, owner: Any, tell: Any, mine: Mine, reader: User
) -> None:
    tell("old")
    run(
        owner,
        f"UPDATE notification SET created_at = created_at - INTERVAL 25 HOUR WHERE user_id = {reader.id}",
    )

    assert mine() == []
    assert len(call("list_notifications", reader.id, True, None, None)) == 1


def test_many_workers_at_once_have_each_mail_once(
    call: Call, database: Database, tell: Any, mine: Mine, reader: User
) -> None:
    mine()
    told = [f"task {number}" for number in range(20)]
    for title in told:
        tell(title)

    def work(_: int) -> list[dict[str, Any]]:
        rows = []
        with database.service() as service:
            for _ in range(8):
                call_procedure(service, "gather_mail", 2)
                rows += call_procedure(service, "claim_mail", 2, 600)
        return rows

    with ThreadPoolExecutor(4) as workers:
        rows = [row for share in workers.map(work, range(4)) for row in share]
    rows += mine()
    rows = [row for row in rows if row["user_id"] == reader.id]

    assert len({row["mail_id"] for row in rows}) == len(rows)
    assert sorted(title for row in rows for title in titles(row)) == sorted(told)


@pytest.fixture
def hour(owner: Any) -> Callable[[User, int], None]:
    """Bring a user to where it is this hour now."""

    def move(user: User, wanted: int) -> None:
        (now,) = run(owner, "SELECT HOUR(UTC_TIMESTAMP()) AS hour")
        shift = (wanted - now["hour"] + 12) % 24 - 12
        zone = f"{'-' if shift < 0 else '+'}{abs(shift):02}:00"
        run(owner, f"UPDATE app_user SET time_zone = '{zone}' WHERE id = {user.id}")

    return move


def test_a_digest_is_one_mail_in_the_morning_of_the_user(
    call: Call, owner: Any, tell: Any, mine: Mine, reader: User, hour: Any
) -> None:
    call("set_notification_preference", reader.id, None, "assigned", None, "digest")
    for title in ("one", "two"):
        tell(title)
    run(
        owner,
        f"UPDATE notification SET created_at = created_at - INTERVAL 9 HOUR WHERE user_id = {reader.id}",
    )

    hour(reader, 5)
    call("gather_digests", 10_000)
    asleep = mine()
    hour(reader, 8)
    for _ in range(2):
        call("gather_digests", 10_000)
    (row,) = mine()
    # What is told afterwards waits for the next morning.
    tell("three")
    hour(reader, 9)
    call("gather_digests", 10_000)

    assert asleep == []
    assert (row["purpose"], titles(row)) == ("digest", ["one", "two"])
    assert mine() == []


def test_what_came_too_late_for_a_digest_is_in_the_next(
    call: Call, owner: Any, tell: Any, mine: Mine, reader: User, hour: Any
) -> None:
    call("set_notification_preference", reader.id, None, "assigned", None, "digest")
    hour(reader, 8)
    early = f"UPDATE notification SET created_at = created_at - INTERVAL 9 HOUR WHERE user_id = {reader.id} AND mail_id IS NULL"
    tell("early")
    run(owner, early)
    call("gather_digests", 10_000)
    tell("late")
    run(owner, early)
    call("gather_digests", 10_000)
    today = mine()
    run(owner, f"UPDATE mail SET day = day - INTERVAL 1 DAY WHERE user_id = {reader.id}")
    call("gather_digests", 10_000)

    assert [titles(row) for row in today] == [["early"]]
    assert [titles(row) for row in mine()] == [["late"]]


def test_who_wants_no_mails_has_none_and_keeps_the_inbox(
    call: Call, tell: Any, mine: Mine, team: Team, reader: User
) -> None:
    call("set_notification_preference", reader.id, team.workspace_id, "assigned", True, "at_once")
    tell("before")
    call("stop_mail", reader.id)
    tell("after")

    assert mine() == []
    assert len(call("list_notifications", reader.id, True, None, None)) == 2
    assert {row["mail"] for row in call("list_notification_preferences", reader.id)} == {"none"}


def test_an_address_is_confirmed_by_whoever_was_mailed_there(
    call: Call, user: User, refused: Any, mine: Mine
) -> None:
    address = f"{user.name}@example.org"
    asked = call("request_email_confirmation", user.id)
    (row,) = mine(user)
    with refused("confirmation_invalid"):
        call("confirm_email", user.id, "other@example.org")
    call("confirm_email", user.id, address)

    assert (asked[0]["is_email_confirmed"], call("get_user", user.id)[0]["is_email_confirmed"]) == (0, 1)
    assert (row["purpose"], row["address"]) == ("confirmation", address)
    with refused("email_confirmed"):
        call("request_email_confirmation", user.id)


def test_another_address_is_another_question_and_the_old_one_is_not_asked(
    call: Call, owner: Any, user: User, mine: Mine
) -> None:
    call("request_email_confirmation", user.id)
    (row,) = call("update_user", user.id, f"{user.name}@example.net", "+01:00")

    (asked,) = mine(user)

    assert (row["email"], row["is_email_confirmed"], row["time_zone"]) == (
        f"{user.name}@example.net",
        0,
        "+01:00",
    )
    assert asked["address"] == f"{user.name}@example.net"
    events = call("list_own_security_events", user.id, 0, 10)
    assert [event["event"] for event in events] == ["email_changed"]


def test_nobody_is_bothered_by_more_than_five_questions_a_day(call: Call, user: User, refused: Any) -> None:
    for number in range(5):
        call("update_user", user.id, f"{user.name}@{number}.example.org", None)

    with refused("too_many_confirmations"):
        call("request_email_confirmation", user.id)
    with refused("too_many_confirmations"):
        call("update_user", user.id, f"{user.name}@6.example.org", None)
    assert call("get_user", user.id)[0]["email"] == f"{user.name}@4.example.org"


@pytest.mark.parametrize(
    "address",
    [
        "", "ada", "@example.org", "ada@", "ada@b@example.org", "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org\n", "ada\n@example.org", "a da@example.org", "ada@exam ple.org", "<ada@example.org>",
        '"ada"@example.org', "ada@example.org,eve@example.org", "ada@[127.0.0.1]", "ada\\@example.org", "x" * 65 + "@example.org",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(call: Call, user: User, refused: Any, address: str) -> None:
    with refused("invalid_request"):
        call("update_user", user.id, address, None)


def test_an_address_of_somebody_else_is_refused(call: Call, user: User, new_user: Any, refused: Any) -> None:
    with refused("email_taken"):
        call("update_user", user.id, f"{new_user().name}@example.org", None)


def test_an_api_key_has_no_address(call: Call, team: Team, refused: Any) -> None:
    (key,) = call(
        "create_api_key",
        team.owner.id,
        team.workspace_id,
        "robot",
        "write",
        None,
        "ab" * 5,
        team.owner.name.encode().hex()[:60].ljust(64, "0"),
    )

    for asked in (("update_user", None, "+01:00"), ("request_email_confirmation",)):
        with refused("api_key_bound"):
            call(asked[0], key["user_id"], *asked[1:])
