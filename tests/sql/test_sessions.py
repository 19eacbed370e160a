# ruff: noqa: ISC004 - a statement is read in one line
"""create_session, rotate_session, revoke_session(s), list_sessions, and the log of security events."""

import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from pymysql.err import MySQLError

from service.database.calls import call as call_procedure
from service.errors import Refused
from tests.servers import run

CLIENT = ("192.0.2.7", "curl/8.5")
DAY = 86_400


def new_hash() -> str:
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()


@dataclass
class Session:
    id: int
    family: str
    token: str


@pytest.fixture
def password_hash(owner, user) -> str:
    (row,) = run(owner, "SELECT password_hash FROM app_user WHERE id = %s", user.id)
    return row["password_hash"]


@pytest.fixture
def begin(call, user, password_hash):
    def create() -> Session:
        family, token = new_hash(), new_hash()
        (row,) = call("create_session", user.id, password_hash, family, token, DAY, *CLIENT)
        return Session(row["session_id"], family, token)

    return create


@pytest.fixture
def rotate(call):
    def rotate(session: Session, token: str, new: str, grace: int = 10):
        (row,) = call("rotate_session", session.family, token, new, DAY, grace, *CLIENT)
        return row

    return rotate


def test_tokens_replace_each_other(begin, rotate, user):
    session, second, third = begin(), new_hash(), new_hash()

    rows = [rotate(session, session.token, second), rotate(session, second, third)]

    for row in rows:
        assert (row["session_id"], row["user_id"]) == (session.id, user.id)
        assert (row["workspace_id"], row["is_repeated"]) == (user.workspace_id, 0)


@pytest.mark.parametrize("grace", [0, None])
def test_a_token_that_comes_again_ends_the_session(begin, rotate, refused, call, user, grace):
    session, second = begin(), new_hash()
    rotate(session, session.token, second)

    with refused("refresh_token_reused") as refusal:
        rotate(session, session.token, second, grace)

    assert refusal.value.facts == {"session_id": session.id}
    with refused("refresh_token_invalid"):
        rotate(session, second, new_hash())
    assert call("list_sessions", user.id) == []
    assert {"session_id": session.id} in call("list_revoked_sessions", 60)


def test_for_a_few_seconds_it_is_answered_with_the_same_successor_only(begin, rotate, refused):
    session, second = begin(), new_hash()
    rotate(session, session.token, second)

    assert rotate(session, session.token, second)["is_repeated"] == 1
    with refused("refresh_token_reused"):
        rotate(session, session.token, new_hash())


def test_after_these_seconds_it_is_not(begin, rotate, refused, owner):
    session, second = begin(), new_hash()
    rotate(session, session.token, second)
    run(owner, "UPDATE login_session SET used_at = used_at - INTERVAL 11 SECOND WHERE id = %s", session.id)

    with refused("refresh_token_reused"):
        rotate(session, session.token, second)


@pytest.mark.parametrize("token", [None, "", "older"])
def test_whatever_else_knows_the_family_is_a_copy(begin, rotate, refused, token):
    session = begin()

    with refused("refresh_token_reused"):
        rotate(session, token, new_hash())


@pytest.mark.parametrize("family", [None, "", "0" * 64])
def test_an_unknown_family_says_nothing(call, refused, family):
    with refused("refresh_token_invalid"):
        call("rotate_session", family, new_hash(), new_hash(), DAY, 10, *CLIENT)


def test_of_two_at_once_one_wins(begin, database, refused):
    for _ in range(10):
        session = begin()

        def attempt(new: str, session: Session = session) -> str:
            with database.service() as connection:
                try:
                    call_procedure(
                        connection, "rotate_session", session.family, session.token, new, DAY, 0, *CLIENT
                    )
                except Refused as error:
                    return error.error.code
                return "won"

        with ThreadPoolExecutor() as threads:
            answers = list(threads.map(attempt, [new_hash() for _ in range(4)]))

        # The first to lose ends the session, so those after it do not find it any more.
        assert sorted(answers) == ["refresh_token_invalid"] * 2 + ["refresh_token_reused", "won"]


def test_a_password_that_was_changed_meanwhile_opens_nothing(call, user, refused):
    for wrong in ("$2b$04$other", None, ""):
        with refused("invalid_credentials"):
            call("create_session", user.id, wrong, new_hash(), new_hash(), DAY, *CLIENT)
    with refused("invalid_credentials"):
        call("create_session", 2**62, None, new_hash(), new_hash(), DAY, *CLIENT)


def test_one_ends_ones_own_sessions_and_no_others(call, begin, new_user, user, refused):
    first, second = begin(), begin()
    stranger = new_user()

    with refused("session_not_found"):
        call("revoke_session", stranger.id, first.id)
    assert call("revoke_sessions", stranger.id) == [{"revoked": 0}]

    assert call("revoke_session", user.id, first.id) == [{"revoked": 1}]
    assert [row["session_id"] for row in call("list_sessions", user.id)] == [second.id]
    with refused("session_not_found"):
        call("revoke_session", user.id, first.id)
    with refused("session_not_found"):
        call("revoke_session", user.id, None)
    assert call("revoke_sessions", user.id) == [{"revoked": 1}]


def test_at_the_prompt_one_sees_and_ends_ones_own_and_makes_none(person, begin, user, refused):
    session = begin()
    planner, analyst = person("planner", user), person("analyst", user)

    assert [row["session_id"] for row in analyst.call("list_sessions", None)] == [session.id]
    assert planner.call("revoke_session", None, session.id) == [{"revoked": 1}]
    for procedure, args in (
        ("create_session", (user.id, "x", new_hash(), new_hash(), DAY, *CLIENT)),
        ("rotate_session", (session.family, session.token, new_hash(), DAY, 10, *CLIENT)),
        ("list_revoked_sessions", (60,)),
        ("log_login_failure", (user.id, *CLIENT)),
    ):
        with pytest.raises(MySQLError, match="denied"):
            planner.call(procedure, *args)


class TestSecurityEvents:
    def test_what_happens_is_told_once(self, call, begin, rotate, user):
        session = begin()
        call("log_login_failure", user.id, *CLIENT)
        call("revoke_session", user.id, session.id)

        rows = call("list_own_security_events", user.id, 0, 10)

        assert [row["event"] for row in rows] == ["session_revoked", "login_failed", "login_succeeded"]
        assert (rows[1]["address"], rows[1]["user_agent"]) == CLIENT
        assert call("list_own_security_events", user.id, 1, 1) == [rows[1]]

    def test_a_refused_copy_is_told_although_the_call_was_refused(self, call, begin, rotate, user, refused):
        session = begin()
        with refused("refresh_token_reused"):
            rotate(session, new_hash(), new_hash())

        newest = call("list_own_security_events", user.id, 0, 1)[0]

        assert newest["event"] == "refresh_token_reused"

    def test_members_come_change_and_go(self, call, team, owner):
        call("set_member", team.owner.id, team.workspace_id, team.viewer.name, "member")
        run(
            owner,
            "DELETE FROM membership WHERE workspace_id = %s AND user_id = %s",
            team.workspace_id,
            team.viewer.id,
        )

        rows = call("list_security_events", team.owner.id, team.workspace_id, 0, 10)

        assert [row["event"] for row in rows] == ["member_removed", "role_changed"] + ["member_added"] * 3
        assert [row["actor_id"] for row in rows] == [None] + [team.owner.id] * 4
        assert {row["user_id"] for row in rows[:2]} == {team.viewer.id}

    def test_only_owners_read_those_of_a_workspace(self, call, team, new_user, refused):
        for who in (team.admin, team.member, team.viewer):
            with refused("permission_denied"):
                call("list_security_events", who.id, team.workspace_id, 0, 10)
        with refused("workspace_not_found"):
            call("list_security_events", new_user().id, team.workspace_id, 0, 10)

    def test_a_sql_login_that_speaks_for_somebody_is_told_to_them(self, call, person, owner, user, new_user):
        planner, other = person("planner", user), new_user()
        run(owner, "UPDATE sql_account SET user_id = %s WHERE login = %s", other.id, planner.login)
        run(owner, "DELETE FROM sql_account WHERE login = %s", planner.login)

        events = [
            [row["event"] for row in call("list_own_security_events", who.id, 0, 10)] for who in (user, other)
        ]

        assert events == [["sql_account_removed", "sql_account_added"]] * 2

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE security_event SET user_id = NULL WHERE user_id = %s",
            "DELETE FROM security_event WHERE user_id = %s",
            "REPLACE INTO security_event (id, event, user_id) SELECT id, event, NULL FROM security_event WHERE user_id = %s",
            "INSERT INTO security_event (id, event) SELECT id, event FROM security_event AS old"
            " WHERE user_id = %s ON DUPLICATE KEY UPDATE user_id = NULL",
        ],
    )
    def test_nothing_is_taken_back_not_even_by_the_owner(self, call, begin, owner, user, refused, statement):
        begin()

        with refused("log_append_only"):
            run(owner, statement, user.id)

        assert len(call("list_own_security_events", user.id, 0, 10)) == 1


class TestChangingThePassword:
    def test_all_other_sessions_end(self, call, begin, user, password_hash):
        kept, *_ = begin(), begin(), begin()

        assert call("change_password", user.id, password_hash, "$2b$04$new", kept.id) == [{"revoked": 2}]

        assert [row["session_id"] for row in call("list_sessions", user.id)] == [kept.id]
        assert call("get_credentials", user.name)[0]["password_hash"] == "$2b$04$new"

    @pytest.mark.parametrize("old", [None, "", "$2B$04$" + "x" * 53])
    def test_nothing_changes_if_the_old_one_is_not_the_one(self, call, begin, user, refused, old):
        begin()

        with refused("invalid_credentials"):
            call("change_password", user.id, old, "$2b$04$new", None)

        assert len(call("list_sessions", user.id)) == 1
